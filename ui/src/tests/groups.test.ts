import { flushSync } from 'svelte'
import { describe, expect, it, vi } from 'vitest'
import { menuFor, targetOfGroupRow, targetOfThread } from '../actions'
import { beginThread } from '../group_actions'
import { core } from '../core'
import { ana, bo } from '../core.fake'
import type { GroupRow } from '../gen/types'
import Timeline from '../parts/Timeline.svelte'
import GroupsPane from '../screens/GroupsPane.svelte'
import Sidebar from '../screens/Sidebar.svelte'
import ThreadPane from '../screens/ThreadPane.svelte'
import { app } from '../state/app.svelte'
import { groupLine } from '../state/group_line'
import { GroupList } from '../state/groups.svelte'
import { overlays } from '../state/overlay.svelte'
import { route } from '../state/route.svelte'
import { ThreadView } from '../state/thread.svelte'
import { lay } from '../state/timeline'
import { testids } from '../testids'
import { w } from '../words/language.svelte'
import { boiler, called, chosen, contact, door, find, group, hideAll, press, show } from './thread_stage'

describe('the list of threads', () => {
  it('has a tab for each kind, with what is unread in it', async () => {
    const list = new GroupList()
    await list.read()
    expect(list.unread).toEqual({ all: 3, internal: 1, customers: 2, groups: 2 })
    list.show('internal')
    await list.read()
    expect(list.rows.map((row) => row.customers)).toEqual([0, 0])
    list.show('groups')
    await list.read()
    expect(list.rows.every((row) => !row.direct)).toBe(true)
  })

  it('finds by title, by person and by what was said', async () => {
    const list = new GroupList()
    for (const [text, title] of [['cabin', 'Cabin boiler, Forest Road'], ['ladder', 'Cabin boiler, Forest Road'], ['solberg', 'Ingrid Solberg']] as const) {
      list.find(text)
      await list.read()
      expect(list.rows.map((row) => row.title)).toEqual([title])
    }
  })

  it('says who wrote by the first name in a group, and not at all between two', async () => {
    await app.groups.read()
    show(GroupsPane, { list: app.groups })
    const text = (place: string) => find(testids.row, `[data-place='${place}']`)!.textContent
    expect(text(boiler().talk.place)).toMatch(/Bo:\s*Chidi, take the long ladder too/)
    expect(text(group('Bo Lindqvist').talk.place)).not.toContain('Bo:')
    expect(text(boiler().talk.place)).toContain(w().messaging.customersIn(2))
  })

  it('walks its tabs by the arrow keys', async () => {
    await app.groups.read()
    show(GroupsPane, { list: app.groups })
    find(testids.tabAll)!.focus()
    press('ArrowLeft')
    await vi.waitFor(() => expect([app.groups.tab, document.activeElement!.id]).toEqual(['groups', testids.tabGroups]))
    press('ArrowRight')
    await vi.waitFor(() => expect([app.groups.tab, document.activeElement!.id]).toEqual(['all', testids.tabAll]))
  })

  it('is the first of the sections, with its own count', () => {
    show(Sidebar, {})
    const items = [...document.querySelectorAll<HTMLElement>('nav a')].map((item) => item.dataset['testid'])
    expect(items[0]).toBe(testids.navMessaging)
    expect(find(testids.navMessaging)!.dataset['count']).toBe('3')
  })

  it('is all that a client sees', () => {
    app.take({ ...app.status!, me: { ...app.status!.me!, person: { ...app.status!.me!.person, role: 'client' } } })
    show(Sidebar, {})
    const items = [...document.querySelectorAll<HTMLElement>('nav a')].map((item) => item.dataset['testid'])
    expect(items).toEqual([testids.navMessaging, testids.navOutbox, testids.navSettings])
    route.go('picklist')
    app.show()
    expect(route.screen).toBe('messaging')
  })
})

describe('who may start threads', () => {
  const ways = () => [find(testids.newThread), find(testids.newGroup)].filter(Boolean)

  it('finds a way to a new one, whatever the list holds', async () => {
    await app.groups.read()
    show(GroupsPane, { list: app.groups })
    expect(ways()).toHaveLength(1)
  })

  it('is who has the module: others find none, and a sentence', async () => {
    door.groups.all = []
    door.status.me!.modules = []
    await app.readStatus()
    await app.groups.read()
    show(GroupsPane, { list: app.groups })
    expect(ways()).toEqual([])
    expect(document.body.textContent).toContain(w().messaging.emptyNoModule[1])
    door.status.me!.modules = ['messaging.company']
    await app.readStatus()
    flushSync()
    expect(ways()).toHaveLength(1)
  })

  it('finds no screen to begin one without the module, by whatever address', async () => {
    door.status.me!.modules = []
    await app.readStatus()
    route.open('messaging', 'new', false)
    app.show()
    expect([route.screen, route.place]).toEqual(['messaging', null])
  })

  it('is answered by a sentence where it was taken away meanwhile', async () => {
    await app.newThread.open()
    app.newThread.picking.toggle(chosen('Rosa Lind'))
    door.status.me!.modules = []
    app.newThread.compose!.type('Hello')
    expect(await beginThread()).toBe(false)
    expect(app.newThread.compose!.problem).toEqual({ code: 'module_needed' })
    expect(app.newThread.compose!.text).toBe('Hello')
  })
})

describe('a thread of a group', () => {
  const opened = async (place: string) => {
    const thread = new ThreadView(place)
    await thread.read()
    return thread
  }
  const drawn = (thread: ThreadView) => {
    const nothing = () => undefined
    show(Timeline, { thread, entries: lay(thread.view!.bubbles, null), title: 'Cabin', showOlder: nothing, showPrevious: nothing })
  }

  it('never asks for what a customer wrote before', async () => {
    const thread = await opened(boiler().talk.place)
    expect([thread.status, thread.past]).toEqual(['ready', null])
    expect(called('previous')).toEqual([])
  })

  it('says at all times that customers are in it', async () => {
    show(ThreadPane, { thread: await opened(boiler().talk.place) })
    expect(find(testids.customersBar)!.textContent).toContain('2 customers are in this group')
  })

  it('names the author of what others say, but not between two', async () => {
    drawn(await opened(boiler().talk.place))
    expect([...document.querySelectorAll('.author')].map((line) => line.textContent)).toContain('Rosa Lind')
    await hideAll()
    drawn(await opened(group('Bo Lindqvist').talk.place))
    expect(document.querySelectorAll('.author')).toHaveLength(0)
  })

  it('says that the history starts here, else that it is the beginning', async () => {
    drawn(await opened(group('ليلى حداد').talk.place))
    expect(find(testids.startsHere)!.textContent).toContain(w().messaging.startsHere)
    await hideAll()
    drawn(await opened(boiler().talk.place))
    expect(find(testids.startsHere)).toBeNull()
    expect(document.body.textContent).toContain(w().messaging.beginning)
  })

  it('tells who added and removed whom, and that it was me', () => {
    const words = w().messaging.line
    const change = { did: 'members' as const, added: [{ id: ana.id, name: ana.name }], removed: [{ id: 'x', name: 'Rosa' }] }
    expect(groupLine(change, { who: 'Bo', mine: false, me: ana.id }, words)).toBe('Bo added you · Bo removed Rosa')
    expect(groupLine({ ...change, removed: [] }, { who: 'Ana', mine: true, me: 'y' }, words)).toBe('You added Ana Torres')
    const came = { ...change, added: [{ id: 'k', name: 'Kari' }], removed: [] }
    expect(groupLine(came, { who: 'Kari', mine: false, me: ana.id }, words)).toBe(words.came('Kari'))
    expect(groupLine(came, { who: 'Kari', mine: true, me: 'k' }, words)).toBe(words.youCame)
  })

  it('of a change that was refused says who and why, and lets it be tried again or taken back', async () => {
    const change = { did: 'members' as const, added: [{ id: 'x', name: 'Dan' }, { id: 'y', name: '' }], removed: [] }
    const problem = { code: 'person_gone' as const, who: 'Dan' }
    const bubble = { id: 'e0000000-0000-7000-8000-00000000abce', n: null, side: 'ours' as const, mine: true, author: ana.name, at_ms: door.now(), body: { what: 'changed' as const, change }, mark: 'stuck' as const, problem }
    boiler().talk.bubbles.push(bubble)
    drawn(await opened(boiler().talk.place))
    const line = find(testids.bubble, `[data-id='${bubble.id}']`)!.textContent
    expect(line).toContain(`You added Dan, ${w().messaging.line.somebody}`)
    expect(find(testids.eventStuck)!.textContent).toContain('Dan can no longer be chosen')
    find(testids.bubbleStuck)!.click()
    const { current } = overlays
    expect(current.kind === 'menu' && current.items.map((item) => item.id)).toEqual(['again', 'discard'])
  })

  it('keeps a name that runs the other way from turning the line around', () => {
    const line = groupLine({ did: 'left' }, { who: 'سامر', mine: false, me: undefined }, w().messaging.line)
    expect(line).toBe('\u2068سامر\u2069 left')
  })

  it('can be named, muted and left, and leaving is asked by its name', async () => {
    const thread = await opened(boiler().talk.place)
    const target = targetOfThread(thread.view!)
    expect(menuFor(target).map((item) => item.id)).toEqual(['open', 'sound', 'rename', 'mute', 'leave'])
    menuFor(target).find((item) => item.id === 'mute')!.run()
    await vi.waitFor(() => expect(boiler().talk.sound).toBe('none'))
    route.open('messaging', thread.place, false)
    const closed = vi.spyOn(route, 'close').mockImplementation(() => undefined)
    menuFor(target).find((item) => item.id === 'leave')!.run()
    const asked = overlays.current
    expect(asked.kind === 'question' && asked.question.title).toContain('Cabin boiler, Forest Road')
    expect(called('leave_group')).toEqual([])
    if (asked.kind === 'question') asked.question.onYes()
    await vi.waitFor(() => expect(boiler()).toBeUndefined())
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
    closed.mockRestore()
  })

  it('between two has nothing to name or to leave', async () => {
    const { rows } = await core.call('groups', { tab: 'all', search: 'ingrid', page: { from: 0, limit: 1 } })
    expect(menuFor(targetOfGroupRow(rows[0] as GroupRow)).map((item) => item.id)).toEqual(['open', 'sound', 'mute'])
  })

  it('made without a signal says that it waits', async () => {
    door.status.link = 'offline'
    const place = await core.call('start_group', {
      id: 'd0000000-0000-7000-8000-00000000000a',
      begin: { group: 'd1000000-0000-7000-8000-00000000000a', people: [bo.id, contact('Rosa Lind').id], name: null, text: 'Hello' },
    })
    await vi.waitFor(() => expect(door.outbox).toHaveLength(1))
    show(ThreadPane, { thread: await opened(place) })
    expect(find(testids.pending)).not.toBeNull()
  })

  it('opens among the threads from a notification', async () => {
    await app.openPlace(boiler().talk.place, true)
    expect([route.screen, route.place]).toEqual(['messaging', boiler().talk.place])
  })
})
