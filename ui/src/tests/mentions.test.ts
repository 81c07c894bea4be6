import { flushSync, tick } from 'svelte'
import { describe, expect, it, vi } from 'vitest'
import Composer from '../parts/Composer.svelte'
import GroupsPane from '../screens/GroupsPane.svelte'
import ThreadPane from '../screens/ThreadPane.svelte'
import { app } from '../state/app.svelte'
import { MentionPick, peopleOf } from '../state/mention_pick.svelte'
import { called, fitting, moved, named, segments } from '../state/mentions'
import { NewThread } from '../state/new_thread.svelte'
import { ThreadView } from '../state/thread.svelte'
import { testids } from '../testids'
import { all, called as calls, chosen, door, find, group, show } from './thread_stage'

const at = (text: string) => ({ text, mentions: [], at: text.length })
const people = ['Bo Lindqvist', 'Élodie Martin', 'سامر الخطيب', 'Anna Bo', 'Zoë'].map((name, i) => ({ id: `p${i}`, name, customer: false }))
const names = (found: { name: string }[]) => found.map(({ name }) => name)

describe('a mention', () => {
  it('is called by an at sign that begins a word, and by what follows up to the caret', () => {
    expect(called(at('@'))).toEqual({ typed: '', from: 0 })
    expect(called(at('Hi (@Bo L'))).toEqual({ typed: 'Bo L', from: 4 })
    expect(called(at('مرحبا @سا'))).toEqual({ typed: 'سا', from: 6 })
    expect(called({ text: '@Bo, hello', mentions: [], at: 3 })).toEqual({ typed: 'Bo', from: 0 })
    for (const text of ['', 'mail me at bo@example', '@Bo\nhello', `@${'x'.repeat(61)}`]) expect(called(at(text))).toBeNull()
  })

  it('finds people by the beginning of any word of their name, without accents and case', () => {
    expect(names(fitting(people, ''))).toHaveLength(5)
    expect(names(fitting(people, 'bo'))).toEqual(['Bo Lindqvist', 'Anna Bo'])
    expect(names(fitting(people, 'elo'))).toEqual(['Élodie Martin'])
    expect(names(fitting(people, 'الخ'))).toEqual(['سامر الخطيب'])
    expect(names(fitting(people, 'bo lind'))).toEqual(['Bo Lindqvist'])
    expect(names(fitting(people, 'bo lindqvist '))).toEqual([])
  })

  it('puts the whole name in, counts characters and not halves of them, and is not called again', () => {
    const now = named({ text: '🔧 @bo please', mentions: [], at: 6 }, people[0]!)
    expect(now).toEqual({ text: '🔧 @Bo Lindqvist please', mentions: [{ person: 'p0', at: 2, chars: 13 }], at: 17 })
    expect(called({ ...now, at: 16 })).toBeNull()
    const second = named({ ...now, text: `${now.text} @zo`, at: now.text.length + 4 }, people[4]!)
    expect(second.mentions.map((one) => one.at)).toEqual([2, 23])
  })

  it('moves with what is edited before it, stays with what is edited behind it, and ends with an edit of its own', () => {
    const { text, mentions } = named(at('Hi @bo'), people[0]!)
    expect(moved(mentions, text, `Oh 🔧! ${text}`)).toEqual([{ person: 'p0', at: 9, chars: 13 }])
    expect(moved(mentions, text, `${text}come`)).toEqual(mentions)
    expect(moved(mentions, text, text.replace('Lind', 'Lin'))).toEqual([])
    expect(moved(mentions, text, '')).toEqual([])
  })

  it('is cut out of its text, whatever is written around it', () => {
    const mentions = [{ at: 2, chars: 3, me: true }, { at: 5, chars: 4, me: false }]
    expect(segments('🔧 @Bo@نور!', mentions)).toEqual([
      { text: '🔧 ', of: 'nobody' },
      { text: '@Bo', of: 'me' },
      { text: '@نور', of: 'somebody' },
      { text: '!', of: 'nobody' },
    ])
    expect(segments('plain')).toEqual([{ text: 'plain', of: 'nobody' }])
  })

  it('is offered to nobody but the others who are in it and not shut out', async () => {
    const { talk, people } = group('Cabin boiler, Forest Road')
    door.groups.disabled.add(people[0]!.id)
    expect((await peopleOf(talk.place)).map((one) => one.name)).toEqual(people.slice(1).map((one) => one.name))
  })

  it('offers at most fifty at once of a large group, and counts all', () => {
    const pick = new MentionPick()
    pick.people = Array.from({ length: 400 }, (_, i) => ({ id: `p${i}`, name: `Person ${i}`, customer: false }))
    pick.take(at('@p'), () => Promise.resolve(pick.people))
    expect([pick.fitting.length, pick.total]).toEqual([50, 400])
  })
})

describe('in the box of a thread', () => {
  const boiler = () => group('Cabin boiler, Forest Road')
  async function shown(): Promise<{ thread: ThreadView; box: HTMLTextAreaElement }> {
    const thread = new ThreadView(boiler().talk.place)
    await thread.read()
    show(Composer, { compose: thread.compose, title: 'Boiler', people: () => peopleOf(thread.place) })
    return { thread, box: document.querySelector<HTMLTextAreaElement>('#composer')! }
  }
  async function types(box: HTMLTextAreaElement, text: string): Promise<void> {
    box.value = text
    box.setSelectionRange(text.length, text.length)
    box.dispatchEvent(new Event('input', { bubbles: true }))
    await vi.waitFor(() => expect(all(testids.mentionsItem).length).toBeGreaterThan(0))
  }
  function key(box: HTMLElement, name: string): void {
    box.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }))
    flushSync()
  }
  const bo = () => boiler().people.find((one) => one.name === 'Bo Lindqvist')!

  it('the keys choose, Enter names and sends nothing, and the message carries who is meant', async () => {
    const { thread, box } = await shown()
    await types(box, 'Look, @')
    expect(all(testids.mentionsItem)).toHaveLength(4)
    expect(box.getAttribute('aria-controls')).toBe('mention')
    key(box, 'ArrowDown')
    key(box, 'ArrowUp')
    expect(box.getAttribute('aria-activedescendant')).toBe(`mention-${bo().id}`)
    key(box, 'Enter')
    expect(thread.compose.text).toBe('Look, @Bo Lindqvist ')
    await tick()
    expect(find(testids.mentions)).toBeNull()
    expect(calls('send')).toEqual([])
    key(box, 'Enter')
    await vi.waitFor(() => expect(calls('send')).toHaveLength(1))
    const mentions = [{ person: bo().id, at: 6, chars: 13 }]
    expect(calls('send')[0]).toMatchObject({ text: { text: 'Look, @Bo Lindqvist ', mentions } })
  })

  it('a finger chooses as well, and the draft keeps who is meant', async () => {
    const { thread, box } = await shown()
    await types(box, '@lind')
    all(testids.mentionsItem)[0]!.click()
    flushSync()
    await thread.compose.flush()
    expect(boiler().talk.draft).toMatchObject({ text: '@Bo Lindqvist ', mentions: [{ person: bo().id, at: 0, chars: 13 }] })
    const again = new ThreadView(thread.place)
    await again.read()
    expect(again.compose.mentions).toEqual(thread.compose.mentions)
  })

  it('Escape closes the list for that at sign alone', async () => {
    const { box } = await shown()
    await types(box, '@b')
    key(box, 'Escape')
    expect(find(testids.mentions)).toBeNull()
    box.value = '@bo'
    box.dispatchEvent(new Event('input', { bubbles: true }))
    flushSync()
    expect(find(testids.mentions)).toBeNull()
    await types(box, '@bo and @')
  })

  it('whoever went meanwhile is not mentioned when it is sent again', async () => {
    const { thread, box } = await shown()
    await types(box, '@lind')
    key(box, 'Enter')
    door.refusals.set('send', { code: 'not_in_thread' })
    expect(await thread.compose.send()).toBe(false)
    expect([thread.compose.text, thread.compose.mentions]).toEqual(['@Bo Lindqvist ', []])
  })

  it('of a thread that is not begun those who are chosen may be mentioned, and who is taken out again is not', async () => {
    const thread = new NewThread()
    await thread.open()
    thread.picking.chosen = [chosen('Bo Lindqvist'), chosen('Freja Nyström')]
    const first = named(at('@bo'), thread.picking.chosen[0]!)
    thread.compose!.type(first.text, first.mentions)
    const both = named({ ...first, text: `${first.text}@fr`, at: first.text.length + 3 }, thread.picking.chosen[1]!)
    thread.compose!.type(both.text, both.mentions)
    thread.picking.chosen = [thread.picking.chosen[1]!]
    await thread.begin()
    expect(calls('start_group')[0]).toMatchObject({ begin: { text: { mentions: [{ at: 14, chars: 14 }] } } })
  })
})

describe('whoever reads', () => {
  it('sees a mention, and hears that it is of them', async () => {
    const it = group('ليلى حداد') ?? door.groups.all.find((one) => one.startsHere)!
    const thread = new ThreadView(it.talk.place)
    await thread.read()
    show(ThreadPane, { thread })
    await tick()
    const [mention] = all(testids.mention, "[data-of='me']")
    expect(mention!.textContent).toContain('@Ana Torres mentions you')
  })

  it('sees on the row that an unread message mentions them, also of a muted thread', async () => {
    const muted = door.groups.all.find((one) => one.talk.sound === 'none')!
    await app.groups.read()
    show(GroupsPane, { list: app.groups })
    const row = () => find(testids.row, `[data-place='${muted.talk.place}']`)
    await vi.waitFor(() => expect(row()).not.toBeNull())
    expect(row()!.querySelector(`[data-testid='${testids.mentioned}']`)!.textContent).toContain('mentions you')
  })
})
