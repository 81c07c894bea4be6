// What stands behind core.ts: the shell, the tab's worker, or the gallery's fake.
//
// Invariants
// - A call that is refused rejects with a `Problem` as the engine made it, and
//   with nothing else.
// - Bytes cross beside JSON, never in it.
import type { Commands, Draft, PictureOf, Problem, Topic } from '../gen/types'

export type Name = keyof Commands
export type Args<N extends Name> = Commands[N]['args']
export type Reply<N extends Name> = Commands[N]['reply']

/** A file that was not taken into a draft, and why. */
export interface Refused {
  name: string
  problem: Problem
  /** How many more were left out for the same reason, told in the same sentence. */
  others?: number
}

/** What came of choosing files: the draft as it is now, and what was not taken. */
export interface Attached {
  draft: Draft
  refused: Refused[]
}

/** A sign-in that the demo's launcher hands over to be filled in. */
export interface DemoSignIn {
  server: string
  login: string
  password: string
}

export interface Door {
  readonly kind: 'shell' | 'web' | 'fake'
  /** Runs one command of the engine. */
  call<N extends Name>(name: N, args: Args<N>): Promise<Reply<N>>
  /** Copies a photo's bytes into the draft of `place`, `instead` of the one of that hash where it is given. */
  attach(place: string, name: string, bytes: Uint8Array, instead?: string): Promise<Draft>
  /** A picture's bytes. */
  picture(of: PictureOf): Promise<ArrayBuffer>
  /** Tells what may have changed, a hint to read again. Answers with how to stop. */
  onChanged(tell: (topics: Topic[]) => void): () => void
  /** The system's own picker; null when the person chose nothing. Absent where a file input serves. */
  attachFromGallery?(place: string): Promise<Attached | null>
  /** Lets the person keep a picture as a file of their own; false when they did not. Absent where a download serves. */
  savePicture?(of: PictureOf, name: string): Promise<boolean>
  /** Lets the person keep a conversation as a file; false when they did not. Absent where an address serves. */
  saveExport?(conversation: string): Promise<boolean>
  /** The system's own camera; null when the person took none. Absent where the page has to do it. */
  takePhoto?(): Promise<{ name: string; bytes: Uint8Array } | null>
  /** Where the device is by its own sensor. Absent where the page's geolocation serves. */
  locate?(timeoutMs: number): Promise<{ latitude: number; longitude: number; accuracy_m: number; fixed_at_ms: number }>
  /** The pictures a person pastes, asked while they do. Absent where the paste brings them itself. */
  pastedPictures?(): Promise<File[]>
  demoSignIn?(): Promise<DemoSignIn | null>
  /** Tells the place of a notification the person chose. */
  onOpen?(tell: (place: string) => void): void
  /** Opens a web address outside of the app. */
  openLink?(url: string): Promise<void>
}

/** Whether something thrown is a refusal of the engine. */
export function isProblem(thrown: unknown): thrown is Problem {
  return typeof thrown === 'object' && thrown !== null && typeof (thrown as { code?: unknown }).code === 'string'
}
