import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useDoor } from '../core'
import { FakeDoor, workspace } from '../core.fake'
import { news } from '../state/news'
import { preferences } from '../state/preferences.svelte'
import { SelfTest } from '../state/self_test.svelte'

const chimed = vi.hoisted(() => [] as string[])
const sounds = vi.hoisted(() => ({ may: true }))
vi.mock('../ring', () => ({ chime: (level: string) => chimed.push(level), ring: () => undefined, sounds: () => Promise.resolve(sounds.may) }))

class Shown {
  static permission: NotificationPermission = 'granted'
  static all: Shown[] = []
  static requestPermission = () => Promise.resolve(Shown.permission)
  open = true
  onclick: () => void = () => undefined
  onshow: () => void = () => undefined
  constructor(
    readonly title: string,
    readonly options: NotificationOptions,
  ) {
    Shown.all.push(this)
    queueMicrotask(() => this.onshow())
  }
  close(): void {
    this.open = false
  }
}

let door: FakeDoor
const rosa = () => door.talks.find((talk) => talk.name === 'Rosa Lind')!
const settled = () => new Promise((done) => setTimeout(done))

beforeEach(() => {
  door = new FakeDoor(workspace(1_763_700_000_000), () => 1_763_700_000_000, 'web')
  useDoor(door)
  Shown.all = []
  Shown.permission = 'granted'
  sounds.may = true
  chimed.length = 0
  preferences.setSound('all')
  vi.stubGlobal('Notification', Shown)
  vi.spyOn(document, 'hasFocus').mockReturnValue(false)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const told = () => ({ topic: 'news', place: rosa().place, title: 'Rosa Lind', text: 'Is this the part?', waiting: false, sound: null }) as const

describe('news', () => {
  it('is one notification a conversation, which opens it', async () => {
    const opened: string[] = []
    news.open = (place) => opened.push(place)
    news.hear([told()], undefined)
    await settled()
    expect(Shown.all.map((one) => [one.title, one.options.tag])).toEqual([['Rosa Lind', rosa().place]])
    Shown.all[0]!.onclick()
    expect(opened).toEqual([rosa().place])
    expect(chimed).toEqual(['all'])
  })

  it('goes when it was read elsewhere, and not before', async () => {
    news.hear([told()], undefined)
    await settled()
    news.hear([{ topic: 'thread', place: rosa().place }], undefined)
    await settled()
    expect(Shown.all[0]!.open).toBe(true)
    rosa().read_n = rosa().bubbles.at(-1)!.n!
    news.hear([{ topic: 'thread', place: rosa().place }], undefined)
    await settled()
    expect(Shown.all[0]!.open).toBe(false)
  })

  it('stays while a message of one\'s own waits behind what is to be read', async () => {
    news.hear([told()], undefined)
    await settled()
    rosa().bubbles.push({ ...rosa().bubbles.at(-1)!, id: 'e0000000-0000-7000-8000-00000000abcd', n: null, mine: true, mark: 'stuck' })
    news.hear([{ topic: 'thread', place: rosa().place }], undefined)
    await settled()
    expect(Shown.all[0]!.open).toBe(true)
  })

  it('is as loud as its place is set to be, else as this device is', () => {
    for (const sound of ['quiet', 'all', null] as const) news.hear([{ ...told(), sound }], undefined)
    preferences.setSound('none')
    for (const sound of ['all', null] as const) news.hear([{ ...told(), sound }], undefined)
    expect(chimed).toEqual(['quiet', 'all', 'all', 'all', 'none'])
  })

  it('is not announced to who looks at it', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(true)
    news.hear([told()], rosa().place)
    await settled()
    expect([Shown.all.length, chimed.length]).toEqual([0, 0])
  })
})

describe('the self-test', () => {
  it('names the first hop that is broken, and tries none behind it', async () => {
    const test = new SelfTest()
    await test.run('offline', 'works')
    expect([test.broken?.hop, test.hops.length]).toEqual(['link', 1])
    Shown.permission = 'denied'
    await test.run('live', 'works')
    expect(test.broken).toEqual({ hop: 'permission', outcome: 'denied' })
    Shown.permission = 'granted'
    sounds.may = false
    await test.run('live', 'works')
    expect(test.broken?.hop).toBe('sound')
  })

  it('finds every hop in order, and a sound that was switched off no fault', async () => {
    const test = new SelfTest()
    preferences.setSound('none')
    await test.run('live', 'works')
    expect(test.hops.map(({ hop, outcome }) => `${hop} ${outcome}`)).toEqual(['link fine', 'permission fine', 'shown fine', 'sound silent'])
    expect([test.status, test.broken]).toEqual(['done', undefined])
  })
})
