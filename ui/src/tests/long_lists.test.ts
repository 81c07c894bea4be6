// A list of ten thousand rows: what is read of it, and what is drawn.
import { flushSync } from 'svelte'
import { afterEach, describe, expect, it, vi, type MockInstance } from 'vitest'
import { core } from '../core'
import type { Args } from '../door/door'
import type { Row } from '../gen/types'
import ListPane from '../screens/ListPane.svelte'
import { List } from '../state/list.svelte'
import { most } from '../state/paged.svelte'
import { testids } from '../testids'
import { all, press, show } from './thread_stage'

const rowPx = 76
const pane = () => document.querySelector<HTMLElement>('.rows')!
const nodes = () => pane().querySelectorAll('*').length
let asked: MockInstance<typeof core.call>
/** What the core waits for before it answers. */
let until = Promise.resolve()
afterEach(() => vi.restoreAllMocks())

/** A list whose rows the core makes up as they are asked for. */
async function tenThousand(): Promise<List> {
  const one = (await core.call('rows', { section: 'history', sort: 'newest', search: '', page: { from: 0, limit: 1 } })).rows[0]!
  const made = (at: number): Row => ({ ...one, place: `place-${at}`, name: `Customer ${String(at + 1).padStart(5, '0')}` })
  asked = vi.spyOn(core, 'call').mockImplementation(async (_, args) => {
    const { from, limit } = (args as Args<'rows'>).page
    await until
    const rows = Array.from({ length: Math.min(limit, 10_000 - from) }, (_, i) => made(from + i))
    return { rows, total: 10_000 } as never
  })
  const list = new List('history')
  await list.read()
  show(ListPane, { list })
  return list
}

async function scrollTo(list: List, row: number): Promise<void> {
  pane().scrollTop = row * rowPx
  pane().dispatchEvent(new Event('scroll'))
  await vi.waitFor(() => expect(list.at(row)).toBeDefined())
  flushSync()
  expect(document.querySelector(`[data-at='${row}']`)!.textContent).toContain(list.at(row)!.name)
}

describe('a list of ten thousand rows', () => {
  it('is never read whole, and never drawn whole, wherever it is scrolled to', async () => {
    const list = await tenThousand()
    const first = nodes()
    expect(all(testids.row).length).toBeGreaterThan(9)
    for (const row of [130, 5000, 9990]) {
      await scrollTo(list, row)
      expect(list.rows.length).toBeLessThanOrEqual(most)
      expect(all(testids.row).length).toBeLessThan(40)
      expect(nodes()).toBeLessThan(2 * first)
    }
    const limits = asked.mock.calls.map(([, args]) => (args as Args<'rows'>).page.limit)
    expect(Math.max(...limits)).toBe(most)
  })

  it('keeps the place of rows that are not read yet, and draws them when they are', async () => {
    const list = await tenThousand()
    let answer = () => undefined as void
    until = new Promise((done) => (answer = done))
    pane().scrollTop = 7000 * rowPx
    pane().dispatchEvent(new Event('scroll'))
    flushSync()
    const waiting = document.querySelector(`[data-at='7000']`)!
    expect([waiting.getAttribute('aria-busy'), waiting.textContent]).toEqual(['true', ''])
    answer()
    await vi.waitFor(() => expect(list.at(7000)).toBeDefined())
    flushSync()
    expect(document.querySelector(`[data-at='7000']`)!.textContent).toContain('07001')
  })

  it('is gone through by the keys to its very end', async () => {
    await tenThousand()
    pane().querySelector<HTMLElement>('a')!.focus()
    press('End')
    // Outside of a browser a pane that is scrolled does not say so.
    pane().dispatchEvent(new Event('scroll'))
    await vi.waitFor(() => expect(document.activeElement!.textContent).toContain('10000'))
    press('Home')
    pane().dispatchEvent(new Event('scroll'))
    await vi.waitFor(() => expect(document.activeElement!.textContent).toContain('00001'))
  })

  it('begins at the top when something is searched for', async () => {
    const list = await tenThousand()
    await scrollTo(list, 5000)
    list.find('number')
    flushSync()
    expect([pane().scrollTop, list.total]).toEqual([0, 10_000])
    pane().dispatchEvent(new Event('scroll'))
    await vi.waitFor(() => expect(document.querySelector(`[data-at='0']`)?.textContent).toContain('00001'))
  })

  it('keeps the focus on its row when the list moves under it, also out of sight', async () => {
    const list = await tenThousand()
    document.querySelector<HTMLElement>("[data-at='3'] a")!.focus()
    flushSync()
    const [focused, row] = [document.activeElement!, list.at(3)!]
    await scrollTo(list, 60)
    expect(document.activeElement).toBe(focused)
    // Somebody writes: the third row comes up, and others go down.
    list.rows = [row, ...list.rows.filter((one) => one !== row)]
    flushSync()
    expect(document.activeElement).toBe(focused)
    expect(focused.closest('li')!.dataset.at).toBe('0')
  })

  it('does not take the focus back from who went elsewhere before a row was read', async () => {
    const list = await tenThousand()
    pane().querySelector<HTMLElement>('a')!.focus()
    let answer = () => undefined as void
    until = new Promise((done) => (answer = done))
    press('End')
    pane().dispatchEvent(new Event('scroll'))
    flushSync()
    const search = document.querySelector<HTMLElement>('input')!
    search.focus()
    answer()
    await vi.waitFor(() => expect(list.at(9_999)).toBeDefined())
    flushSync()
    expect(document.activeElement).toBe(search)
  })
})
