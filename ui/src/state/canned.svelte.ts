// The canned replies that fit what is typed: a slash at the very beginning, and the
// start of a shortcut. One is the chosen one; the keys and a finger choose another.
import { core } from '../core'
import type { Canned } from '../gen/types'

const call = /^\/([\p{L}\p{N}-]*)$/u

/** A reply as it is inserted. Without a name, what leads to it goes too. */
export function filled(text: string, name: string | null): string {
  if (name) return text.replaceAll('{name}', name)
  return text.replace(/[,،]?\s*\{name\}/gu, '').replace(/^[,،\s]+/u, '')
}

export class CannedPick {
  all = $state.raw<Canned[]>([])
  at = $state(0)
  /** What was typed when its person closed the list: it stays closed until that changes. */
  #closed = $state<string | null>(null)
  #text = $state('')

  /** Takes what is typed now, and reads the replies when it begins to call one. */
  take(text: string): void {
    const [before, now] = [call.test(this.#text), call.test(text)]
    if (text !== this.#text) this.at = 0
    this.#text = text
    if (text !== this.#closed) this.#closed = null
    if (now && !before) void core.call('canned', {}).then((all) => (this.all = all), () => undefined)
  }

  /** Those that fit: whose shortcut begins with it before those whose text has it. */
  get fitting(): Canned[] {
    const typed = call.exec(this.#text)?.[1]?.toLowerCase()
    if (typed === undefined || this.#closed === this.#text) return []
    const called = this.all.filter(({ shortcut }) => shortcut.startsWith(typed))
    const within = this.all.filter((one) => !called.includes(one) && one.text.toLowerCase().includes(typed))
    return [...called, ...within]
  }

  get chosen(): Canned | undefined {
    return this.fitting[this.at]
  }

  walk(step: 1 | -1): void {
    const count = this.fitting.length
    if (count > 0) this.at = (this.at + step + count) % count
  }

  close(): void {
    this.#closed = this.#text
  }
}
