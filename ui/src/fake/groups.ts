// What the fake answers about message threads.
import type { Args, Reply } from '../door/door'
import type { Bubble, Contact, Contacts, GroupChange, GroupPeople, GroupRow, Groups, GroupSeen, Problem, ThreadGroup } from '../gen/types'
import type { FakeDoor } from './door'
import { ana, emptyDraft, Story, wordsOf, type Talk } from './people'
import { preview } from './rows'
import { contactList, type FakeGroup } from './threads'

const newPlace = '00000000-0000-7000-8000-000000000001'
const peopleMax = 500

function refuse(problem: Problem): never {
  throw problem
}

function unread({ talk }: FakeGroup): number {
  return talk.bubbles.filter((bubble) => bubble.body.what === 'said' && !bubble.mine && (bubble.n ?? 0) > talk.read_n).length
}

/** Whether an unread message mentions Ana. */
function mentioned({ talk }: FakeGroup): boolean {
  return talk.bubbles.some(({ body, n }) => body.what === 'said' && (n ?? 0) > talk.read_n && (body.mentions ?? []).some((one) => one.me))
}

function customers(group: FakeGroup): number {
  return group.people.filter((one) => one.block === 'customer').length
}

function titleOf({ name, people }: FakeGroup): string {
  return name ?? people.slice(0, 5).map((one) => one.name).join(', ')
}

/** How far the others have read: each as far as the group says, else nothing. */
function seenOf({ people, readTo }: FakeGroup): GroupSeen[] {
  return people.flatMap(({ id, name }) => (readTo[name] ? [{ id, name, n: readTo[name] }] : []))
}

const inTab = {
  all: () => true,
  internal: (group: FakeGroup) => customers(group) === 0,
  customers: (group: FakeGroup) => customers(group) > 0,
  groups: (group: FakeGroup) => !group.direct,
}

export class FakeGroups {
  all: FakeGroup[] = []
  contacts: Contact[] = contactList()
  /** Who was disabled. */
  disabled = new Set<string>()
  /** Whether the whole contact list is on the device. */
  complete = true
  readonly composed: Talk = Object.assign(new Story({ name: '' }, 0).talk, { place: newPlace })
  readonly #door: FakeDoor

  constructor(door: FakeDoor) {
    this.#door = door
  }

  talk(place: string): Talk | undefined {
    return place === newPlace ? this.composed : this.find(place)?.talk
  }

  find(place: string): FakeGroup | undefined {
    return this.all.find((one) => one.talk.place === place)
  }

  get unread(): number {
    return this.#sum('all')
  }

  #sum(tab: keyof typeof inTab): number {
    return this.all.filter((one) => one.talk.sound !== 'none' && inTab[tab](one)).reduce((sum, one) => sum + unread(one), 0)
  }

  #get(place: string): FakeGroup {
    return this.find(place) ?? refuse({ code: 'not_found' })
  }

  get #mayChange(): boolean {
    return this.#door.status.me?.modules.includes('messaging.company') ?? false
  }

  #can({ direct }: FakeGroup): ThreadGroup['can'] {
    const isClient = this.#door.status.me?.person.role === 'client'
    return { members: !direct && this.#mayChange, rename: !direct && !isClient, leave: !direct }
  }

  /** What a thread's screen gets of it. */
  facts(place: string): { name: string; group: ThreadGroup } | null {
    const group = this.find(place)
    if (!group) return null
    const { direct, startsHere, pending, people, name } = group
    const facts = { direct, named: name !== null, people: people.length + 1, customers: customers(group), names: people.slice(0, 5).map((one) => one.name) }
    return { name: titleOf(group), group: { ...facts, starts_here: startsHere, pending, seen: seenOf(group), can: this.#can(group) } }
  }

  #row(group: FakeGroup): GroupRow {
    const { talk, name, direct, people, pending } = group
    const shown = preview(talk)
    const last = talk.bubbles.findLast(({ body }) => body.what === 'said' || body.what === 'deleted')
    // In a thread everybody else is called by name.
    const named = shown?.author.by === 'customer' ? { ...shown, author: { by: 'colleague', name: last?.author ?? '' } as const } : shown
    const unsent = this.#door.outbox.filter((row) => row.place === talk.place)
    return {
      place: talk.place,
      title: titleOf(group),
      named: name !== null,
      direct,
      people: people.length + 1,
      customers: customers(group),
      names: people.slice(0, 5).map((one) => one.name),
      preview: named,
      at_ms: talk.bubbles.at(-1)?.at_ms ?? this.#door.now(),
      unread: unread(group),
      mentioned: mentioned(group),
      sound: talk.sound,
      unsent: unsent.length,
      stuck: unsent.some((row) => row.mark === 'stuck'),
      pending,
    }
  }

  list({ tab, search, page }: Args<'groups'>): Groups {
    const wanted = search.toLocaleLowerCase()
    const fits = (group: FakeGroup) => {
      const said = group.talk.bubbles.map((bubble) => (bubble.body.what === 'said' ? bubble.body.text : ''))
      return [titleOf(group), ...group.people.map((one) => one.name), ...said].join('\n').toLocaleLowerCase().includes(wanted)
    }
    const rows = this.all.filter((one) => inTab[tab](one) && fits(one)).map((one) => this.#row(one))
    rows.sort((a, b) => b.at_ms - a.at_ms)
    const sums = { all: this.#sum('all'), internal: this.#sum('internal'), customers: this.#sum('customers'), groups: this.#sum('groups') }
    return { rows: rows.slice(page.from, page.from + page.limit), total: rows.length, unread: sums }
  }

  contactsOf({ block, search, from, limit }: Args<'contacts'>): Contacts {
    const words = search.toLocaleLowerCase().split(/\s+/)
    const text = (one: Contact) => `${one.name} ${one.phone} ${one.email}`.toLocaleLowerCase()
    const found = this.contacts.filter((one) => one.block === block && words.every((word) => text(one).includes(word)))
    return structuredClone({ contacts: found.slice(from, from + limit), total: found.length, complete: this.complete })
  }

  composing(): Reply<'new_group'> {
    return structuredClone({ place: newPlace, draft: this.composed.draft, people_max: peopleMax })
  }

  start({ id, begin: { group: place, people: ids, name, text } }: Args<'start_group'>): string {
    if (!this.#mayChange) refuse({ code: 'module_needed' })
    if (ids.length === 0) refuse({ code: 'no_people' })
    if (ids.length + 1 > peopleMax) refuse({ code: 'too_many_people', limit: peopleMax })
    const people = ids.map((one) => this.contacts.find((contact) => contact.id === one) ?? refuse({ code: 'person_gone' }))
    const there = people.length === 1 ? this.all.find((one) => one.direct && one.people[0]!.id === people[0]!.id) : undefined
    const talk = there?.talk ?? Object.assign(new Story({ name: '' }, this.#door.now()).talk, { place, state: 'open', waiting_since_ms: null })
    const pending = this.#door.status.link !== 'live'
    const group: FakeGroup = there ?? { talk, name, people, direct: people.length === 1, startsHere: false, pending, owner: ana.id, readTo: {} }
    if (!there) this.all.push(group)
    const something = wordsOf(text).text.trim() || this.composed.draft.files.length > 0 || this.composed.draft.location
    talk.draft = this.composed.draft
    this.composed.draft = emptyDraft()
    if (!there && !group.direct) this.#happens(group, { did: 'started' })
    if (something) this.#door.say({ id, place: talk.place, text }, there ? 'send' : 'start')
    this.#door.changed(talk.place)
    return talk.place
  }

  /** The server has it now. */
  began(place: string): void {
    const group = this.find(place)
    if (group) group.pending = false
  }

  /** A thread that was not begun goes; with `keep` what was its first message is composed again. */
  takeBack({ place, text }: { place: string; text: string }, keep: boolean): void {
    this.all = this.all.filter((one) => one.talk.place !== place)
    if (keep) this.composed.draft.text = [this.composed.draft.text, text].filter(Boolean).join('\n')
  }

  members(place: string): GroupPeople {
    const group = this.#get(place)
    const customer = this.#door.status.me?.person.role === 'client'
    const me = { id: ana.id, name: ana.name, customer, me: true, owner: !group.direct && group.owner === ana.id, disabled: false }
    const others = group.people.map(({ id, name, block }) => ({ id, name, customer: block === 'customer', me: false, owner: !group.direct && group.owner === id, disabled: this.disabled.has(id) }))
    return { place, people: [me, ...others], can: this.#can(group) }
  }

  save({ place, change: { add, remove } }: Args<'save_members'>): null {
    const group = this.#get(place)
    if (!this.#mayChange) refuse({ code: 'module_needed' })
    if (group.direct) refuse({ code: 'direct_thread' })
    if (remove.includes(group.owner)) refuse({ code: 'owner_stays' })
    const added = this.contacts.filter((one) => add.includes(one.id))
    const removed = group.people.filter((one) => remove.includes(one.id))
    group.people = [...group.people.filter((one) => !remove.includes(one.id)), ...added]
    this.#happens(group, { did: 'members', added, removed })
    return null
  }

  leave(place: string): null {
    const group = this.#get(place)
    this.all = this.all.filter((one) => one !== group)
    this.#door.changed(place)
    return null
  }

  rename({ place, name }: Args<'rename_group'>): null {
    const group = this.#get(place)
    group.name = name || null
    this.#happens(group, { did: 'renamed', name: group.name })
    return null
  }

  #happens({ talk, pending }: FakeGroup, change: GroupChange): void {
    const n = talk.bubbles.length + 1
    const id = `e1000000${talk.place.slice(8, 24)}${String(n).padStart(12, '0')}`
    const mark: Bubble['mark'] = pending ? 'waiting' : 'sent'
    talk.bubbles.push({ id, n: pending ? null : n, side: 'ours', mine: true, author: ana.name, at_ms: this.#door.now(), body: { what: 'changed', change }, mark, problem: null })
    this.#door.changed(talk.place)
  }
}
