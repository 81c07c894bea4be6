// A thread that is not begun yet: who is to be in it, and its first message. What is
// composed is a draft on the device; who is chosen is kept as long as the app runs.
//
// Invariant: beginning again after a failure, with nothing changed, is the same intent.
import { asProblem, core } from '../core'
import type { Problem, Typed } from '../gen/types'
import { mint } from '../ids'
import { Compose } from './compose.svelte'
import { typedOf } from './mentions'
import { Picking } from './picking.svelte'

export class NewThread {
  readonly picking = new Picking()
  compose = $state.raw<Compose | null>(null)
  problem = $state.raw<Problem | null>(null)
  /** The most people in a thread, oneself included. */
  peopleMax = $state(Infinity)
  /** Where it is, once begun. */
  begun: string | null = null
  #ids: { of: string; id: string; group: string } | undefined

  /** Reads what was being composed. */
  async open(): Promise<void> {
    await this.compose?.flush()
    const generation = this.compose?.generation ?? 0
    try {
      const { place, draft, people_max } = await core.call('new_group', {})
      this.compose ??= new Compose(place, (id, typed) => this.#start(id, typed))
      const { compose } = this
      // A message that went back into the draft is here from now on; what could not be saved stays.
      if (compose.status === 'ready' && compose.generation === generation && !compose.problem) compose.reload(draft)
      else compose.load(draft, generation)
      this.peopleMax = people_max
      this.problem = null
    } catch (thrown) {
      this.problem = asProblem(thrown)
    }
  }

  /** Begins it, with what is composed or with nothing. Answers its place. */
  async begin(): Promise<string | null> {
    const { compose } = this
    this.begun = null
    if (!compose) return null
    if (compose.sendable) {
      await compose.send()
      return this.begun
    }
    try {
      await this.#start(this.#idsOf('').id, '')
      return this.begun
    } catch (thrown) {
      compose.problem = asProblem(thrown)
      return null
    }
  }

  async #start(id: string, typed: Typed): Promise<void> {
    const people = this.picking.chosen.map((one) => one.id)
    const { group } = this.#idsOf(JSON.stringify(typed))
    // Who was mentioned and then not chosen after all is not in it.
    const text = typeof typed === 'string' ? typed : typedOf(typed.text, typed.mentions.filter((one) => people.includes(one.person)))
    this.begun = await core.call('start_group', { id, begin: { group, people, name: null, text } })
    this.#ids = undefined
    this.picking.chosen = []
    this.picking.search = ''
  }

  #idsOf(text: string): { id: string; group: string } {
    const of = JSON.stringify([text, this.picking.chosen.map((one) => one.id)])
    if (this.#ids?.of !== of) this.#ids = { of, id: mint(), group: mint() }
    return this.#ids
  }
}
