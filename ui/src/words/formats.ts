// Numbers, times and plurals as a language writes them, all by Intl.

/** The forms of a counted thing; `#` stands for the number. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

function midnight(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0)
}

/** Whole days between two moments as a calendar counts them: 0 is the same day. */
export function daysBetween(earlierMs: number, laterMs: number): number {
  return Math.round((midnight(laterMs) - midnight(earlierMs)) / day)
}

function unit(tag: string, name: string, digits = 0): (n: number) => string {
  const format = new Intl.NumberFormat(tag, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits })
  return (n) => format.format(n)
}

/** The person's own form of a language, with its clock and its dates: en-GB rather than en. */
export function nearest(language: string): string {
  return navigator.languages.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language
}

/** How the language of `tag` (BCP 47) writes things. */
export function formats(tag: string) {
  const rules = new Intl.PluralRules(tag)
  const whole = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 })
  const clock = new Intl.DateTimeFormat(tag, { hour: 'numeric', minute: '2-digit' })
  const weekday = new Intl.DateTimeFormat(tag, { weekday: 'long' })
  const shortDay = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' })
  const fullDay = new Intl.DateTimeFormat(tag, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  const shortDate = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year: 'numeric' })
  const near = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })
  const units = {
    second: unit(tag, 'second'),
    minute: unit(tag, 'minute'),
    hour: unit(tag, 'hour'),
    day: unit(tag, 'day'),
    kilobyte: unit(tag, 'kilobyte'),
    megabyte: unit(tag, 'megabyte', 1),
    metre: unit(tag, 'meter'),
    kilometre: unit(tag, 'kilometer', 1),
  }
  const comma = tag.startsWith('ar') ? '، ' : ', '
  const capital = (text: string) => text.charAt(0).toLocaleUpperCase(tag) + text.slice(1)

  /** A length of time in its largest unit: "12 min". */
  function span(ms: number): string {
    if (ms < hour) return units.minute(Math.max(1, Math.floor(ms / minute)))
    if (ms < day) return units.hour(Math.floor(ms / hour))
    return units.day(Math.floor(ms / day))
  }

  return {
    tag,
    comma,
    number: (n: number) => whole.format(n),
    plural: (n: number, forms: Forms) => (forms[rules.select(n)] ?? forms.other).replace('#', whole.format(n)),
    time: (ms: number) => clock.format(ms),
    span,
    seconds: (n: number) => units.second(n),
    /** In steps of 1024, as the limits are set and the chat page says them. */
    size: (bytes: number) =>
      bytes < 1_048_576 ? units.kilobyte(Math.max(1, Math.round(bytes / 1024))) : units.megabyte(bytes / 1_048_576),
    metres: (m: number) => (m < 1000 ? units.metre(Math.max(1, Math.round(m))) : units.kilometre(m / 1000)),
    /** A day's heading: today, yesterday, a weekday, a date. */
    day(ms: number, nowMs: number): string {
      const days = daysBetween(ms, nowMs)
      if (days === 0 || days === 1) return capital(near.format(-days, 'day'))
      return capital(days > 1 && days < 7 ? weekday.format(ms) : fullDay.format(ms))
    },
    /** When a photo was taken, by the clock where it was: of `2026-03-02T09:15:00+01:00` the hour is 9. */
    taken(at: string): string {
      const ms = Date.parse(at.slice(0, 19))
      return `${shortDate.format(ms)}${comma}${clock.format(ms)}`
    },
    /** When, as short as a row has room for. */
    brief(ms: number, nowMs: number): string {
      const days = daysBetween(ms, nowMs)
      if (days <= 0) return clock.format(ms)
      if (days === 1) return capital(near.format(-1, 'day'))
      if (days < 7) return capital(weekday.format(ms))
      return new Date(ms).getFullYear() === new Date(nowMs).getFullYear() ? shortDay.format(ms) : shortDate.format(ms)
    },
    /** When, with the time of day, and the day unless it is today. */
    moment(ms: number, nowMs: number): string {
      return daysBetween(ms, nowMs) <= 0 ? clock.format(ms) : `${this.brief(ms, nowMs)}${comma}${clock.format(ms)}`
    },
  }
}

export type Formats = ReturnType<typeof formats>
