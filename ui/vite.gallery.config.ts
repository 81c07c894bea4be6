// The gallery beside the app, built as the app is: for `make bench`, which scrolls it.
import { fileURLToPath } from 'node:url'
import { mergeConfig } from 'vite'
import app from './vite.config.ts'

const gallery = fileURLToPath(new URL('./gallery.html', import.meta.url))

export default mergeConfig(app, { build: { rollupOptions: { input: { gallery } } } })
