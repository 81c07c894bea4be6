// What a client sees, and how one is invited.
import type { FakeDoor } from '../core.fake'
import { testids } from '../testids'
import type { Scene } from './stage'

const boiler = (door: FakeDoor) => `#/messaging/${door.groups.all.find((one) => one.name === 'Cabin boiler, Forest Road')?.talk.place}`
const toMembers = `[data-testid='${testids.toBar}'], [data-testid='${testids.seeUsers}']`
const soon = () => new Promise((done) => setTimeout(done, 200))

function asClient(door: FakeDoor): void {
  door.status.me!.modules = []
  door.status.me!.person.role = 'client'
  door.groups.all = door.groups.all.filter((one) => one.people.some(({ block }) => block === 'customer'))
}

function asAdmin(door: FakeDoor): void {
  door.status.me!.person.role = 'admin'
}

async function invites(): Promise<void> {
  document.querySelector<HTMLElement>(`[data-testid='${testids.addUsers}']`)?.click()
  await soon()
  document.querySelector<HTMLElement>(`.contact [data-testid='${testids.inviteClient}']`)?.click()
  await soon()
}

export const clientScenes: Record<string, Scene> = {
  'messaging-client': { route: () => '#/picklist', set: (door) => (asClient(door), void (door.groups.all = door.groups.all.slice(0, 1))), click: [testids.navOpen] },
  'client-threads': { route: () => '#/messaging', set: asClient },
  'client-none': { route: () => '#/messaging', set: (door) => (asClient(door), void (door.groups.all = [])) },
  'client-thread': { route: boiler, set: asClient },
  'client-members': { route: boiler, set: asClient, then: () => document.querySelector<HTMLElement>(toMembers)?.click() },
  'client-settings': { route: () => '#/settings', set: asClient },
  'picker-admin': { route: () => '#/messaging/new', set: asAdmin, click: [testids.addUsers] },
  'picker-invite': { route: () => '#/messaging/new', set: asAdmin, then: invites },
  'picker-invite-offline': { route: () => '#/messaging/new', set: (door) => (asAdmin(door), void (door.status.link = 'offline')), then: invites },
  'picker-unsigned': {
    route: () => '#/messaging/new',
    set: asAdmin,
    then: async () => {
      document.querySelector<HTMLElement>(`[data-testid='${testids.addUsers}']`)?.click()
      await soon()
      document.querySelector<HTMLElement>(`[data-testid='${testids.contact}'][data-signed-up='false']`)?.click()
    },
  },
  'members-disabled': { route: boiler, set: (door) => void (door.status.me!.modules = [], door.groups.all.forEach((one) => door.groups.disabled.add(one.people[0]!.id))), then: () => document.querySelector<HTMLElement>(toMembers)?.click() },
}
