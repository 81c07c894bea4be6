// One conversation as its screen shows it. Born with its place when it is
// opened, gone when it is closed.
//
// Invariant: of its own it holds at most `most` entries, however long the conversation is:
// a page that comes on one side lets one go on the other.
import { asProblem, core } from '../core'
import type { Code, Previous, Problem, Thread } from '../gen/types'
import { coalesced } from './coalesced'
import { Compose } from './compose.svelte'
import { Presence } from './presence'

const page = 60
/** Entries held at once, and so drawn. */
export const most = 180

/** A message to be shown: its id, and its number where that is known. */
export interface Sought {
  id: string
  n: number | null
}

/** It is not there any more for this person, or never was: what they asked for came too late. */
const gone: readonly Code[] = ['not_found', 'already_picked', 'offer_over']

export class ThreadView {
  readonly place: string
  readonly compose: Compose
  readonly presence: Presence
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  view = $state.raw<Thread | null>(null)
  problem = $state.raw<Problem | null>(null)
  /** By whose eyes it is shown: ours, or the customer's, who sees what left the house alone. */
  eyes = $state<'us' | 'customer'>('us')
  older = $state<'idle' | 'busy' | 'failed'>('idle')
  /** The highest number that was read when the screen was opened: the "New messages" line stands after it. */
  readAtOpen = $state<number | null>(null)
  /** What stands above it: the customer's previous conversations, as many as were asked for. */
  past = $state.raw<Previous | null>(null)
  pastStatus = $state<'idle' | 'busy' | 'failed'>('idle')
  pastProblem = $state.raw<Problem | null>(null)
  /** A message that was asked for, to be brought into sight and marked. */
  sought = $state.raw<{ id: string } | null>(null)
  #limit = page
  #pastLimit = 0
  /** The number of the last entry held; null while the newest are. */
  #until: number | null = null
  #readTo = 0

  constructor(place: string) {
    this.place = place
    this.compose = new Compose(place)
    this.presence = new Presence(place)
  }

  read = coalesced(async () => {
    const generation = this.compose.generation
    try {
      const view = await this.#ask()
      this.readAtOpen ??= view.read_n
      this.#readTo = Math.max(this.#readTo, view.read_n)
      this.compose.load(view.draft, generation)
      // What a customer wrote before is a conversation's alone.
      this.past = view.group ? null : await core.call('previous', { place: this.place, limit: this.#pastLimit })
      this.view = view
      this.status = 'ready'
      this.problem = null
    } catch (thrown) {
      this.problem = asProblem(thrown)
      // What is not there any more for this person leaves the screen as well; what they are
      // composing is kept first.
      if (this.isGone) {
        void this.compose.flush()
        this.view = null
      }
      this.status = 'failed'
    }
  })

  #ask(): Promise<Thread> {
    const { place } = this
    const limit = this.#limit
    return this.#until === null ? core.call('thread', { place, limit }) : core.call('thread_until', { place, limit, until: this.#until })
  }

  /** Whether it is not there for this person. */
  get isGone(): boolean {
    return this.problem !== null && gone.includes(this.problem.code)
  }

  /** Whether there are entries after the last that is shown. */
  get hasNewer(): boolean {
    return (this.view?.newer ?? 0) > 0
  }

  /** The number of the newest entry, shown or not. */
  get latestN(): number {
    const last = this.view?.bubbles.findLast((bubble) => bubble.n !== null)?.n ?? 0
    return last + (this.view?.newer ?? 0)
  }

  /** Whether there may be entries before the first that is shown. */
  get hasOlder(): boolean {
    return this.view?.older ?? false
  }

  /** Shows earlier entries: those on this device first, then the server's. */
  async showOlder(): Promise<void> {
    if (this.older === 'busy' || !this.view || !this.hasOlder) return
    this.older = 'busy'
    try {
      const { bubbles } = this.view
      if (bubbles.length + page <= most) this.#limit = bubbles.length + page
      else {
        this.#limit = most
        this.#until = bubbles.slice(0, most - page).findLast((bubble) => bubble.n !== null)?.n ?? this.#until
      }
      await this.read()
      if (this.view?.bubbles[0]?.id === bubbles[0]?.id) await this.fetchOlder()
      this.older = 'idle'
    } catch {
      this.older = 'failed'
    }
  }

  /** Shows later entries, where earlier ones had taken their place. */
  async showNewer(): Promise<void> {
    if (this.older === 'busy' || this.#until === null || !this.view) return
    this.older = 'busy'
    this.#until = this.view.newer <= page ? null : this.#until + page
    this.#limit = most
    await this.read()
    this.older = 'idle'
  }

  /** Shows the newest entries, from wherever it is. */
  async showNewest(): Promise<void> {
    if (this.#until === null) return
    this.#until = null
    this.#limit = page
    await this.read()
  }

  /** Shows a message, wherever it is: on this device, else from the server. */
  async seek({ id, n }: Sought): Promise<void> {
    this.sought = null
    if (!this.view) await this.read()
    if (!this.#shows(id) && n !== null) {
      await this.#around(n)
      if (!this.#shows(id)) {
        await core.call('fetch_at', { place: this.place, n })
        await this.read()
      }
    }
    if (this.#shows(id)) this.sought = { id }
  }

  #shows(id: string): boolean {
    return this.view?.bubbles.some((bubble) => bubble.id === id) ?? false
  }

  /** Shows the part around a number, or up to the newest when that is near. */
  async #around(n: number): Promise<void> {
    const until = n + page / 2
    this.#until = until < this.latestN ? until : null
    this.#limit = this.#until === null ? Math.min(most, this.latestN - n + page / 2) : page
    await this.read()
  }

  /** Fetches what the server has before the oldest entry here, or in a hole. */
  async fetchOlder(): Promise<void> {
    await core.call('older', { place: this.place })
    await this.read()
  }

  /** Whether there may be previous conversations above what is shown. */
  get hasPrevious(): boolean {
    return !this.hasOlder && (this.past?.more ?? false)
  }

  /** Shows more of the customer's previous conversations: from this device, then the server's. */
  async showPrevious(): Promise<void> {
    if (this.pastStatus === 'busy' || !this.hasPrevious) return
    this.pastStatus = 'busy'
    this.pastProblem = null
    try {
      const before = this.#pastShown
      this.#pastLimit = Math.max(this.#pastLimit, before) + page
      await this.read()
      while (this.#pastShown <= before && this.hasPrevious && (await core.call('fetch_previous', { place: this.place }))) {
        await this.read()
      }
      this.pastStatus = 'idle'
    } catch (thrown) {
      this.pastProblem = asProblem(thrown)
      this.pastStatus = 'failed'
    }
  }

  get #pastShown(): number {
    return this.past?.conversations.reduce((sum, one) => sum + one.bubbles.length, 0) ?? 0
  }

  /** Fetches what a hole in a previous conversation lacks. */
  async fetchPrevious(): Promise<void> {
    await core.call('fetch_previous', { place: this.place })
    await this.read()
  }

  /** Says that everything that is shown was read. */
  markRead(): void {
    const last = this.view?.bubbles.findLast((bubble) => bubble.n !== null)?.n ?? 0
    if (last <= this.#readTo || this.view?.state === 'waiting') return
    this.#readTo = last
    core.call('read', { place: this.place, n: last }).catch(() => (this.#readTo = 0))
  }

  /** Reads the draft anew, because a message went back into it. */
  async reloadDraft(): Promise<void> {
    const view = await this.#ask()
    this.view = view
    this.compose.reload(view.draft)
  }
}
