// Tells the engine that this person looks at a conversation, and types in it: as
// seldom as others need to hear it. It is never kept: losing it loses nothing.
import { core } from '../core'

/** Well before others would take it to be over. */
const typingAgainMs = 4_000
const viewingAgainMs = 20_000
/** Who has not pressed a key for so long is not typing any more. */
const idleMs = 5_000

export class Presence {
  readonly place: string
  #typedMs = 0
  #idle: ReturnType<typeof setTimeout> | undefined
  #again: ReturnType<typeof setInterval> | undefined

  constructor(place: string) {
    this.place = place
  }

  #tell(typing: boolean, viewing: boolean): void {
    // Whether anybody hears it changes nothing here.
    core.call('signal', { place: this.place, typing, viewing }).catch(() => undefined)
  }

  /** The conversation is on the screen. */
  comes(): void {
    this.#tell(false, true)
    this.#again ??= setInterval(() => document.visibilityState === 'visible' && this.#tell(this.#typedMs > 0, true), viewingAgainMs)
  }

  /** A key was pressed; `empty`: nothing is left in the box. */
  types(empty: boolean, nowMs = Date.now()): void {
    if (empty) return this.rests()
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.rests(), idleMs)
    if (nowMs - this.#typedMs < typingAgainMs) return
    this.#typedMs = nowMs
    this.#tell(true, true)
  }

  /** The message was sent, emptied or left alone. */
  rests(): void {
    clearTimeout(this.#idle)
    if (this.#typedMs === 0) return
    this.#typedMs = 0
    this.#tell(false, true)
  }

  /** The conversation leaves the screen. */
  goes(): void {
    clearTimeout(this.#idle)
    clearInterval(this.#again)
    this.#again = undefined
    this.#typedMs = 0
    this.#tell(false, false)
  }
}
