import { flushSync, mount, unmount } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { actions, bubbleMenu } from '../bubble_actions'
import { useDoor } from '../core'
import { erase, FakeDoor, workspace, type Talk } from '../core.fake'
import Timeline from '../parts/Timeline.svelte'
import { overlays, type MenuItem } from '../state/overlay.svelte'
import { ThreadView } from '../state/thread.svelte'
import { app } from '../state/app.svelte'
import { lay, leftTheHouse } from '../state/timeline'
import { keyDown } from '../keys'
import { menuFor } from '../actions'
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
    const target = { place: talk.place, title: 'Rosa', can: thread.view!.can }
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
