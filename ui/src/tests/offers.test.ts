import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { accept, pass } from '../actions'
import { useDoor } from '../core'
import { FakeDoor, workspace } from '../core.fake'
import { app } from '../state/app.svelte'
import { preferences } from '../state/preferences.svelte'
import { ringing } from '../state/ringing.svelte'
import { route } from '../state/route.svelte'

const rung = vi.hoisted(() => [] as string[])
vi.mock('../ring', () => ({ ring: (level: string) => rung.push(level), chime: () => undefined }))

const now = 1_763_700_000_000
let door: FakeDoor
const mateo = () => door.talks.find((talk) => talk.name === 'Mateo Fernández')!

afterEach(() => vi.useRealTimers())

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(now)
  door = new FakeDoor(workspace(now), () => now)
  useDoor(door)
  await app.readStatus()
  rung.length = 0
})

/** What the app does when the engine tells that the status changed; read at `at` by this device. */
async function read(at = now): Promise<void> {
  vi.setSystemTime(at)
  await app.readStatus()
}

describe('an offer', () => {
  it('counts down by the server, whatever this device takes the time to be', async () => {
    door.offer(mateo(), 20_000)
    const wrong = now - 3 * 3_600_000
    await read(wrong)
    const [offer] = ringing.shown
    expect(ringing.left(offer!)).toBe(20_000)
    ringing.tick(wrong + 15_000)
    expect(ringing.left(offer!)).toBe(5_000)
    ringing.tick(wrong + 25_000)
    expect(ringing.left(offer!)).toBe(0)
  })

  it('rings every few seconds while it stands, at the chosen level, and never after', async () => {
    preferences.setSound('quiet')
    door.offer(mateo(), 10_000)
    await read()
    rung.length = 0
    ringing.tick(now + 4_500)
    ringing.tick(now + 5_000)
    ringing.tick(now + 9_000)
    expect(rung).toEqual(['quiet', 'quiet'])
    for (let ms = 10_000; ms < 60_000; ms += 500) ringing.tick(now + ms)
    expect(rung).toHaveLength(2)
  })

  it('that is accepted opens among mine, and is offered no more', async () => {
    door.offer(mateo(), 20_000)
    await read()
    await accept(mateo().place)
    await read()
    expect(ringing.shown).toEqual([])
    expect([route.screen, route.place]).toEqual(['conversations', mateo().place])
    expect(mateo().state).toBe('open')
  })

  it('that is passed stays in the picklist', async () => {
    door.offer(mateo(), 20_000)
    await read()
    await pass(mateo().place)
    await read()
    expect(ringing.shown).toEqual([])
    expect(mateo().state).toBe('waiting')
  })

  it('that ran out is said until it is put aside, and a new one for the same customer is shown', async () => {
    door.offer(mateo(), -5_000)
    await read()
    expect(ringing.shown).toHaveLength(1)
    ringing.dismiss(ringing.shown[0]!)
    await read()
    expect(ringing.shown).toEqual([])
    door.status.offers = []
    door.offer(mateo(), 25_000)
    await read()
    expect(ringing.shown).toHaveLength(1)
  })

  it('that is refused is one calm sentence', async () => {
    door.offer(mateo(), 20_000)
    await read()
    door.refusals.set('accept', { code: 'offer_over' })
    await accept(mateo().place)
    expect(app.notice).toMatch(/ran out/)
  })
})
