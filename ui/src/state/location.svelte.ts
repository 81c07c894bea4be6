// Where the device is, read on a tap and shown before anything is added.
//
//   finding ──► fix ──(a better one)──► fix
//      └──► denied · unavailable · timed_out
//
// Invariants
// - It listens until the fix is `goodM` or better, `listenMs` have passed, or it is closed.
// - A fix at time zero is made up, and no fix; nor is one that is no place on earth.
// - A stale fix is shown with its age, and any that was made since takes its place.
import { core } from '../core'
import type { Location } from '../gen/types'

const listenMs = 15_000
/** From here on a better fix helps nobody, in metres. */
const goodM = 12
/** So old a fix says where somebody was, not where they are. */
export const staleMs = 60_000

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
  return isOnEarth(latitude, longitude) ? { latitude, longitude } : null
}

/** What is no number is nowhere. */
function isOnEarth(latitude: number, longitude: number): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
}

interface Found {
  latitude: number
  longitude: number
  accuracy_m: number
  fixed_at_ms: number
}

const isStale = (fixedAtMs: number): boolean => Date.now() - fixedAtMs >= staleMs

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

  #take(fix: Found): void {
    if (!(fix.fixed_at_ms > 0 && fix.accuracy_m >= 0 && isOnEarth(fix.latitude, fix.longitude))) return
    const stale = isStale(fix.fixed_at_ms)
    if (this.location && !this.#isBetter(fix, stale)) return
    this.location = { ...fix, label: null }
    this.status = 'fix'
    if (fix.accuracy_m <= goodM && !stale) this.close()
  }

  /** A fix of now beats a stale one, however exact that was; of two alike the more exact. */
  #isBetter(fix: Found, stale: boolean): boolean {
    const { accuracy_m, fixed_at_ms } = this.location!
    const wasStale = isStale(fixed_at_ms ?? 0)
    return stale === wasStale ? fix.accuracy_m <= (accuracy_m ?? Infinity) : wasStale
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
