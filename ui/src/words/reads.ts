// What a customer reads on the chat page who chooses a photo that is not taken: the very
// sentences of that page, held to it by a test.
import type { FileType } from '../gen/types'
import { w } from './language.svelte'

/** Types the chat page cannot take, whatever is allowed. */
const unread: readonly FileType[] = ['heic']

/** The sentence about a photo of `type`, where `types` are allowed. */
export function customerReads(type: FileType, types: readonly FileType[]): string {
  const { reads } = w().configurator.files
  if (unread.includes(type)) return reads.file_heic()
  const taken = types.filter((one) => !unread.includes(one)).map((one) => one.toUpperCase())
  return reads.file_type_forbidden(new Intl.ListFormat(w().tag, { type: 'disjunction' }).format(taken))
}
