import { beforeEach, describe, expect, it, vi } from 'vitest'
import { menuFor, targetOfRow } from '../actions'
import { core, useDoor } from '../core'
import { FakeDoor, workspace } from '../core.fake'
import { List } from '../state/list.svelte'
import { NotesView } from '../state/notes.svelte'
import { overlays } from '../state/overlay.svelte'

const now = 1_763_700_000_000
let door: FakeDoor
let place: string

beforeEach(() => {
  door = new FakeDoor(workspace(now), () => now)
  useDoor(door)
  place = door.talks.find((talk) => talk.name === 'Rosa Lind')!.place
})

async function opened(): Promise<NotesView> {
  const notes = new NotesView(place)
  await notes.read()
  return notes
}

describe('internal notes', () => {
  it('are one tap away from a row of each of the three lists, before picking too', async () => {
    for (const section of ['picklist', 'conversations', 'history'] as const) {
      const list = new List(section)
      await list.read()
      const row = list.rows[0]!
      menuFor(targetOfRow(row)).find((item) => item.id === 'notes')!.run()
      expect(overlays.current).toMatchObject({ kind: 'notes', place: row.place })
    }
  })

  it('stand newest first, and a saved one on top', async () => {
    const notes = await opened()
    notes.type('Bring the long ladder.')
    expect(await notes.save()).toBe(true)
    expect([notes.text, notes.view!.notes.map((note) => note.text.slice(0, 9))]).toEqual(['', ['Bring the', 'Paid the ', 'The cabin']])
  })

  it('keep what is being written, apart from the chat', async () => {
    vi.useFakeTimers()
    const notes = await opened()
    notes.type('Half a no')
    await vi.advanceTimersByTimeAsync(300)
    vi.useRealTimers()
    expect((await opened()).text).toBe('Half a no')
    expect((await core.call('thread', { place, limit: 1 })).draft.text).toBe('')
  })

  it('that could not be saved stay in the box and are the same intent the next time', async () => {
    const notes = await opened()
    notes.type('Once')
    door.refusals.set('note', { code: 'storage_full' })
    expect([await notes.save(), notes.text, notes.problem?.code]).toEqual([false, 'Once', 'storage_full'])
    door.refusals.delete('note')
    await notes.save()
    const ids = door.calls.filter((call) => call.name === 'note').map((call) => (call.args as { id: string }).id)
    expect(new Set(ids).size).toBe(1)
  })

  it('of nothing, or too long, cannot be saved', async () => {
    const notes = await opened()
    notes.type(' \n')
    expect(notes.savable).toBe(false)
    notes.type('a'.repeat(10_001))
    expect([notes.savable, notes.excess]).toEqual([false, 1])
  })
})
