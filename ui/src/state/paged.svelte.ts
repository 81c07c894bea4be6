// A list as its screen shows it, read by the part: what is searched, where it is
// scrolled to, and the rows around that. It lives as long as the app, so coming back
// finds it as it was left.
//
// Invariant: it holds at most `most` rows, one part of the list without a gap, however
// long the list is; each read brings that part whole, as it is now.
import { asProblem } from '../core'
import type { Page, Problem } from '../gen/types'
import { coalesced } from './coalesced'

/** Rows held at once. */
export const most = 120
/** So near the end of what is held, more is read. */
const near = 30

export abstract class Paged<T extends { place: string }> {
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  /** The rows that are held, and where in the list the first of them is. */
  rows = $state.raw<T[]>([])
  from = $state(0)
  total = $state(0)
  search = $state('')
  problem = $state.raw<Problem | null>(null)
  /** Where the list is scrolled to, in CSS pixels. */
  scrollTop = $state(0)
  /** The row that was opened last, so that coming back finds it. */
  opened: string | null = null
  #from = 0

  /** Asks the core for a part, and takes whatever comes beside its rows. */
  protected abstract ask(page: Page): Promise<{ rows: T[]; total: number }>

  /** Reads the rows again. What is shown stays until the new rows are here. */
  read = coalesced(async () => {
    const from = this.#from
    try {
      const { rows, total } = await this.ask({ from, limit: most })
      Object.assign(this, { rows, from, total, status: 'ready', problem: null })
    } catch (thrown) {
      this.problem = asProblem(thrown)
      this.status = 'failed'
    }
  })

  find(text: string): void {
    this.search = text
    this.anew()
  }

  /** Reads another list, from the top. */
  protected anew(): void {
    this.#from = 0
    this.scrollTop = 0
    void this.read()
  }

  /** Sees to it that the rows of this part of the list are here, and some around them. */
  want(first: number, last: number): void {
    const short = first < this.#from + near && this.#from > 0
    const far = last > this.#from + most - near && this.#from + most < this.total
    if (!short && !far) return
    const middle = Math.round((first + last - most) / 2)
    const from = Math.max(0, Math.min(middle, this.total - most))
    if (from === this.#from) return
    this.#from = from
    void this.read()
  }

  /** The row at a place in the list, if it is here. */
  at(index: number): T | undefined {
    return this.rows[index - this.from]
  }

  /** Where in the list a place is, if it is here; else -1. */
  indexOf(place: string | null): number {
    const at = this.rows.findIndex((row) => row.place === place)
    return at < 0 ? at : this.from + at
  }

  /** The place `step` rows from `place`; the first row when that is not here. */
  beside(place: string | null, step: 1 | -1): string | undefined {
    const at = this.indexOf(place)
    return this.at(at < 0 ? this.from : at + step)?.place
  }
}

