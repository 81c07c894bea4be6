// The people of the made-up workspace as the Configurator has them, with their devices.
import type { AddPerson, AdminAnswer, AdminDevice, AdminPerson, Code, EditPerson, OneTimeLink, PeopleSearch, Problem, Role } from '../gen/types'
import type { FakeDoor } from './door'
import { ana, colleagues, day, hour, minute } from './people'
import { clients } from './threads'

const rowsMax = 50
const linkMs = 72 * hour
/** The first queue, which everybody is in until somebody says otherwise. */
export const firstQueue = '0e000000-0000-7000-8000-000000000001'

export function refuse(code: Code, more: Partial<Problem> = {}): never {
  throw { code, ...more } satisfies Problem
}

const logins = ['bo', 'chidi', 'maxi', 'samer', 'freja', 'grace', 'jan']
const deviceNames = ['Fieldline on Pixel 9', 'Chrome on Windows', 'Fieldline on Linux', 'Safari on iPhone']

function staff(now: number): AdminPerson[] {
  const base = { role: 'agent', enabled: true, signed_up: true, modules: ['messaging.company'], devices: 1, open: 0, queues: [firstQueue] } satisfies Partial<AdminPerson>
  const named = [...colleagues, { id: 'a1000000-0000-7000-8000-000000000001', name: 'Freja Nyström' }, { id: 'a1000000-0000-7000-8000-000000000002', name: 'Grace Mwangi' }, { id: 'a1000000-0000-7000-8000-000000000003', name: 'Jan de Vries' }]
  const people: AdminPerson[] = named.map(({ id, name }, i) => ({ ...base, id, name, login: logins[i]!, devices: (i * 2) % 3, open: (i * 3) % 5 }))
  const [first, , long, samer, , grace, jan] = people
  Object.assign(first!, { role: 'admin', devices: 2, open: 4, second_factor_since_ms: now - 40 * day })
  Object.assign(long!, { modules: [] })
  Object.assign(samer!, { modules: [], open: 0 })
  Object.assign(grace!, { signed_up: false, devices: 0, open: 0, link_until_ms: now + 61 * hour })
  Object.assign(jan!, { enabled: false, devices: 0, open: 0 })
  return [{ ...base, id: ana.id, name: ana.name, login: 'ana', role: 'admin', devices: 3, open: 5 }, ...people]
}

function outside(): AdminPerson[] {
  return clients.map(({ id, name, phone, email, signed_up }) => ({
    id,
    name,
    role: 'client',
    ...(signed_up ? { login: email ?? phone ?? name } : {}),
    ...(phone ? { phone } : {}),
    ...(email ? { email } : {}),
    enabled: true,
    signed_up,
    modules: [],
    devices: signed_up ? 1 : 0,
    open: 0,
    queues: [],
  }))
}

function devicesOf(person: AdminPerson, now: number): AdminDevice[] {
  const made = Array.from({ length: Math.max(person.devices, 1) + 1 }, (_, i): AdminDevice => ({
    id: `de000000-0000-7000-8000-${person.id.slice(-8)}${String(i).padStart(4, '0')}`,
    name: deviceNames[(i + person.name.length) % deviceNames.length]!,
    signed_in_at_ms: now - (i * 9 + 2) * day,
    seen_at_ms: now - i * 30 * hour - 3 * minute,
    state: i < person.devices ? 'signed_in' : 'signed_out',
    this: person.id === ana.id && i === 0,
  }))
  return person.signed_up ? made : []
}

const rank: Record<Role, number> = { admin: 0, agent: 0, client: 1 }

export class FakeRegister {
  people: AdminPerson[]
  readonly #devices = new Map<string, AdminDevice[]>()
  readonly #door: FakeDoor

  constructor(door: FakeDoor) {
    this.#door = door
    this.people = [...staff(door.now()), ...outside()]
  }

  get(id: string): AdminPerson {
    return this.people.find((one) => one.id === id) ?? refuse('not_found')
  }

  find({ search, role, from }: PeopleSearch): AdminAnswer {
    const wanted = search.trim().toLowerCase()
    const fits = ({ id, name, login = '', phone = '', email = '' }: AdminPerson) => id === wanted || [name, login, phone, email].some((text) => text.toLowerCase().includes(wanted))
    const all = this.people.filter((one) => (!role || one.role === role) && fits(one))
    all.sort((a, b) => rank[a.role] - rank[b.role] || a.name.localeCompare(b.name))
    return { answer: 'people', people: structuredClone(all.slice(from, from + rowsMax)), total: all.length }
  }

  add({ id, name, role, login, phone, email, modules }: AddPerson): AdminAnswer {
    const called = (login ?? email ?? phone ?? name).toLowerCase()
    if (!name.trim()) refuse('bad_name')
    if (this.people.some((one) => one.id !== id && one.login === called)) refuse('login_taken')
    const more = { ...(phone ? { phone } : {}), ...(email ? { email } : {}) }
    const queues = role === 'client' ? [] : [firstQueue]
    this.people = this.people.filter((one) => one.id !== id)
    this.people.push({ id, name: name.trim(), role, login: called, ...more, enabled: true, signed_up: false, modules, devices: 0, open: 0, queues })
    return this.#link(id)
  }

  edit({ id, ...changes }: EditPerson): AdminAnswer {
    const person = this.get(id)
    const demoted = changes.enabled === false || (changes.role !== undefined && changes.role !== 'admin')
    const others = this.people.filter((one) => one.role === 'admin' && one.enabled && one.id !== id)
    if (demoted && person.role === 'admin' && others.length === 0) refuse('last_admin')
    if (demoted && id === this.#door.status.me?.person.id) refuse('yourself')
    if (changes.name !== undefined && (!changes.name.trim() || changes.name.length > 120)) refuse('bad_name')
    Object.assign(person, changes)
    if (changes.enabled === false) Object.assign(person, { devices: 0, open: 0 }, this.#ended(id))
    return { answer: 'done' }
  }

  #ended(id: string): object {
    this.devices(id).forEach((one) => one.state === 'signed_in' && (one.state = 'signed_out'))
    return {}
  }

  reset(id: string): AdminAnswer {
    const person = this.get(id)
    if (!person.enabled) refuse('person_gone', { who: person.name })
    person.login ??= person.email ?? person.phone ?? person.name.toLowerCase()
    person.devices = 0
    this.#ended(id)
    return this.#link(id)
  }

  removeFactor(id: string): AdminAnswer {
    if (id === this.#door.status.me?.person.id) refuse('yourself')
    delete this.get(id).second_factor_since_ms
    return { answer: 'done' }
  }

  #link(id: string): AdminAnswer {
    const person = this.get(id)
    person.link_until_ms = this.#door.now() + linkMs
    const link: OneTimeLink = { person: id, login: person.login!, secret: `Zk3v9${id.slice(-6)}QmT7xR2wL8sY4nB1cD6fG0hJ`, until_ms: person.link_until_ms }
    return { answer: 'link', ...link }
  }

  devices(id: string): AdminDevice[] {
    const kept = this.#devices.get(id) ?? devicesOf(this.get(id), this.#door.now())
    this.#devices.set(id, kept)
    return kept
  }

  signOut(id: string, device?: string): AdminAnswer {
    this.#set(id, device, (one) => one.state === 'signed_in' && (one.state = 'signed_out'))
    return { answer: 'done' }
  }

  block(id: string, device: string, blocked: boolean): AdminAnswer {
    this.#set(id, device, (one) => (one.state = blocked ? 'blocked' : 'signed_out'))
    return { answer: 'done' }
  }

  #set(id: string, device: string | undefined, change: (one: AdminDevice) => unknown): void {
    const devices = this.devices(id)
    devices.filter((one) => !device || one.id === device).forEach(change)
    this.get(id).devices = devices.filter((one) => one.state === 'signed_in').length
  }

  card(id: string): { id: string; name: string } {
    const { name } = this.get(id)
    return { id, name }
  }

  /** Of a queue's members: who is not among the enabled staff is refused. */
  member(id: string): { id: string; name: string } {
    const person = this.people.find((one) => one.id === id)
    if (!person?.enabled || person.role === 'client') refuse('person_gone', { who: person?.name ?? '' })
    return this.card(id)
  }

}
