// One list of conversations as its screen shows it: which, and how it is sorted.
import { core } from '../core'
import type { Page, Row, Rows, Section, Sort } from '../gen/types'
import { Paged } from './paged.svelte'

export class List extends Paged<Row> {
  readonly section: Section
  sort = $state<Sort>('newest')

  constructor(section: Section) {
    super()
    this.section = section
    this.sort = section === 'picklist' ? 'longest_waiting' : 'newest'
  }

  protected ask(page: Page): Promise<Rows> {
    const { section, sort, search } = this
    return core.call('rows', { section, sort, search: search.trim(), page })
  }

  sortBy(sort: Sort): void {
    this.sort = sort
    this.anew()
  }
}
