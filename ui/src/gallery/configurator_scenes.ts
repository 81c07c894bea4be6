// The Configurator, page by page, in the states its pages have.
import type { FakeDoor } from '../core.fake'
import { testids } from '../testids'
import { offline, press, to, write, type Scene } from './stage'

const soon = () => new Promise((done) => setTimeout(done, 200))

function asAdmin(door: FakeDoor): void {
  door.status.me!.person.role = 'admin'
}
function adminOffline(door: FakeDoor): void {
  asAdmin(door)
  offline(door)
}
const page = (name: string, more: Partial<Scene> = {}): Scene => ({ route: to(`#/configurator/${name}`), set: asAdmin, ...more })
const person = (name: string) => (door: FakeDoor) => `#/configurator/people/${door.configurator.register.people.find((one) => one.name === name)?.id}`
const customer = (name: string) => (door: FakeDoor) => `#/configurator/customers/${door.configurator.customers.find((one) => one.name === name)?.id}`
const chidi = person('Chidi Okonkwo')
const rosa = customer('Rosa Lind')
const by = (testid: string, more = '') => `[data-testid='${testid}']${more}`

const csv = `name;phone;email
Rosa Lind;+47 912 34 567;rosa@lind.example
Elin Aas;+47 400 11 222;elin@aas.example
Harbour Office;12;
;+47 400 33 444;
Elin Aas;+47 400 11 222;elin@aas.example
Karim Saleh;+47 400 55 666;not an address`

export const configuratorScenes: Record<string, Scene> = {
  configurator: { route: to('#/configurator'), set: asAdmin },
  'configurator-drawer': { route: to('#/picklist'), set: asAdmin, click: [testids.navOpen] },
  'people-page': page('people'),
  'people-nobody': page('people', { then: async () => (write('#search', 'zeppelin'), await new Promise((done) => setTimeout(done, 450))) }),
  'people-offline': page('people', { set: adminOffline }),
  'person-new': page('people/new'),
  'person-new-client': page('people/new', { then: () => press(by(testids.personRole, ' input[value=client]')) }),
  'person-taken': page('people/new', {
    then: async () => {
      write(by(testids.personName), 'Bodil Holm')
      write(by(testids.personLogin), 'bo')
      await soon()
      press(by(testids.save))
    },
  }),
  'person-added': page('people/new', {
    then: async () => {
      write(by(testids.personName), 'Bodil Holm')
      write(by(testids.personLogin), 'bodil')
      await soon()
      press(by(testids.save))
      await soon()
    },
  }),
  person: { route: chidi, set: asAdmin },
  'person-changed': { route: chidi, set: asAdmin, click: [`${testids.personModule}'][data-value='messaging.company`] },
  'person-saved': { route: chidi, set: asAdmin, click: [`${testids.personModule}'][data-value='messaging.company`, testids.save] },
  'person-refused': {
    route: chidi,
    set: (door) => (asAdmin(door), void (door.configurator.register.edit = () => { throw { code: 'bad_name' } })),
    then: async () => {
      write(by(testids.personName), ' ')
      await soon()
      press(by(testids.save))
    },
  },
  'person-leave': { route: chidi, set: asAdmin, click: [`${testids.personModule}'][data-value='messaging.company`, testids.configuratorBack] },
  'person-disable': { route: person('Bo Lindqvist'), set: asAdmin, click: [testids.personDisable] },
  'person-disabled': { route: person('Jan de Vries'), set: asAdmin },
  'person-unsigned': { route: person('Grace Mwangi'), set: asAdmin },
  'person-client': { route: person('Rosa Lind'), set: asAdmin },
  'person-myself': { route: person('Ana Torres'), set: asAdmin },
  'person-block': { route: person('Bo Lindqvist'), set: asAdmin, click: [testids.deviceBlock] },
  'person-factor': { route: person('Bo Lindqvist'), set: asAdmin, click: [testids.personFactorRemove] },
  'person-devices': { route: person('Bo Lindqvist'), set: asAdmin, click: [testids.deviceSignOut], then: () => document.querySelector(by(testids.personDevices))?.scrollIntoView() },
  'queues-page': page('queues'),
  queue: page('queues/0e000000-0000-7000-8000-000000000001'),
  'queue-members': page('queues/0e000000-0000-7000-8000-000000000002', {
    then: async () => {
      const box = document.querySelector<HTMLElement>(by(testids.personSearch))
      box?.scrollIntoView({ block: 'center' })
      box?.focus()
      await soon()
    },
  }),
  'files-page': page('files'),
  'files-changed': page('files', { click: [`${testids.fileType}'][data-value='gif`], then: () => new Promise((done) => setTimeout(done, 450)) }),
  'chat-page': page('chat'),
  'chat-changed': page('chat', {
    then: async () => {
      write(by(testids.chatGreeting), 'Hello! We are away on Friday; in an emergency call +47 22 00 11 22.')
      write(`${by(testids.chatDay, "[data-day='4']")} input[type=time]`, '18:00')
      await soon()
      document.querySelector(`${by(testids.chatDay)} [aria-invalid=true]`)?.scrollIntoView({ block: 'center' })
    },
  }),
  'map-page': page('map'),
  'map-set': page('map', {
    set: (door) => {
      asAdmin(door)
      door.configurator.answer({ ask: 'set_map', tiles: 'https://tiles.example.com/{z}/{x}/{y}.png', credit: '© OpenStreetMap contributors' })
    },
  }),
  'map-refused': page('map', {
    then: async () => {
      write(by(testids.mapTiles), 'http://tiles.example.com/map.png')
      await soon()
      press(by(testids.save))
    },
  }),
  'contacts-page': page('contacts'),
  'contacts-report': page('contacts', {
    then: async () => {
      write(by(testids.contactsText), csv)
      await soon()
      press(by(testids.contactsImport))
      await soon()
      document.querySelector(by(testids.contactsReport))?.scrollIntoView()
    },
  }),
  'canned-page': page('canned'),
  'canned-new': page('canned', { click: [testids.cannedAdd] }),
  'devices-page': page('devices'),
  'devices-over': page('devices', { then: async () => (write(by(testids.devicesMax), '1'), await new Promise((done) => setTimeout(done, 450))) }),
  'customers-page': page('customers'),
  customer: { route: rosa, set: asAdmin },
  'customer-export': { route: rosa, set: asAdmin, click: [testids.customerExport] },
  'customer-erase': {
    route: rosa,
    set: asAdmin,
    then: async () => {
      write(by(testids.customerEraseName), 'Rosa Lind')
      await soon()
      press(by(testids.customerEraseGo))
    },
  },
  'customer-erased': {
    route: rosa,
    set: asAdmin,
    then: async () => {
      write(by(testids.customerEraseName), 'Rosa Lind')
      await soon()
      press(by(testids.customerEraseGo))
      await soon()
      press(by(testids.confirmYes))
      await soon()
    },
  },
  'audit-page': page('audit'),
  'audit-filtered': page('audit', {
    then: async () => {
      const verb = document.querySelector<HTMLSelectElement>(by(testids.auditVerb))
      if (!verb) return
      verb.value = 'set_policy'
      verb.dispatchEvent(new Event('change', { bubbles: true }))
      await soon()
    },
  }),
}
