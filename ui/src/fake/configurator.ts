// What the fake answers to the Configurator: a workspace that changes as it is asked to,
// and keeps an audit of it.
import type { AdminAnswer, AdminAsk, AdminCanned, AdminCustomer, AdminQueue, AuditLine, ChatPage, FileType, Imported, MapSource, PolicyRules, RefusedLine } from '../gen/types'
import type { FakeDoor } from './door'
import { canned } from './messages'
import { bo, day, hour, minute } from './people'
import { FakeRegister, firstQueue, refuse } from './register'

type Asked<A extends AdminAsk['ask']> = Extract<AdminAsk, { ask: A }>
type Verbs = { [A in AdminAsk['ask']]: (ask: Asked<A>) => AdminAnswer }

const rowsMax = 50
const week = (from: number, to: number) => Array.from({ length: 7 }, (_, i) => (i < 5 ? [{ from_min: from * 60, to_min: to * 60 }] : []))
/** How many files of a type the workspace keeps. */
const kept: Record<FileType, number> = { gif: 41, heic: 212, jpeg: 8_430, png: 1_207 }
const isRead = (verb: AdminAsk['ask']) => /^(people|devices|queues|policy|preview_policy|map|chat_page|canned|audit|customers)$/.test(verb)

export class FakeConfigurator {
  readonly register: FakeRegister
  queues: AdminQueue[]
  policy: PolicyRules = { types: ['gif', 'jpeg', 'png'], file_max_bytes: 20 * 1024 * 1024, devices_max: 5 }
  map: MapSource = { credit: '' }
  page: ChatPage = { greeting: 'Welcome to Lind Plumbing & Heating. Tell us what is wrong, a photo helps a lot.', hours: { zone: 'Europe/Oslo', days: week(8, 16) } }
  canned: AdminCanned[] = canned.map(({ shortcut, text }) => ({ shortcut, text }))
  customers: AdminCustomer[]
  lines: AuditLine[] = []
  readonly #door: FakeDoor

  constructor(door: FakeDoor) {
    this.#door = door
    this.register = new FakeRegister(door)
    this.queues = [
      { id: firstQueue, name: '', mode: 'offer', offer_ms: 30_000, waiting: 4, chat_path: '/chat' },
      { id: '0e000000-0000-7000-8000-000000000002', name: 'Emergencies', mode: 'pick', offer_ms: 30_000, members: ['a0000000-0000-7000-8000-000000000003', 'a1000000-0000-7000-8000-000000000001'].map((id) => this.register.card(id)), waiting: 1, chat_path: '/chat?queue=emergencies' },
    ]
    this.customers = door.talks.map((talk, i) => ({
      id: talk.place.replace(/^c0/, 'cc'),
      ...(talk.name ? { name: talk.name } : {}),
      ...(talk.phone ? { phone: talk.phone } : {}),
      created_at_ms: talk.bubbles[0]?.at_ms ?? door.now(),
      conversations: [
        { id: talk.place, state: talk.state, created_at_ms: talk.bubbles[0]?.at_ms ?? door.now(), entries: talk.bubbles.length },
        ...(i % 3 === 0 ? [{ id: talk.place.replace(/^c0/, 'c9'), state: 'ended' as const, created_at_ms: door.now() - 40 * day, entries: 12 }] : []),
      ],
    }))
    this.#past()
  }

  /** What was done before anybody looked. */
  #past(): void {
    const now = this.#door.now()
    const by = { by: 'person', ...bo } as const
    const about = (at: number) => ({ id: this.register.people[at]!.id, kind: 'person', name: this.register.people[at]!.name }) as const
    const first = this.customers[0] ?? { id: 'cc000000-0000-7000-8000-000000000001' }
    const rosa = { id: first.id, ...('name' in first && first.name ? { name: first.name } : {}) }
    const add = (ago: number, line: Omit<AuditLine, 'line' | 'at_ms'>) => this.lines.unshift({ line: this.lines.length + 1, at_ms: now - ago, ...line })
    for (let i = 60; i > 0; i--) add(4 * day + i * hour, { by: i % 3 ? by : { by: 'server' }, verb: i % 3 ? 'sign_in' : 'offer' })
    add(3 * day, { by: { by: 'operator' }, verb: 'set_map' })
    add(2 * day + hour, { by, verb: 'add_person', about: about(6) })
    add(2 * day, { by: { by: 'nobody' }, verb: 'sign_in', code: 'wrong_password' })
    add(day + 3 * hour, { by, verb: 'disable_person', about: about(7) })
    add(day + hour, { by: { by: 'customer', ...rosa }, verb: 'link_renew' })
    add(5 * hour, { by, verb: 'download_original', about: { ...rosa, kind: 'conversation' } })
    add(2 * hour, { by: { by: 'person', id: 'a0000000-0000-7000-8000-000000000003', name: 'Chidi Okonkwo' }, verb: 'set_policy', code: 'not_permitted' })
    add(20 * minute, { by, verb: 'erase_customer', about: { id: 'cc000000-0000-7000-8000-00000000dead', kind: 'other' } })
  }

  answer(ask: AdminAsk): AdminAnswer {
    const { me, link } = this.#door.status
    if (link === 'offline') refuse('unreachable')
    if (me?.person.role !== 'admin') refuse('not_permitted')
    const answer = (this.#verbs[ask.ask] as (ask: AdminAsk) => AdminAnswer)(ask)
    if (!isRead(ask.ask)) this.#audit(ask)
    return structuredClone(answer)
  }

  #audit(ask: AdminAsk): void {
    const { id, name } = this.#door.status.me!.person
    const which = 'person' in ask ? ask.person : 'id' in ask ? ask.id : undefined
    const person = this.register.people.find((one) => one.id === which)
    const about = person ? { about: { id: person.id, kind: 'person' as const, name: person.name } } : {}
    this.lines.unshift({ line: this.lines.length + 1, at_ms: this.#door.now(), by: { by: 'person', id, name }, verb: ask.ask, ...about })
  }

  #setPolicy({ types, file_max_bytes, devices_max }: PolicyRules): AdminAnswer {
    if (types.length === 0) refuse('bad_request')
    this.policy = { types, file_max_bytes, ...(devices_max ? { devices_max } : {}) }
    Object.assign(this.#door.status.policy, { types, file_max_bytes })
    this.#door.tell({ topic: 'status' })
    return { answer: 'policy', ...this.policy }
  }

  #effect({ types, devices_max = Infinity }: PolicyRules): AdminAnswer {
    const files = (Object.keys(kept) as FileType[]).map((kind) => ({ kind, files: kept[kind], refused: types.includes(kind) ? 0 : kept[kind] }))
    const people_over = this.register.people.filter((one) => one.devices > devices_max).length
    return { answer: 'policy_effect', kept: files, refused: files.reduce((sum, one) => sum + one.refused, 0), people_over }
  }

  #setMap({ tiles, credit }: MapSource): AdminAnswer {
    if (tiles && !(tiles.startsWith('https://') && ['{z}', '{x}', '{y}'].every((part) => tiles.includes(part)))) refuse('bad_address')
    if (credit.length > 200) refuse('text_too_long', { limit: 200 })
    this.map = { ...(tiles ? { tiles } : {}), credit }
    this.#door.status.policy.map = tiles ? { credit } : null
    this.#door.tell({ topic: 'status' })
    return { answer: 'map', ...this.map }
  }

  #setPage({ greeting, hours }: ChatPage): AdminAnswer {
    if (greeting.length > 500) refuse('text_too_long', { limit: 500 })
    const wrong = hours?.days.some((spans) => spans.some(({ from_min, to_min }, i) => to_min <= from_min || (i > 0 && from_min < spans[i - 1]!.to_min)))
    if (wrong) refuse('bad_hours')
    this.page = { greeting, ...(hours ? { hours } : {}) }
    return { answer: 'chat_page', ...this.page }
  }

  #putQueue({ id, name, mode, offer_ms, members }: Asked<'put_queue'>): AdminAnswer {
    const was = this.queues.find((one) => one.id === id)
    if (!name.trim() && id !== firstQueue) refuse('bad_name')
    const cards = members ? { members: members.map((one) => this.register.member(one)) } : {}
    const queue: AdminQueue = { id, name: name.trim(), mode, offer_ms, ...cards, waiting: was?.waiting ?? 0, chat_path: was?.chat_path ?? `/chat?queue=${id.slice(-4)}` }
    this.queues = was ? this.queues.map((one) => (one === was ? queue : one)) : [...this.queues, queue]
    if (id === firstQueue) {
      this.#door.status.queue = mode
      this.#door.tell({ topic: 'status' })
    }
    return { answer: 'queues', queues: this.queues }
  }

  #putCanned({ shortcut, text }: AdminCanned): AdminAnswer {
    if (!/^[\p{L}\p{N}-]+$/u.test(shortcut)) refuse('bad_name')
    if (!text.trim()) refuse('message_empty')
    this.canned = [...this.canned.filter((one) => one.shortcut !== shortcut), { shortcut, text }].sort((a, b) => a.shortcut.localeCompare(b.shortcut))
    return { answer: 'canned', canned: this.canned }
  }

  #import(csv: string): AdminAnswer {
    const [header = '', ...lines] = csv.replace(/\r/g, '').split('\n')
    const columns = header.toLowerCase().split(/[,;]/).map((one) => one.trim())
    const did: Imported = { added: 0, changed: 0, same: 0, refused: [] }
    if (!columns.includes('name')) return { answer: 'imported', ...did, refused: [{ line: 1, why: 'header' }] }
    const seen = new Set<string>()
    const clientOf = (name: string) => this.register.people.find((one) => one.role === 'client' && one.name === name)
    lines.forEach((line, i) => {
      if (!line.trim()) return
      const cells = line.split(/[,;]/).map((one) => one.trim())
      const cell = (column: string) => cells[columns.indexOf(column)] ?? ''
      const [name, phone, email] = [cell('name'), cell('phone').replace(/[ ()-]/g, ''), cell('email')]
      const why = !name ? 'name' : phone && !/^\+?\d{4,20}$/.test(phone) ? 'phone' : email && !/^\S+@\S+$/.test(email) ? 'email' : seen.has(name) ? 'twice' : null
      if (why) return void did.refused.push({ line: i + 2, why } satisfies RefusedLine)
      seen.add(name)
      const was = clientOf(name)
      const more = { ...(phone ? { phone } : {}), ...(email ? { email } : {}) }
      if (!was) this.register.people.push({ id: `a7000000-0000-7000-8000-${String(this.register.people.length).padStart(12, '0')}`, name, role: 'client', ...more, enabled: true, signed_up: false, modules: [], devices: 0, open: 0, queues: [] })
      did[!was ? 'added' : (!phone || was.phone === phone) && (!email || was.email === email) ? 'same' : 'changed'] += 1
      if (was) Object.assign(was, more)
    })
    return { answer: 'imported', ...did }
  }

  #trail({ person, verb, from_ms = 0, to_ms = Infinity, before = Infinity }: Asked<'audit'>): AdminAnswer {
    const of = (line: AuditLine) => !person || ('id' in line.by && line.by.id === person) || line.about?.id === person
    const all = this.lines.filter((line) => of(line) && (!verb || line.verb === verb) && line.at_ms >= from_ms && line.at_ms < to_ms && line.line < before)
    const verbs = [...new Set(this.lines.map((line) => line.verb))].sort()
    return { answer: 'audit', lines: all.slice(0, rowsMax), more: all.length > rowsMax, verbs }
  }

  #customers({ search, from }: Asked<'customers'>): AdminAnswer {
    const wanted = search.trim().toLowerCase()
    const all = this.customers.filter(({ id, name = '', phone = '' }) => id === wanted || name.toLowerCase().includes(wanted) || phone.includes(wanted))
    return { answer: 'customers', customers: all.slice(from, from + rowsMax), total: all.length }
  }

  #erase({ customer, name }: Asked<'erase'>): AdminAnswer {
    const one = this.customers.find(({ id }) => id === customer) ?? refuse('not_found')
    if (name !== (one.name ?? one.phone)) refuse('bad_name')
    this.customers = this.customers.filter((other) => other !== one)
    const gone = new Set(one.conversations.map(({ id }) => id))
    this.#door.talks = this.#door.talks.filter((talk) => !gone.has(talk.place))
    this.#door.tell({ topic: 'lists' }, { topic: 'status' })
    return { answer: 'done' }
  }

  #verbs: Verbs = {
    people: (ask) => this.register.find(ask),
    add_person: (ask) => this.register.add(ask),
    edit_person: ({ ask: _, ...edit }) => this.register.edit(edit),
    reset: ({ person }) => this.register.reset(person),
    remove_second_factor: ({ person }) => this.register.removeFactor(person),
    devices: ({ person }) => ({ answer: 'devices', devices: this.register.devices(person), ...(this.policy.devices_max ? { devices_max: this.policy.devices_max } : {}) }),
    sign_out: ({ person, device }) => this.register.signOut(person, device),
    block_device: ({ person, device, blocked }) => this.register.block(person, device, blocked),
    queues: () => ({ answer: 'queues', queues: this.queues }),
    put_queue: (ask) => this.#putQueue(ask),
    policy: () => ({ answer: 'policy', ...this.policy }),
    set_policy: (ask) => this.#setPolicy(ask),
    preview_policy: (ask) => this.#effect(ask),
    map: () => ({ answer: 'map', ...this.map }),
    set_map: (ask) => this.#setMap(ask),
    chat_page: () => ({ answer: 'chat_page', ...this.page }),
    set_chat_page: (ask) => this.#setPage(ask),
    import_contacts: ({ csv }) => this.#import(csv),
    canned: () => ({ answer: 'canned', canned: this.canned }),
    put_canned: (ask) => this.#putCanned(ask),
    remove_canned: ({ shortcut }) => {
      this.canned = this.canned.filter((one) => one.shortcut !== shortcut)
      return { answer: 'canned', canned: this.canned }
    },
    audit: (ask) => this.#trail(ask),
    customers: (ask) => this.#customers(ask),
    erase: (ask) => this.#erase(ask),
  }
}
