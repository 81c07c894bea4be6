// What a build is called, and what its shell is made of: writes into sw.js which files the shell has, once they are all on disk: their
// paths and SHA-256, and a name for the whole made of both.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import type { Plugin } from 'vite'

const placeholder = '__SHELL__'

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Every file below `folder`, as a path of an address, but the service worker itself. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path !== 'sw.js')
    .sort()
}

export function shellList(): Plugin {
  let folder = ''
  return {
    name: 'shell-list',
    apply: 'build',
    enforce: 'post',
    configResolved: (config) => void (folder = resolve(config.root, config.build.outDir)),
    writeBundle() {
      const files = filesOf(folder).map((path) => [path, sha256(readFileSync(join(folder, path)))])
      const worker = join(folder, 'sw.js')
      const script = readFileSync(worker, 'utf8')
      if (!script.includes(placeholder)) throw new Error(`${worker} has no ${placeholder} to fill in`)
      const shell = { build: sha256(JSON.stringify([script, files])).slice(0, 16), files }
      writeFileSync(worker, script.replace(placeholder, JSON.stringify(shell)))
    },
  }
}

/**
 * Which of two builds is newer: the second in which its source was committed, or
 * SOURCE_DATE_EPOCH. The same source gives the same files, down to their names.
 */
export function buildNumber(): number {
  const said = process.env['SOURCE_DATE_EPOCH']
  if (said) return Number(said)
  try {
    return Number(execFileSync('git', ['log', '-1', '--format=%ct'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    // An archive of the source has no history, and no other build beside it.
    return 0
  }
}
