import { flushSync } from 'svelte'
import { describe, expect, it, vi } from 'vitest'
import Above from '../parts/Above.svelte'
import OwnDevices from '../parts/OwnDevices.svelte'
import { overlays } from '../state/overlay.svelte'
import { testids } from '../testids'
import { w } from '../words/language.svelte'
import { all, called, door, find, show } from './thread_stage'

async function list(): Promise<void> {
  show(OwnDevices, {})
  show(Above, {})
  await vi.waitFor(() => expect(all(testids.ownDevice).length).toBeGreaterThan(0))
}

function type(testid: string, text: string): void {
  const box = find(testid) as HTMLInputElement
  box.value = text
  box.dispatchEvent(new Event('input', { bubbles: true }))
  flushSync()
}

async function confirmed(left: number): Promise<void> {
  flushSync()
  find(testids.confirmYes)!.click()
  await vi.waitFor(() => expect(all(testids.ownDevice)).toHaveLength(left))
}

describe('one’s own devices', () => {
  it('stand there, this one first and without a way to end it', async () => {
    await list()
    expect(all(testids.ownDevice).map((one) => one.dataset['this'])).toEqual(['true', 'false', 'false'])
    expect(all(testids.ownDeviceEnd)).toHaveLength(2)
    expect(all(testids.ownDevice)[0]!.textContent).toContain(w().own.current)
  })

  it('are signed out one by one, after a question by name, and it is said', async () => {
    await list()
    all(testids.ownDeviceEnd)[0]!.click()
    flushSync()
    expect(called('sign_out_device')).toEqual([])
    expect(document.body.textContent).toContain(w().own.endTitle('Pixel 9'))
    await confirmed(2)
    expect(document.body.textContent).toContain(w().own.ended('Pixel 9'))
  })

  it('are signed out all at once', async () => {
    await list()
    find(testids.ownDevicesEnd)!.click()
    await confirmed(1)
    expect([find(testids.ownDevicesEnd), called('sign_out_others').length]).toEqual([null, 1])
  })

  it('are asked for again where there was no signal', async () => {
    door.status.link = 'offline'
    show(OwnDevices, {})
    await vi.waitFor(() => expect(document.querySelector('[data-code=unreachable]')).toBeTruthy())
    door.status.link = 'live'
    ;[...document.querySelectorAll('button')].find((one) => one.textContent === w().app.again)!.click()
    await vi.waitFor(() => expect(all(testids.ownDevice)).toHaveLength(3))
  })
})

describe('one’s own password', () => {
  async function sheet(): Promise<void> {
    await list()
    find(testids.passwordOpen)!.click()
    flushSync()
  }
  const save = () => (find(testids.passwordSave) as HTMLButtonElement)

  it('is changed by the old one', async () => {
    await sheet()
    expect(save().disabled).toBe(true)
    type(testids.passwordOld, door.own.password)
    type(testids.passwordNew, 'a green kettle in a valley')
    save().click()
    await vi.waitFor(() => expect(find(testids.passwordDone)).toBeTruthy())
    expect(door.own.password).toBe('a green kettle in a valley')
  })

  it('stays when the old one is wrong, or the new one weak: each is said at its field', async () => {
    await sheet()
    type(testids.passwordOld, 'not this one')
    type(testids.passwordNew, 'short')
    save().click()
    await vi.waitFor(() => expect(find(testids.passwordOld)!.getAttribute('aria-invalid')).toBe('true'))
    expect(document.body.textContent).toContain(w().own.wrong)
    type(testids.passwordOld, door.own.password)
    save().click()
    await vi.waitFor(() => expect(find(testids.passwordNew)!.getAttribute('aria-invalid')).toBe('true'))
    expect(document.querySelector('[data-code=weak_password]')).toBeTruthy()
    expect(find(testids.passwordOld)!.getAttribute('aria-invalid')).toBe('false')
    overlays.close()
  })
})
