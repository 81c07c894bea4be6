import { describe, expect, it } from 'vitest'
import { Pull, thresholdPx } from '../state/pull.svelte'

const at = (y: number, x = 100): TouchList => [{ clientX: x, clientY: y }] as unknown as TouchList

describe('pulling down at the top', () => {
  it('asks beyond the threshold, and snaps back before it', () => {
    const pull = new Pull()
    pull.start(at(10), true)
    pull.move(at(10 + thresholdPx - 1))
    expect(pull.ripe).toBe(false)
    expect(pull.end()).toBe(false)
    pull.start(at(10), true)
    pull.move(at(10 + thresholdPx))
    expect(pull.end()).toBe(true)
    expect(pull.distance).toBe(0)
  })

  it('is no pull where there is nothing above, sideways, upwards, or with two fingers', () => {
    const pull = new Pull()
    const goes = (start: TouchList, able: boolean, ...moves: TouchList[]): boolean => {
      pull.start(start, able)
      for (const move of moves) pull.move(move)
      return pull.end()
    }
    expect(goes(at(10), false, at(200))).toBe(false)
    expect(goes(at(10), true, at(30, 200), at(200))).toBe(false)
    expect(goes(at(10), true, at(5), at(200))).toBe(false)
    expect(goes([...at(10), ...at(10)] as unknown as TouchList, true, at(200))).toBe(false)
  })
})
