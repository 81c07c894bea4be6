// @vitest-environment node
// Axe reads every scene of the gallery, narrow in light and wide in dark, in the
// installed Chromium: contrast, names, landmarks, and nothing wider than the window.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { build, preview, type PreviewServer } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { emojiList } from '../../build/emoji'

const folder = mkdtempSync(join(tmpdir(), 'fieldline-gallery-'))
let server: PreviewServer
let judged: Promise<URLSearchParams>

beforeAll(async () => {
  const outDir = join(folder, 'dist')
  const input = fileURLToPath(new URL('../../gallery.html', import.meta.url))
  // Not the app's own configuration: that knows of no gallery.
  const plugins = [svelte(), emojiList()]
  const worker = { format: 'es' } as const
  await build({ configFile: false, logLevel: 'error', plugins, worker, build: { outDir, emptyOutDir: true, rollupOptions: { input } } })
  let tell: (answer: URLSearchParams) => void
  judged = new Promise((done) => (tell = done))
  const listen = {
    name: 'hears-what-was-found',
    configurePreviewServer: ({ middlewares }: PreviewServer) =>
      void middlewares.use('/judged', (request, response) => {
        tell(new URL(request.url ?? '', 'http://gallery').searchParams)
        response.end()
      }),
  }
  server = await preview({ configFile: false, logLevel: 'error', build: { outDir }, preview: { port: 0, host: '127.0.0.1' }, plugins: [listen] })
}, 120_000)

afterAll(async () => {
  await server?.close()
  // Its children may be there for a moment after it.
  rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
})

it('nobody is kept out of any screen', async () => {
  const { port } = server.httpServer.address() as AddressInfo
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
  const fakes = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--disable-component-update', '--disable-sync']
  const page = `http://127.0.0.1:${port}/gallery.html?judge=all`
  const size = ['--window-size=1400,1000', `--user-data-dir=${join(folder, 'profile')}`]
  // With a group of its own, so that its children end with it.
  const chromium = spawn(process.env['FIELDLINE_CHROMIUM'] ?? 'chromium', [...flags, ...fakes, ...size, page], { stdio: 'ignore', detached: true })
  const gone = new Promise<never>((_, fail) => {
    chromium.on('error', () => fail(new Error('no Chromium here: install it, or name one in FIELDLINE_CHROMIUM')))
    chromium.on('exit', (code) => fail(new Error(`Chromium ended with ${code} before it had judged`)))
  })
  try {
    const answer = await Promise.race([judged, gone])
    expect(JSON.parse(answer.get('found') ?? '')).toEqual([])
    expect(Number(answer.get('total'))).toBeGreaterThan(80)
  } finally {
    // All of it writes into its folder until it is gone; asked to end, its children outlive it for a while.
    chromium.removeAllListeners('exit')
    const ended = new Promise((done) => chromium.once('exit', done))
    if (chromium.exitCode === null && chromium.pid && process.kill(-chromium.pid, 'SIGKILL')) await ended
  }
}, 900_000)
