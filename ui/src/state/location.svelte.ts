// Where the device is, read on a tap and shown before anything is added.
//
//   finding ──► fix ──(a better one)──► fix
//      └──► denied · unavailable · timed_out
//
// Invariants
// - It listens until the fix is `goodM` or better, `listenMs` have passed, or it is closed.
// - A fix at time zero is made up, and no fix.
import { core } from '../core'
import type { Location } from '../gen/types'

const listenMs = 15_000
/** From here on a better fix helps nobody, in metres. */
const goodM = 12

export type FixStatus = 'finding' | 'fix' | 'denied' | 'unavailable' | 'timed_out'

/** Reads "59.91273, 10.74609" in the ways people type it; null when it is no place on earth. */
export function parseCoordinates(text: string): { latitude: number; longitude: number } | null {
  const plain = text
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/٫/g, '.')
    .replace(/[،;؛]/g, ',')
    .replace(/−/g, '-')
  const number = String.raw`([-+]?\d{1,3}(?:\.\d+)?)\s*°?\s*`
  const found = new RegExp(String.raw`^\s*${number}([NS])?[\s,]+${number}([EW])?\s*$`, 'i').exec(plain)
  if (!found) return null
  const latitude = Number(found[1]) * (found[2]?.toUpperCase() === 'S' ? -1 : 1)
  const longitude = Number(found[3]) * (found[4]?.toUpperCase() === 'W' ? -1 : 1)
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null
}

export class Fix {
  status = $state<FixStatus>('finding')
  location = $state.raw<Location | null>(null)
  /** Whether a better fix is still waited for. */
  listening = $state<'yes' | 'no'>('no')
  #watch: number | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #attempt = 0
  #geolocation: Geolocation | undefined

  constructor(geolocation: Geolocation | undefined = navigator.geolocation) {
    this.#geolocation = geolocation
  }

  find(): void {
    this.close()
    this.status = 'finding'
    this.location = null
    this.listening = 'yes'
    this.#timer = setTimeout(() => this.#end('timed_out'), listenMs)
    const { locate } = core
    if (locate) return this.#ask(locate)
    if (!this.#geolocation) return this.#end('unavailable')
    this.#watch = this.#geolocation.watchPosition(
      ({ coords, timestamp }) =>
        this.#take({ latitude: coords.latitude, longitude: coords.longitude, accuracy_m: coords.accuracy, fixed_at_ms: Math.round(timestamp) }),
      (error) => this.#end(error.code === 1 ? 'denied' : error.code === 3 ? 'timed_out' : 'unavailable'),
      { enableHighAccuracy: true, timeout: listenMs, maximumAge: 0 },
    )
  }

  /** A phone's own sensor answers once. */
  #ask(locate: NonNullable<typeof core.locate>): void {
    const attempt = ++this.#attempt
    locate(listenMs).then(
      (fix) => {
        if (attempt !== this.#attempt) return
        this.#take(fix)
        this.#end('unavailable')
      },
      (thrown: unknown) => {
        if (attempt !== this.#attempt) return
        this.#end(/denied|permission/i.test(String(thrown)) ? 'denied' : 'unavailable')
      },
    )
  }

  #take(fix: { latitude: number; longitude: number; accuracy_m: number; fixed_at_ms: number }): void {
    if (fix.fixed_at_ms <= 0) return
    const before = this.location?.accuracy_m ?? Infinity
    if (fix.accuracy_m > before) return
    this.location = { ...fix, label: null }
    this.status = 'fix'
    if (fix.accuracy_m <= goodM) this.close()
  }

  /** Stops listening; with no fix so far, says why. */
  #end(why: FixStatus): void {
    if (!this.location) this.status = why
    this.close()
  }

  close(): void {
    this.#attempt += 1
    clearTimeout(this.#timer)
    if (this.#watch !== undefined) this.#geolocation?.clearWatch(this.#watch)
    this.#watch = undefined
    this.listening = 'no'
  }
}
