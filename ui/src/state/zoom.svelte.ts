// How far a photo is zoomed and where it is moved to, by pointers or keys.

interface Point {
  x: number
  y: number
}

export class Zoom {
  readonly most = 8
  scale = $state(1)
  x = $state(0)
  y = $state(0)
  #fingers = new Map<number, Point>()

  reset(): void {
    this.scale = 1
    this.x = 0
    this.y = 0
  }

  /** Zooms about the middle; at one to one the photo goes back to its place. */
  by(factor: number): void {
    const scale = Math.min(this.most, Math.max(1, this.scale * factor))
    const ratio = scale / this.scale
    this.scale = scale
    this.x = scale === 1 ? 0 : this.x * ratio
    this.y = scale === 1 ? 0 : this.y * ratio
  }

  arrow(key: string): void {
    const step = 80
    this.x += key === 'ArrowLeft' ? step : key === 'ArrowRight' ? -step : 0
    this.y += key === 'ArrowUp' ? step : key === 'ArrowDown' ? -step : 0
  }

  down(event: PointerEvent): void {
    ;(event.currentTarget as Element | null)?.setPointerCapture?.(event.pointerId)
    this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY })
  }

  move(event: PointerEvent): void {
    const before = this.#fingers.get(event.pointerId)
    if (!before) return
    const now = { x: event.clientX, y: event.clientY }
    const [other] = [...this.#fingers].filter(([id]) => id !== event.pointerId).map(([, point]) => point)
    this.#fingers.set(event.pointerId, now)
    if (other) this.by(apart(now, other) / Math.max(1, apart(before, other)))
    else if (this.scale > 1) {
      this.x += now.x - before.x
      this.y += now.y - before.y
    }
  }

  up(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId)
  }
}

function apart(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}
