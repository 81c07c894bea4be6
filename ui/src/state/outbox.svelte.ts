// Everything on this device that is not sent yet.
import { asProblem, core } from '../core'
import type { OutboxRow, Problem } from '../gen/types'
import { phone } from '../words/customer'
import { coalesced } from './coalesced'

export class Outbox {
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  rows = $state.raw<OutboxRow[]>([])
  problem = $state.raw<Problem | null>(null)

  read = coalesced(async () => {
    try {
      const rows = await core.call('outbox', {})
      // A title is a name, or a number as the server keeps it.
      this.rows = rows.map((row) => ({ ...row, title: phone(row.title) }))
      this.status = 'ready'
    } catch (thrown) {
      this.problem = asProblem(thrown)
      this.status = 'failed'
    }
  })

  /** Tries one again now, or everything. */
  retry(intent: string | null): Promise<void> {
    return this.#then(core.call('retry', { intent }))
  }

  /** Drops one; with `keep` a message goes back to its draft. */
  discard(intent: string, keep: boolean): Promise<void> {
    return this.#then(core.call('discard', { intent, keep }))
  }

  /** Throws away what was being composed in a place that is not here any more. */
  discardDraft(place: string, note: boolean): Promise<void> {
    return this.#then(core.call('discard_draft', { place, note }))
  }

  async #then(work: Promise<unknown>): Promise<void> {
    await work
    await this.read()
  }
}
