// The days of the week, as a language writes them.

// 1 January 2024 was a Monday.
const monday = Date.UTC(2024, 0, 1)
const dayMs = 86_400_000

/** Monday to Sunday. */
export function weekdays(tag: string): string[] {
  const format = new Intl.DateTimeFormat(tag, { weekday: 'long', timeZone: 'UTC' })
  return Array.from({ length: 7 }, (_, i) => format.format(monday + i * dayMs))
}
