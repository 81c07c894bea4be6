// The message threads of the made-up workspace, and its contact list.
import type { Bubble, Contact, GroupChange } from '../gen/types'
import { ana, bo, colleagues, day, hour, minute, Story, type Talk } from './people'

/** A message thread: what is said in it, and who is in it. */
export interface FakeGroup {
  talk: Talk
  name: string | null
  people: Contact[]
  direct: boolean
  startsHere: boolean
  /** The highest number that each of them has read, by name. */
  readTo: Record<string, number>
  pending: boolean
  owner: string
}

function person(n: number, name: string, more: Partial<Contact> = {}): Contact {
  return { id: `a1000000-0000-7000-8000-${String(n).padStart(12, '0')}`, name, block: 'internal', phone: null, email: null, signed_up: true, ...more }
}

const staff: Contact[] = [
  { ...person(0, bo.name), id: bo.id },
  ...colleagues.slice(1).map(({ id, name }) => ({ ...person(0, name), id })),
  person(1, 'Freja Nyström'),
  person(2, 'Grace Mwangi'),
  person(3, 'Jan de Vries'),
]

const client = (n: number, name: string, phone: string, more: Partial<Contact> = {}): Contact => person(100 + n, name, { block: 'customer', phone, ...more })
export const clients: Contact[] = [
  client(1, 'Rosa Lind', '+4791234567', { email: 'rosa@lind.example' }),
  client(2, 'Housing Association Fjordgata 12–18, Building C', '+4722334455', { signed_up: false }),
  client(3, 'ليلى حداد', '+96170123456'),
  client(4, 'Mateo Fernández', '+34612345678', { signed_up: false }),
  client(5, 'Ingrid Solberg', '+4790011223'),
  client(6, 'Yuki Tanaka', '+81312345678', { signed_up: false }),
  person(107, 'Nordic Property Management', { block: 'customer', email: 'service@nordic-property.example', signed_up: false }),
  client(8, 'Tom Becker', '+4915112345678'),
]

const byName = (a: Contact, b: Contact): number => a.name.localeCompare(b.name)

/** Everybody one can write with, by name. */
export function contactList(): Contact[] {
  return [...staff, ...clients].sort(byName)
}

/** As many customers as asked for, beside the colleagues. */
export function manyContacts(count: number): Contact[] {
  const made = Array.from({ length: count }, (_, i) => client(1000 + i, `Customer ${String(i + 1).padStart(5, '0')}`, `+47${String(40_000_000 + i)}`, { signed_up: i % 3 > 0 }))
  return [...contactList(), ...made].sort(byName)
}

/** Whom a story means by a name. */
function named(name: string): Contact {
  return [...staff, ...clients].find((one) => one.name === name)!
}

/** Writes what happens in a thread line by line. */
class Thread {
  readonly group: FakeGroup
  #at: number

  constructor(names: string[], at: number, facts: Partial<Omit<FakeGroup, 'talk' | 'people'>> = {}) {
    this.#at = at
    const people = names.map(named)
    const talk = new Story({ name: '' }, at).talk
    Object.assign(talk, { place: talk.place.replace(/^c0/, 'd1'), state: 'open', waiting_since_ms: null })
    const direct = people.length === 1
    this.group = { talk, name: null, people, direct, startsHere: false, pending: false, owner: ana.id, readTo: {}, ...facts }
    if (!direct) this.changes(0, { did: 'started' }, this.group.owner === ana.id ? ana.name : named(this.#ownerName).name)
  }

  get #ownerName(): string {
    return this.group.people.find((one) => one.id === this.group.owner)?.name ?? bo.name
  }

  #add(after: number, who: string, body: Bubble['body']): this {
    this.#at += after
    const { bubbles } = this.group.talk
    const mine = who === ana.name
    const id = `b1${this.group.talk.place.slice(2, 24)}${String(bubbles.length + 1).padStart(12, '0')}`
    bubbles.push({ id, n: bubbles.length + 1, side: mine ? 'ours' : 'theirs', mine, author: who, at_ms: this.#at, body, mark: 'sent', problem: null })
    return this
  }

  /** Says a text; an at sign before a full name mentions them. */
  says(after: number, who: string, text: string): this {
    const mentions = [ana.name, ...this.group.people.map((one) => one.name)].flatMap((name) => {
      const at = text.indexOf(`@${name}`)
      return at < 0 ? [] : [{ at: [...text.slice(0, at)].length, chars: [...name].length + 1, me: name === ana.name }]
    })
    return this.#add(after, who, { what: 'said', text, files: [], location: null, reply: null, mentions: mentions.sort((a, b) => a.at - b.at) })
  }

  changes(after: number, change: GroupChange, who = ana.name): this {
    return this.#add(after, who, { what: 'changed', change })
  }

  read(): this {
    this.group.talk.read_n = this.group.talk.bubbles.length
    return this
  }
}

const card = (name: string) => ({ id: named(name).id, name })

/** The threads of the workspace, as of `now`. */
export function threads(now: number): FakeGroup[] {
  const [chidi, samer] = ['Chidi Okonkwo', 'سامر الخطيب']
  const boiler = new Thread(['Bo Lindqvist', 'Rosa Lind', chidi, 'Nordic Property Management'], now - 5 * hour, { name: 'Cabin boiler, Forest Road' })
    .says(minute, ana.name, 'Hello both! Here we can plan the boiler together.')
    .says(4 * minute, 'Rosa Lind', 'Wonderful. I am at the cabin until Sunday.')
    .changes(40 * minute, { did: 'members', added: [card(chidi), card('Nordic Property Management')], removed: [] })
    .says(2 * minute, chidi, 'Hi Rosa, I bring the new valve tomorrow. Is nine too early?')
    .says(9 * minute, 'Rosa Lind', 'Nine is perfect.')
    .changes(minute, { did: 'renamed', name: 'Cabin boiler, Forest Road' }, bo.name)
    .read()
    .says(2 * hour, bo.name, 'The part has arrived. It is in the van.')
    .says(minute, bo.name, 'Chidi, take the long ladder too.')
  const depot = new Thread(['Bo Lindqvist', chidi, 'Freja Nyström', samer, 'Maximiliane von Hohenfels-Brandenburg', 'Grace Mwangi', 'Jan de Vries'], now - 2 * day)
    .says(minute, ana.name, 'Who has the keys of the depot?')
    .says(20 * minute, 'Maximiliane von Hohenfels-Brandenburg', 'They hang in the office, second hook. @سامر الخطيب had them last, @Grace Mwangi.')
    .read()
  const direct = new Thread([bo.name], now - 26 * hour).says(0, bo.name, 'Can you take my calls after three?').says(6 * minute, ana.name, 'Of course.').read()
  direct.says(24 * hour, bo.name, 'Thank you! Tomorrow too?')
  const arabic = new Thread(['ليلى حداد', samer], now - 3 * hour, { owner: named(samer).id, startsHere: true })
  arabic.group.talk.sound = 'none'
  arabic
    .says(30 * minute, 'ليلى حداد', 'مرحبًا، صمام التدفئة يصدر صوتًا غريبًا منذ الأمس.')
    .says(8 * minute, samer, 'سنزورك غدًا صباحًا بين التاسعة والحادية عشرة.')
    .changes(minute, { did: 'members', added: [{ id: ana.id, name: ana.name }], removed: [] }, samer)
    .read()
    .says(50 * minute, 'ليلى حداد', 'شكرًا جزيلًا لكم! @Ana Torres هل تأتين أنتِ؟')
  // Who was added later sees nothing of what was before.
  arabic.group.talk.bubbles.splice(0, 3)
  const customer = new Thread(['Ingrid Solberg'], now - 4 * day).says(0, ana.name, 'Your appointment is on Friday at ten.').says(hour, 'Ingrid Solberg', 'See you then!').read()
  customer.group.talk.draft.text = 'Could you leave the gate open, please'
  return [boiler, depot, direct, arabic, customer].map(({ group }) => group)
}
