// The list of message threads as its screen shows it: which tab, and what is unread in
// each.
import { core } from '../core'
import type { GroupRow, Groups, GroupsUnread, GroupTab, Page } from '../gen/types'
import { Paged } from './paged.svelte'

export const tabs: readonly GroupTab[] = ['all', 'internal', 'customers', 'groups']

export class GroupList extends Paged<GroupRow> {
  tab = $state<GroupTab>('all')
  unread = $state.raw<GroupsUnread>({ all: 0, internal: 0, customers: 0, groups: 0 })

  protected async ask(page: Page): Promise<Groups> {
    const groups = await core.call('groups', { tab: this.tab, search: this.search.trim(), page })
    this.unread = groups.unread
    return groups
  }

  show(tab: GroupTab): void {
    this.tab = tab
    this.anew()
  }
}
