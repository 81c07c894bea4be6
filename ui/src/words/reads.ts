// What a customer reads on the chat page who chooses a photo that is not taken: the very
// sentence of that page, held to it by a test.
import type { FileType } from '../gen/types'
import { w } from './language.svelte'

/** The sentence about a photo of a type that is not among `types`. */
export function customerReads(types: readonly FileType[]): string {
  const taken = types.map((one) => one.toUpperCase())
  return w().configurator.files.reads(new Intl.ListFormat(w().tag, { type: 'disjunction' }).format(taken))
}
