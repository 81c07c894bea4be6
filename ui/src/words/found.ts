// Where in a text the words are that somebody searched for: whole words, and the
// beginning of the last one, as the device's search finds them.

export interface Part {
  text: string
  found: boolean
}

const bare = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Cuts `text` into parts, those found and those between. */
export function split(text: string, search: string): Part[] {
  const words = bare(search).split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  const last = words.at(-1)
  const isFound = (word: string) => words.includes(bare(word)) || (last !== undefined && bare(word).startsWith(last))
  const parts = text.split(/([\p{L}\p{N}\p{M}]+)/u).map((part) => ({ text: part, found: /[\p{L}\p{N}]/u.test(part) && isFound(part) }))
  return parts.filter((part) => part.text !== '')
}
