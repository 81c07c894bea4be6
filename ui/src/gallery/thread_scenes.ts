// The scenes of message threads.
import type { FakeDoor } from '../core.fake'
import { manyContacts } from '../core.fake'
import { testids } from '../testids'
import { offline, press, pressLater, to, write, type Scene } from './stage'

/** The address of a message thread, by its name or one of its people. */
const thread = (name: string) => (door: FakeDoor) =>
  `#/messaging/${door.groups.all.find((one) => one.name === name || (!one.name && one.people.length < 3 && one.people[0]?.name === name))?.talk.place}`
const boiler = thread('Cabin boiler, Forest Road')
const depot = (door: FakeDoor) => `#/messaging/${door.groups.all.find((one) => one.people.length > 5)?.talk.place}`
const noModule = (door: FakeDoor) => void (door.status.me!.modules = [])
const noThreads = (door: FakeDoor) => void (door.groups.all = [])
/** The boards of a phone and of a desktop reach the people of a thread in different ways. */
const toMembers = `[data-testid='${testids.toBar}'], [data-testid='${testids.seeUsers}']`

/** Presses so many people, first colleagues, then customers. */
async function picks(colleagues: number, customers: number): Promise<void> {
  press(`[data-testid='${testids.addUsers}']`)
  for (const [block, count] of [['internal', colleagues], ['customer', customers]] as const) {
    for (let i = 0; i < count; i++) await pressLater(`[data-testid='${testids.contact}'][data-block='${block}'][aria-selected='false']`)
  }
}
async function opensMembers(): Promise<void> {
  press(toMembers)
  await pressLater(`[data-testid='${testids.addRemoveUsers}']`)
}
function offlineThread(door: FakeDoor): void {
  offline(door)
  const people = door.groups.contacts.filter((one) => one.name === 'Bo Lindqvist' || one.name === 'Rosa Lind').map((one) => one.id)
  door.groups.start({ id: 'd0000000-0000-7000-8000-0000000000ff', begin: { group: 'd1000000-0000-7000-8000-0000000000ff', people, name: null, text: 'I am at the cabin now, no signal here.' } })
}

/** The newest message of a group is mine, and some have seen it. */
function seenBySome(door: FakeDoor): void {
  const group = door.groups.all.find((one) => one.people.length > 5)!
  door.say({ id: 'd0000000-0000-7000-8000-0000000000fe', place: group.talk.place, text: 'Thank you! I take the spare ones too.' })
  const n = group.talk.bubbles.at(-1)!.n!
  group.readTo = { 'Bo Lindqvist': n, 'Chidi Okonkwo': n - 1, 'Freja Nyström': n, 'Grace Mwangi': n }
}
/** Types what calls for a mention, as a person does. */
async function typesAt(text: string): Promise<void> {
  await pressLater('#composer')
  write('#composer', text)
}
function mentionsAna(door: FakeDoor): void {
  const group = door.groups.all.find((one) => one.people.length > 5)!
  const n = group.talk.bubbles.length + 1
  const text = '@Ana Torres the keys are with you, or not?'
  group.talk.bubbles.push({ id: 'd0000000-0000-7000-8000-0000000000fd', n, side: 'theirs', mine: false, author: 'Bo Lindqvist', at_ms: door.now() - 60_000, body: { what: 'said', text, files: [], location: null, reply: null, mentions: [{ at: 0, chars: 11, me: true }] }, mark: 'sent', problem: null })
}
/** A change of who is in it was refused: somebody was disabled meanwhile. */
function refusedChange(door: FakeDoor): void {
  const { talk } = door.groups.all.find((one) => one.name === 'Cabin boiler, Forest Road')!
  const change = { did: 'members' as const, added: [{ id: 'd0000000-0000-7000-8000-0000000000fa', name: 'Dan Moe' }], removed: [] }
  talk.bubbles.push({ id: 'd0000000-0000-7000-8000-0000000000fb', n: null, side: 'ours', mine: true, author: 'Ana Torres', at_ms: door.now(), body: { what: 'changed', change }, mark: 'stuck', problem: { code: 'person_gone', who: 'Dan Moe' } })
}
const mineInSight = (): void => document.querySelector(`[data-testid='${testids.seen}']`)?.scrollIntoView()

export const threadScenes: Record<string, Scene> = {
  messaging: { route: to('#/messaging') },
  'messaging-groups': { route: to('#/messaging'), click: [testids.tabGroups] },
  'messaging-empty': { route: to('#/messaging'), set: noThreads },
  'messaging-no-module': { route: to('#/messaging'), set: (door) => (noThreads(door), noModule(door)) },
  'messaging-search-nothing': { route: to('#/messaging'), then: () => write('#search', 'zeppelin') },
  'messaging-menu': { route: to('#/messaging'), click: [testids.rowMenu] },
  'messaging-offline': { route: to('#/messaging'), set: offlineThread },
  'messaging-outbox': { route: to('#/outbox'), set: offlineThread },
  'new-thread': { route: to('#/messaging/new') },
  'new-thread-chosen': {
    route: to('#/messaging/new'),
    then: async () => {
      await picks(2, 1)
      await pressLater(`[data-testid='${testids.pickerDone}']`)
      write('#composer', 'Hello! Here we can plan Thursday.')
    },
  },
  picker: { route: to('#/messaging/new'), set: (door) => void (door.groups.contacts = manyContacts(10_000)), then: () => picks(0, 0) },
  'picker-chosen': { route: to('#/messaging/new'), then: () => picks(4, 2) },
  'picker-search': {
    route: to('#/messaging/new'),
    set: (door) => void (door.groups.contacts = manyContacts(10_000)),
    then: async () => {
      await picks(1, 0)
      write(`[data-testid='${testids.pickerSearch}']`, 'customer 0004')
    },
  },
  'picker-nobody': {
    route: to('#/messaging/new'),
    then: async () => {
      await picks(0, 0)
      await new Promise((done) => setTimeout(done, 150))
      write(`[data-testid='${testids.pickerSearch}']`, 'zeppelin')
    },
  },
  'new-thread-nobody': { route: to('#/messaging/new'), then: () => (write('#composer', 'Hello'), pressLater(`[data-testid='${testids.send}']`)) },
  'group-internal': { route: depot },
  'group-mixed': { route: boiler },
  'group-direct': { route: thread('Bo Lindqvist') },
  'group-direct-customer': { route: thread('Ingrid Solberg') },
  'group-history-starts-here': { route: thread('ليلى حداد') },
  'group-pending': { route: (door) => `#/messaging/${door.groups.all.find((one) => one.pending)?.talk.place}`, set: offlineThread },
  'group-gone': { route: to('#/messaging/d1000000-0000-7000-8000-ffffffffffff') },
  'group-menu': { route: boiler, click: [testids.threadMenu] },
  'group-find': { route: boiler, click: [testids.threadMenu, testids.menuFind], then: () => write(`[data-testid='${testids.findSearch}']`, 'the') },
  'group-find-none': { route: boiler, click: [testids.threadMenu, testids.menuFind], then: () => write(`[data-testid='${testids.findSearch}']`, 'zeppelin') },
  'group-sound': { route: boiler, click: [testids.threadMenu, testids.menuSound] },
  'group-mentions': { route: thread('ليلى حداد') },
  'group-mention-list': { route: depot, then: () => typesAt('Can you look, @') },
  'group-mention-some': { route: depot, then: () => typesAt('@m') },
  'messaging-mentioned': { route: to('#/messaging'), set: mentionsAna },
  'group-seen': { route: depot, set: seenBySome, then: mineInSight },
  'group-seen-by': { route: depot, set: seenBySome, then: () => pressLater(`[data-testid='${testids.seen}']`) },
  'group-refused-change': { route: boiler, set: refusedChange },
  'group-rename': { route: boiler, click: [testids.threadMenu, testids.threadRename] },
  'group-leave': { route: boiler, click: [testids.threadMenu, testids.threadLeave] },
  members: { route: boiler, then: () => press(toMembers) },
  'members-picker': { route: boiler, then: opensMembers },
  'members-changed': {
    route: boiler,
    then: async () => {
      await opensMembers()
      await pressLater(`[data-testid='${testids.contact}'][aria-selected='false']`)
      await pressLater(`[data-testid='${testids.contact}'][data-block='customer'][aria-selected='true']`)
    },
  },
  'members-first-customer': {
    route: depot,
    then: async () => {
      await opensMembers()
      await pressLater(`[data-testid='${testids.contact}'][data-block='customer'][aria-selected='false']`)
    },
  },
  'members-direct': { route: thread('Bo Lindqvist'), then: () => press(toMembers) },
  'members-no-module': { route: boiler, set: noModule, then: () => press(toMembers) },
}
