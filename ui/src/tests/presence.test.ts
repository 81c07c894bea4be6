import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useDoor } from '../core'
import { FakeDoor, workspace } from '../core.fake'
import { Presence } from '../state/presence'

const now = 1_763_700_000_000
let door: FakeDoor
let presence: Presence

/** What was told so far, as "typing viewing". */
const told = () => door.calls.filter((call) => call.name === 'signal').map(({ args }) => `${(args as { typing: boolean }).typing} ${(args as { viewing: boolean }).viewing}`)

beforeEach(() => {
  vi.useFakeTimers()
  vi.setSystemTime(now)
  door = new FakeDoor(workspace(now), () => now)
  useDoor(door)
  presence = new Presence(door.talks[0]!.place)
})
afterEach(() => vi.useRealTimers())

describe('presence', () => {
  it('tells of typing once in four seconds, however many keys are pressed', () => {
    for (let key = 0; key < 30; key++) {
      presence.types(false)
      vi.advanceTimersByTime(200)
    }
    expect(told()).toEqual(['true true', 'true true'])
  })

  it('tells that typing is over when the box is emptied, sent, or left alone', () => {
    presence.types(false)
    presence.types(true)
    expect(told()).toEqual(['true true', 'false true'])
    presence.types(false)
    vi.advanceTimersByTime(6_000)
    expect(told().slice(2)).toEqual(['true true', 'false true'])
    presence.rests()
    expect(told()).toHaveLength(4)
  })

  it('tells that somebody looks for as long as they do, and that they went', () => {
    presence.comes()
    vi.advanceTimersByTime(45_000)
    presence.goes()
    vi.advanceTimersByTime(60_000)
    expect(told()).toEqual(['false true', 'false true', 'false true', 'false false'])
  })
})
