import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { emojiList } from './build/emoji.ts'
import { buildNumber, shellList } from './build/shell.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * The app and its service worker, whose name must never change: browsers know it
 * by that. gallery.html is served by `npm run dev` alone and is not part of what
 * is shipped.
 */
export default defineConfig({
  plugins: [svelte(), emojiList(), shellList()],
  define: { __BUILD__: buildNumber() },
  base: './',
  // Under Vitest Svelte would else resolve to its server's half.
  ...(process.env['VITEST'] ? { resolve: { conditions: ['browser'] } } : {}),
  build: {
    target: ['chrome108', 'firefox111', 'safari16.4'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { index: here('./index.html'), sw: here('./src/sw.ts') },
      output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  worker: { format: 'es' },
  server: { port: 5187, strictPort: false },
  test: { environment: 'happy-dom', include: ['src/tests/**/*.test.ts'] },
})
