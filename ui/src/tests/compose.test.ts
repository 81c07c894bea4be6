import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { core, useDoor } from '../core'
import { FakeDoor, workspace } from '../core.fake'
import { Compose, textMax } from '../state/compose.svelte'

let door: FakeDoor
const place = () => door.talks.find((talk) => talk.state === 'open')!.place
const sentIds = () => door.calls.filter((call) => call.name === 'send').map((call) => (call.args as { id: string }).id)
const saved = () => door.calls.filter((call) => call.name === 'save_draft').map((call) => call.args as { place: string; text: string })

async function ready(at = place()): Promise<Compose> {
  const compose = new Compose(at)
  compose.load((await core.call('thread', { place: at, limit: 1 })).draft, compose.generation)
  return compose
}

beforeEach(() => {
  vi.useFakeTimers()
  door = new FakeDoor(workspace(1_763_700_000_000), () => 1_763_700_000_000)
  useDoor(door)
})
afterEach(() => vi.useRealTimers())

describe('a draft', () => {
  it('cannot be typed into before it is loaded', () => {
    const compose = new Compose(place())
    compose.type('lost?')
    expect(compose.text).toBe('')
    expect(compose.sendable).toBe(false)
  })

  it('is saved within 300 ms of the last key, once', async () => {
    const compose = await ready()
    for (const text of ['h', 'he', 'hei']) compose.type(text)
    await vi.advanceTimersByTimeAsync(300)
    expect(saved()).toEqual([{ place: place(), text: 'hei' }])
  })

  it('is saved at once when the box is left', async () => {
    const compose = await ready()
    compose.type('hei')
    await compose.flush()
    expect(saved()).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1000)
    expect(saved()).toHaveLength(1)
  })

  it('keeps its text when the screen reads again', async () => {
    const compose = await ready()
    compose.type('half a sen')
    compose.load({ text: 'old', files: [], location: null, reply: null }, compose.generation)
    expect(compose.text).toBe('half a sen')
  })

  it('goes to the place it was born with, whatever is shown', async () => {
    const [first, second] = door.talks.filter((talk) => talk.state === 'open').map((talk) => talk.place)
    const [a, b] = [await ready(first), await ready(second)]
    a.type('for the first')
    b.type('for the second')
    await Promise.all([b.send(), a.send()])
    const sends = door.calls.filter((call) => call.name === 'send').map((call) => call.args)
    expect(sends).toMatchObject([
      { place: second, text: 'for the second' },
      { place: first, text: 'for the first' },
    ])
  })
})

describe('a send', () => {
  it('empties the box and is never followed by a late save of what was sent', async () => {
    const compose = await ready()
    compose.type('on my way')
    expect(await compose.send()).toBe(true)
    await vi.advanceTimersByTimeAsync(1000)
    expect(compose.text).toBe('')
    expect(saved()).toEqual([])
  })

  it('that failed puts everything back and keeps its id', async () => {
    const compose = await ready()
    compose.type('on my way')
    door.refusals.set('send', { code: 'storage_full' })
    expect(await compose.send()).toBe(false)
    expect(compose.text).toBe('on my way')
    expect(compose.problem).toEqual({ code: 'storage_full' })
    door.refusals.clear()
    expect(await compose.send()).toBe(true)
    const [first, again] = sentIds()
    expect(again).toBe(first)
  })

  it('of another text is another intent', async () => {
    const compose = await ready()
    compose.type('one')
    door.refusals.set('send', { code: 'storage_full' })
    await compose.send()
    compose.type('two')
    await compose.send()
    const [first, second] = sentIds()
    expect(second).not.toBe(first)
  })

  it('keeps what is typed while a failed one was on its way', async () => {
    const compose = await ready()
    compose.type('first')
    door.refusals.set('send', { code: 'storage_full' })
    const sending = compose.send()
    compose.type('second')
    await sending
    expect(compose.text).toBe('first\nsecond')
  })

  it('is not possible with nothing, with too much, or twice at once', async () => {
    const compose = await ready()
    compose.reload({ text: '', files: [], location: null, reply: null })
    compose.type(' \n ')
    expect(compose.sendable).toBe(false)
    compose.type('é'.repeat(textMax + 1))
    expect(compose.excess).toBe(1)
    expect(compose.sendable).toBe(false)
    compose.type('ok')
    await Promise.all([compose.send(), compose.send()])
    expect(sentIds()).toHaveLength(1)
  })

  it('counts characters and not halves of emoji', async () => {
    const compose = await ready()
    compose.type('👍'.repeat(textMax))
    expect(compose.excess).toBe(0)
  })
})

describe('photos', () => {
  const jpeg = () => new File([new Uint8Array([0xff, 0xd8, 0xff, 1])], 'valve.jpg')

  it('that are refused are named, and the others are taken', async () => {
    const compose = await ready()
    await compose.attach([new File(['%PDF'], 'offer.pdf'), jpeg()])
    expect(compose.files.map((file) => file.name)).toEqual(['valve.jpg'])
    expect(compose.refused).toEqual([{ name: 'offer.pdf', problem: { code: 'file_not_picture' } }])
    expect(compose.adding).toBe(0)
  })

  it('fifty at once are ten taken and one answer for the rest', async () => {
    const compose = await ready()
    const asked = vi.spyOn(door, 'attach')
    await compose.attach([new File(['%PDF'], 'offer.pdf'), ...Array.from({ length: 50 }, jpeg)])
    expect(compose.files).toHaveLength(10)
    expect(compose.refused).toEqual([
      { name: 'offer.pdf', problem: { code: 'file_not_picture' } },
      { name: 'valve.jpg', problem: { code: 'too_many_files', limit: 10 }, others: 39 },
    ])
    expect(asked).toHaveBeenCalledTimes(12)
    expect(compose.adding).toBe(0)
  })

  it('that a system picker refused one by one are one answer too', async () => {
    const compose = await ready()
    const problem = { code: 'too_many_files', limit: 10 } as const
    const refused = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => ({ name, problem }))
    door.attachFromGallery = async () => ({ draft: { text: '', files: [], location: null, reply: null }, refused })
    await compose.attachFromGallery()
    expect(compose.refused).toEqual([{ name: 'a.jpg', problem, others: 2 }])
  })

  it('are not wiped by a read that began before they were added', async () => {
    const compose = await ready()
    const before = compose.generation
    await compose.attach([jpeg()])
    compose.load({ text: '', files: [], location: null, reply: null }, before)
    expect(compose.files).toHaveLength(1)
  })

  it('can be taken out again', async () => {
    const compose = await ready()
    await compose.attach([jpeg()])
    await compose.detach(compose.files[0]!.hash)
    expect(compose.files).toEqual([])
  })
})
