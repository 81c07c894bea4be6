// What people do with message threads. Where it is offered, the table in `actions.ts` says.
import { core } from './core'
import { mint } from './ids'
import { app } from './state/app.svelte'
import { frame } from './state/frame.svelte'
import { overlays } from './state/overlay.svelte'
import { newPlace, route } from './state/route.svelte'
import { w } from './words/language.svelte'

/** What is to be known of a thread to say what may be done with it. */
export interface InGroup {
  /** Whether it is called by a name of its own. */
  named: boolean
  can: { rename: boolean; leave: boolean }
}

/** Shows the thread that is not begun yet. */
export function openNewThread(): void {
  route.open('messaging', newPlace, !frame.wide)
}

/** Begins the new thread and shows it. Answers whether it was begun. */
export async function beginThread(): Promise<boolean> {
  const place = await app.newThread.begin()
  if (place) route.open('messaging', place, !frame.wide)
  return place !== null
}

/** Takes a thread that is not begun yet back to where it is composed, with its people and its first message.
 * One that may have been begun stays: its message is deleted there, and written anew. */
export async function takeBack({ place, intent }: { place: string; intent: string }): Promise<void> {
  const { people } = await core.call('group_people', { place }).catch(() => ({ people: [] }))
  await core.call('discard', { intent, keep: true })
  const stays = (await core.call('outbox', {})).some((row) => row.place === place && row.kind === 'delete')
  if (stays) return route.open('messaging', place, !frame.wide)
  const others = people.filter((one) => !one.me).map(({ id, name, customer }) => ({ id, name, customer }))
  if (others.length > 0) app.newThread.picking.chosen = others
  if (route.place === place) route.open('messaging', newPlace, false)
  else openNewThread()
}

/** Shows who is in a thread; `may` says whether this person may change that. */
export function openMembers(shown: { place: string; title: string; may: boolean }): void {
  overlays.show({ kind: 'members', ...shown })
}

/** Asks by name, then goes out. */
export function askLeave({ place, title }: { place: string; title: string }): void {
  const words = w().messaging
  const leave = async () => {
    const done = await app.attempt(() => core.call('leave_group', { id: mint(), place }))
    if (done && route.place === place) route.close()
  }
  overlays.ask({
    title: words.leaveTitle(title),
    text: words.leaveText,
    yes: words.leaveYes,
    no: words.leaveNo,
    danger: true,
    onYes: () => void leave(),
  })
}
