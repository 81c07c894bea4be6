import { flushSync, mount, unmount } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { actions, bubbleMenu } from '../bubble_actions'
import { core, useDoor } from '../core'
import { endless, erase, FakeDoor, workspace, type Talk } from '../core.fake'
import type { Bubble } from '../gen/types'
import Timeline from '../parts/Timeline.svelte'
import { overlays, type MenuItem } from '../state/overlay.svelte'
import { most, ThreadView } from '../state/thread.svelte'
import { app } from '../state/app.svelte'
import { lay, leftTheHouse } from '../state/timeline'
import { keyDown } from '../keys'
import { menuFor, openMessage } from '../actions'
import { route } from '../state/route.svelte'
import { split } from '../words/found'
import Viewer from '../parts/Viewer.svelte'
import { testids } from '../testids'
import ConversationRow from '../parts/ConversationRow.svelte'
import { en } from '../words/en'

const now = 1_763_700_000_000
let door: FakeDoor
let talk: Talk
let thread: ThreadView
let shown: Record<string, unknown> | undefined

beforeEach(async () => {
  door = new FakeDoor(workspace(now), () => now)
  useDoor(door)
  talk = door.talks.find(({ name }) => name === 'Rosa Lind')!
  thread = new ThreadView(talk.place)
  await thread.read()
})
afterEach(() => {
  if (shown) void unmount(shown)
  shown = undefined
  overlays.close()
  vi.useRealTimers()
  document.body.replaceChildren()
})

async function show(): Promise<HTMLElement[]> {
  if (shown) await unmount(shown)
  const entries = lay(thread.view!.bubbles, null)
  const props = { thread, entries, title: 'Rosa Lind', showOlder: () => undefined, showPrevious: () => undefined }
  const target = document.body.appendChild(Object.assign(document.createElement('div'), { className: 'thread' }))
  shown = mount(Timeline, { target, props })
  flushSync()
  return [...document.querySelectorAll<HTMLElement>('.bubble')]
}
const mine = () => thread.view!.bubbles.findLast((bubble) => bubble.mine && bubble.body.what === 'said')!
const theirs = () => thread.view!.bubbles.findLast((bubble) => !bubble.mine && bubble.body.what === 'said')!
const offered = () => (overlays.current.kind === 'menu' ? overlays.current.items : [])
const ids = (items: MenuItem[]) => items.map(({ id }) => id)
const of = (id: string, all: HTMLElement[]) => all.find((one) => one.dataset['id'] === id)!

describe("a message's menu", () => {
  it('is the same by right click, by Shift + F10, by Enter and by a long press', async () => {
    const line = of(mine().id, await show())
    const ways: (() => void)[] = [
      () => line.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: 9, clientY: 9 })),
      () => line.dispatchEvent(new KeyboardEvent('keydown', { key: 'F10', shiftKey: true, bubbles: true })),
      () => line.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })),
      () => {
        vi.useFakeTimers()
        line.dispatchEvent(new PointerEvent('pointerdown', { pointerType: 'touch', isPrimary: true, bubbles: true }))
        vi.advanceTimersByTime(700)
      },
    ]
    const wanted = ids(bubbleMenu({ thread, place: talk.place, bubble: mine() }))
    expect(wanted).toContain('delete')
    for (const way of ways) {
      overlays.close()
      way()
      expect(ids(offered())).toEqual(wanted)
    }
  })

  it('comes up under a finger that presses nothing of it by lifting', async () => {
    const line = of(mine().id, await show())
    const heard = vi.fn()
    document.body.addEventListener('click', heard)
    vi.useFakeTimers()
    const finger = (): void => {
      line.dispatchEvent(new PointerEvent('pointerdown', { pointerType: 'touch', isPrimary: true, bubbles: true }))
    }
    finger()
    vi.advanceTimersByTime(700)
    document.body.click()
    expect(heard).not.toHaveBeenCalled()
    finger()
    line.dispatchEvent(new PointerEvent('pointerup', { pointerType: 'touch', isPrimary: true, bubbles: true }))
    document.body.click()
    expect(heard).toHaveBeenCalledOnce()
    document.body.removeEventListener('click', heard)
  })

  it('does not come when the finger scrolls', async () => {
    const line = of(mine().id, await show())
    vi.useFakeTimers()
    line.dispatchEvent(new PointerEvent('pointerdown', { pointerType: 'touch', isPrimary: true, bubbles: true, clientY: 50 }))
    line.dispatchEvent(new PointerEvent('pointermove', { pointerType: 'touch', isPrimary: true, bubbles: true, clientY: 90 }))
    vi.advanceTimersByTime(900)
    expect(overlays.current.kind).toBe('none')
  })

  it('has every action of the table for some message, and a word for each', () => {
    for (const { id } of actions) expect(en.message.actions[id]).toBeTruthy()
  })
})

describe('the messages', () => {
  it('are one stop of Tab, and the arrow keys walk from one to the next', async () => {
    const all = await show()
    expect(all.filter((one) => one.tabIndex === 0)).toEqual([all.at(-1)])
    all.at(-1)!.focus()
    all.at(-1)!.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true, cancelable: true }))
    flushSync()
    expect(document.activeElement).toBe(all.at(-2))
    expect(all.filter((one) => one.tabIndex === 0)).toEqual([all.at(-2)])
  })
})

describe('deleting a message', () => {
  it('is offered for my own that was sent, and for no other', () => {
    const menu = (bubble = mine()) => ids(bubbleMenu({ thread, place: talk.place, bubble }))
    expect(menu()).toContain('delete')
    expect(menu(theirs())).not.toContain('delete')
    const stuck = { ...mine(), n: null, mark: 'stuck' as const }
    expect(menu(stuck)).toEqual(['copy', 'again', 'edit', 'discard'])
  })

  it('asks first, then leaves a line that says so, with nothing to be done about it', async () => {
    const { id } = mine()
    bubbleMenu({ thread, place: talk.place, bubble: mine() }).find((item) => item.id === 'delete')!.run()
    expect(door.calls.some(({ name }) => name === 'delete')).toBe(false)
    if (overlays.current.kind !== 'question') throw new Error('nothing was asked')
    expect(overlays.current.question.danger).toBe(true)
    overlays.current.question.onYes()
    await vi.waitFor(() => expect(door.calls.at(-1)?.name).toBe('delete'))
    expect(door.calls.at(-1)!.args).toMatchObject({ place: talk.place, message: id })
    await thread.read()
    const line = of(id, await show())
    expect(line.textContent).toContain(en.message.deleted)
    line.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))
    expect(offered()).toEqual([])
  })
})

describe("by the customer's eyes", () => {
  it('there is nothing unsent, no mark and no menu, and their own messages stand where ours do', async () => {
    door.unsent(talk, 'Not yet', 'waiting')
    await thread.read()
    thread.eyes = 'customer'
    const entries = lay(leftTheHouse(thread.view!.bubbles), null)
    expect(entries.every((entry) => !('bubble' in entry) || entry.bubble.n !== null)).toBe(true)
    const line = of(theirs().id, await show())
    expect(line.dataset['side']).toBe('ours')
    line.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))
    expect([offered(), line.querySelector('.meta .unseen')]).toEqual([[], null])
  })

  it('what happened is told in the words the customer reads', async () => {
    thread.eyes = 'customer'
    await show()
    const picked = thread.view!.bubbles.find(({ body }) => body.what === 'happened')!
    expect(document.querySelector(`[data-id='${picked.id}']`)!.textContent).toContain(en.message.toCustomer.picked(picked.author))
  })

  it('a message whose deletion waits is still there for them, and that is said', async () => {
    const { id } = mine()
    erase(talk.bubbles.find((one) => one.id === id)!, 'waiting')
    await thread.read()
    thread.eyes = 'customer'
    expect(of(id, await show()).textContent).toContain(en.message.deletedSoon)
  })

  it('the switch is among the actions of the conversation that is open, and not while it is on', () => {
    const target = { place: talk.place, title: 'Rosa', unread: 0, sound: null, can: thread.view!.can, group: null }
    const has = () => menuFor(target).some(({ id }) => id === 'customer')
    expect(has()).toBe(false)
    app.thread = thread
    expect(has()).toBe(true)
    menuFor(target).find(({ id }) => id === 'customer')!.run()
    expect([thread.eyes, has()]).toEqual(['customer', false])
    keyDown(new KeyboardEvent('keydown', { key: 'Escape' }))
    expect(thread.eyes).toBe('us')
    app.thread = null
  })
})

describe('answering a message', () => {
  const reply = (bubble = theirs()) => bubbleMenu({ thread, place: talk.place, bubble }).find(({ id }) => id === 'reply')

  it('is offered for what was sent, where I may write, and not for what is in the past', async () => {
    expect([reply(), reply(mine())].every(Boolean)).toBe(true)
    expect(reply({ ...mine(), n: null, mark: 'waiting' })).toBeUndefined()
    expect(bubbleMenu({ thread, place: 'an earlier one', bubble: theirs() }).some(({ id }) => id === 'reply')).toBe(false)
    talk.state = 'ended'
    await thread.read()
    expect(reply()).toBeUndefined()
  })

  it('stands in the draft, goes with the message, and the next message answers nothing', async () => {
    reply()!.run()
    await vi.waitFor(() => expect(thread.compose.reply?.message).toBe(theirs().id))
    thread.compose.type('Yes, that one')
    await thread.compose.send()
    expect(thread.compose.reply).toBeNull()
    await thread.read()
    const sent = thread.view!.bubbles.at(-1)!
    expect(sent.body.what === 'said' && sent.body.reply?.text).toBe(theirs().body.what === 'said' && (theirs().body as { text: string }).text)
  })

  it('is taken back by its button, and is back after a send that failed', async () => {
    reply()!.run()
    await vi.waitFor(() => expect(thread.compose.reply).not.toBeNull())
    door.refusals.set('send', { code: 'storage_full' })
    thread.compose.type('Yes')
    expect(await thread.compose.send()).toBe(false)
    expect(thread.compose.reply?.message).toBe(theirs().id)
    await thread.compose.answer(null)
    expect([thread.compose.reply, talk.draft.reply]).toEqual([null, null])
  })
})

describe('a message that is looked for', () => {
  it('is shown also where it is not held, and is the one that is marked', async () => {
    const long = endless(now, 5_000)
    door.talks.push(long)
    const view = new ThreadView(long.place)
    await view.read()
    const wanted = long.bubbles[99]!
    await view.seek({ id: wanted.id, n: wanted.n })
    expect(view.view!.bubbles.some(({ id }) => id === wanted.id)).toBe(true)
    expect(view.view!.bubbles.length).toBeLessThanOrEqual(most)
    expect([view.sought, view.hasNewer]).toEqual([{ id: wanted.id }, true])
    await view.showNewest()
    expect(view.view!.bubbles.at(-1)!.n).toBe(5_000)
  })

  it('is fetched when it is not on the device', async () => {
    const long = endless(now, 5_000)
    long.hidden = 4_000
    door.talks.push(long)
    const view = new ThreadView(long.place)
    await view.read()
    const wanted = long.bubbles[99]!
    await view.seek({ id: wanted.id, n: wanted.n })
    expect(door.calls.some(({ name, args }) => name === 'fetch_at' && (args as { n: number }).n === 100)).toBe(true)
    expect(view.sought).toEqual({ id: wanted.id })
  })

  it('that is near the newest is shown with the newest, unsent ones too', async () => {
    const long = endless(now, 600)
    door.talks.push(long)
    const view = new ThreadView(long.place)
    await view.read()
    for (let i = 0; i < 6; i++) await view.showOlder()
    expect(view.hasNewer).toBe(true)
    door.unsent(long, 'Not yet', 'waiting')
    const near = long.bubbles[590]!
    await view.seek({ id: near.id, n: near.n })
    expect([view.hasNewer, view.view!.bubbles.at(-1)!.n, view.sought?.id]).toEqual([false, null, near.id])
  })

  it('opens from a search hit, and the row shows its words', async () => {
    const rows = await core.call('rows', { section: 'conversations', sort: 'newest', search: 'bucket', page: { from: 0, limit: 9 } })
    const row = rows.rows[0]!
    expect(row.hit?.text).toContain('bucket')
    shown = mount(ConversationRow, { target: document.body, props: { row, chosen: false, search: 'bucket', open: () => undefined } })
    expect(document.querySelector('.words mark')?.textContent).toBe('bucket')
    app.thread = thread
    app.take(await core.call('status', {}))
    route.open('conversations', talk.place, false)
    app.show()
    openMessage(talk.place, { id: row.hit!.message, n: row.hit!.n })
    await vi.waitFor(() => expect(app.thread?.sought).toEqual({ id: row.hit!.message }))
    app.thread = null
  })

  it('has its words marked whole, or by the beginning of the last one, accents or not', () => {
    const found = (text: string, search: string) => split(text, search).filter((part) => part.found).map((part) => part.text)
    expect(found('The red valve, señor', 'red val')).toEqual(['red', 'valve'])
    expect(found('The red valve, señor', 'senor')).toEqual(['señor'])
    expect(found('reddish red', 'red leak')).toEqual(['red'])
    expect(split('The red valve', 'red').map((part) => part.text).join('')).toBe('The red valve')
  })
})

describe('a photo in the viewer', () => {
  const photo = () => {
    const body = talk.bubbles.find((bubble) => bubble.body.what === 'said' && bubble.body.files.length > 0)!.body
    if (body.what !== 'said') throw new Error('no photo')
    return body.files
  }
  const button = (testid: string) => document.querySelector<HTMLElement>(`[data-testid='${testid}']`)
  function view(): void {
    HTMLDialogElement.prototype.showModal ??= () => undefined
    HTMLDialogElement.prototype.close ??= () => undefined
    shown = mount(Viewer, { target: document.body, props: { files: photo(), start: 0 } })
    flushSync()
  }

  it('is a download in a browser, called as its bytes deserve', async () => {
    URL.createObjectURL = () => 'blob:photo'
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined)
    view()
    button(testids.viewerSave)!.click()
    await vi.waitFor(() => expect(clicked).toHaveBeenCalledOnce())
    expect((clicked.mock.contexts[0] as HTMLAnchorElement).download).toMatch(/^IMG_2041\.(jpg|png)$/)
    clicked.mockRestore()
  })

  it('goes through the dialog of the system in the app, and what fails is said', async () => {
    const asked: string[] = []
    door.savePicture = async (_of, name) => (asked.push(name), true)
    view()
    button(testids.viewerSave)!.click()
    await vi.waitFor(() => expect(asked).toHaveLength(1))
    door.refusals.set('picture', { code: 'unreachable' })
    button(testids.viewerSave)!.click()
    await vi.waitFor(() => expect(document.querySelector('[role=alert]')?.textContent).toBeTruthy())
  })

  it('is copied as a PNG where pictures can be, and says that it was', async () => {
    const copied: Blob[] = []
    vi.stubGlobal('ClipboardItem', undefined)
    view()
    expect(button(testids.viewerCopy)).toBeNull()
    await unmount(shown!)
    vi.stubGlobal('ClipboardItem', class { constructor(readonly of: Record<string, Promise<Blob>>) {} })
    vi.stubGlobal('createImageBitmap', () => Promise.resolve({ width: 2, height: 2 }))
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null)
    vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((done, type) => done(new Blob(['p'], { type: type ?? '' })))
    const write = async (items: { of: Record<string, Promise<Blob>> }[]) => void copied.push(await items[0]!.of['image/png']!)
    vi.spyOn(navigator.clipboard, 'write').mockImplementation(write as never)
    view()
    button(testids.viewerCopy)!.click()
    await vi.waitFor(() => expect(document.querySelector('[role=status][data-as=done]')?.textContent).toBe('Copied'))
    expect(copied[0]!.type).toBe('image/png')
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })

  it('is kept from the menu of its message, where there is just one', () => {
    const one = talk.bubbles.find((bubble) => bubble.body.what === 'said' && bubble.body.files.length > 0)!
    const ids = (bubble: Bubble) => bubbleMenu({ thread: new ThreadView(talk.place), place: talk.place, bubble }).map(({ id }) => id)
    expect(ids(one)).toContain('savePhoto')
    if (one.body.what === 'said') expect(ids({ ...one, body: { ...one.body, files: [...one.body.files, ...one.body.files] } })).not.toContain('savePhoto')
  })

  it('is shared where the system can share one, and nowhere else', async () => {
    view()
    expect(button(testids.viewerShare)).toBeNull()
    await unmount(shown!)
    const shared: File[] = []
    Object.assign(navigator, { canShare: () => true, share: async ({ files }: { files: File[] }) => void shared.push(...files) })
    view()
    button(testids.viewerShare)!.click()
    await vi.waitFor(() => expect(shared.map(({ name }) => name)).toHaveLength(1))
    Object.assign(navigator, { canShare: undefined, share: undefined })
  })
})
