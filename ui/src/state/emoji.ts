// The emoji there are, fetched from the app's own files when they are first wanted.
import type { LanguageCode } from '../words/language.svelte'

export interface Emoji {
  text: string
  name: string
  /** Name and search words, folded for searching. */
  find: string
  group: number
}

/** Folds case and accents, so that "nino" finds "niño". */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Every emoji in the order pickers show them, named in the language or, where there are no names, in English. */
export async function emojiIn(language: LanguageCode): Promise<Emoji[]> {
  const { default: rows } = language === 'es' ? await import('virtual:emoji/es') : await import('virtual:emoji/en')
  return rows.map(([text, name, tags, group]) => ({ text, name, find: folded(`${name} ${tags}`), group }))
}

/** Those that hold every word of `search`. */
export function search(all: Emoji[], wanted: string): Emoji[] {
  const words = folded(wanted).split(/\s+/).filter(Boolean)
  return all.filter((emoji) => words.every((word) => emoji.find.includes(word)))
}
