// What the tests of the Configurator share: an admin's desk, and a page of it on show.
import { flushSync } from 'svelte'
import { beforeEach, expect, vi } from 'vitest'
import type { AdminAsk } from '../gen/types'
import Above from '../parts/Above.svelte'
import Configurator from '../screens/Configurator.svelte'
import { app } from '../state/app.svelte'
import { links } from '../state/configurator/links.svelte'
import { route } from '../state/route.svelte'
import { testids } from '../testids'
import { door, find, hideAll, show } from './thread_stage'

beforeEach(async () => {
  links.forget()
  door.status.me!.person.role = 'admin'
  await app.readStatus()
})

/** Shows the Configurator at a page, once that has been read. */
export async function open(place: string): Promise<void> {
  await hideAll()
  route.go('configurator')
  route.into(place)
  show(Configurator, {})
  show(Above, {})
  await vi.waitFor(() => expect(document.querySelector('.pane [aria-busy]')).toBeNull())
  flushSync()
}

export function type(testid: string, text: string, more = ''): void {
  const field = find(testid, more) as HTMLInputElement
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
  flushSync()
}

export function click(testid: string, more = ''): void {
  const button = find(testid, more)
  expect(button, `${testid}${more}`).toBeTruthy()
  button!.click()
  flushSync()
}

/** Every ask of a kind, in order. */
export const asked = <A extends AdminAsk['ask']>(kind: A): Extract<AdminAsk, { ask: A }>[] =>
  door.calls.filter(({ name }) => name === 'admin').map(({ args }) => (args as { ask: AdminAsk }).ask).filter((ask): ask is Extract<AdminAsk, { ask: A }> => ask.ask === kind)

export const people = () => door.configurator.register.people
export const called = (name: string) => people().find((one) => one.name === name)!

/** Waits until something that was saved is said. */
export async function saved(): Promise<string> {
  await vi.waitFor(() => expect(find(testids.saved)).toBeTruthy())
  return find(testids.saved)!.textContent ?? ''
}
