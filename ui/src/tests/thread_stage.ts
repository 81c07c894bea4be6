// What the tests of message threads share: the made-up workspace, and a page to show screens on.
import { flushSync, mount, unmount, type Component } from 'svelte'
import { afterEach, beforeEach } from 'vitest'
import { core, useDoor } from '../core'
import { FakeDoor, workspace } from '../core.fake'
import { app } from '../state/app.svelte'
import { overlays } from '../state/overlay.svelte'
import { route } from '../state/route.svelte'

const now = new Date(2026, 10, 21, 12, 0).getTime()

/** The workspace of the test that runs. */
export let door: FakeDoor
let shown: object[] = []

export async function hideAll(): Promise<void> {
  for (const one of shown) await unmount(one)
  shown = []
}

beforeEach(async () => {
  door = new FakeDoor(workspace(now), () => now)
  useDoor(door)
  history.replaceState(null, '', '#/messaging')
  app.take({ ...(await core.call('status', {})), me: null })
  await app.readStatus()
  route.go('messaging')
})
afterEach(async () => {
  overlays.close()
  await hideAll()
  document.body.innerHTML = ''
})

export function show<Props extends object>(component: Component<Props>, props: Props): void {
  shown.push(mount(component as Component<object>, { target: document.body, props }))
  flushSync()
}
export const find = (testid: string, more = '') => document.querySelector<HTMLElement>(`[data-testid='${testid}']${more}`)
export const all = (testid: string, more = '') => [...document.querySelectorAll<HTMLElement>(`[data-testid='${testid}']${more}`)]
export const press = (key: string) => document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
export const group = (name: string) => door.groups.all.find((one) => one.name === name || (!one.name && one.people.length < 3 && one.people[0]!.name === name))!
export const boiler = () => group('Cabin boiler, Forest Road')
export const contact = (name: string) => door.groups.contacts.find((one) => one.name === name)!
export const chosen = (name: string) => ({ ...contact(name), customer: contact(name).block === 'customer' })
export const called = (name: string) => door.calls.filter((call) => call.name === name).map((call) => call.args)
