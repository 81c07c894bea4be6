import { flushSync, mount, unmount } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useDoor } from '../core'
import { FakeDoor, workspace } from '../core.fake'
import Composer from '../parts/Composer.svelte'
import { CannedPick, filled } from '../state/canned.svelte'
import { ThreadView } from '../state/thread.svelte'
import { testids } from '../testids'

const now = 1_763_700_000_000
let door: FakeDoor
let shown: Record<string, unknown> | undefined

beforeEach(() => {
  door = new FakeDoor(workspace(now), () => now)
  useDoor(door)
})
afterEach(() => {
  if (shown) void unmount(shown)
  shown = undefined
  document.body.replaceChildren()
})

async function picked(text: string): Promise<CannedPick> {
  const pick = new CannedPick()
  pick.take('')
  pick.take(text)
  await vi.waitFor(() => expect(pick.all.length).toBeGreaterThan(0))
  return pick
}
const shortcuts = (pick: CannedPick) => pick.fitting.map(({ shortcut }) => shortcut)

describe('canned replies', () => {
  it('come with a slash at the very beginning, and are fewer with each letter', async () => {
    const pick = await picked('/')
    expect(shortcuts(pick)).toHaveLength(6)
    pick.take('/h')
    expect(shortcuts(pick).slice(0, 2)).toEqual(['hello', 'hours'])
    pick.take('/hours')
    expect(shortcuts(pick)).toEqual(['hours'])
    for (const text of ['', 'and/or', '/hours please', ' /h']) {
      pick.take(text)
      expect(shortcuts(pick)).toEqual([])
    }
  })

  it('stay closed by Escape until something else is typed', async () => {
    const pick = await picked('/v')
    pick.close()
    expect(pick.chosen).toBeUndefined()
    pick.take('/va')
    expect(pick.chosen?.shortcut).toBe('valve')
  })

  it('are read anew each time, so that a new one is there', async () => {
    const pick = await picked('/')
    pick.take('')
    pick.take('/')
    expect(door.calls.filter(({ name }) => name === 'canned')).toHaveLength(2)
  })

  it('are told the name, and make a whole sentence without one', () => {
    expect(filled('Hello {name}, how are you, {name}?', 'Rosa')).toBe('Hello Rosa, how are you, Rosa?')
    expect(filled('Hello {name}, thank you. Does that suit you, {name}?', null)).toBe('Hello, thank you. Does that suit you?')
    expect(filled('{name}, hello', null)).toBe('hello')
  })
})

describe('in the box', () => {
  async function show(who: string): Promise<{ thread: ThreadView; box: HTMLTextAreaElement }> {
    const thread = new ThreadView(door.talks.find(({ name }) => name === who)!.place)
    await thread.read()
    const props = { compose: thread.compose, presence: thread.presence, title: who, name: thread.view!.name, sent: () => undefined }
    shown = mount(Composer, { target: document.body, props })
    flushSync()
    return { thread, box: document.querySelector<HTMLTextAreaElement>('#composer')! }
  }
  const type = async (box: HTMLTextAreaElement, text: string) => {
    box.value = text
    box.dispatchEvent(new Event('input', { bubbles: true }))
    await vi.waitFor(() => expect(document.querySelector(`[data-testid='${testids.canned}']`)).not.toBeNull())
  }
  const key = (box: HTMLElement, name: string) => {
    box.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }))
    flushSync()
  }

  it('Enter inserts the chosen one and sends nothing; the next Enter sends it', async () => {
    const { thread, box } = await show('Rosa Lind')
    await type(box, '/h')
    key(box, 'ArrowDown')
    expect(box.getAttribute('aria-activedescendant')).toBe('canned-hours')
    key(box, 'ArrowUp')
    key(box, 'Enter')
    expect(thread.compose.text).toContain('Hello Rosa Lind, thank you')
    expect(door.calls.some(({ name }) => name === 'send')).toBe(false)
    key(box, 'Enter')
    await vi.waitFor(() => expect(door.calls.some(({ name }) => name === 'send')).toBe(true))
  })

  it('a finger inserts one as well, and Escape closes the list and keeps what was typed', async () => {
    const { thread, box } = await show('Rosa Lind')
    await type(box, '/valve')
    key(box, 'Escape')
    expect([document.querySelector(`[data-testid='${testids.canned}']`), thread.compose.text]).toEqual([null, '/valve'])
    await type(box, '/')
    document.querySelector<HTMLElement>("[data-of='valve']")!.click()
    flushSync()
    expect(thread.compose.text).toContain('close the red valve')
  })
})
