// What may be done with a conversation or a message thread, in ONE table: the row's
// menu, its context menu, what a swipe shows, the three dots and the keys all read it,
// so nothing can be done by one way only.
import { core } from './core'
import type { Can, GroupRow, Row, SoundLevel, Thread } from './gen/types'
import { askLeave, type InGroup } from './group_actions'
import { mint } from './ids'
import type { IconName } from './parts/icons'
import { app } from './state/app.svelte'
import { frame } from './state/frame.svelte'
import { overlays, type MenuItem } from './state/overlay.svelte'
import { isListed, route } from './state/route.svelte'
import type { Sought } from './state/thread.svelte'
import { testids } from './testids'
import { titleOf } from './words/customer'
import { w } from './words/language.svelte'

export interface Target {
  place: string
  title: string
  /** How many messages in it are unread; a screen that shows it says none. */
  unread: number
  /** How loud its news is set to be. */
  sound: SoundLevel | null
  /** Of a conversation; in a thread nothing of it fits. */
  can: Can
  /** Of a message thread alone. */
  group: InGroup | null
}

interface Action {
  id: 'open' | 'read' | 'pick' | 'notes' | 'customer' | 'transfer' | 'reopen' | 'end' | 'find' | 'sound' | 'rename' | 'mute' | 'unmute' | 'leave'
  testid: string
  icon: IconName
  danger: boolean
  /** Whether a swipe shows it beside More, and does it when it goes the whole way. */
  swiped: boolean
  able: (target: Target) => boolean
  run: (target: Target) => void
}

/** Shows a conversation in the section that is open. */
export function openPlace(place: string): void {
  const screen = isListed(route.screen) ? route.screen : 'conversations'
  route.open(screen, place, !frame.wide)
}

/** Shows one message of a conversation in the section that is open. */
export function openMessage(place: string, sought: Sought): void {
  app.seek(place, sought)
  openPlace(place)
}

/** Takes a waiting conversation and shows it among mine. */
export async function pick(place: string): Promise<void> {
  const done = await app.attempt(() => core.call('pick', { id: mint(), place }))
  if (done) route.open('conversations', place, !frame.wide)
}

export async function reopen(place: string): Promise<void> {
  const done = await app.attempt(() => core.call('reopen', { id: mint(), place }))
  if (done) route.open('conversations', place, !frame.wide)
}

/** Takes an offered conversation and shows it among mine. */
export async function accept(place: string): Promise<void> {
  const done = await app.attempt(() => core.call('accept', { id: mint(), place }))
  if (done) route.open('conversations', place, !frame.wide)
}

/** Lets an offered conversation go on to the next agent. */
export async function pass(place: string): Promise<void> {
  await app.attempt(() => core.call('pass', { id: mint(), place }))
}

/** Says of a place that is not open that all of it was read. */
export async function markRead(place: string): Promise<void> {
  await app.attempt(async () => {
    const { bubbles } = await core.call('thread', { place, limit: newest })
    const n = bubbles.findLast((bubble) => bubble.n !== null)?.n
    if (n) await core.call('read', { place, n })
  })
}
/** Enough to find the newest that is sent behind what is not. */
const newest = 60

/** Sets how loud the news of a place is, on all of this person's devices; null: as each is set. */
export async function setSound(place: string, sound: SoundLevel | null): Promise<void> {
  await app.attempt(() => core.call('set_sound', { id: mint(), place, sound }))
}

/** Shows the internal notes of a conversation. */
export function openNotes({ place, title }: Pick<Target, 'place' | 'title'>): void {
  overlays.show({ kind: 'notes', place, title })
}

/** Asks by name, then ends. */
export function askEnd(target: Pick<Target, 'place' | 'title'>): void {
  const words = w().end
  overlays.ask({
    title: words.title(target.title),
    text: words.text,
    yes: words.yes,
    no: words.no,
    danger: true,
    onYes: () => void app.attempt(() => core.call('end', { id: mint(), place: target.place })),
  })
}

export const actions: readonly Action[] = [
  {
    id: 'open',
    testid: testids.menuOpen,
    icon: 'open',
    danger: false,
    swiped: false,
    able: (target) => app.thread?.place !== target.place,
    run: (target) => openPlace(target.place),
  },
  {
    id: 'read',
    testid: testids.menuRead,
    icon: 'checks',
    danger: false,
    swiped: false,
    able: ({ unread, can, group }) => unread > 0 && (can.send || group !== null),
    run: ({ place }) => void markRead(place),
  },
  {
    id: 'pick',
    testid: testids.menuPick,
    icon: 'pick',
    danger: false,
    swiped: true,
    able: (target) => target.can.pick,
    run: (target) => void pick(target.place),
  },
  {
    id: 'notes',
    testid: testids.menuNotes,
    icon: 'note',
    danger: false,
    swiped: false,
    able: ({ group }) => !group,
    run: openNotes,
  },
  {
    id: 'find',
    testid: testids.menuFind,
    icon: 'search',
    danger: false,
    swiped: false,
    able: ({ place }) => app.thread?.place === place,
    run: ({ place, title }) => overlays.show({ kind: 'find', place, title }),
  },
  {
    id: 'sound',
    testid: testids.menuSound,
    icon: 'bell',
    danger: false,
    swiped: false,
    able: ({ can, group }) => group !== null || can.send,
    run: ({ place, title, sound }) => overlays.show({ kind: 'sound', place, title, sound }),
  },
  {
    id: 'customer',
    testid: testids.menuCustomer,
    icon: 'eye',
    danger: false,
    swiped: false,
    able: ({ place, group }) => !group && app.thread?.place === place && app.thread.eyes === 'us',
    run: ({ place }) => app.thread?.place === place && (app.thread.eyes = 'customer'),
  },
  {
    id: 'transfer',
    testid: testids.menuTransfer,
    icon: 'transfer',
    danger: false,
    swiped: false,
    able: (target) => target.can.end,
    run: ({ place, title }) => overlays.show({ kind: 'transfer', place, title }),
  },
  {
    id: 'reopen',
    testid: testids.menuReopen,
    icon: 'reopen',
    danger: false,
    swiped: true,
    able: (target) => target.can.reopen,
    run: (target) => void reopen(target.place),
  },
  {
    id: 'end',
    testid: testids.menuEnd,
    icon: 'end',
    danger: true,
    swiped: true,
    able: (target) => target.can.end,
    run: askEnd,
  },
  {
    id: 'rename',
    testid: testids.threadRename,
    icon: 'edit',
    danger: false,
    swiped: false,
    able: ({ group }) => group?.can.rename ?? false,
    run: ({ place, title, group }) => overlays.show({ kind: 'rename', place, name: group?.named ? title : '' }),
  },
  {
    id: 'mute',
    testid: testids.threadMute,
    icon: 'mute',
    danger: false,
    swiped: true,
    able: ({ group, sound }) => group !== null && sound !== 'none',
    run: ({ place }) => void setSound(place, 'none'),
  },
  {
    id: 'unmute',
    testid: testids.threadMute,
    icon: 'bell',
    danger: false,
    swiped: true,
    able: ({ group, sound }) => group !== null && sound === 'none',
    run: ({ place }) => void setSound(place, null),
  },
  {
    id: 'leave',
    testid: testids.threadLeave,
    icon: 'signout',
    danger: true,
    swiped: false,
    able: ({ group }) => group?.can.leave ?? false,
    run: askLeave,
  },
]

export type Swiped = Pick<Action, 'id' | 'icon' | 'danger'> & { label: string; run: () => void }

/** What a swipe shows beside More: the one action that fits now. */
export function swipedFor(target: Target): Swiped | null {
  const action = actions.find((one) => one.swiped && one.able(target))
  if (!action) return null
  const { id, icon, danger, run } = action
  return { id, icon, danger, label: w().actions[id], run: () => run(target) }
}

/** The actions that fit now, as a menu shows them. */
export function menuFor(target: Target): MenuItem[] {
  return actions
    .filter((action) => action.able(target))
    .map(({ id, testid, icon, danger, run }) => ({
      id,
      testid,
      icon,
      danger,
      label: w().actions[id],
      run: () => run(target),
    }))
}

/** A row says less than a thread: what may be done follows from its state. */
export function targetOfRow(row: Row): Target {
  const mine = row.state === 'open' && row.agent === null
  const can = { pick: row.state === 'waiting', send: mine, end: mine, reopen: row.state === 'ended' }
  return { place: row.place, title: titleOf(row), unread: row.unread, sound: row.sound, can, group: null }
}

const nothing: Can = { pick: false, send: false, end: false, reopen: false }

/** A row says less than a thread: between two there is nothing to name or to leave. */
export function targetOfGroupRow({ place, title, named, sound, unread, direct, pending }: GroupRow): Target {
  return { place, title, unread, sound, can: nothing, group: { named, can: { rename: !direct && !app.isClient, leave: !direct && !pending } } }
}

export function targetOfThread({ place, name, phone, sound, can, group }: Thread): Target {
  const title = group ? (name ?? '') : titleOf({ name, phone })
  const thread = group && { named: group.named, can: group.can }
  return { place, title, unread: 0, sound, can: group ? nothing : can, group: thread }
}
