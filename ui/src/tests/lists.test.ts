import { beforeEach, describe, expect, it, vi } from 'vitest'
import { menuFor, targetOfRow } from '../actions'
import { core, useDoor } from '../core'
import { crowd, FakeDoor, workspace } from '../core.fake'
import type { DraftFile } from '../gen/types'
import { app } from '../state/app.svelte'
import { coalesced } from '../state/coalesced'
import { List } from '../state/list.svelte'
import { most } from '../state/paged.svelte'
import { overlays } from '../state/overlay.svelte'
import { Outbox } from '../state/outbox.svelte'

const now = 1_763_700_000_000
let door: FakeDoor

beforeEach(() => {
  door = new FakeDoor(workspace(now), () => now)
  useDoor(door)
})

describe('a list', () => {
  it('of those who wait begins with who has waited longest', async () => {
    const list = new List('picklist')
    await list.read()
    expect(list.rows[0]!.name).toBe('Mateo Fernández')
    list.sortBy('newest')
    await list.read()
    expect(list.rows[0]!.phone).toBe('+34612345678')
  })

  it('finds by name, number and what was said', async () => {
    const list = new List('conversations')
    for (const [text, name] of [['rosa', 'Rosa Lind'], ['15112', 'Tom Becker'], ['quick', null]] as const) {
      list.find(text)
      await list.read()
      expect(list.rows.map((row) => row.name)).toEqual([name])
    }
  })

  it('reads another part only when the end of what it holds comes near', async () => {
    door.talks = crowd(now, 1000)
    const list = new List('history')
    await list.read()
    expect([list.rows.length, list.total]).toEqual([most, 1000])
    const asked = () => door.calls.filter(({ name }) => name === 'rows').length
    list.want(0, 20)
    expect(asked()).toBe(1)
    list.want(80, 100)
    await list.read()
    expect([list.rows.length, list.at(90)?.name, list.at(0)]).toEqual([most, 'Customer 00091', undefined])
  })

  it('keeps its rows while a search is answered', async () => {
    const list = new List('conversations')
    await list.read()
    list.find('rosa')
    expect(list.status).toBe('ready')
    expect(list.rows.length).toBeGreaterThan(1)
  })

  it('knows the conversation before and after', async () => {
    const list = new List('conversations')
    await list.read()
    const [first, second] = list.rows.map((row) => row.place)
    expect(list.beside(first!, 1)).toBe(second)
    expect(list.beside(second!, -1)).toBe(first)
    expect(list.beside(first!, -1)).toBeUndefined()
    expect(list.beside(null, 1)).toBe(first)
  })
})

describe('hints that come in a burst', () => {
  it('cost one read now and one after it', async () => {
    let runs = 0
    let finish = () => undefined as void
    const read = coalesced(() => {
      runs += 1
      return new Promise<void>((done) => (finish = done))
    })
    const asked = [read(), read(), read(), read()]
    expect(runs).toBe(1)
    finish()
    await vi.waitFor(() => expect(runs).toBe(2))
    finish()
    await Promise.all(asked)
    expect(runs).toBe(2)
  })
})

describe('what may be done', () => {
  const ids = async (section: 'picklist' | 'conversations' | 'history') => {
    const { rows } = await core.call('rows', { section, sort: 'newest', search: '', page: { from: 0, limit: 1 } })
    return menuFor(targetOfRow(rows[0]!)).map((item) => item.id)
  }

  it('follows from where the conversation is in its life', async () => {
    expect(await ids('picklist')).toEqual(['open', 'pick', 'notes'])
    expect(await ids('conversations')).toEqual(['open', 'notes', 'sound', 'transfer', 'end'])
    expect(await ids('history')).toEqual(['open', 'notes', 'reopen'])
  })

  it('asks by name before it ends a chat, and only then ends it', async () => {
    const { rows } = await core.call('rows', { section: 'conversations', sort: 'newest', search: 'rosa', page: { from: 0, limit: 1 } })
    menuFor(targetOfRow(rows[0]!)).find((item) => item.id === 'end')!.run()
    const asked = overlays.current
    expect(asked.kind === 'question' && asked.question.title).toContain('Rosa Lind')
    expect(door.calls.some((call) => call.name === 'end')).toBe(false)
    if (asked.kind === 'question') asked.question.onYes()
    await vi.waitFor(() => expect(door.talk(rows[0]!.place).state).toBe('ended'))
    overlays.close()
  })

  it('that is refused says why, and leaves the screen as it is', async () => {
    door.refusals.set('pick', { code: 'already_picked', who: 'Bo' })
    const { rows } = await core.call('rows', { section: 'picklist', sort: 'newest', search: '', page: { from: 0, limit: 1 } })
    menuFor(targetOfRow(rows[0]!)).find((item) => item.id === 'pick')!.run()
    await vi.waitFor(() => expect(app.notice).toBe('Bo already has this conversation.'))
  })
})

describe('the outbox', () => {
  it('sends one, gives one back to its draft, and drops one', async () => {
    const talk = door.talks.find((one) => one.name === 'Rosa Lind')!
    for (const text of ['one', 'two', 'three']) door.unsent(talk, text, 'stuck', { problem: { code: 'busy' } })
    const outbox = new Outbox()
    await outbox.read()
    const [one, two, three] = outbox.rows.map((row) => row.intent)
    await outbox.retry(one!)
    await outbox.discard(two!, true)
    await outbox.discard(three!, false)
    expect(outbox.rows).toEqual([])
    expect(talk.draft.text).toBe('two')
    expect(talk.bubbles.at(-1)!.body).toMatchObject({ text: 'one' })
  })

  it('shows a draft whose place is gone until it is discarded, the note apart from the message', async () => {
    const row = { intent: 'p', place: 'p', title: '', mark: 'stuck', problem: { code: 'not_found' }, asked_at_ms: 1, progress: null, photos: 0, files: [] as DraftFile[] } as const
    door.outbox.push({ ...row, kind: 'draft', text: 'one' }, { ...row, kind: 'note_draft', text: 'two' })
    const outbox = new Outbox()
    await outbox.read()
    expect(outbox.rows.map(({ text }) => text)).toEqual(['one', 'two'])
    await outbox.discardDraft('p', true)
    expect(outbox.rows.map(({ text }) => text)).toEqual(['one'])
  })

  it('writes a number as people read it', async () => {
    const outbox = new Outbox()
    const talk = door.talks.find((one) => one.name === 'Rosa Lind')!
    door.unsent(talk, 'one', 'waiting')
    const [row] = await core.call('outbox', {})
    vi.spyOn(core, 'call').mockResolvedValueOnce([{ ...row!, title: '+4741522306' }])
    await outbox.read()
    expect(outbox.rows[0]!.title).toBe('+47 415 22 306')
  })
})
