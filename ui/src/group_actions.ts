// What may be done with a message thread, in ONE table: the row's menu, its context
// menu and the thread's three dots read it.
import { openPlace } from './actions'
import { core } from './core'
import type { GroupRow, Thread } from './gen/types'
import { mint } from './ids'
import type { IconName } from './parts/icons'
import { app } from './state/app.svelte'
import { frame } from './state/frame.svelte'
import { overlays, type MenuItem } from './state/overlay.svelte'
import { newPlace, route } from './state/route.svelte'
import { testids } from './testids'
import { w } from './words/language.svelte'

export interface GroupTarget {
  place: string
  title: string
  named: boolean
  muted: boolean
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

/** Takes a thread that is not begun yet back to where it is composed, with its people and its first message. */
export async function takeBack({ place, intent }: { place: string; intent: string }): Promise<void> {
  const { people } = await core.call('group_people', { place }).catch(() => ({ people: [] }))
  await core.call('discard', { intent, keep: true })
  const others = people.filter((one) => !one.me).map(({ id, name, customer }) => ({ id, name, customer }))
  if (others.length > 0) app.newThread.picking.chosen = others
  if (route.place === place) route.open('messaging', newPlace, false)
  else openNewThread()
}

/** Shows who is in a thread; `may` says whether this person may change that. */
export function openMembers(shown: { place: string; title: string; may: boolean }): void {
  overlays.show({ kind: 'members', ...shown })
}

async function mute({ place, muted }: GroupTarget): Promise<void> {
  await app.attempt(() => core.call('mute', { id: mint(), place, muted: !muted }))
}

/** Asks by name, then goes out. */
function askLeave({ place, title }: GroupTarget): void {
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

interface GroupAction {
  id: 'open' | 'rename' | 'mute' | 'unmute' | 'leave'
  testid: string
  icon: IconName
  danger?: boolean
  able: (target: GroupTarget) => boolean
  run: (target: GroupTarget) => void
}

const actions: readonly GroupAction[] = [
  {
    id: 'open',
    testid: testids.menuOpen,
    icon: 'open',
    able: ({ place }) => app.thread?.place !== place,
    run: ({ place }) => openPlace(place),
  },
  {
    id: 'rename',
    testid: testids.threadRename,
    icon: 'edit',
    able: ({ can }) => can.rename,
    run: ({ place, title, named }) => overlays.show({ kind: 'rename', place, name: named ? title : '' }),
  },
  { id: 'mute', testid: testids.threadMute, icon: 'mute', able: ({ muted }) => !muted, run: (target) => void mute(target) },
  { id: 'unmute', testid: testids.threadMute, icon: 'bell', able: ({ muted }) => muted, run: (target) => void mute(target) },
  { id: 'leave', testid: testids.threadLeave, icon: 'signout', danger: true, able: ({ can }) => can.leave, run: askLeave },
]

/** The actions that fit a thread now, as a menu shows them. */
export function groupMenu(target: GroupTarget): MenuItem[] {
  return actions
    .filter((action) => action.able(target))
    .map(({ id, testid, icon, danger = false, run }) => ({ id, testid, icon, danger, label: w().messaging[id], run: () => run(target) }))
}

/** A row says less than a thread: between two there is nothing to name or to leave. */
export function targetOfGroupRow({ place, title, named, muted, direct, pending }: GroupRow): GroupTarget {
  return { place, title, named, muted, can: { rename: !direct, leave: !direct && !pending } }
}

export function targetOfGroup({ place, name, group }: Thread): GroupTarget | null {
  return group && { place, title: name ?? '', named: group.named, muted: group.muted, can: group.can }
}
