// Opening hours as a clock on the wall of their time zone reads them.
//
// Days count from Monday, 0 to 6; times are minutes from midnight, to 1440.
import type { OpeningHours, OpenSpan } from '../../gen/types'

/** What is said of a moment: open until then, or closed until then; `null`: never open. */
export type Standing = { open: true; until_min: number } | { open: false; next: { inDays: number; day: number; from_min: number } | null }

const minutesOfDay = 1440

/** The weekday and the minute of a moment in a time zone (IANA). */
export function wallClock(zone: string, ms: number): { day: number; min: number } {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(ms)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return { day: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday')), min: Number(part('hour')) * 60 + Number(part('minute')) }
}

/** How it stands at a moment. */
export function standing({ zone, days }: OpeningHours, ms: number): Standing {
  const { day, min } = wallClock(zone, ms)
  const today = days[day]?.find((span) => span.from_min <= min && min < span.to_min)
  if (today) return { open: true, until_min: today.to_min }
  for (let inDays = 0; inDays <= 7; inDays++) {
    const at = (day + inDays) % 7
    const span = days[at]?.find((one) => inDays > 0 || one.from_min > min)
    if (span) return { open: false, next: { inDays, day: at, from_min: span.from_min } }
  }
  return { open: false, next: null }
}

/** The moment of the next opening, milliseconds since 1970; nothing while it is open, and when it never is. */
export function nextOpening(hours: OpeningHours, ms: number): number | null {
  const stands = standing(hours, ms)
  if (stands.open || !stands.next) return null
  const { min } = wallClock(hours.zone, ms)
  const { inDays, from_min } = stands.next
  const guess = ms - (ms % 60_000) + (inDays * minutesOfDay + from_min - min) * 60_000
  // A clock that was put forward or back meanwhile.
  return guess + (from_min - wallClock(hours.zone, guess).min) * 60_000
}

/** Which days have hours that cannot be: an end before its beginning, or one into another. */
export function badDays({ days }: OpeningHours): number[] {
  const bad = (spans: OpenSpan[]) => spans.some(({ from_min, to_min }, i) => !(from_min < to_min && from_min >= 0 && to_min <= minutesOfDay) || (i > 0 && from_min < spans[i - 1]!.to_min))
  return days.flatMap((spans, day) => (bad(spans) ? [day] : []))
}

/** As a time field has it; the end of a day is its midnight. */
export function toField(min: number): string {
  if (!Number.isFinite(min)) return ''
  const at = min % minutesOfDay
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`
}

/** What a time field says; as an end, midnight is that of the same day's end. */
export function fromField(text: string, side: 'from_min' | 'to_min'): number {
  const [hours = NaN, minutes = NaN] = text.split(':').map(Number)
  const min = hours * 60 + minutes
  return side === 'to_min' && min === 0 ? minutesOfDay : min
}

/** A usual week: Monday to Friday, 8 to 16, where this device is. */
export function usualHours(): OpeningHours {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
  return { zone, days: Array.from({ length: 7 }, (_, day) => (day < 5 ? [{ from_min: 480, to_min: 960 }] : [])) }
}

/** Every time zone this device knows, and the one that is set. */
export function zones(set: string): string[] {
  const known = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : []
  return [...new Set([...known, 'UTC', set])].sort()
}
