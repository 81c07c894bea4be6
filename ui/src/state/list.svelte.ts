// One list of conversations as its screen shows it: what is searched, how it is
// sorted, where it is scrolled to. It lives as long as the app, so coming back
// finds it as it was left.
import { asProblem, core } from '../core'
import type { Problem, Row, Section, Sort } from '../gen/types'
import { coalesced } from './coalesced'

const page = 100

export class List {
  readonly section: Section
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  rows = $state.raw<Row[]>([])
  total = $state(0)
  search = $state('')
  sort = $state<Sort>('newest')
  problem = $state.raw<Problem | null>(null)
  /** Where the list is scrolled to, in CSS pixels. */
  scrollTop = 0
  /** The conversation that was opened last, so that coming back finds it. */
  opened: string | null = null
  #limit = page

  constructor(section: Section) {
    this.section = section
    this.sort = section === 'picklist' ? 'longest_waiting' : 'newest'
  }

  /** Reads the rows again. What is shown stays until the new rows are here. */
  read = coalesced(async () => {
    const { section, sort, search } = this
    try {
      const { rows, total } = await core.call('rows', { section, sort, search: search.trim(), limit: this.#limit })
      this.rows = rows
      this.total = total
      this.status = 'ready'
      this.problem = null
    } catch (thrown) {
      this.problem = asProblem(thrown)
      this.status = 'failed'
    }
  })

  find(text: string): void {
    this.search = text
    this.#limit = page
    this.scrollTop = 0
    void this.read()
  }

  sortBy(sort: Sort): void {
    this.sort = sort
    this.scrollTop = 0
    void this.read()
  }

  /** Reads further when the screen nears the end of what was read. */
  want(index: number): void {
    if (this.rows.length >= this.total || index < this.#limit - page / 2) return
    this.#limit = Math.max(this.#limit * 2, index + page)
    void this.read()
  }

  /** The place `step` rows from `place`; the first row when that is not here. */
  beside(place: string | null, step: 1 | -1): string | undefined {
    const at = this.rows.findIndex((row) => row.place === place)
    return this.rows[at < 0 ? 0 : at + step]?.place
  }
}
