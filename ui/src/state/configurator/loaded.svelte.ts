// What a page of the Configurator shows, read from the server.
//
//   loading ──► ready ◄──► failed (again: a button, or the connection is back)
//
// Invariant: what was read stays in sight when reading it again fails.
import { asProblem } from '../../core'
import type { Problem } from '../../gen/types'
import { coalesced } from '../coalesced'

export class Loaded<T> {
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  value = $state.raw<T | null>(null)
  problem = $state.raw<Problem | null>(null)
  readonly #load: () => Promise<T>

  constructor(load: () => Promise<T>) {
    this.#load = load
  }

  read = coalesced(async () => {
    try {
      this.take(await this.#load())
    } catch (thrown) {
      this.problem = asProblem(thrown)
      this.status = 'failed'
    }
  })

  take(value: T): void {
    this.value = value
    this.problem = null
    this.status = 'ready'
  }
}
