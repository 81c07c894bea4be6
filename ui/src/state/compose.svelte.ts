// What is being composed in one place. It is born with the id of its place and
// never asks which conversation is shown: so nothing typed, attached or sent can
// end up in another one.
//
//   loading ──(the draft was read)──► ready ──(send)──► sending ──► ready
//
// Invariants
// - Nothing can be typed before the draft is here.
// - A draft is saved `saveAfterMs` after the last key, and at once when the box
//   or the page is left. Saves and the send go one after another, so that a late
//   save never brings back what was sent.
// - A send that failed puts everything back and keeps its id: sent again
//   unchanged, it is the same intent.
import { asProblem, core } from '../core'
import type { Attached, Refused } from '../core'
import type { Draft, DraftFile, Location, Mention, Problem, QuoteLine, Typed } from '../gen/types'
import { mint } from '../ids'
import { moved, typedOf } from './mentions'

/** Characters (Unicode scalar values), as the model has it. */
export const textMax = 10_000
const saveAfterMs = 250

/** Those that were too many are one answer together; every other refusal is about its own file. */
function inOneSentence(refused: Refused[]): Refused[] {
  const [first, ...others] = refused.filter((one) => one.problem.code === 'too_many_files')
  const rest = refused.filter((one) => one.problem.code !== 'too_many_files')
  return first ? [...rest, others.length > 0 ? { ...first, others: others.length } : first] : rest
}

export class Compose {
  readonly place: string
  status = $state<'loading' | 'ready' | 'sending'>('loading')
  text = $state('')
  /** Who is mentioned in the text. */
  mentions = $state.raw<Mention[]>([])
  files = $state.raw<DraftFile[]>([])
  location = $state.raw<Location | null>(null)
  /** The message it answers. */
  reply = $state.raw<QuoteLine | null>(null)
  /** Files on their way into the draft. */
  adding = $state(0)
  refused = $state.raw<Refused[]>([])
  problem = $state.raw<Problem | null>(null)
  /** Grows with everything done here; a read begun before that is stale. */
  generation = 0
  readonly #deliver: (id: string, typed: Typed) => Promise<unknown>
  #timer: ReturnType<typeof setTimeout> | undefined
  #last: Promise<unknown> = Promise.resolve()
  #intent: { id: string; of: string } | undefined

  /** `deliver` sends what is composed: as a message, unless it does something else. */
  constructor(place: string, deliver?: (id: string, typed: Typed) => Promise<unknown>) {
    this.place = place
    this.#deliver = deliver ?? ((id, text) => core.call('send', { id, place, text }))
  }

  get excess(): number {
    return this.text.length <= textMax ? 0 : Math.max(0, [...this.text].length - textMax)
  }

  get sendable(): boolean {
    const something = this.text.trim() !== '' || this.files.length > 0 || this.location !== null
    return this.status === 'ready' && something && this.adding === 0 && this.excess === 0
  }

  /** Takes the draft a screen's read brought: its text only the first time. */
  load(draft: Draft, generation: number): void {
    if (this.status === 'sending' || generation !== this.generation) return
    if (this.status === 'loading') [this.text, this.mentions] = [draft.text, draft.mentions ?? []]
    this.files = draft.files
    this.location = draft.location
    this.reply = draft.reply
    this.status = 'ready'
  }

  /** Takes a draft whole, because a message went back into it. */
  reload(draft: Draft): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.generation += 1
    this.text = draft.text
    this.mentions = draft.mentions ?? []
    this.files = draft.files
    this.location = draft.location
    this.reply = draft.reply
    this.status = 'ready'
  }

  /** Takes what the box holds now; a mention in it stays one unless it was edited. */
  type(text: string, mentions = moved(this.mentions, this.text, text)): void {
    if (this.status === 'loading') return
    this.text = text
    this.mentions = mentions
    this.problem = null
    this.generation += 1
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), saveAfterMs)
  }

  /** Saves now what is not saved yet. */
  flush(): Promise<void> {
    if (this.#timer === undefined) return Promise.resolve()
    clearTimeout(this.#timer)
    this.#timer = undefined
    const text = typedOf(this.text, this.mentions)
    return this.#inOrder(() => core.call('save_draft', { place: this.place, text })).then(
      () => undefined,
      (thrown: unknown) => void (this.problem = asProblem(thrown)),
    )
  }

  /** Copies photos into the draft. What is refused is said by name; the rest is taken. */
  async attach(files: File[]): Promise<void> {
    if (files.length === 0) return
    await this.#adding(files.length, async () => {
      const read = await Promise.all(
        files.map(async (file) => ({ name: file.name || 'photo', bytes: new Uint8Array(await file.arrayBuffer()) })),
      )
      return core.attach(this.place, read)
    })
  }

  /** Puts a photo where another of the draft stands, once it is taken: until then that one stays. */
  async replace(hash: string, photo: File): Promise<void> {
    await this.#adding(1, async () => core.attach(this.place, [{ name: photo.name, bytes: new Uint8Array(await photo.arrayBuffer()) }], hash))
  }

  /** Opens the system's own picker. */
  async attachFromGallery(): Promise<void> {
    await this.#adding(1, () => core.attachFromGallery(this.place))
  }

  async #adding(count: number, work: () => Promise<Attached | null>): Promise<void> {
    this.adding += count
    this.problem = null
    this.refused = []
    try {
      const attached = await this.#inOrder(work)
      if (attached) {
        this.#took(attached.draft)
        this.refused = inOneSentence(attached.refused)
      }
    } catch (thrown) {
      this.problem = asProblem(thrown)
    } finally {
      this.adding -= count
    }
  }

  detach(hash: string): Promise<void> {
    return this.#changes(() => core.call('detach', { place: this.place, hash }))
  }

  setLocation(location: Location | null): Promise<void> {
    return this.#changes(() => core.call('set_location', { place: this.place, location }))
  }

  /** Answers a message of this place, or none. */
  answer(message: string | null): Promise<void> {
    return this.#changes(() => core.call('set_reply', { place: this.place, message }))
  }

  async #changes(work: () => Promise<Draft>): Promise<void> {
    try {
      this.#took(await this.#inOrder(work))
    } catch (thrown) {
      this.problem = asProblem(thrown)
    }
  }

  #took(draft: Draft): void {
    this.generation += 1
    this.#intent = undefined
    this.files = draft.files
    this.location = draft.location
    this.reply = draft.reply
  }

  /** Sends the draft. Answers whether it is safely in the outbox. */
  async send(): Promise<boolean> {
    if (!this.sendable) return false
    clearTimeout(this.#timer)
    this.#timer = undefined
    const { text, mentions, files, location, reply } = this
    const typed = typedOf(text, mentions)
    const of = JSON.stringify(typed)
    if (this.#intent?.of !== of) this.#intent = { id: mint(), of }
    const { id } = this.#intent
    this.status = 'sending'
    this.#clear()
    try {
      await this.#inOrder(() => this.#deliver(id, typed))
      this.#intent = undefined
      return true
    } catch (thrown) {
      this.problem = asProblem(thrown)
      const both = this.text ? `${text}\n${this.text}` : text
      const after = moved(this.mentions, this.text, both)
      // Whoever went meanwhile is named in the text still: sent again, it goes without the mention.
      this.mentions = this.problem.code === 'not_in_thread' ? after : [...mentions, ...after]
      this.text = both
      this.files = files
      this.location = location
      this.reply = reply
      return false
    } finally {
      this.generation += 1
      this.status = 'ready'
    }
  }

  #clear(): void {
    this.generation += 1
    this.text = ''
    this.mentions = []
    this.files = []
    this.location = null
    this.reply = null
    this.refused = []
    this.problem = null
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => undefined)
    return mine
  }
}
