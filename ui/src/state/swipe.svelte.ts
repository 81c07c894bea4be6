// A row drawn aside by a finger: half the way shows its buttons and stays, the
// whole way does what the outer button does.
//
//   still ──(a finger)──► held ──(sideways)──► drawn ──(let go)──► still · open · done
//                           └──(down or up: the list scrolls)──► still
//
// Invariants
// - At most one row is open: `open` is one place, or none.
// - A finger that starts within `edgePx` of the window's edge is the system's.
// - Once a finger scrolls, it never draws; once it draws, it never scrolls.
// - Ways are counted along the reading direction, so right to left is the mirror.

import { Press } from './press'

/** As wide as the system's own gesture at the edge, in CSS pixels. */
const edgePx = 24
/** How far a finger goes before it is known what it does, in CSS pixels. */
const slackPx = 10
/** The part of the row's width that is the whole way. */
const wholePart = 0.6

export type Way = 'still' | 'open' | 'done'

class OpenRow {
  place = $state<string | null>(null)

  close(): void {
    this.place = null
  }
}

/** The one row whose buttons are in sight. */
export const openRow = new OpenRow()

export interface Wishes {
  place: string
  /** What the whole way does; absent where it does nothing more than half of it. */
  whole: (() => void) | undefined
  press: () => void
}

export class Swipe {
  /** How far the row is drawn aside, in CSS pixels; 0 when it lies still. */
  drawnPx = $state(0)
  stage = $state<'still' | 'held' | 'drawn'>('still')
  /** Whether letting go now would do what the outer button does. */
  whole = $state(false)
  #wishes: () => Wishes
  #finger = -1
  #from = { x: 0, y: 0, drawnPx: 0 }
  #widthPx = 0
  #buttonsPx = 0
  #passedHalf = false
  #rest = new Press(() => this.#pressed())
  #swallow = false

  constructor(wishes: () => Wishes) {
    this.#wishes = wishes
  }

  /** A finger comes down on a row so wide, whose buttons are so wide. */
  down(event: PointerEvent, widthPx: number, buttonsPx: number): void {
    this.#swallow = false
    if (event.pointerType === 'mouse' || !event.isPrimary) return
    if (event.clientX < edgePx || event.clientX > innerWidth - edgePx) return
    const { place } = this.#wishes()
    const isOpen = openRow.place === place
    if (!isOpen) openRow.close()
    this.#finger = event.pointerId
    this.#from = { x: event.clientX, y: event.clientY, drawnPx: isOpen ? buttonsPx : 0 }
    this.#widthPx = widthPx
    this.#buttonsPx = buttonsPx
    this.#passedHalf = isOpen
    this.stage = 'held'
    this.#rest.down(event)
  }

  move(event: PointerEvent): void {
    if (event.pointerId !== this.#finger || this.stage === 'still') return
    const rtl = document.documentElement.dir === 'rtl'
    const across = (event.clientX - this.#from.x) * (rtl ? 1 : -1)
    const down = Math.abs(event.clientY - this.#from.y)
    if (this.stage === 'held') {
      if (Math.abs(across) < slackPx && down < slackPx) return
      this.#rest.cancel()
      if (down >= Math.abs(across) || (across < 0 && this.#from.drawnPx === 0)) return this.cancel()
      this.stage = 'drawn'
      const row = event.currentTarget
      if (row instanceof Element) row.setPointerCapture?.(event.pointerId)
    }
    this.#draw(Math.max(0, this.#from.drawnPx + across))
  }

  #draw(wantedPx: number): void {
    const can = this.#wishes().whole !== undefined
    // Where nothing lies beyond the buttons, the row gives way only a little more.
    const most = can ? this.#widthPx : this.#buttonsPx + Math.min(24, Math.max(0, wantedPx - this.#buttonsPx) / 4)
    this.drawnPx = Math.min(wantedPx, most)
    const half = this.drawnPx >= this.#buttonsPx / 2
    const whole = can && this.drawnPx >= this.#widthPx * wholePart
    if (half !== this.#passedHalf || whole !== this.whole) tickFelt()
    this.#passedHalf = half
    this.whole = whole
  }

  /** The finger is gone: what became of it. */
  up(event: PointerEvent): Way {
    if (event.pointerId !== this.#finger) return 'still'
    if (this.stage !== 'drawn') {
      this.cancel()
      return 'still'
    }
    const { place, whole } = this.#wishes()
    const way: Way = this.whole && whole ? 'done' : this.#passedHalf ? 'open' : 'still'
    this.#swallow = true
    this.cancel()
    openRow.place = way === 'open' ? place : null
    if (way === 'done') whole?.()
    return way
  }

  /** The row goes back to where it lay. */
  cancel(): void {
    this.#rest.cancel()
    this.#finger = -1
    this.stage = 'still'
    this.drawnPx = 0
    this.whole = false
  }

  #pressed(): void {
    this.cancel()
    this.#swallow = true
    this.#wishes().press()
  }

  /** Whether a click is only the end of a gesture; asked once for each. */
  swallows(): boolean {
    const swallow = this.#swallow
    this.#swallow = false
    return swallow
  }
}

/** A tick in the hand, where the device can give one. */
function tickFelt(): void {
  navigator.vibrate?.(8)
}
