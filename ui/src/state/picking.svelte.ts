// Who is being chosen out of the contact list: for a new thread, or for one that is
// there already.
import type { Block } from '../gen/types'
import { ContactBlock } from './contacts.svelte'

/** Somebody who is chosen. */
export interface Chosen {
  id: string
  name: string
  customer: boolean
  /** The group is theirs, so they stay in it. */
  stays?: boolean
  /** A client without a login: in the group, they read nothing of it. */
  unsigned?: boolean
}

export class Picking {
  search = $state('')
  chosen = $state.raw<Chosen[]>([])
  /** Whose one-time link is shown. */
  inviting = $state.raw<{ id: string; name: string } | null>(null)
  readonly blocks: Record<Block, ContactBlock> = { internal: new ContactBlock('internal'), customer: new ContactBlock('customer') }

  get customers(): number {
    return this.chosen.filter((one) => one.customer).length
  }

  has(id: string): boolean {
    return this.chosen.some((one) => one.id === id)
  }

  /** Chooses somebody, or no longer. */
  toggle(who: Chosen): void {
    const there = this.chosen.find((one) => one.id === who.id)
    if (there?.stays) return
    this.chosen = there ? this.chosen.filter((one) => one !== there) : [...this.chosen, { id: who.id, name: who.name, customer: who.customer, unsigned: who.unsigned ?? false }]
  }

  find(text: string): void {
    this.search = text
    for (const block of Object.values(this.blocks)) block.find(text)
  }

  /** Reads again what is in sight. */
  again(): void {
    for (const block of Object.values(this.blocks)) block.again()
  }
}
