// A few fields that are saved together: what the server has, what is typed, and what
// came of the last save.
//
//   same ──(typed)──► changed ──(save)──► saving ──(done)──► same, and said what changed
//                        ▲                   └──(refused)──┐
//                        └──────── a sentence beside its field, all typed stays
//
// Invariant: what is typed is thrown away by `discard` alone.
import { asProblem } from '../core'
import type { Code, Problem } from '../gen/types'
import type { Unsaved } from './leaving.svelte'

/** One thing that was changed, as people read it. */
export interface Change {
  what: string
  /** What it is now; may be empty. */
  to: string
}

/** What a form knows of its fields. */
export interface FormFacts<T> {
  /** What is another in the second than in the first, by the words of its fields. */
  changes: (was: T, is: T) => Change[]
  /** Which field a refusal is about. */
  fields?: Partial<Record<Code, string & keyof T>>
}

/** A form as the bar below a page knows it, whatever its fields are. */
export interface Saved extends Unsaved {
  readonly status: 'idle' | 'saving'
  readonly problem: Problem | null
  readonly changes: Change[]
  said: Change[] | null
  problemOf(): Problem | null
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

export class Form<T extends object> implements Saved {
  is = $state() as T
  status = $state<'idle' | 'saving'>('idle')
  problem = $state.raw<Problem | null>(null)
  /** What the last save changed, until something else is typed. */
  said = $state.raw<Change[] | null>(null)
  #was = $state.raw() as T
  readonly #facts: FormFacts<T>

  constructor(value: T, facts: FormFacts<T>) {
    this.#facts = facts
    this.#was = value
    this.is = structuredClone(value)
  }

  get was(): T {
    return this.#was
  }

  get dirty(): boolean {
    return !same($state.snapshot(this.is), this.#was)
  }

  get changes(): Change[] {
    return this.dirty ? this.#facts.changes(this.#was, this.is) : []
  }

  /** The refusal of a field; without one, the refusal that is of no field. */
  problemOf(field?: string & keyof T): Problem | null {
    if (!this.problem) return null
    return this.#facts.fields?.[this.problem.code] === field ? this.problem : null
  }

  /** Takes what the server has now; what is typed stays. */
  take(value: T): void {
    const { dirty } = this
    this.#was = value
    if (!dirty) this.is = structuredClone(value)
  }

  discard(): void {
    this.is = structuredClone(this.#was)
    this.problem = null
  }

  /** Saves what is typed. `work` answers what the server has then, where it says so. */
  async save(work: (is: T) => Promise<T | undefined | void>): Promise<boolean> {
    if (this.status === 'saving') return false
    const sent = $state.snapshot(this.is) as T
    const { changes } = this
    this.status = 'saving'
    this.problem = null
    this.said = null
    try {
      const has = (await work(sent)) ?? sent
      const meanwhile = !same($state.snapshot(this.is), sent)
      this.#was = has
      if (!meanwhile) this.is = structuredClone(has)
      this.said = changes
      return true
    } catch (thrown) {
      this.problem = asProblem(thrown)
      return false
    } finally {
      this.status = 'idle'
    }
  }
}
