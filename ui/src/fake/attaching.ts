// What the fake does with a photo that is chosen.
import type { Draft, FileType, Problem } from '../gen/types'

/** Takes a photo into a draft, `instead` of the one of that hash where it is given. */
export function attachTo(draft: Draft, file: { name: string; bytes: Uint8Array }, instead?: string): void {
  const { name, bytes } = file
  const kind: FileType | null = bytes[0] === 0x89 ? 'png' : bytes[0] === 0xff ? 'jpeg' : bytes[0] === 0x47 ? 'gif' : null
  if (!kind) throw { code: 'file_not_picture' } satisfies Problem
  const at = draft.files.findIndex((one) => one.hash === instead)
  if (draft.files.length >= 10 && at < 0) throw { code: 'too_many_files', limit: 10 } satisfies Problem
  const hash = `${name.length.toString(16)}${bytes.length.toString(16)}${draft.files.length}`.padStart(64, '0')
  const taken = { hash, name, kind, size_bytes: bytes.length }
  if (at < 0) draft.files.push(taken)
  else draft.files[at] = taken
}
