import { beforeEach, describe, expect, it, vi } from 'vitest'
import { asProblem, core, mapAddress, useDoor } from '../core'
import { FakeDoor, workspace } from '../core.fake'
import { mint } from '../ids'
import { app } from '../state/app.svelte'
import { arrival, route } from '../state/route.svelte'
import { completeAddress, SignIn } from '../state/sign_in.svelte'

let door: FakeDoor
beforeEach(() => {
  door = new FakeDoor(workspace(1_763_700_000_000), () => 1_763_700_000_000)
  useDoor(door)
  history.replaceState(null, '', '#/picklist')
})

describe('the door', () => {
  it('turns whatever was thrown into a problem', async () => {
    expect(asProblem(new TypeError('x'))).toEqual({ code: 'internal' })
    door.refusals.set('status', { code: 'in_use' })
    await expect(core.call('status', {})).rejects.toEqual({ code: 'in_use' })
  })

  it('fetches a picture once for all who show it, and again after it failed', async () => {
    const made = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:one')
    const of = { from: 'blob', hash: 'a'.repeat(64) } as const
    door.picture = vi.fn(() => Promise.resolve(new ArrayBuffer(4)))
    expect(await Promise.all([core.picture(of), core.picture(of)])).toEqual(['blob:one', 'blob:one'])
    expect(door.picture).toHaveBeenCalledOnce()
    const other = { from: 'blob', hash: 'b'.repeat(64) } as const
    door.picture = vi.fn().mockRejectedValueOnce({ code: 'unreachable' }).mockResolvedValue(new ArrayBuffer(4))
    await expect(core.picture(other)).rejects.toEqual({ code: 'unreachable' })
    expect(await core.picture(other)).toBe('blob:one')
    made.mockRestore()
  })

  it('keeps a bounded number of pictures alive', async () => {
    let made = 0
    const create = vi.spyOn(URL, 'createObjectURL').mockImplementation(() => `blob:${made++}`)
    const revoke = vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined)
    door.picture = () => Promise.resolve(new ArrayBuffer(4))
    for (let i = 0; i < 260; i++) await core.picture({ from: 'blob', hash: String(i).padStart(64, '0') })
    await Promise.resolve()
    expect(revoke.mock.calls.map(([url]) => url).slice(0, 2)).toEqual(['blob:0', 'blob:1'])
    expect(made - revoke.mock.calls.length).toBe(240)
    create.mockRestore()
    revoke.mockRestore()
  })

  it('takes the pictures of a paste from the paste, from the system where that brings none, and leaves words alone', async () => {
    const picture = new File([new Uint8Array([0x89, 0x50])], 'image.png', { type: 'image/png' })
    const held = (types: string[], files: File[] = []) => ({ types, files }) as unknown as DataTransfer
    expect(await core.pasted(held(['Files'], [picture]))).toEqual([picture])
    expect(core.pasted(held([]))).toBeNull()
    const pastedPictures = vi.fn(() => Promise.resolve([picture]))
    Object.assign(door, { pastedPictures })
    expect(await core.pasted(held([]))).toEqual([picture])
    expect(core.pasted(held(['text/plain']))).toBeNull()
    expect(pastedPictures).toHaveBeenCalledOnce()
    pastedPictures.mockRejectedValue(new DOMException('no', 'NotAllowedError'))
    expect(await core.pasted(held([]))).toEqual([])
  })

  it('shows a place where it is', () => {
    expect(mapAddress({ latitude: -1.5, longitude: 2 })).toBe('https://www.openstreetmap.org/?mlat=-1.500000&mlon=2.000000#map=17/-1.500000/2.000000')
  })
})

describe('an id', () => {
  it('is a UUIDv7 of its moment', () => {
    const id = mint(0x0123456789ab)
    expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(mint()).not.toBe(mint())
  })
})

describe('what a link brings', () => {
  it('is taken out of the address at once', () => {
    history.replaceState(null, '', '#invite=s3cret')
    expect(arrival()).toEqual({ by: 'invite', secret: 's3cret' })
    expect(location.hash).toBe('')
    expect(arrival()).toEqual({ by: 'nothing' })
  })

  it('may be a demo sign-in, whose password may hold anything', () => {
    history.replaceState(null, '', '#demo=ana:a:b%')
    expect(arrival()).toMatchObject({ by: 'demo', login: 'ana', password: 'a:b%' })
  })
})

describe('the way back', () => {
  it('from a conversation on a phone is its list', async () => {
    route.follow()
    route.open('picklist', 'c0000000-0000-7000-8000-000000000001', true)
    expect(location.hash).toContain('/c0000000')
    route.close()
    await vi.waitFor(() => expect(route.place).toBeNull())
    expect(route.screen).toBe('picklist')
  })
})

describe('signing in', () => {
  it.each([
    ['chat.example.com/', 'https://chat.example.com'],
    ['http://127.0.0.1:8737', 'http://127.0.0.1:8737'],
    ['  ', ''],
  ])('completes %s to %s', (typed, address) => expect(completeAddress(typed)).toBe(address))

  it('says under the address when that is no Fieldline server', async () => {
    const signIn = new SignIn()
    signIn.fill({ server: 'https://portal.example', login: 'ana', password: 'correct horse' })
    door.refusals.set('sign_in', { code: 'not_a_server' })
    await signIn.submit()
    expect(signIn.problemField).toBe('server')
    door.refusals.set('sign_in', { code: 'wrong_password' })
    await signIn.submit()
    expect(signIn.problemField).toBe('password')
    expect(signIn.password).toBe('correct horse')
  })

  it('asks nothing of the server while a field is empty', async () => {
    const signIn = new SignIn()
    await signIn.submit()
    expect(signIn.missing).toBe('server')
    expect(door.calls).toEqual([])
  })

  it('opens the conversation of a notification in the list it stands in', async () => {
    await app.start()
    const { rows } = await core.call('rows', { section: 'conversations', sort: 'newest', search: '', page: { from: 0, limit: 1 } })
    door.choose(rows[0]!.place)
    await vi.waitFor(() => expect(location.hash).toBe(`#/conversations/${rows[0]!.place}`))
  })

  it('keeps nothing of the person before', async () => {
    await app.start()
    const before = app.lists.conversations
    app.take({ ...app.status!, me: { workspace: 'Other', modules: [], person: { id: 'b', name: 'Bo', role: 'agent' } } })
    expect(app.lists.conversations).not.toBe(before)
  })
})
