// The people of a thread that fit what is typed after an at sign. One is the chosen one;
// the keys and a finger choose another.
import { core } from '../core'
import { called, fitting, type Caret, type Mentionable } from './mentions'

/** The most that are offered at once: whoever is sought beyond them is typed on. */
const most = 50

/** The others of a thread, as whoever asks may mention them. */
export async function peopleOf(place: string): Promise<Mentionable[]> {
  const { people } = await core.call('group_people', { place })
  return people.filter((one) => !one.me && !one.disabled && one.name !== '')
}

export class MentionPick {
  people = $state.raw<Mentionable[]>([])
  at = $state(0)
  #typed = $state<string | null>(null)
  #from = -1
  /** Where the list was closed: it stays closed for that at sign. */
  #closed = $state(-1)

  /** Takes what is typed now; `read` tells who may be mentioned, when somebody begins to be. */
  take(now: Caret, read: (() => Promise<Mentionable[]>) | undefined): void {
    const found = read ? called(now) : null
    const begins = found !== null && found.from !== this.#from
    if (found?.typed !== this.#typed) this.at = 0
    this.#typed = found?.typed ?? null
    this.#from = found?.from ?? -1
    if (found === null || found.from !== this.#closed) this.#closed = -1
    if (begins) void read?.().then((people) => (this.people = people), () => undefined)
  }

  get #all(): Mentionable[] {
    if (this.#typed === null || this.#closed !== -1) return []
    return fitting(this.people, this.#typed)
  }

  get total(): number {
    return this.#all.length
  }

  get fitting(): Mentionable[] {
    return this.#all.slice(0, most)
  }

  get chosen(): Mentionable | undefined {
    return this.fitting[this.at]
  }

  walk(step: 1 | -1): void {
    const count = this.fitting.length
    if (count > 0) this.at = (this.at + step + count) % count
  }

  close(): void {
    this.#closed = this.#from
  }
}
