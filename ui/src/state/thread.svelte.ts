// One conversation as its screen shows it. Born with its place when it is
// opened, gone when it is closed.
import { asProblem, core } from '../core'
import type { Previous, Problem, Thread } from '../gen/types'
import { coalesced } from './coalesced'
import { Compose } from './compose.svelte'
import { Presence } from './presence'

const page = 60

export class ThreadView {
  readonly place: string
  readonly compose: Compose
  readonly presence: Presence
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  view = $state.raw<Thread | null>(null)
  problem = $state.raw<Problem | null>(null)
  older = $state<'idle' | 'busy' | 'failed'>('idle')
  /** The highest number that was read when the screen was opened: the "New messages" line stands after it. */
  readAtOpen = $state<number | null>(null)
  /** What stands above it: the customer's previous conversations, as many as were asked for. */
  past = $state.raw<Previous | null>(null)
  pastStatus = $state<'idle' | 'busy' | 'failed'>('idle')
  pastProblem = $state.raw<Problem | null>(null)
  #limit = page
  #pastLimit = 0
  #readTo = 0

  constructor(place: string) {
    this.place = place
    this.compose = new Compose(place)
    this.presence = new Presence(place)
  }

  read = coalesced(async () => {
    const generation = this.compose.generation
    try {
      const view = await core.call('thread', { place: this.place, limit: this.#limit })
      this.readAtOpen ??= view.read_n
      this.#readTo = Math.max(this.#readTo, view.read_n)
      this.compose.load(view.draft, generation)
      this.past = await core.call('previous', { place: this.place, limit: this.#pastLimit })
      this.view = view
      this.status = 'ready'
      this.problem = null
    } catch (thrown) {
      this.problem = asProblem(thrown)
      this.status = 'failed'
    }
  })

  /** Whether there may be entries before the first that is shown. */
  get hasOlder(): boolean {
    return this.view?.older ?? false
  }

  /** Shows earlier entries: those on this device first, then the server's. */
  async showOlder(): Promise<void> {
    if (this.older === 'busy' || !this.view || !this.hasOlder) return
    this.older = 'busy'
    try {
      const before = this.view.bubbles.length
      this.#limit = Math.max(this.#limit, before) + page
      await this.read()
      if ((this.view?.bubbles.length ?? 0) <= before) await this.fetchOlder()
      this.older = 'idle'
    } catch {
      this.older = 'failed'
    }
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
    const view = await core.call('thread', { place: this.place, limit: this.#limit })
    this.view = view
    this.compose.reload(view.draft)
  }
}
