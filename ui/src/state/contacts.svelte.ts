// One block of the contact list, read page by page as it comes into sight.
//
// Invariants
// - It holds at most `pagesMax` pages, however many people there are.
// - What is shown stays until the answer to a new search is here, and an answer to
//   an older search is thrown away.
import { asProblem, core } from '../core'
import type { Block, Contact, Problem } from '../gen/types'

export const page = 60
const pagesMax = 6

export class ContactBlock {
  readonly block: Block
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  total = $state(0)
  /** Whether the whole contact list is on this device. */
  complete = $state(true)
  problem = $state.raw<Problem | null>(null)
  #pages = $state.raw<ReadonlyMap<number, Contact[]>>(new Map())
  #search = ''
  #generation = 0
  #asked = new Set<number>()
  #range: [number, number] = [0, 0]

  constructor(block: Block) {
    this.block = block
  }

  /** The person at this index, if their page is here. */
  at(index: number): Contact | undefined {
    return this.#pages.get(Math.floor(index / page))?.[index % page]
  }

  /** How many people are held. */
  get held(): number {
    return [...this.#pages.values()].reduce((sum, people) => sum + people.length, 0)
  }

  /** Searches anew, from the top. */
  find(text: string): void {
    this.#search = text.trim()
    this.#range = [0, 0]
    this.#anew()
  }

  /** Reads again what is in sight: somebody came, went or was renamed. */
  again(): void {
    this.#anew()
  }

  /** Sees to it that the people of this part of the list are here. */
  want(first: number, last: number): void {
    const [from, to] = [Math.floor(Math.max(0, first) / page), Math.floor(Math.max(0, last) / page)]
    this.#range = [from, to]
    for (let at = from; at <= to; at++) {
      const beyond = at > 0 && at * page >= this.total
      if (!beyond && !this.#pages.has(at) && !this.#asked.has(at)) void this.#read(at)
    }
  }

  #anew(): void {
    this.#generation += 1
    this.#asked.clear()
    const [from, to] = this.#range
    for (let at = from; at <= to; at++) void this.#read(at)
  }

  async #read(at: number): Promise<void> {
    const generation = this.#generation
    this.#asked.add(at)
    try {
      const args = { block: this.block, search: this.#search, from: at * page, limit: page }
      const { contacts, total, complete } = await core.call('contacts', args)
      if (generation !== this.#generation) return
      this.#took(at, contacts)
      Object.assign(this, { total, complete, status: 'ready', problem: null })
    } catch (thrown) {
      if (generation !== this.#generation) return
      this.problem = asProblem(thrown)
      this.status = 'failed'
    } finally {
      if (generation === this.#generation) this.#asked.delete(at)
    }
  }

  #fresh = 0
  #took(at: number, contacts: Contact[]): void {
    const kept = this.#fresh === this.#generation ? [...this.#pages] : []
    this.#fresh = this.#generation
    const [from, to] = this.#range
    const distance = (one: number) => Math.max(from - one, one - to, 0)
    const pages = [...kept.filter(([one]) => one !== at), [at, contacts] as const]
    pages.sort(([a], [b]) => distance(a) - distance(b))
    this.#pages = new Map(pages.slice(0, Math.max(pagesMax, to - from + 1)))
  }
}
