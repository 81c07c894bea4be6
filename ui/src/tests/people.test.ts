import { flushSync } from 'svelte'
import { describe, expect, it, vi } from 'vitest'
import { beginThread, openNewThread, takeBack } from '../group_actions'
import { core } from '../core'
import { bo, manyContacts } from '../core.fake'
import MembersSheet from '../parts/MembersSheet.svelte'
import Picker from '../parts/Picker.svelte'
import NewThreadScreen from '../screens/NewThread.svelte'
import { app } from '../state/app.svelte'
import { page } from '../state/contacts.svelte'
import { Members } from '../state/members.svelte'
import { NewThread } from '../state/new_thread.svelte'
import { Picking } from '../state/picking.svelte'
import { route } from '../state/route.svelte'
import { testids } from '../testids'
import { w } from '../words/language.svelte'
import { all, boiler, called, chosen, contact, door, find, group, press, show } from './thread_stage'

describe('the picker', () => {
  it('draws a bounded number of ten thousand people, and reads no more than it shows', async () => {
    door.groups.contacts = manyContacts(10_000)
    const picking = new Picking()
    show(Picker, { picking })
    await vi.waitFor(() => expect(picking.blocks.customer.total).toBe(10_008))
    flushSync()
    expect(all(testids.contact).length).toBeGreaterThan(7)
    expect(all(testids.contact).length).toBeLessThan(60)
    expect(called('contacts').every((args) => (args as { limit: number }).limit === page)).toBe(true)
    expect(called('contacts').length).toBeLessThan(5)
  })

  it('holds a few pages, however far somebody scrolls', async () => {
    door.groups.contacts = manyContacts(10_000)
    const { customer } = new Picking().blocks
    for (let at = 0; at < 10_000; at += 500) {
      customer.want(at, at + 20)
      await vi.waitFor(() => expect(customer.at(at)).toBeDefined())
    }
    expect(customer.held).toBeLessThanOrEqual(6 * page)
    customer.want(0, 20)
    await vi.waitFor(() => expect(customer.at(0)?.name).toBe('Customer 00001'))
  })

  it('shows the answer to the last search, in whatever order the answers come', async () => {
    const { customer } = new Picking().blocks
    const answers: ((found: unknown) => void)[] = []
    const call = vi.spyOn(core, 'call').mockImplementation(() => new Promise((done) => answers.push(done as never)))
    customer.find('ro')
    customer.find('rosa')
    answers[1]!({ contacts: [contact('Rosa Lind')], total: 1, complete: true })
    await vi.waitFor(() => expect(customer.total).toBe(1))
    answers[0]!({ contacts: [contact('Ingrid Solberg'), contact('Rosa Lind')], total: 2, complete: true })
    await Promise.resolve()
    expect([customer.total, customer.at(0)?.name]).toEqual([1, 'Rosa Lind'])
    call.mockRestore()
  })

  it('keeps what it shows while a search is answered', async () => {
    const { customer } = new Picking().blocks
    customer.want(0, 10)
    await vi.waitFor(() => expect(customer.total).toBe(8))
    customer.find('rosa')
    expect(customer.at(3)).toBeDefined()
    await vi.waitFor(() => expect(customer.total).toBe(1))
    expect(customer.at(3)).toBeUndefined()
  })

  it('walks both blocks by the arrow keys, and ticks by Enter and by the space bar', async () => {
    const picking = new Picking()
    show(Picker, { picking })
    await vi.waitFor(() => expect(all(testids.contact).length).toBe(15))
    find(testids.pickerSearch)!.focus()
    press('ArrowDown')
    await vi.waitFor(() => expect(document.activeElement!.getAttribute('data-person')).toBe(bo.id))
    press(' ')
    for (let at = 1; at <= 7; at++) {
      press('ArrowDown')
      await vi.waitFor(() => expect(document.activeElement!.closest('[data-at]')!.getAttribute('data-at')).toBe(String(at)))
    }
    expect(document.activeElement!.getAttribute('data-block')).toBe('customer')
    press('Enter')
    expect(picking.chosen.map((one) => one.customer)).toEqual([false, true])
    press(' ')
    expect(picking.chosen.map((one) => one.name)).toEqual(['Bo Lindqvist'])
  })

  it('gives the focus to somebody far away as soon as they are read, and keeps it with them', async () => {
    door.groups.contacts = manyContacts(10_000)
    const picking = new Picking()
    show(Picker, { picking })
    await vi.waitFor(() => expect(picking.blocks.customer.total).toBe(10_008))
    flushSync()
    find(testids.pickerSearch)!.focus()
    press('ArrowDown')
    await vi.waitFor(() => expect(document.activeElement!.getAttribute('data-person')).toBe(bo.id))
    press('End')
    const last = door.groups.contacts.filter((one) => one.block === 'customer').at(-1)!
    await vi.waitFor(() => expect(document.activeElement!.getAttribute('data-person')).toBe(last.id))
    const pane = document.querySelector<HTMLElement>('[role=listbox]')!
    for (let at = 500; at < 5_000; at += 500) {
      pane.scrollTop = at * 56
      pane.dispatchEvent(new Event('scroll'))
      flushSync()
      await vi.waitFor(() => expect(picking.blocks.customer.at(at)).toBeDefined())
    }
    expect(picking.blocks.customer.at(10_007)).toBeUndefined()
    flushSync()
    expect(document.activeElement!.getAttribute('data-person')).toBe(last.id)
  })

  it('warns when the first customer is chosen, and only then', async () => {
    const picking = new Picking()
    show(Picker, { picking })
    picking.toggle(chosen('Bo Lindqvist'))
    flushSync()
    expect(find(testids.customersWarning)).toBeNull()
    picking.toggle(chosen('Rosa Lind'))
    flushSync()
    expect(find(testids.customersWarning)!.textContent).toContain(w().messaging.firstCustomer)
  })

  it('shows who is chosen as chips that take them out again, and the focus stays among them', async () => {
    const picking = new Picking()
    show(Picker, { picking })
    for (const name of ['Bo Lindqvist', 'Rosa Lind']) picking.toggle(chosen(name))
    flushSync()
    const button = find(testids.contactChip, `[data-person='${bo.id}']`)!.querySelector('button')!
    button.focus()
    button.click()
    await vi.waitFor(() => expect(all(testids.contactChip)).toHaveLength(1))
    expect(picking.chosen.map((one) => one.name)).toEqual(['Rosa Lind'])
    expect(document.activeElement!.closest(`[data-testid='${testids.contactChip}']`)).not.toBeNull()
  })

  it('says who is not signed up', async () => {
    show(Picker, { picking: new Picking() })
    await vi.waitFor(() => expect(find(testids.contact, `[data-person='${contact('Mateo Fernández').id}']`)).not.toBeNull())
    expect(find(testids.contact, `[data-person='${contact('Mateo Fernández').id}']`)!.textContent).toContain(w().messaging.notSignedUp)
    expect(find(testids.contact, `[data-person='${contact('Rosa Lind').id}']`)!.textContent).not.toContain(w().messaging.notSignedUp)
  })

  it('says that the contact list is still being fetched', async () => {
    door.groups.complete = false
    show(Picker, { picking: new Picking() })
    await vi.waitFor(() => expect(document.body.textContent).toContain(w().messaging.blockLoading))
    door.groups.complete = true
    door.tell({ topic: 'contacts' })
    await vi.waitFor(() => expect(document.body.textContent).not.toContain(w().messaging.blockLoading))
  })

  it('reads again when the contact list changed', async () => {
    const picking = new Picking()
    show(Picker, { picking })
    await vi.waitFor(() => expect(picking.blocks.internal.total).toBe(7))
    door.groups.contacts = door.groups.contacts.filter((one) => one.id !== bo.id)
    door.tell({ topic: 'contacts' })
    await vi.waitFor(() => expect(picking.blocks.internal.total).toBe(6))
    expect(picking.blocks.internal.at(0)?.name).not.toBe(bo.name)
  })
})

describe('a new thread', () => {
  it('is begun with its people and its first message in one step, and is shown', async () => {
    openNewThread()
    await app.newThread.open()
    for (const name of ['Bo Lindqvist', 'Rosa Lind']) app.newThread.picking.toggle(chosen(name))
    app.newThread.compose!.type('Hello both')
    expect(await beginThread()).toBe(true)
    const [args] = called('start_group') as { begin: { people: string[]; text: string } }[]
    expect(args!.begin).toMatchObject({ people: [bo.id, contact('Rosa Lind').id], text: 'Hello both', name: null })
    expect([route.screen, route.place]).toEqual(['messaging', door.groups.all.at(-1)!.talk.place])
    expect([app.newThread.picking.chosen, app.newThread.compose!.text]).toEqual([[], ''])
  })

  it('needs no message', async () => {
    const thread = new NewThread()
    await thread.open()
    for (const name of ['Bo Lindqvist', 'Freja Nyström']) thread.picking.toggle(chosen(name))
    expect(await thread.begin()).toBe(door.groups.all.at(-1)!.talk.place)
    expect(called('send')).toEqual([])
  })

  it('with one person is the thread of both, whether it was there before or not', async () => {
    const thread = new NewThread()
    await thread.open()
    thread.picking.toggle(chosen('Bo Lindqvist'))
    thread.compose!.type('Once more')
    expect(await thread.begin()).toBe(group('Bo Lindqvist').talk.place)
  })

  it('with nobody says so, and keeps the message', async () => {
    const thread = new NewThread()
    await thread.open()
    thread.compose!.type('Hello?')
    expect(await thread.begin()).toBeNull()
    expect([thread.compose!.problem?.code, thread.compose!.text]).toEqual(['no_people', 'Hello?'])
  })

  it('asked for again after a failure is the same intent; changed, it is another', async () => {
    const thread = new NewThread()
    await thread.open()
    thread.picking.toggle(chosen('Rosa Lind'))
    door.refusals.set('start_group', { code: 'storage_failed' })
    thread.compose!.type('Hello')
    await thread.begin()
    await thread.begin()
    thread.picking.toggle(chosen('Bo Lindqvist'))
    await thread.begin()
    const [first, again, other] = called('start_group') as { id: string; begin: { group: string } }[]
    expect([again!.id, again!.begin.group]).toEqual([first!.id, first!.begin.group])
    expect(other!.begin.group).not.toBe(first!.begin.group)
  })

  it('keeps its people and its draft while somebody looks elsewhere', async () => {
    openNewThread()
    await app.newThread.open()
    app.newThread.picking.toggle(chosen('Rosa Lind'))
    app.newThread.compose!.type('Half a')
    await app.newThread.compose!.flush()
    route.go('picklist')
    openNewThread()
    await app.newThread.open()
    expect([app.newThread.picking.chosen.length, app.newThread.compose!.text]).toEqual([1, 'Half a'])
    expect((await core.call('new_group', {})).draft.text).toBe('Half a')
  })

  it('that is not sent yet is taken back with its people and its message', async () => {
    door.status.link = 'offline'
    await app.newThread.open()
    for (const name of ['Bo Lindqvist', 'Rosa Lind']) app.newThread.picking.toggle(chosen(name))
    app.newThread.compose!.type('Too early')
    await beginThread()
    await vi.waitFor(() => expect(door.outbox).toHaveLength(1))
    await takeBack({ place: route.place!, intent: door.outbox[0]!.intent })
    await app.newThread.open()
    expect([route.place, app.newThread.compose!.text]).toEqual(['new', 'Too early'])
    expect(app.newThread.picking.chosen.map((one) => one.name)).toEqual(['Bo Lindqvist', 'Rosa Lind'])
  })

  it('that may be on the server already stays, and what was said in it is written anew there', async () => {
    door.status.link = 'offline'
    await app.newThread.open()
    app.newThread.picking.toggle(chosen('Rosa Lind'))
    app.newThread.compose!.type('Too early')
    await beginThread()
    await vi.waitFor(() => expect(door.outbox).toHaveLength(1))
    const { place, intent } = door.outbox[0]!
    door.tried.add(intent)
    await takeBack({ place, intent })
    expect([route.place, door.talk(place).draft.text]).toEqual([place, 'Too early'])
    expect(door.outbox.map((row) => row.kind)).toEqual(['delete'])
  })

  it('is closed without leaving the threads, where opening it was no step', () => {
    route.go('picklist')
    route.go('messaging')
    route.open('messaging', 'new', false)
    route.close()
    expect([route.screen, route.place]).toEqual(['messaging', null])
  })

  it('offers to begin as soon as somebody is chosen', async () => {
    const thread = new NewThread()
    show(NewThreadScreen, { thread })
    await vi.waitFor(() => expect(thread.compose).not.toBeNull())
    flushSync()
    expect(find(testids.begin)).toBeNull()
    thread.picking.toggle(chosen('Rosa Lind'))
    flushSync()
    expect(find(testids.begin)!.textContent).toContain(w().messaging.begin)
    expect(find(testids.customersBar)!.textContent).toContain(w().messaging.customersIn(1))
  })
})

describe('who is in a thread', () => {
  const open = async () => {
    const members = new Members(boiler().talk.place)
    await members.read()
    return members
  }

  it('is ticked, and what was changed is saved as one batch against it', async () => {
    const members = await open()
    expect(members.picking.chosen.map((one) => one.name)).toEqual(boiler().people.map((one) => one.name))
    members.picking.toggle(chosen('Rosa Lind'))
    members.picking.toggle(chosen('Freja Nyström'))
    members.picking.toggle(chosen('Chidi Okonkwo'))
    members.picking.toggle(chosen('Chidi Okonkwo'))
    expect(await members.save()).toBe(true)
    expect(called('save_members')).toMatchObject([
      { change: { add: [contact('Freja Nyström').id], remove: [contact('Rosa Lind').id], history: 'from_now' } },
    ])
  })

  it('keeps what was ticked when it changes meanwhile', async () => {
    const members = await open()
    members.picking.toggle(chosen('Rosa Lind'))
    members.picking.toggle(chosen('Freja Nyström'))
    boiler().people = [...boiler().people.filter((one) => one.id !== bo.id), contact('Jan de Vries')]
    await members.read()
    expect(members.added.map((one) => one.name)).toEqual(['Freja Nyström'])
    expect(members.removed).toEqual([contact('Rosa Lind').id])
    expect(members.picking.chosen.map((one) => one.name)).toContain('Jan de Vries')
    expect(members.picking.chosen.map((one) => one.name)).not.toContain('Bo Lindqvist')
  })

  it('reads from now when customers are in, everything among colleagues, and what was chosen stays', async () => {
    const members = await open()
    expect(members.history).toBe('from_now')
    for (const one of members.picking.chosen.filter((one) => one.customer)) members.picking.toggle(one)
    expect(members.history).toBe('everything')
    members.history = 'from_now'
    expect(members.history).toBe('from_now')
  })

  it('never loses whose group it is', async () => {
    boiler().owner = bo.id
    const members = await open()
    members.picking.toggle(chosen('Bo Lindqvist'))
    expect(members.picking.has(bo.id)).toBe(true)
  })

  it('that is refused says why and changes nothing', async () => {
    const members = await open()
    members.picking.toggle(chosen('Freja Nyström'))
    door.refusals.set('save_members', { code: 'person_gone', who: 'Freja Nyström' })
    expect(await members.save()).toBe(false)
    expect([members.problem?.code, members.added.length]).toEqual(['person_gone', 1])
  })

  it('asks how far back new people read only when there are some', async () => {
    show(MembersSheet, { place: boiler().talk.place, title: 'Cabin', may: true })
    const toPicker = await vi.waitFor(() => {
      const found = find(testids.addRemoveUsers) ?? find(testids.picker)
      expect(found).not.toBeNull()
      return found!
    })
    toPicker.click()
    await vi.waitFor(() => expect(find(testids.contact, `[data-person='${contact('Freja Nyström').id}']`)).not.toBeNull())
    expect(find(testids.historyNow)).toBeNull()
    find(testids.contact, `[data-person='${contact('Freja Nyström').id}']`)!.click()
    flushSync()
    expect(find(testids.historyNow)!.dataset['chosen']).toBe('true')
    find(testids.historyAll)!.querySelector('input')!.click()
    flushSync()
    find(testids.membersSave)!.click()
    await vi.waitFor(() => expect(called('save_members')).toMatchObject([{ change: { history: 'everything' } }]))
  })

  it('is only looked at without the module', async () => {
    door.status.me!.modules = []
    await app.readStatus()
    show(MembersSheet, { place: boiler().talk.place, title: 'Cabin', may: false })
    await vi.waitFor(() => expect(all(testids.member)).toHaveLength(5))
    flushSync()
    expect([find(testids.addRemoveUsers), find(testids.membersSave)]).toEqual([null, null])
    expect(document.body.textContent).toContain(w().messaging.noModule)
  })

  it('becomes a new group when more are added between two', async () => {
    const { place } = group('Bo Lindqvist').talk
    route.open('messaging', place, false)
    app.show()
    await vi.waitFor(() => expect(app.thread?.view?.group?.direct).toBe(true))
    show(MembersSheet, { place, title: bo.name, may: false })
    await vi.waitFor(() => expect(find(testids.addRemoveUsers)).not.toBeNull())
    find(testids.addRemoveUsers)!.click()
    expect([route.place, app.newThread.picking.chosen.map((one) => one.name)]).toEqual(['new', ['Bo Lindqvist']])
  })
})

