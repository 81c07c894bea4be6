// The time as screens show it: one tick for everything that says "12 min".
// It is only ever shown; nothing is ordered by it.

const tickMs = 10_000

class Moment {
  ms = $state(Date.now())

  constructor() {
    setInterval(() => (this.ms = Date.now()), tickMs)
  }

  /** Stands still at `ms`; the gallery does. */
  hold(ms: number): void {
    this.ms = ms
  }
}

const moment = new Moment()

/** Milliseconds since 1970, renewed every few seconds. */
export function now(): number {
  return moment.ms
}
