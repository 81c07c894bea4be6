// Who is in a group, and who shall be: ticked and unticked, then saved as one batch
// against what was shown.
import { asProblem, core } from '../core'
import type { GroupPeople, History, Problem } from '../gen/types'
import { mint } from '../ids'
import { Picking } from './picking.svelte'

export class Members {
  readonly place: string
  readonly picking = new Picking()
  status = $state<'loading' | 'ready' | 'saving'>('loading')
  people = $state.raw<GroupPeople | null>(null)
  problem = $state.raw<Problem | null>(null)
  #history = $state<History | null>(null)
  #intent: { of: string; id: string } | undefined

  constructor(place: string) {
    this.place = place
  }

  /** Reads who is in it. What was ticked since then stays ticked. */
  async read(): Promise<void> {
    try {
      const people = await core.call('group_people', { place: this.place })
      const { added, removed } = this
      this.people = people
      const gone = new Set(removed)
      const there = this.#others.filter((one) => !gone.has(one.id))
      const known = new Set(this.#others.map((one) => one.id))
      this.picking.chosen = [...there, ...added.filter((one) => !known.has(one.id))]
      if (this.status === 'loading') this.status = 'ready'
    } catch (thrown) {
      this.problem = asProblem(thrown)
    }
  }

  get #others() {
    return (this.people?.people ?? [])
      .filter((one) => !one.me)
      .map(({ id, name, customer, owner }) => ({ id, name, customer, ...(owner ? { stays: true } : {}) }))
  }

  get added() {
    const known = new Set(this.#others.map((one) => one.id))
    return this.people ? this.picking.chosen.filter((one) => !known.has(one.id)) : []
  }

  get removed(): string[] {
    return this.#others.filter((one) => !this.picking.has(one.id)).map((one) => one.id)
  }

  /** How many customers were in it when it was read. */
  get customersBefore(): number {
    return this.#others.filter((one) => one.customer).length
  }

  /** From where those who come read: what was chosen, else what is safe. */
  get history(): History {
    return this.#history ?? (this.picking.customers > 0 ? 'from_now' : 'everything')
  }

  set history(history: History) {
    this.#history = history
  }

  get changed(): boolean {
    return this.added.length > 0 || this.removed.length > 0
  }

  /** Saves everything at once. Answers whether it was taken. */
  async save(): Promise<boolean> {
    if (this.status !== 'ready') return false
    const change = { add: this.added.map((one) => one.id), remove: this.removed, history: this.history }
    const of = JSON.stringify(change)
    if (this.#intent?.of !== of) this.#intent = { of, id: mint() }
    this.status = 'saving'
    this.problem = null
    try {
      await core.call('save_members', { id: this.#intent.id, place: this.place, change })
      return true
    } catch (thrown) {
      this.problem = asProblem(thrown)
      return false
    } finally {
      this.status = 'ready'
    }
  }
}
