import { flushSync } from 'svelte'
import { describe, expect, it, vi } from 'vitest'
import GroupBars from '../parts/GroupBars.svelte'
import Picker from '../parts/Picker.svelte'
import GroupsPane from '../screens/GroupsPane.svelte'
import { app } from '../state/app.svelte'
import { Picking } from '../state/picking.svelte'
import { testids } from '../testids'
import { w } from '../words/language.svelte'
import { all, boiler, called, contact, door, find, press, show } from './thread_stage'

function be(role: 'agent' | 'admin' | 'client'): void {
  door.status.me!.person.role = role
  app.take({ ...app.status!, me: { ...app.status!.me!, person: { ...app.status!.me!.person, role } } })
}

async function picker(): Promise<Picking> {
  const picking = new Picking()
  show(Picker, { picking })
  await vi.waitFor(() => expect(all(testids.contact).length).toBeGreaterThan(5))
  return picking
}

describe('a client who is not signed up', () => {
  it('is invited from their row by an admin, who copies the link', async () => {
    be('admin')
    await picker()
    const mateo = contact('Mateo Fernández')
    const row = find(testids.contact, `[data-person='${mateo.id}']`)!
    row.querySelector<HTMLElement>(`[data-testid='${testids.inviteClient}']`)!.click()
    await vi.waitFor(() => expect(find(testids.inviteLink)).toBeTruthy())
    expect((find(testids.inviteLink) as HTMLInputElement).value).toMatch(/^https?:\/\/.+\/#invite=.{20}/)
    expect(called('admin')).toEqual([{ ask: { ask: 'reset', person: mateo.id } }])
    expect(row.getAttribute('aria-selected')).toBe('false')
    const write = vi.fn(() => Promise.resolve())
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText: write } })
    find(testids.inviteCopy)!.click()
    await vi.waitFor(() => expect(find(testids.inviteCopy)!.textContent).toContain(w().invite.copied))
    expect(write).toHaveBeenCalledWith((find(testids.inviteLink) as HTMLInputElement).value)
    vi.unstubAllGlobals()
    find(testids.inviteClose)!.click()
    flushSync()
    expect(find(testids.invite)).toBeNull()
  })

  it('is invited by a key as well, and by a button once chosen', async () => {
    be('admin')
    const picking = await picker()
    const mateo = contact('Mateo Fernández')
    find(testids.contact, `[data-person='${mateo.id}']`)!.focus()
    press('i')
    flushSync()
    expect(picking.inviting?.id).toBe(mateo.id)
    find(testids.inviteClose)!.click()
    flushSync()
    find(testids.contact, `[data-person='${mateo.id}']`)!.focus()
    press('Enter')
    flushSync()
    const button = all(testids.inviteClient).find((one) => one.tagName === 'BUTTON')!
    button.click()
    flushSync()
    expect(picking.inviting?.id).toBe(mateo.id)
  })

  it('is told of a failure in a sentence, and asked again', async () => {
    be('admin')
    door.status.link = 'offline'
    const picking = await picker()
    picking.inviting = contact('Mateo Fernández')
    await vi.waitFor(() => expect(find(testids.invite)!.querySelector('[data-code=unreachable]')).toBeTruthy())
  })

  it('is greyed without a way to invite for everybody else, and plain once signed up', async () => {
    be('agent')
    await picker()
    expect(all(testids.inviteClient)).toHaveLength(0)
    expect(find(testids.contact, `[data-person='${contact('Mateo Fernández').id}']`)!.textContent).toContain(w().messaging.notSignedUp)
    expect(find(testids.contact, `[data-person='${contact('Rosa Lind').id}']`)!.textContent).not.toContain(w().messaging.notSignedUp)
  })
})

describe('a client’s own view', () => {
  it('has no kinds of threads, no way to a new one, and a sentence of its own', async () => {
    door.groups.all = []
    door.status.me!.modules = []
    door.status.me!.person.role = 'client'
    await app.readStatus()
    await app.groups.read()
    show(GroupsPane, { list: app.groups })
    await vi.waitFor(() => expect(document.body.textContent).toContain(w().messaging.emptyClient(app.status!.me!.workspace)[1]))
    expect([find(testids.tabInternal), find(testids.newThread), find(testids.newGroup)]).toEqual([null, null, null])
  })

  it('tells of the other customers, not of themself', () => {
    be('client')
    const group = door.groups.facts(boiler().talk.place)!.group
    const bar = () => find(testids.customersBar)
    show(GroupBars, { place: boiler().talk.place, title: 'x', group: { ...group, direct: false, customers: 1 } })
    expect(bar()).toBeNull()
    show(GroupBars, { place: boiler().talk.place, title: 'x', group: { ...group, direct: false, customers: 3 } })
    expect(bar()!.textContent).toContain(w().messaging.othersIn(2))
  })
})
