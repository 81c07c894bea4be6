// The internal notes of one conversation and the one being written. Born with its
// page and gone with it; the conversation itself need not be open.
//
// Invariants
// - The text is saved `saveAfterMs` after the last key and when the page closes; it
//   is a draft of its own, never the chat's.
// - A note is saved once: a repeat after a failure is the same intent.
import { asProblem, core } from '../core'
import type { Notes, Problem } from '../gen/types'
import { mint } from '../ids'
import { coalesced } from './coalesced'

/** Characters (Unicode scalar values), as the model has it. */
export const noteMax = 10_000
const saveAfterMs = 250

export class NotesView {
  readonly place: string
  view = $state.raw<Notes | null>(null)
  problem = $state.raw<Problem | null>(null)
  text = $state('')
  saving = $state(false)
  #timer: ReturnType<typeof setTimeout> | undefined
  #last: Promise<unknown> = Promise.resolve()
  #intent: { id: string; text: string } | undefined

  constructor(place: string) {
    this.place = place
  }

  read = coalesced(async () => {
    try {
      const view = await core.call('notes', { place: this.place })
      if (this.view === null) this.text = view.draft
      this.view = view
    } catch (thrown) {
      this.problem = asProblem(thrown)
    }
  })

  get excess(): number {
    return this.text.length <= noteMax ? 0 : Math.max(0, [...this.text].length - noteMax)
  }

  get savable(): boolean {
    return this.view !== null && !this.saving && this.text.trim() !== '' && this.excess === 0
  }

  type(text: string): void {
    if (this.view === null) return
    this.text = text
    this.problem = null
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), saveAfterMs)
  }

  /** Keeps now what is not kept yet. */
  async flush(): Promise<void> {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    const text = this.text
    await this.#inOrder(() => core.call('save_note_draft', { place: this.place, text })).catch(
      (thrown: unknown) => void (this.problem = asProblem(thrown)),
    )
  }

  /** Saves the note. Answers whether it is safely in the outbox. */
  async save(): Promise<boolean> {
    if (!this.savable) return false
    clearTimeout(this.#timer)
    this.#timer = undefined
    const { text, place } = this
    if (this.#intent?.text !== text) this.#intent = { id: mint(), text }
    const { id } = this.#intent
    this.saving = true
    try {
      await this.#inOrder(() => core.call('note', { id, place, text }))
      this.#intent = undefined
      this.text = ''
      await this.read()
      return true
    } catch (thrown) {
      this.problem = asProblem(thrown)
      return false
    } finally {
      this.saving = false
    }
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => undefined)
    return mine
  }
}
