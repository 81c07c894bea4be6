// What was typed and is not saved yet: whoever would leave it is asked first.
//
// Invariant: nothing typed is lost without a yes to that question, whether the way
// out is a link, the system's back button or the closing of the page.
import { overlays } from './overlay.svelte'
import { w } from '../words/language.svelte'

/** Something that may be typed into and saved. */
export interface Unsaved {
  /** Whether something of it is not saved. */
  readonly dirty: boolean
  /** Takes back what is not saved. */
  discard(): void
}

class Leaving {
  #held = new Set<Unsaved>()

  /** Asks before this is left. Answers with how to stop. */
  hold(one: Unsaved): () => void {
    this.#held.add(one)
    return () => void this.#held.delete(one)
  }

  get dirty(): boolean {
    return [...this.#held].some((one) => one.dirty)
  }

  /** Goes, once nothing typed is lost by it. */
  go(on: () => void): void {
    if (!this.dirty) return on()
    const words = w().configurator.leave
    const onYes = () => {
      this.#held.forEach((one) => one.discard())
      on()
    }
    overlays.ask({ ...words, danger: true, onYes })
  }
}

export const leaving = new Leaving()
