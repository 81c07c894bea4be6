// How loud an offer and a message are, as their person chose.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { SoundLevel } from '../gen/types'

const played: number[] = []
const shaken: number[][] = []

class Node {
  readonly gain = { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined, exponentialRampToValueAtTime: () => undefined }
  readonly #hertz: number
  constructor(_: unknown, { frequency = 0 }: { frequency?: number } = {}) {
    this.#hertz = frequency
  }
  connect<T>(to: T): T {
    return to
  }
  start(): void {
    played.push(this.#hertz)
  }
  stop(): void {}
}

beforeEach(() => {
  played.length = 0
  shaken.length = 0
  vi.resetModules()
  vi.stubGlobal('AudioContext', class { state = 'running'; currentTime = 0; destination = {} })
  vi.stubGlobal('OscillatorNode', Node)
  vi.stubGlobal('GainNode', Node)
  vi.stubGlobal('navigator', { vibrate: (pattern: number[]) => shaken.push(pattern) })
})
afterEach(() => vi.unstubAllGlobals())

it.each([
  ['all', 1, 0, 4, 1],
  ['quiet', 0, 1, 0, 1],
  ['none', 0, 0, 0, 0],
] as [SoundLevel, number, number, number, number][])('at "%s" a message and an offer sound and shake as chosen', async (level, tones, shakes, ringing, ringShakes) => {
  const { chime, ring } = await import('../ring')
  chime(level)
  expect([played.length, shaken.length]).toEqual([tones, shakes])
  ring(level)
  expect([played.length - tones, shaken.length - shakes]).toEqual([ringing, ringShakes])
})

it('stays silent where nothing can sound, and harms nothing', async () => {
  vi.stubGlobal('AudioContext', class { constructor() { throw new Error('none') } })
  const { chime } = await import('../ring')
  expect(() => chime('all')).not.toThrow()
  expect(played).toEqual([])
})
