import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { emojiList } from './build/emoji.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const serviceWorker = here('./src/sw.ts')

/**
 * The app and, where it is written, its service worker, whose name must never
 * change: browsers know it by that. gallery.html is served by `npm run dev`
 * alone and is not part of what is shipped.
 */
export default defineConfig({
  plugins: [svelte(), emojiList()],
  base: './',
  resolve: { conditions: process.env['VITEST'] ? ['browser'] : [] },
  build: {
    target: ['chrome108', 'firefox111', 'safari16.4'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: existsSync(serviceWorker) ? { index: here('./index.html'), sw: serviceWorker } : { index: here('./index.html') },
      output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  worker: { format: 'es' },
  server: { port: 5187, strictPort: false },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
})
