import { beforeEach, describe, expect, it } from 'vitest'
import { useDoor } from '../core'
import { FakeDoor, Story, workspace } from '../core.fake'
import type { Bubble } from '../gen/types'
import { ThreadView } from '../state/thread.svelte'
import { lay } from '../state/timeline'

const now = new Date(2026, 10, 21, 12, 0).getTime()
const minute = 60_000
let door: FakeDoor

beforeEach(() => {
  door = new FakeDoor(workspace(now), () => now)
  useDoor(door)
})

function long(count: number): string {
  const story = new Story({ name: 'Long' }, now - count * minute)
  for (let i = 0; i < count; i++) story.says(minute, `number ${i}`)
  door.talks.push(story.happens(minute, 'picked').read().talk)
  return story.talk.place
}

describe('a thread', () => {
  it('shows earlier entries of the device before it asks the server', async () => {
    const thread = new ThreadView(long(100))
    await thread.read()
    expect(thread.view!.bubbles).toHaveLength(60)
    await thread.showOlder()
    expect(thread.view!.bubbles).toHaveLength(101)
    expect(door.calls.some((call) => call.name === 'older')).toBe(false)
  })

  it('asks the server when the device has no more', async () => {
    const place = long(5)
    door.talk(place).older = 3
    const thread = new ThreadView(place)
    await thread.read()
    await thread.showOlder()
    expect(door.calls.filter((call) => call.name === 'older')).toHaveLength(1)
    expect(thread.hasOlder).toBe(false)
  })

  it('shows previous conversations of the device first, then of the server, then says that is all', async () => {
    const thread = new ThreadView(door.talks.find((talk) => talk.name === 'Inés Robles')!.place)
    await thread.read()
    expect([thread.past!.conversations.length, thread.hasPrevious]).toEqual([0, true])
    await thread.showPrevious()
    expect(thread.past!.conversations).toHaveLength(1)
    expect(door.calls.some((call) => call.name === 'fetch_previous')).toBe(false)
    await thread.showPrevious()
    expect([thread.past!.conversations.length, thread.hasPrevious]).toEqual([2, false])
    expect(thread.past!.conversations[0]!.created_at_ms).toBeLessThan(thread.past!.conversations[1]!.created_at_ms)
  })

  it('keeps what it shows of the past without a signal, and says why there is no more', async () => {
    const thread = new ThreadView(door.talks.find((talk) => talk.name === 'Inés Robles')!.place)
    await thread.read()
    await thread.showPrevious()
    door.refusals.set('fetch_previous', { code: 'unreachable' })
    await thread.showPrevious()
    expect([thread.pastStatus, thread.pastProblem?.code, thread.past!.conversations.length]).toEqual(['failed', 'unreachable', 1])
    door.refusals.clear()
    await thread.showPrevious()
    expect(thread.past!.conversations).toHaveLength(2)
  })

  it('offers no previous conversation while this one has earlier entries', async () => {
    const talk = door.talks.find((one) => one.name === 'Inés Robles')!
    talk.older = 3
    const thread = new ThreadView(talk.place)
    await thread.read()
    expect(thread.hasPrevious).toBe(false)
  })

  it('says once that it was read, and never of one that only waits', async () => {
    const open = door.talks.find((talk) => talk.name === 'Rosa Lind')!
    const thread = new ThreadView(open.place)
    await thread.read()
    thread.markRead()
    thread.markRead()
    const waiting = new ThreadView(door.talks.find((talk) => talk.state === 'waiting')!.place)
    await waiting.read()
    waiting.markRead()
    const reads = door.calls.filter((call) => call.name === 'read').map((call) => call.args)
    expect(reads).toEqual([{ place: open.place, n: open.bubbles.at(-1)!.n }])
  })

  it('keeps the line before what was new when it was opened', async () => {
    const open = door.talks.find((talk) => talk.name === 'Rosa Lind')!
    const thread = new ThreadView(open.place)
    await thread.read()
    const before = thread.readAtOpen
    thread.markRead()
    await thread.read()
    expect(thread.view!.read_n).toBeGreaterThan(before!)
    expect(thread.readAtOpen).toBe(before)
  })

  it('keeps what it shows when a later read fails', async () => {
    const thread = new ThreadView(long(2))
    await thread.read()
    door.refusals.set('thread', { code: 'storage_failed' })
    await thread.read()
    expect(thread.status).toBe('failed')
    expect(thread.view!.bubbles).toHaveLength(3)
  })
})

function said(id: string, at_ms: number, more: Partial<Bubble> = {}): Bubble {
  const body = { what: 'said', text: id, files: [], location: null } as const
  return { id, n: 1, side: 'theirs', mine: false, author: 'Rosa', at_ms, mark: 'sent', problem: null, body: { ...body, files: [] }, ...more }
}
const kinds = (bubbles: Bubble[], readN: number | null = null) => lay(bubbles, readN).map((entry) => entry.kind)

describe('the timeline', () => {
  it('begins each day with its name', () => {
    expect(kinds([said('a', now - 26 * 60 * minute), said('b', now), said('c', now + minute)])).toEqual(['day', 'said', 'day', 'said', 'said'])
  })

  it('groups what one person says within five minutes', () => {
    const entries = lay([said('a', now), said('b', now + minute), said('c', now + 7 * minute)], null)
    expect(entries.filter((entry) => entry.kind === 'said').map(({ first, last }) => [first, last])).toEqual([
      [true, false],
      [false, true],
      [true, true],
    ])
  })

  it('puts the line before the first that was not read, and breaks the group there', () => {
    const bubbles = [said('a', now, { n: 1 }), said('b', now + 1, { n: 2 }), said('c', now + 2, { n: 3 })]
    expect(kinds(bubbles, 1)).toEqual(['day', 'said', 'new', 'said', 'said'])
    expect(lay(bubbles, 1).filter((entry) => entry.kind === 'said')[1]).toMatchObject({ first: true, last: false })
  })

  it('has no such line where everything is new, or only mine is', () => {
    expect(kinds([said('a', now, { n: 1 })], 0)).toEqual(['day', 'said'])
    expect(kinds([said('a', now, { n: 2, side: 'ours', mine: true })], 1)).toEqual(['day', 'said'])
  })
})
