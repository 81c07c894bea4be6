// Where the person is. It stands in the address, so that the system's back
// button and a reload do what people expect.
//
//   #/messaging   #/messaging/<place>   #/messaging/new
//   #/picklist   #/conversations/<place>   #/outbox   #/settings
//   #/open/<place>   whichever list that stands in: it is looked for
//   #/configurator   #/configurator/<page>   #/configurator/<page>/<item>
//
// Invariants
// - In the narrow frame a conversation is one step further than its list, so that
//   Back closes it; in the wide frame choosing another is no step.
// - Nobody leaves what they typed and did not save without being asked.
import type { Section } from '../gen/types'
import { leaving } from './leaving.svelte'

/** A screen that is a list of places beside the one that is open. */
export type Listed = Section | 'messaging'
export type Screen = Listed | 'outbox' | 'settings' | 'configurator'

/** What stands in the place of a thread that is not begun yet. */
export const newPlace = 'new'

const screens: readonly Screen[] = ['messaging', 'picklist', 'conversations', 'history', 'outbox', 'settings', 'configurator']
export const sections: readonly Section[] = ['picklist', 'conversations', 'history']

/** Whether a screen is a list of conversations. */
export function isSection(screen: Screen): screen is Section {
  return (sections as readonly string[]).includes(screen)
}

/** Whether a screen is a list of places. */
export function isListed(screen: Screen): screen is Listed {
  return screen === 'messaging' || isSection(screen)
}

/** Whether a screen has such a place in it. */
function holds(screen: Screen, place: string): boolean {
  if (screen === 'configurator') return /^[a-z]+(\/[0-9a-z-]+)?$/.test(place)
  return isListed(screen) && (/^[0-9a-f-]+$/.test(place) || (place === newPlace && screen === 'messaging'))
}

function read(hash: string): { screen: Screen; place: string | null } {
  const [, first = '', second = ''] = /^#\/([a-z]+)(?:\/(.+))?$/.exec(hash) ?? []
  const screen = screens.find((name) => name === first)
  return { screen: screen ?? 'picklist', place: screen && holds(screen, second) ? second : null }
}

class Route {
  screen = $state<Screen>('picklist')
  place = $state<string | null>(null)
  /** A place to be opened in the list it stands in. */
  wanted: string | null = null
  /** Whether Back closes what is open: it was a step. */
  #stepped = false
  /** How many steps into the Configurator Back takes back. */
  #depth = 0

  /** Takes what the address says and follows the system's back button. */
  follow(): void {
    this.#take(location.hash)
    window.addEventListener('popstate', () => this.#popped())
  }

  #popped(): void {
    const wanted = read(location.hash)
    if (leaving.dirty && (wanted.screen !== this.screen || wanted.place !== this.place)) {
      // The system has left already: back to where something is typed, and then the question.
      history.pushState(null, '', this.#address(this.screen, this.place))
      return leaving.go(() => history.back())
    }
    this.#stepped = false
    this.#depth = Math.max(0, this.#depth - 1)
    this.#take(location.hash)
  }

  #take(hash: string): void {
    const { screen, place } = read(hash)
    this.screen = screen
    this.place = place
    this.wanted = /^#\/open\/([0-9a-f-]+)$/.exec(hash)?.[1] ?? null
  }

  /** Shows a screen's list. */
  go(screen: Screen): void {
    leaving.go(() => {
      this.#show(screen, null, this.place !== null && this.screen !== 'configurator' ? 'replace' : 'push')
      this.#stepped = false
      this.#depth = 0
    })
  }

  /** Opens a conversation; `step` says whether Back shall close it. */
  open(screen: Listed, place: string, step: boolean): void {
    leaving.go(() => {
      const steps = step && this.place === null
      this.#show(screen, place, steps ? 'push' : 'replace')
      this.#stepped ||= steps
    })
  }

  /** Closes the conversation. */
  close(): void {
    leaving.go(() => {
      if (this.#stepped) history.back()
      else this.#show(this.screen, null, 'replace')
    })
  }

  /** Opens a page of the Configurator, one step further. */
  into(place: string): void {
    leaving.go(() => {
      if (place === this.place) return
      this.#show('configurator', place, 'push')
      this.#depth += 1
    })
  }

  /** Goes from a page of the Configurator to the one it stands in. */
  up(): void {
    leaving.go(() => {
      if (this.#depth > 0) history.back()
      else this.#show('configurator', this.place?.includes('/') ? this.place.split('/')[0]! : null, 'replace')
    })
  }

  /** Says another page in the place of this one: what was new is there now. */
  instead(place: string): void {
    leaving.go(() => this.#show('configurator', place, 'replace'))
  }

  #address(screen: Screen, place: string | null): string {
    return `#/${screen}${place ? `/${place}` : ''}`
  }

  #show(screen: Screen, place: string | null, how: 'push' | 'replace'): void {
    if (screen === this.screen && place === this.place) return
    const address = this.#address(screen, place)
    if (how === 'push') history.pushState(null, '', address)
    else history.replaceState(null, '', address)
    this.screen = screen
    this.place = place
  }
}

export const route = new Route()

/** What a link brought in the fragment, taken out of the address at once: it may be a secret. */
export type Arrival =
  | { by: 'nothing' }
  | { by: 'invite'; secret: string }
  | { by: 'demo'; server: string; login: string; password: string }

/** Reads and removes `#invite=<secret>` or `#demo=<encoded JSON or login:password>`. */
export function arrival(): Arrival {
  const hash = location.hash
  const invite = /^#invite=(.+)$/.exec(hash)
  const demo = /^#demo=(.+)$/.exec(hash)
  if (!invite && !demo) return { by: 'nothing' }
  history.replaceState(null, '', location.pathname + location.search)
  if (invite) return { by: 'invite', secret: unescaped(invite[1]!) }
  return demoOf(demo![1]!)
}

/** What a fragment says; one that is not escaped says what stands there. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function demoOf(text: string): Arrival {
  const plain = unescaped(text)
  try {
    const card = JSON.parse(plain) as { server?: string; login: string; password: string }
    return { by: 'demo', server: card.server ?? location.origin, login: card.login, password: card.password }
  } catch {
    const [login = '', ...rest] = plain.split(':')
    return login ? { by: 'demo', server: location.origin, login, password: rest.join(':') } : { by: 'nothing' }
  }
}
