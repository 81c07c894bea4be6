// What the scenes of the gallery are made of, and the hands that bring a page there.
import type { FakeDoor } from '../core.fake'

export interface Scene {
  /** The address, by what the workspace holds. */
  route: (door: FakeDoor) => string
  /** Changes the workspace before the app starts. */
  set?: (door: FakeDoor) => void
  /** Clicked one after another, by data-testid, or by another selector. */
  click?: string[]
  /** Done to the page after the clicks. */
  then?: (door: FakeDoor) => void | Promise<void>
}

/** An address that is always the same. */
export const to = (address: string) => () => address

export function offline(door: FakeDoor): void {
  door.status.link = 'offline'
  door.status.link_problem = { code: 'unreachable' }
  door.status.synced_at_ms = door.now() - 9 * 60_000
}

export function write(selector: string, text: string): void {
  const field = document.querySelector<HTMLInputElement>(selector)
  if (!field) return
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

export function press(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.click()
}
export async function pressLater(selector: string): Promise<void> {
  await new Promise((done) => setTimeout(done, 150))
  press(selector)
}
