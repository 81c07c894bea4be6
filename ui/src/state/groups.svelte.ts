// The list of message threads as its screen shows it: which tab, what is searched,
// where it is scrolled to. It lives as long as the app, so coming back finds it as
// it was left.
import { asProblem, core } from '../core'
import type { GroupRow, GroupsUnread, GroupTab, Problem } from '../gen/types'
import { coalesced } from './coalesced'

export const tabs: readonly GroupTab[] = ['all', 'internal', 'customers', 'groups']
const page = 100

export class GroupList {
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  tab = $state<GroupTab>('all')
  rows = $state.raw<GroupRow[]>([])
  total = $state(0)
  unread = $state.raw<GroupsUnread>({ all: 0, internal: 0, customers: 0, groups: 0 })
  search = $state('')
  problem = $state.raw<Problem | null>(null)
  /** Where the list is scrolled to, in CSS pixels. */
  scrollTop = 0
  /** The thread that was opened last, so that coming back finds it. */
  opened: string | null = null
  #limit = page

  /** Reads the rows again. What is shown stays until the new rows are here. */
  read = coalesced(async () => {
    const { tab, search } = this
    try {
      const { rows, total, unread } = await core.call('groups', { tab, search: search.trim(), limit: this.#limit })
      this.rows = rows
      this.total = total
      this.unread = unread
      this.status = 'ready'
      this.problem = null
    } catch (thrown) {
      this.problem = asProblem(thrown)
      this.status = 'failed'
    }
  })

  #anew(): void {
    this.#limit = page
    this.scrollTop = 0
    void this.read()
  }

  find(text: string): void {
    this.search = text
    this.#anew()
  }

  show(tab: GroupTab): void {
    this.tab = tab
    this.#anew()
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
