import { vitePreprocess } from '@sveltejs/vite-plugin-svelte'

/** Runes everywhere; a warning of the compiler is a fault of ours. */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
}
