import { flushSync } from 'svelte'
import { describe, expect, it, vi } from 'vitest'
import type { Code } from '../gen/types'
import Sidebar from '../screens/Sidebar.svelte'
import { app } from '../state/app.svelte'
import { overlays } from '../state/overlay.svelte'
import { route } from '../state/route.svelte'
import { testids } from '../testids'
import { w } from '../words/language.svelte'
import { asked, called, click, open, people, saved, type } from './configurator_stage'
import { all, door, find, show } from './thread_stage'

const words = () => w().configurator.people

describe('the Configurator', () => {
  it.each([['agent', false], ['client', false], ['admin', true]] as const)('of a person who is %s is there: %s', async (role, there) => {
    door.status.me!.person.role = role
    await app.readStatus()
    show(Sidebar, {})
    expect(find(testids.navConfigurator) !== null).toBe(there)
  })

  it('is left by who is no admin any more', async () => {
    route.go('configurator')
    app.show()
    expect(route.screen).toBe('configurator')
    door.status.me!.person.role = 'agent'
    await app.readStatus()
    app.show()
    expect(route.screen).toBe('picklist')
  })

  it('says without a connection that nothing can be saved, and keeps what is typed', async () => {
    await open(`people/${called('Chidi Okonkwo').id}`)
    type(testids.personName, 'Chidi O.')
    door.status.link = 'offline'
    await app.readStatus()
    flushSync()
    expect(find(testids.configuratorOffline)!.textContent).toBe(w().configurator.offline)
    expect((find(testids.save) as HTMLButtonElement).disabled).toBe(true)
    expect((find(testids.personName) as HTMLInputElement).value).toBe('Chidi O.')
    door.status.link = 'live'
    await app.readStatus()
    flushSync()
    click(testids.save)
    expect(await saved()).toContain('Chidi O.')
  })

  it('reads a page again by itself when the connection is back', async () => {
    door.status.link = 'offline'
    await app.readStatus()
    await open('people')
    expect(all(testids.personRow)).toHaveLength(0)
    door.status.link = 'live'
    await app.readStatus()
    await vi.waitFor(() => expect(all(testids.personRow).length).toBeGreaterThan(5))
  })
})

describe('the people', () => {
  it('are searched by the server, and only the last search is shown', async () => {
    await open('people')
    type(testids.peopleSearch, 'zzz')
    type(testids.peopleSearch, 'chidi')
    await vi.waitFor(() => expect(all(testids.personRow)).toHaveLength(1))
    expect(asked('people').map(({ search }) => search)).toEqual(['', 'chidi'])
  })

  it('are shown by what they are', async () => {
    await open('people')
    click(testids.peopleRole, "[data-role='client']")
    await vi.waitFor(() => expect(all(testids.personRow).length).toBe(people().filter(({ role }) => role === 'client').length))
  })

  it('come page by page, nobody twice', async () => {
    const one = called('Rosa Lind')
    for (let i = 0; i < 120; i++) people().push({ ...one, id: `a9000000-0000-7000-8000-${String(i).padStart(12, '0')}`, name: `Client ${i}` })
    await open('people')
    expect(all(testids.personRow)).toHaveLength(50)
    click(testids.more)
    await vi.waitFor(() => expect(all(testids.personRow)).toHaveLength(100))
    click(testids.more)
    await vi.waitFor(() => expect(find(testids.more)).toBeNull())
    const ids = all(testids.personRow).map((row) => row.dataset['person'])
    expect(new Set(ids).size).toBe(people().length)
  })
})

describe('somebody new', () => {
  it('is added with a link as text and as a QR code, and the link is gone once it was left', async () => {
    await open('people/new')
    type(testids.personName, 'Bodil Holm')
    type(testids.personLogin, 'bodil')
    click(testids.save)
    await vi.waitFor(() => expect(find(testids.inviteLink)).toBeTruthy())
    const { id } = called('Bodil Holm')
    expect(route.place).toBe(`people/${id}`)
    expect(asked('add_person')[0]).toMatchObject({ id, role: 'agent', login: 'bodil', modules: ['messaging.company'] })
    expect((find(testids.inviteLink) as HTMLInputElement).value).toContain('/#invite=')
    expect(document.querySelector('svg.qr path')!.getAttribute('d')!.length).toBeGreaterThan(1000)
    await open('people')
    await open(`people/${id}`)
    expect(find(testids.inviteLink)).toBeNull()
  })

  it('is asked for again with the same id after an answer that was lost', async () => {
    await open('people/new')
    type(testids.personName, 'Bodil Holm')
    type(testids.personLogin, 'bodil')
    door.refusals.set('admin', { code: 'unreachable' })
    click(testids.save)
    await vi.waitFor(() => expect(find(testids.saveProblem)).toBeTruthy())
    door.refusals.clear()
    click(testids.save)
    await vi.waitFor(() => expect(find(testids.inviteLink)).toBeTruthy())
    const ids = asked('add_person').map(({ id }) => id)
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  it('with a login that somebody has is refused next to that field, and all typed stays', async () => {
    await open('people/new')
    type(testids.personName, 'Bodil Holm')
    type(testids.personLogin, 'bo')
    click(testids.save)
    await vi.waitFor(() => expect(find(testids.personLogin)!.getAttribute('aria-invalid')).toBe('true'))
    const said = document.getElementById(find(testids.personLogin)!.getAttribute('aria-describedby')!.split(' ').find((id) => id.endsWith('problem'))!)
    expect(said!.dataset['code']).toBe('login_taken')
    expect((find(testids.personName) as HTMLInputElement).value).toBe('Bodil Holm')
    await vi.waitFor(() => expect(document.activeElement).toBe(find(testids.personLogin)))
  })

  it('without a name or login is not asked for', async () => {
    await open('people/new')
    type(testids.personLogin, 'bodil')
    click(testids.save)
    expect(find(testids.personName)!.getAttribute('aria-invalid')).toBe('true')
    expect(asked('add_person')).toHaveLength(0)
  })
})

describe('a person', () => {
  it('is saved with only what is another, and it is said', async () => {
    const chidi = called('Chidi Okonkwo')
    await open(`people/${chidi.id}`)
    click(testids.personModule, "[data-value='messaging.company']")
    expect(find(testids.saveBar)!.textContent).toContain(words().modulesTitle)
    click(testids.save)
    expect(await saved()).toContain(`${words().modulesTitle}: \u2068${words().none}\u2069`)
    expect(asked('edit_person')).toEqual([{ ask: 'edit_person', id: chidi.id, modules: [] }])
    expect(called('Chidi Okonkwo').modules).toEqual([])
  })

  it('is not left with something typed before that was asked', async () => {
    await open(`people/${called('Chidi Okonkwo').id}`)
    type(testids.personName, 'Chidi')
    route.go('picklist')
    expect(route.screen).toBe('configurator')
    expect(overlays.current.kind).toBe('question')
    overlays.close()
    expect((find(testids.personName) as HTMLInputElement).value).toBe('Chidi')
    route.go('picklist')
    flushSync()
    click(testids.confirmYes)
    expect(route.screen).toBe('picklist')
  })

  it('that is refused keeps what was typed, with the sentence next to its field', async () => {
    const { id } = called('Ana Torres')
    await open(`people/${id}`)
    find(testids.personRole)!.querySelector<HTMLInputElement>('input[value=agent]')!.click()
    flushSync()
    click(testids.save)
    await vi.waitFor(() => expect(document.querySelector('.pane [data-code=yourself]')).toBeTruthy())
    expect(find(testids.personRole)!.dataset['value']).toBe('agent')
    expect(called('Ana Torres').role).toBe('admin')
  })

  it('is disabled only after what becomes of their conversations was said', async () => {
    const bo = called('Bo Lindqvist')
    await open(`people/${bo.id}`)
    click(testids.personDisable)
    const { text } = (overlays.current as Extract<typeof overlays.current, { kind: 'question' }>).question
    expect(text).toContain(words().disableOpen(4))
    expect(called('Bo Lindqvist').enabled).toBe(true)
    click(testids.confirmYes)
    await vi.waitFor(() => expect(find(testids.personEnable)).toBeTruthy())
    expect(called('Bo Lindqvist').enabled).toBe(false)
    expect(all(testids.device, "[data-state='signed_in']")).toHaveLength(0)
  })

  it('has their second factor taken away after a question by name', async () => {
    const bo = called('Bo Lindqvist')
    await open(`people/${bo.id}`)
    click(testids.personFactorRemove)
    expect((overlays.current as Extract<typeof overlays.current, { kind: 'question' }>).question.title).toBe(words().factorTitle('Bo Lindqvist'))
    expect(asked('remove_second_factor')).toEqual([])
    click(testids.confirmYes)
    await vi.waitFor(() => expect(find(testids.personFactorRemove)).toBeNull())
    expect(asked('remove_second_factor')).toEqual([{ ask: 'remove_second_factor', person: bo.id }])
    expect(find(testids.personAccess)!.textContent).toContain(words().factorRemoved('Bo Lindqvist'))
  })

  it('turns their own second factor off in Settings alone', async () => {
    called('Ana Torres').second_factor_since_ms = door.now()
    await open(`people/${called('Ana Torres').id}`)
    expect(find(testids.personAccess)!.textContent).toContain(words().factorOwn)
    expect(find(testids.personFactorRemove)).toBeNull()
  })

  it('cannot disable themself here', async () => {
    await open(`people/${called('Ana Torres').id}`)
    expect(find(testids.personDisable)).toBeNull()
  })

  it('has each device signed out or blocked, and says so', async () => {
    const bo = called('Bo Lindqvist')
    await open(`people/${bo.id}`)
    await vi.waitFor(() => expect(all(testids.device, "[data-state='signed_in']")).toHaveLength(2))
    const first = find(testids.device, "[data-state='signed_in']")!.dataset['device']!
    click(testids.deviceSignOut)
    await vi.waitFor(() => expect(find(testids.device, `[data-device='${first}']`)!.dataset['state']).toBe('signed_out'))
    expect(asked('sign_out')).toEqual([{ ask: 'sign_out', person: bo.id, device: first }])
    const second = find(testids.device, "[data-state='signed_in']")!
    second.querySelector<HTMLElement>(`[data-testid='${testids.deviceBlock}']`)!.click()
    flushSync()
    expect(asked('block_device')).toHaveLength(0)
    click(testids.confirmYes)
    await vi.waitFor(() => expect(find(testids.device, `[data-device='${second.dataset['device']}']`)!.dataset['state']).toBe('blocked'))
  })

  it('who is gone is told in a sentence', async () => {
    await open('people/a0000000-0000-7000-8000-00000000ffff')
    await vi.waitFor(() => expect(document.querySelector(`[data-code='${'not_found' satisfies Code}']`)).toBeTruthy())
  })
})

describe('a person’s address', () => {
  it('finds them without their list, however many there are', async () => {
    const one = called('Rosa Lind')
    for (let i = 0; i < 120; i++) people().push({ ...one, id: `a8000000-0000-7000-8000-${String(i).padStart(12, '0')}`, name: `Client ${i}` })
    const last = people().at(-1)!
    last.name = 'Zoe Last'
    await open(`people/${last.id}`)
    await vi.waitFor(() => expect((find(testids.personName) as HTMLInputElement).value).toBe('Zoe Last'))
    expect(asked('people').map(({ search, from }) => [search, from])).toEqual([[last.id, 0]])
  })
})
