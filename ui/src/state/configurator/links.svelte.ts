// The one-time link that was made last: it is shown this once, on its person's page, and
// goes with it.
import type { OneTimeLink } from '../../gen/types'

class Links {
  #made = $state.raw<OneTimeLink | null>(null)

  /** The link of this person, if it is the one that was just made. */
  of(person: string): OneTimeLink | null {
    return this.#made?.person === person ? this.#made : null
  }

  take(link: OneTimeLink): void {
    this.#made = link
  }

  forget(): void {
    this.#made = null
  }
}

export const links = new Links()
