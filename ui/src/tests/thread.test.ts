import { beforeEach, describe, expect, it } from 'vitest'
import { useDoor } from '../core'
import { flushSync, mount, unmount } from 'svelte'
import { endless, FakeDoor, Story, workspace } from '../core.fake'
import type { Bubble, NoteLine } from '../gen/types'
import Timeline from '../parts/Timeline.svelte'
import { most, ThreadView } from '../state/thread.svelte'
import { lay, layPast } from '../state/timeline'

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

  it('lost to a colleague leaves the screen and says who has it, and what was typed is kept first', async () => {
    const place = long(2)
    const thread = new ThreadView(place)
    await thread.read()
    thread.compose.type('I am on my way')
    door.refusals.set('thread', { code: 'already_picked', who: 'Bo' })
    await thread.read()
    expect([thread.isGone, thread.view, thread.problem?.who]).toEqual([true, null, 'Bo'])
    await expect.poll(() => door.talk(place).draft.text).toBe('I am on my way')
  })

  it('keeps what it shows when a later read fails', async () => {
    const thread = new ThreadView(long(2))
    await thread.read()
    door.refusals.set('thread', { code: 'storage_failed' })
    await thread.read()
    expect(thread.status).toBe('failed')
    expect(thread.view!.bubbles).toHaveLength(3)
  })

  it('lets go of all it shows when it is not there for this person any more', async () => {
    const thread = new ThreadView(long(2))
    await thread.read()
    door.refusals.set('thread', { code: 'not_found' })
    await thread.read()
    expect([thread.status, thread.view]).toEqual(['failed', null])
  })
})

function said(id: string, at_ms: number, more: Partial<Bubble> = {}): Bubble {
  const body = { what: 'said', text: id, files: [], location: null, reply: null } as const
  return { id, n: 1, side: 'theirs', mine: false, author: 'Rosa', at_ms, mark: 'sent', problem: null, body: { ...body, files: [] }, ...more }
}
const kinds = (bubbles: Bubble[], readN: number | null = null) => lay(bubbles, readN).map((entry) => entry.kind)

describe('the internal notes of a previous conversation', () => {
  const note = (id: string, at_ms: number): NoteLine => ({ id, mine: false, author: 'Bo', at_ms, text: id, mark: 'sent', problem: null })
  const shown = (bubbles: Bubble[], notes: NoteLine[]) => layPast(bubbles, notes).map((entry) => (entry.kind === 'note' ? entry.note.text : entry.kind === 'said' ? entry.bubble.id : entry.kind))

  it('stand where they were written', () => {
    const [first, second] = [said('first', now), said('second', now + 60_000, { n: 2 })]
    const notes = [note('last', now + 90_000), note('between', now + 30_000), note('before', now - 60_000)]
    expect(shown([first, second], notes)).toEqual(['before', 'day', 'first', 'between', 'second', 'last'])
  })

  it('stand further up than a part that does not begin at its beginning', () => {
    expect(shown([said('fifth', now, { n: 5 })], [note('before', now - 60_000)])).toEqual(['day', 'fifth'])
  })

  it('are in no customer’s view', async () => {
    const thread = new ThreadView(door.talks.find((talk) => talk.name === 'Inés Robles')!.place)
    await thread.read()
    await thread.showPrevious()
    const props = { thread, entries: [], title: '', showOlder: () => undefined, showPrevious: () => undefined }
    const page = mount(Timeline, { target: document.body, props })
    flushSync()
    const noted = () => document.querySelectorAll('.past .noted').length
    expect(noted()).toBe(1)
    thread.eyes = 'customer'
    flushSync()
    expect(noted()).toBe(0)
    await unmount(page)
  })
})

describe('a thread of 50,000 messages', () => {
  const opened = async () => {
    const talk = endless(now, 50_000)
    door.talks.push(talk)
    const thread = new ThreadView(talk.place)
    await thread.read()
    return thread
  }
  const numbers = (thread: ThreadView) => thread.view!.bubbles.map((bubble) => bubble.n!)

  it('is walked to far above without ever holding more than a few pages, and none is skipped', async () => {
    const thread = await opened()
    let first = numbers(thread)[0]!
    for (let i = 0; i < 40; i++) {
      await thread.showOlder()
      expect(thread.view!.bubbles.length).toBeLessThanOrEqual(most)
      expect(numbers(thread)[0]).toBe(first - 60)
      expect(numbers(thread).at(-1)).toBeGreaterThanOrEqual(first)
      first = numbers(thread)[0]!
    }
    expect(thread.hasNewer).toBe(true)
    expect(thread.latestN).toBe(50_000)
  })

  it('is walked back down, and jumps to its end at once', async () => {
    const thread = await opened()
    for (let i = 0; i < 6; i++) await thread.showOlder()
    let last = numbers(thread).at(-1)!
    while (thread.hasNewer) {
      await thread.showNewer()
      expect(numbers(thread)[0]).toBeLessThanOrEqual(last)
      expect(numbers(thread).at(-1)).toBeGreaterThan(last)
      expect(thread.view!.bubbles.length).toBeLessThanOrEqual(most)
      last = numbers(thread).at(-1)!
    }
    for (let i = 0; i < 6; i++) await thread.showOlder()
    await thread.showNewest()
    expect([thread.hasNewer, numbers(thread).at(-1)]).toEqual([false, 50_000])
  })

  it('counts what comes while an old part is shown, and shows the old part still', async () => {
    const thread = await opened()
    for (let i = 0; i < 6; i++) await thread.showOlder()
    const [shown, before] = [numbers(thread), thread.latestN]
    const talk = door.talk(thread.place)
    talk.bubbles.push({ ...talk.bubbles.at(-1)!, id: 'new', n: 50_001 })
    await thread.read()
    expect([numbers(thread), thread.latestN - before]).toEqual([shown, 1])
  })

  it('is drawn with a bounded number of nodes', async () => {
    const thread = await opened()
    for (let i = 0; i < 10; i++) await thread.showOlder()
    const entries = lay(thread.view!.bubbles, null)
    const nothing = () => undefined
    const props = { thread, entries, title: 'Long', showOlder: nothing, showPrevious: nothing }
    const shown = mount(Timeline, { target: document.body, props })
    flushSync()
    expect(document.querySelectorAll('[data-id]')).toHaveLength(most)
    expect(document.querySelectorAll('*').length).toBeLessThan(most * 30)
    await unmount(shown)
  })
})

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

  it('has no such line where what was read last is further up', () => {
    expect(kinds([said('a', now, { n: 7 }), said('b', now, { n: 8 })], 3)).toEqual(['day', 'said', 'said'])
  })

  it('has no such line where everything is new, or only mine is', () => {
    expect(kinds([said('a', now, { n: 1 })], 0)).toEqual(['day', 'said'])
    expect(kinds([said('a', now, { n: 2, side: 'ours', mine: true })], 1)).toEqual(['day', 'said'])
  })
})
