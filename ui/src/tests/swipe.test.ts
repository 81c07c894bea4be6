import { flushSync, mount, unmount } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { actions, menuFor, swipedFor, targetOfGroupRow, targetOfRow, type Target } from '../actions'
import { core, useDoor } from '../core'
import { FakeDoor, workspace } from '../core.fake'
import type { GroupRow as Thread, Row, Section } from '../gen/types'
import ConversationRow from '../parts/ConversationRow.svelte'
import GroupRow from '../parts/GroupRow.svelte'
import { app } from '../state/app.svelte'
import { overlays } from '../state/overlay.svelte'
import { openRow, Swipe } from '../state/swipe.svelte'
import { ThreadView } from '../state/thread.svelte'
import { testids } from '../testids'

const now = 1_763_700_000_000
const [rowPx, buttonsPx] = [390, 176]
let whole: ReturnType<typeof vi.fn<() => void>>
let press: ReturnType<typeof vi.fn<() => void>>

beforeEach(() => {
  useDoor(new FakeDoor(workspace(now), () => now))
  openRow.close()
  whole = vi.fn<() => void>()
  press = vi.fn<() => void>()
  Object.defineProperty(window, 'innerWidth', { value: 390, configurable: true })
})
afterEach(() => {
  overlays.close()
  // The next finger, or what a rest swallows would be the next test's.
  dispatchEvent(new Event('pointerdown'))
  document.documentElement.dir = 'ltr'
  vi.useRealTimers()
})

const swipeOf = (place = 'a') => new Swipe(() => ({ place, whole, press }))
const finger = (x: number, y = 300, pointerType = 'touch') => ({ pointerId: 1, isPrimary: true, pointerType, clientX: x, clientY: y }) as PointerEvent

function drawn(swipe: Swipe, from: number, to: number, pointerType = 'touch') {
  swipe.down(finger(from, 300, pointerType), rowPx, buttonsPx)
  swipe.move(finger(to, 303, pointerType))
  return swipe.up(finger(to, 303, pointerType))
}

describe('a swipe', () => {
  it('of half the way shows the buttons and stays', () => {
    expect(drawn(swipeOf(), 340, 240)).toBe('open')
    expect(openRow.place).toBe('a')
    expect(whole).not.toHaveBeenCalled()
  })

  it('of the whole way does what the outer button does', () => {
    expect(drawn(swipeOf(), 360, 60)).toBe('done')
    expect(whole).toHaveBeenCalledOnce()
    expect(openRow.place).toBeNull()
  })

  it('too short snaps back', () => {
    const swipe = swipeOf()
    expect(drawn(swipe, 340, 300)).toBe('still')
    expect([openRow.place, swipe.drawnPx]).toEqual([null, 0])
  })

  it('is felt once at each threshold', () => {
    const vibrate = vi.fn()
    Object.defineProperty(navigator, 'vibrate', { value: vibrate, configurable: true })
    const swipe = swipeOf()
    swipe.down(finger(360), rowPx, buttonsPx)
    for (const [x, times] of [[330, 0], [260, 1], [220, 1], [100, 2], [90, 2], [200, 3]] as const) {
      swipe.move(finger(x))
      expect(vibrate).toHaveBeenCalledTimes(times)
    }
  })

  it('opens one row at a time', () => {
    drawn(swipeOf('a'), 340, 240)
    drawn(swipeOf('b'), 340, 240)
    expect(openRow.place).toBe('b')
  })

  it('of an open row back closes it', () => {
    drawn(swipeOf(), 340, 240)
    expect(drawn(swipeOf(), 200, 330)).toBe('still')
    expect(openRow.place).toBeNull()
  })

  it('that goes down is the list scrolling, however far across it goes after', () => {
    const swipe = swipeOf()
    swipe.down(finger(340, 300), rowPx, buttonsPx)
    swipe.move(finger(330, 340))
    swipe.move(finger(60, 340))
    expect(swipe.up(finger(60, 340))).toBe('still')
    expect(whole).not.toHaveBeenCalled()
  })

  it('from the edge of the screen is the system’s, and one of a mouse is none', () => {
    expect(drawn(swipeOf(), 10, 300)).toBe('still')
    expect(drawn(swipeOf(), 380, 60)).toBe('still')
    expect(drawn(swipeOf(), 340, 60, 'mouse')).toBe('still')
    expect(whole).not.toHaveBeenCalled()
  })

  it('is mirrored where one reads from right to left', () => {
    document.documentElement.dir = 'rtl'
    expect(drawn(swipeOf(), 340, 60)).toBe('still')
    expect(drawn(swipeOf(), 50, 150)).toBe('open')
    expect(drawn(swipeOf('b'), 30, 340)).toBe('done')
  })

  it('shows More alone, and does nothing at its end, where the row has no action of its own', () => {
    const swipe = new Swipe(() => ({ place: 'a', whole: undefined, press }))
    expect(drawn(swipe, 360, 30)).toBe('open')
  })

  it('that rests on its place opens the menu, and the click after it opens nothing', () => {
    vi.useFakeTimers()
    const swipe = swipeOf()
    swipe.down(finger(200), rowPx, buttonsPx)
    vi.advanceTimersByTime(700)
    expect(press).toHaveBeenCalledOnce()
    expect(swipe.swallows()).toBe(true)
    expect(swipe.swallows()).toBe(false)
  })
})

async function firstRow(section: Section): Promise<Row> {
  return (await core.call('rows', { section, sort: 'newest', search: '', page: { from: 0, limit: 1 } })).rows[0]!
}

/** A thread of several, one between two, and one that is muted. */
async function threads(): Promise<Target[]> {
  const { rows } = await core.call('groups', { tab: 'all', search: '', page: { from: 0, limit: 100 } })
  const of = (fits: (row: Thread) => boolean) => targetOfGroupRow(rows.find(fits)!)
  return [of((row) => !row.direct), of((row) => row.direct), of((row) => row.sound === 'none')]
}

/** The ids of the menu that `does` opens. */
function menuAfter(does: () => void): string[] {
  overlays.close()
  does()
  flushSync()
  const shown = overlays.current
  return shown.kind === 'menu' ? shown.items.map((item) => item.id) : []
}

/** Walks from a row that is shown to its menu by every way there is, and answers what its swipe does. */
function walked(wanted: string[]): string | undefined {
  const line = document.querySelector<HTMLElement>(`[data-testid=${testids.row}]`)!
  const press = (testid: string) => line.querySelector<HTMLElement>(`[data-testid=${testid}]`)!.click()
  expect(menuAfter(() => press(testids.rowMenu))).toEqual(wanted)
  expect(menuAfter(() => press(testids.rowSwipeMore))).toEqual(wanted)
  const context = new MouseEvent('contextmenu', { clientX: 5, clientY: 5, bubbles: true, cancelable: true })
  expect(menuAfter(() => line.dispatchEvent(context))).toEqual(wanted)
  const key = (init: KeyboardEventInit) => line.dispatchEvent(new KeyboardEvent('keydown', { ...init, bubbles: true }))
  expect(menuAfter(() => key({ key: 'F10', shiftKey: true }))).toEqual(wanted)
  expect(menuAfter(() => key({ key: 'ContextMenu' }))).toEqual(wanted)
  return line.querySelector<HTMLElement>(`[data-testid=${testids.rowSwipeAct}]`)?.dataset['action']
}

const able = (target: Target) => actions.filter((action) => action.able(target)).map((action) => action.id)

describe('every action of the table', () => {
  it.each(['picklist', 'conversations', 'history'] as const)('is reached from a row of %s by swipe, by menu and by key', async (section) => {
    const row = await firstRow(section)
    const shown = mount(ConversationRow, { target: document.body, props: { row, chosen: false, open: () => undefined } })
    flushSync()
    expect(walked(able(targetOfRow(row)))).toBe({ picklist: 'pick', conversations: 'end', history: 'reopen' }[section])
    await unmount(shown)
  })

  it('is reached from every row of the threads by swipe, by menu and by key', async () => {
    const { rows } = await core.call('groups', { tab: 'all', search: '', page: { from: 0, limit: 100 } })
    for (const row of rows) {
      const shown = mount(GroupRow, { target: document.body, props: { row, chosen: false, open: () => undefined } })
      flushSync()
      expect(walked(able(targetOfGroupRow(row)))).toBe(row.sound === 'none' ? 'unmute' : 'mute')
      await unmount(shown)
    }
  })

  it('is able somewhere, and what a swipe does a menu does too', async () => {
    const conversations = (await Promise.all((['picklist', 'conversations', 'history'] as const).map(firstRow))).map(targetOfRow)
    const targets = [...conversations, ...(await threads())]
    app.thread = new ThreadView(targets[1]!.place)
    for (const action of actions) expect(targets.some((target) => action.able(target)), action.id).toBe(true)
    for (const target of targets) expect(menuFor(target).map((item) => item.id)).toContain(swipedFor(target)!.id)
    app.thread = null
  })

  it('that marks as read says so up to the newest', async () => {
    const { rows } = await core.call('groups', { tab: 'all', search: '', page: { from: 0, limit: 100 } })
    const unread = rows.find((row) => row.unread > 0)!
    menuFor(targetOfGroupRow(unread)).find((item) => item.id === 'read')!.run()
    const row = async () => (await core.call('groups', { tab: 'all', search: '', page: { from: 0, limit: 100 } })).rows.find((one) => one.place === unread.place)!
    await vi.waitFor(async () => expect((await row()).unread).toBe(0))
    expect(able(targetOfGroupRow(await row()))).not.toContain('read')
  })

  it('that ends a chat asks by name, by swipe as well', async () => {
    const row = await firstRow('conversations')
    swipedFor(targetOfRow(row))!.run()
    const asked = overlays.current
    expect(asked.kind === 'question' && asked.question.title).toContain(row.name ?? '')
  })
})
