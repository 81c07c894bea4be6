// A finger that pulls a timeline down past its top. Beyond the threshold, letting
// go asks for what is above; before it, everything snaps back.

/** How far the finger must go, in CSS pixels. */
export const thresholdPx = 72

export class Pull {
  /** How far it is pulled now, in CSS pixels; 0 while nothing is. */
  distance = $state(0)
  #from: number | null = null
  #side = 0

  /** Far enough for letting go to count. */
  get ripe(): boolean {
    return this.distance >= thresholdPx
  }

  /** A finger comes down; `able` says whether there is anything above, and the top is in sight. */
  start(touches: TouchList, able: boolean): void {
    const touch = touches[0]
    this.#from = able && touches.length === 1 && touch ? touch.clientY : null
    this.#side = touch?.clientX ?? 0
    this.distance = 0
  }

  move(touches: TouchList): void {
    const touch = touches[0]
    if (this.#from === null || !touch) return
    const down = touch.clientY - this.#from
    // A sideways stroke, or one that scrolls on, is something else.
    if (down < 0 || (this.distance === 0 && Math.abs(touch.clientX - this.#side) > down)) return this.cancel()
    this.distance = Math.min(down, thresholdPx * 1.5)
  }

  /** The finger is lifted. Answers whether it had gone far enough. */
  end(): boolean {
    const ripe = this.ripe
    this.cancel()
    return ripe
  }

  cancel(): void {
    this.#from = null
    this.distance = 0
  }
}
