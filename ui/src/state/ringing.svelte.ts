// What is offered to this person: what stands and what ran out, by the server's
// clock; and the ringing, for as long as something stands.
//
// Invariants
// - The countdown follows the server's clock as of the last status; this device's
//   own time of day decides nothing.
// - Nothing rings after the last offer that stands, nor at the level "none".
import type { OfferRow, Status } from '../gen/types'
import { ring } from '../ring'
import { preferences } from './preferences.svelte'

const tickMs = 500
const againMs = 4_000

class Ringing {
  offers = $state.raw<OfferRow[]>([])
  /** What of them the person has put aside, having seen that it ran out. */
  #seen = $state.raw<ReadonlySet<string>>(new Set())
  #aheadMs = 0
  #nowMs = $state(0)
  #rangMs = 0
  #timer: ReturnType<typeof setInterval> | undefined

  /** Those to be shown: they stand, or ran out unseen. */
  get shown(): OfferRow[] {
    return this.offers.filter((offer) => !this.#seen.has(keyOf(offer)))
  }

  /** How long an offer still stands, in milliseconds; 0 when it is over. */
  left(offer: OfferRow): number {
    return Math.max(0, offer.expires_at_ms - this.#nowMs)
  }

  /** Takes what a status says, read at `nowMs` by this device. */
  take(status: Status, nowMs = Date.now()): void {
    this.#aheadMs = status.now_ms - nowMs
    this.#nowMs = status.now_ms
    this.offers = status.offers
    if (this.offers.length > 0) this.#timer ??= setInterval(() => this.tick(Date.now()), tickMs)
    this.tick(nowMs)
  }

  /** Moves the countdown on, and rings again when it is time. */
  tick(nowMs: number): void {
    this.#nowMs = nowMs + this.#aheadMs
    const stands = this.offers.some((offer) => this.left(offer) > 0)
    if (stands && Math.abs(nowMs - this.#rangMs) >= againMs) {
      this.#rangMs = nowMs
      ring(preferences.sound)
    }
    if (!stands) {
      this.#rangMs = 0
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  dismiss(offer: OfferRow): void {
    this.#seen = new Set([...this.#seen, keyOf(offer)])
  }
}

function keyOf(offer: OfferRow): string {
  return `${offer.place} ${offer.made_at_ms}`
}

export const ringing = new Ringing()
