// The emoji of the picker, trimmed at build time out of emojibase's data: the
// character, its name and its search words, by group. About 30 kB over the wire,
// fetched from the app's own files when the picker is first opened.
import { createRequire } from 'node:module'
import type { Plugin } from 'vite'

interface Source {
  unicode: string
  label: string
  tags?: string[]
  group?: number
  order?: number
}

/** Group 2 is skin tones and hair, which are parts and not emoji. */
const parts = 2

function trimmed(language: string): string {
  const require = createRequire(import.meta.url)
  const source: Source[] = require(`emojibase-data/${language}/compact.json`)
  const shown = source.filter((e) => e.group !== undefined && e.group !== parts)
  shown.sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
  const rows = shown.map((e) => [e.unicode, e.label, (e.tags ?? []).join(' '), e.group])
  return `export default JSON.parse(${JSON.stringify(JSON.stringify(rows))})`
}

/** Serves `virtual:emoji/en` and `virtual:emoji/es`. */
export function emojiList(): Plugin {
  const prefix = 'virtual:emoji/'
  return {
    name: 'fieldline-emoji',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : null),
    load: (id) => (id.startsWith(`\0${prefix}`) ? trimmed(id.slice(prefix.length + 1)) : null),
  }
}
