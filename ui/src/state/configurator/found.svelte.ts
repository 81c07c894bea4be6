// A list that the server searches, page after page: people, customers, lines of the audit.
//
// Invariant: rows of an older search never stand among those of a newer one.
import { asProblem } from '../../core'
import type { Problem } from '../../gen/types'

const typingMs = 250

/** A page of rows, and whether there are more after it. */
export interface FoundPage<T> {
  rows: T[]
  /** How many there are in all; nothing: nobody counts them. */
  total: number | null
  more: boolean
}

export class Found<T, S extends object> {
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  rows = $state.raw<T[]>([])
  total = $state<number | null>(null)
  more = $state(false)
  problem = $state.raw<Problem | null>(null)
  search = $state.raw() as S
  #ask: (search: S, rows: T[]) => Promise<FoundPage<T>>
  #generation = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `ask` gives the page after the rows that are here already. */
  constructor(search: S, ask: (search: S, rows: T[]) => Promise<FoundPage<T>>) {
    this.search = search
    this.#ask = ask
  }

  /** Searches anew, once nothing was typed for a moment. */
  type(change: Partial<S>): void {
    this.search = { ...this.search, ...change }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.read(), typingMs)
  }

  /** Searches anew, now. */
  async find(change: Partial<S>): Promise<void> {
    this.search = { ...this.search, ...change }
    await this.read()
  }

  /** Reads the first page; what is shown stays until it is here. */
  async read(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#read([])
  }

  async next(): Promise<void> {
    if (this.more) await this.#read(this.rows)
  }

  async #read(after: T[]): Promise<void> {
    const generation = ++this.#generation
    try {
      const { rows, total, more } = await this.#ask(this.search, after)
      if (generation !== this.#generation) return
      Object.assign(this, { rows: [...after, ...rows], total, more, status: 'ready', problem: null })
    } catch (thrown) {
      if (generation !== this.#generation) return
      this.problem = asProblem(thrown)
      this.status = 'failed'
    }
  }
}
