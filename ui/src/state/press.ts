// A finger that rests: the menu of what lies under it, where the system makes no
// context menu of that by itself.
//
//   up ──(a finger)──► down ──(rests so long)──► press
//                        └──(moves, lifts: it scrolls or taps)──► up

/** How long a finger rests until the menu comes. */
const pressMs = 600
/** How far a finger moves before it scrolls, in CSS pixels. */
const slackPx = 10

/** The finger that lifts presses nothing of what came up under it; the next one does. */
function swallowClick(): void {
  const swallow = (event: Event): void => {
    event.preventDefault()
    event.stopPropagation()
  }
  addEventListener('click', swallow, { capture: true, once: true })
  addEventListener('pointerdown', () => removeEventListener('click', swallow, true), { capture: true, once: true })
}

export class Press {
  #press: () => void
  #from = { x: 0, y: 0 }
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(press: () => void) {
    this.#press = press
  }

  down(event: PointerEvent): void {
    this.cancel()
    if (event.pointerType === 'mouse' || !event.isPrimary) return
    this.#from = { x: event.clientX, y: event.clientY }
    this.#timer = setTimeout(() => (swallowClick(), this.#press()), pressMs)
  }

  move(event: PointerEvent): void {
    if (Math.hypot(event.clientX - this.#from.x, event.clientY - this.#from.y) > slackPx) this.cancel()
  }

  cancel(): void {
    clearTimeout(this.#timer)
  }
}
