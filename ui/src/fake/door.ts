// A door to nowhere: the made-up workspace, held in memory. It answers as the
// engine would, so that a screen cannot tell; the gallery and the tests put the
// states they want into it.
import type { Args, Attached, Door, Name, Reply } from '../door/door'
import type { Bubble, BubbleFile, Can, Draft, OutboxRow, Problem, Status, Thread, Topic } from '../gen/types'
import { titleOf } from '../words/customer'
import { attachTo } from './attaching'
import { FakeConfigurator } from './configurator'
import { FakeGroups } from './groups'
import { canned, quoteOf, remove } from './messages'
import { FakeOwn, ownCommands } from './own'
import { ana, colleagues, emptyDraft, type Talk, wordsOf } from './people'
import { mapTile, photo } from './pictures'
import { previousOf } from './previous'
import { hitsOf, rowsOf, unread } from './rows'
import { threads } from './threads'

export type Commands = { [N in Name]: (args: Args<N>) => Reply<N> }

function refuse(problem: Problem): never {
  throw problem
}

export class FakeDoor implements Door {
  readonly kind: 'fake' | 'web'
  status: Status
  talks: Talk[]
  readonly groups = new FakeGroups(this)
  readonly configurator: FakeConfigurator
  outbox: OutboxRow[] = []
  /** What each command is to refuse with, until it is taken out. */
  refusals = new Map<Name | 'attach' | 'picture', Problem>()
  /** Unsent intents that may have reached the server: they are not taken back without a trace. */
  readonly tried = new Set<string>()
  readonly own: FakeOwn
  /** Every call made, in order. */
  calls: { name: Name; args: unknown }[] = []
  /** Commands that are never answered. */
  held = new Set<Name>()
  readonly now: () => number
  #listeners = new Set<(topics: Topic[]) => void>()

  constructor(talks: Talk[], now: () => number = Date.now, kind: 'fake' | 'web' = 'fake') {
    this.talks = talks
    this.now = now
    this.groups.all = threads(now())
    this.kind = kind
    this.own = new FakeOwn(now, () => this.status.link === 'offline')
    this.status = {
      door: 'signed_in',
      me: { person: { ...ana, role: 'agent' }, workspace: 'Lind Plumbing & Heating', modules: ['messaging.company'] },
      server: 'https://desk.lind-heating.example',
      link: 'live',
      link_problem: null,
      synced_at_ms: now() - 12_000,
      now_ms: now(),
      durable: true,
      counts: { picklist: 0, conversations: 0, unread: 0, messages: 0, unsent: 0, stuck: 0 },
      policy: { types: ['gif', 'jpeg', 'png'], file_max_bytes: 20 * 1024 * 1024 },
      ready: 'available',
      queue: 'offer',
      offers: [],
      mended: null,
    }
    this.configurator = new FakeConfigurator(this)
  }

  tell(...topics: Topic[]): void {
    for (const listener of this.#listeners) listener(topics)
  }

  onChanged(tell: (topics: Topic[]) => void): () => void {
    this.#listeners.add(tell)
    return () => this.#listeners.delete(tell)
  }

  /** What choosing a notification does, once the app listens. */
  choose: (place: string) => void = () => undefined

  onOpen(tell: (place: string) => void): void {
    this.choose = tell
  }

  async call<N extends Name>(name: N, args: Args<N>): Promise<Reply<N>> {
    this.calls.push({ name, args })
    if (this.held.has(name)) await new Promise(() => undefined)
    await Promise.resolve()
    const problem = this.refusals.get(name)
    if (problem) throw problem
    return this.#commands[name](args)
  }

  async attach(place: string, name: string, bytes: Uint8Array, instead?: string): Promise<Draft> {
    await Promise.resolve()
    const problem = this.refusals.get('attach')
    if (problem) throw problem
    const { draft } = this.talk(place)
    attachTo(draft, { name, bytes }, instead)
    return structuredClone(draft)
  }

  async picture(of: Parameters<Door['picture']>[0]): Promise<ArrayBuffer> {
    const problem = this.refusals.get('picture')
    if (problem) throw problem
    if (of.from === 'tile') return mapTile(of.tile)
    const small = of.from === 'blob' || of.rendition === 'thumb'
    return photo(of.from === 'blob' ? of.hash : `${of.message}${of.i}`, small ? 320 : 1600, small ? 240 : 1200)
  }

  /** The conversations that were kept as a file. */
  exports: string[] = []

  saveExport(conversation: string): Promise<boolean> {
    return Promise.resolve(this.exports.push(conversation) > 0)
  }

  savePicture?: (of: Parameters<Door['picture']>[0], name: string) => Promise<boolean>

  attachFromGallery?: (place: string) => Promise<Attached | null>

  talk(place: string): Talk {
    return this.talks.find((talk) => talk.place === place) ?? this.groups.talk(place) ?? refuse({ code: 'not_found' })
  }

  /** Adds an unsent message, as the overlay shows it. */
  unsent(talk: Talk, text: string, mark: Bubble['mark'], more: { problem?: Problem; files?: BubbleFile[]; id?: string; kind?: 'send' | 'start' } = {}): Bubble {
    const bubble: Bubble = {
      id: more.id ?? `d0000000-0000-7000-8000-${String(this.outbox.length + 1).padStart(12, '0')}`,
      n: null,
      side: 'ours',
      mine: true,
      author: ana.name,
      at_ms: this.now(),
      body: { what: 'said', text, files: more.files ?? [], location: null, reply: null },
      mark,
      problem: more.problem ?? null,
    }
    talk.bubbles.push(bubble)
    talk.waiting_since_ms = null
    this.outbox.push({
      intent: bubble.id,
      place: talk.place,
      title: this.groups.facts(talk.place)?.name ?? titleOf(talk),
      kind: more.kind ?? 'send',
      text,
      photos: more.files?.length ?? 0,
      files: [],
      mark,
      problem: more.problem ?? null,
      asked_at_ms: bubble.at_ms,
      progress: more.files ? (more.files[0]?.progress ?? 0) : null,
    })
    return bubble
  }

  #counted(): Status {
    const mine = this.talks.filter((talk) => talk.state === 'open')
    this.status.now_ms = this.now()
    this.status.counts = {
      picklist: this.talks.filter((talk) => talk.state === 'waiting').length,
      conversations: mine.length,
      messages: this.groups.unread,
      unread: mine.reduce((sum, talk) => sum + unread(talk), 0),
      unsent: this.outbox.length,
      stuck: this.outbox.filter((row) => row.mark === 'stuck').length,
    }
    return structuredClone(this.status)
  }

  #thread(talk: Talk, limit: number, until = Infinity): Thread {
    const mine = talk.state === 'open'
    const can: Can = { pick: talk.state === 'waiting', send: mine, end: mine, reopen: talk.state === 'ended' }
    const upTo = until === Infinity ? talk.bubbles.length : talk.bubbles.findLastIndex((bubble) => bubble.n !== null && bubble.n <= until) + 1
    const bubbles = talk.bubbles.slice(Math.max(talk.hidden ?? 0, upTo - limit), upTo)
    const newer = talk.bubbles.slice(upTo).filter((bubble) => bubble.n !== null).length
    const { place, name, phone, state, agent, ended_by, ended_at_ms, waiting_since_ms, read_n, sound, draft } = talk
    const older = talk.older > 0 || bubbles.length < upTo
    const { customer_typing = false, typing = [], viewing = [] } = talk.doing ?? {}
    const facts = this.groups.facts(place) ?? { group: null }
    if (facts.group) Object.assign(can, { end: false })
    return structuredClone({ customer_typing, typing, viewing, place, name, phone, state, agent, ended_by, ended_at_ms, waiting_since_ms, read_n, sound, draft, can, bubbles, older, newer, notes: talk.notes.slice(0, 3), note_count: talk.notes.length, ...facts })
  }

  #lives(place: string, event: 'picked' | 'ended' | 'reopened'): null {
    const talk = this.talk(place)
    talk.state = event === 'ended' ? 'ended' : 'open'
    talk.agent = ana
    talk.ended_by = event === 'ended' ? ana : null
    talk.ended_at_ms = event === 'ended' ? this.now() : null
    const n = (talk.bubbles.at(-1)?.n ?? 0) + 1
    const id = `e0000000-0000-7000-8000-${String(n).padStart(12, '0')}`
    const body = { what: 'happened', event } as const
    talk.bubbles.push({ id, n, side: 'ours', mine: true, author: ana.name, at_ms: this.now(), body, mark: 'sent', problem: null })
    this.changed(place)
    return null
  }

  /** Offers a waiting conversation, for so long from now. */
  offer(talk: Talk, leftMs: number): void {
    const said = talk.bubbles.findLast((bubble) => bubble.body.what === 'said')?.body
    const { place, name, phone, waiting_since_ms } = talk
    const [text, photos] = said?.what === 'said' ? [said.text, said.files.length] : ['', 0]
    const expires_at_ms = this.now() + leftMs
    this.status.offers.push({ place, name, phone, text, photos, waiting_since_ms, made_at_ms: expires_at_ms - 30_000, expires_at_ms })
    this.tell({ topic: 'status' })
  }

  #unoffer(place: string): null {
    this.status.offers = this.status.offers.filter((offer) => offer.place !== place)
    this.tell({ topic: 'status' })
    return null
  }

  /** Tells that a place changed, and the lists with it. */
  changed(place: string): void {
    this.tell({ topic: 'status' }, { topic: 'lists' }, { topic: 'outbox' }, { topic: 'thread', place })
  }

  #transfer({ id, place, to, note }: Args<'transfer'>): null {
    const talk = this.talk(place)
    const taker = colleagues.find((one) => one.id === to)
    talk.agent = taker ? { id: taker.id, name: taker.name } : null
    talk.state = taker ? 'ended' : 'waiting'
    talk.waiting_since_ms = this.now()
    if (taker) this.talks = this.talks.filter((one) => one !== talk)
    else if (note.trim()) this.#note({ id, place, text: note })
    this.changed(place)
    return null
  }

  #note({ id, place, text }: Args<'note'>): null {
    if (!text.trim()) refuse({ code: 'note_empty' })
    const talk = this.talk(place)
    const mark = this.status.link === 'live' ? 'sent' : 'waiting'
    talk.notes.unshift({ id, mine: true, author: ana.name, at_ms: this.now(), text, mark, problem: null })
    talk.noteDraft = ''
    this.changed(place)
    return null
  }

  /** Says what is composed in a place; in a thread that begins with it, that is one intent. */
  say({ id, place, text: typed }: Args<'send'>, kind: 'send' | 'start' = 'send'): null {
    const talk = this.talk(place)
    const { text, mentions } = wordsOf(typed)
    const files = talk.draft.files.map((file) => {
      const of = { from: 'blob', hash: file.hash } as const
      return { ...file, thumb: of, display: of, width: 0, height: 0, taken_at: null, progress: 0 }
    })
    const bubble = this.unsent(talk, text, this.status.link === 'live' ? 'sending' : 'waiting', { id, kind, ...(files.length > 0 ? { files } : {}) })
    if (bubble.body.what === 'said') Object.assign(bubble.body, { location: talk.draft.location, reply: talk.draft.reply, mentions: mentions.map((one) => ({ at: one.at, chars: one.chars, me: one.person === ana.id })) })
    talk.draft = emptyDraft()
    if (this.status.link === 'live') this.#settle(id)
    this.changed(place)
    return null
  }

  #settle(intent: string): void {
    const row = this.outbox.find((one) => one.intent === intent)
    if (!row) return
    this.groups.began(row.place)
    const talk = this.talk(row.place)
    const bubble = talk.bubbles.find((one) => one.id === intent)
    this.outbox = this.outbox.filter((one) => one !== row)
    if (bubble) Object.assign(bubble, { mark: 'sent', problem: null, n: Math.max(0, ...talk.bubbles.map((one) => one.n ?? 0)) + 1 })
    this.changed(row.place)
  }

  #discard({ intent, keep }: Args<'discard'>): null {
    const row = this.outbox.find((one) => one.intent === intent) ?? refuse({ code: 'not_found' })
    const talk = this.talk(row.place)
    this.outbox = this.outbox.filter((one) => one !== row)
    if (this.tried.has(intent)) {
      this.outbox.push({ ...row, intent: `${intent.slice(0, -1)}f`, kind: 'delete', text: '', photos: 0 })
      for (const bubble of talk.bubbles) if (bubble.id === intent) bubble.body = { what: 'deleted' }
      if (keep) talk.draft.text = [talk.draft.text, row.text].filter(Boolean).join('\n')
      this.changed(row.place)
      return null
    }
    talk.bubbles = talk.bubbles.filter((bubble) => bubble.id !== intent)
    if (row.kind === 'start') this.groups.takeBack(row, keep)
    else if (keep && row.kind === 'note') talk.noteDraft = [talk.noteDraft, row.text].filter(Boolean).join('\n')
    else if (keep) talk.draft.text = [talk.draft.text, row.text].filter(Boolean).join('\n')
    this.changed(row.place)
    return null
  }

  #discardDraft(place: string, note: boolean): void {
    this.outbox = this.outbox.filter((row) => row.place !== place || row.kind !== (note ? 'note_draft' : 'draft'))
    for (const talk of this.talks.filter((one) => one.place === place)) note ? (talk.noteDraft = '') : (talk.draft = emptyDraft())
  }

  #drafts(place: string, change: (draft: Draft) => void): Draft {
    const { draft } = this.talk(place)
    change(draft)
    return structuredClone(draft)
  }

  #signed(door: Status['door']): Status {
    this.status.door = door
    if (door === 'signed_out') this.status.me = null
    else this.status.me ??= { person: { ...ana, role: 'agent' }, workspace: 'Lind Plumbing & Heating', modules: [] }
    return this.#counted()
  }

  #commands: Commands = {
    status: () => this.#counted(),
    check_server: () => ({ product: 'fieldline', api: 1, version: '0.1.0', workspace: 'Lind Plumbing & Heating' }),
    sign_in: ({ code }) => (this.own.comes(code), this.#signed('signed_in')),
    invited: () => ({ name: 'Ana Torres', login: 'ana', workspace: 'Lind Plumbing & Heating' }),
    join: ({ code }) => (this.own.comes(code), this.#signed('signed_in')),
    sign_out: ({ discard }) =>
      this.outbox.length > 0 && !discard ? refuse({ code: 'unsent_work', limit: this.outbox.length }) : this.#signed('signed_out'),
    find: ({ place, search }) => (search.trim() ? hitsOf(this.talk(place), search.trim().toLowerCase(), this.groups.find(place) !== undefined) : []),
    rows: (args) => rowsOf(this, args),
    thread: ({ place, limit }) => this.#thread(this.talk(place), limit),
    thread_until: ({ place, limit, until }) => this.#thread(this.talk(place), limit, until),
    older: ({ place }) => {
      const talk = this.talk(place)
      const more = talk.older > 0
      talk.older = 0
      return more
    },
    fetch_at: ({ place }) => {
      const { hidden } = this.talk(place)
      this.talk(place).hidden = 0
      return (hidden ?? 0) > 0
    },
    previous: ({ place, limit }) => previousOf(this.talk(place), limit),
    fetch_previous: ({ place }) => {
      const talk = this.talk(place)
      const more = talk.pastHere < talk.past.length
      if (more) talk.pastHere += 1
      return more
    },
    read: ({ place, n }) => {
      this.talk(place).read_n = n
      this.tell({ topic: 'status' }, { topic: 'lists' })
      return null
    },
    pick: ({ place }) => this.#lives(place, 'picked'),
    accept: ({ place }) => {
      this.#unoffer(place)
      return this.#lives(place, 'picked')
    },
    pass: ({ place }) => this.#unoffer(place),
    set_availability: ({ ready }) => {
      this.status.ready = ready
      this.tell({ topic: 'status' })
      return null
    },
    end: ({ place }) => this.#lives(place, 'ended'),
    reopen: ({ place }) => this.#lives(place, 'reopened'),
    signal: () => null,
    save_draft: ({ place, text }) => {
      this.#drafts(place, (draft) => Object.assign(draft, wordsOf(text)))
      return null
    },
    detach: ({ place, hash }) => this.#drafts(place, (draft) => (draft.files = draft.files.filter((file) => file.hash !== hash))),
    set_location: ({ place, location }) => this.#drafts(place, (draft) => (draft.location = location)),
    set_reply: ({ place, message }) => {
      const quoted = this.talk(place).bubbles.find(({ id }) => id === message)
      return this.#drafts(place, (draft) => (draft.reply = quoted ? quoteOf(quoted) : null))
    },
    send: (args) => this.say(args),
    canned: () => structuredClone(canned),
    delete: (args) => {
      remove(this, args)
      this.changed(args.place)
      return null
    },
    transfer: ({ id, place, to, note }) => this.#transfer({ id, place, to, note }),
    colleagues: () => structuredClone(colleagues),
    notes: ({ place }) => {
      const { name, phone, notes, noteDraft } = this.talk(place)
      return structuredClone({ place, name, phone, notes, draft: noteDraft })
    },
    save_note_draft: ({ place, text }) => ((this.talk(place).noteDraft = text), null),
    note: (args) => this.#note(args),
    groups: (args) => this.groups.list(args),
    contacts: (args) => this.groups.contactsOf(args),
    admin: ({ ask }) => this.configurator.answer(ask),
    new_group: () => this.groups.composing(),
    start_group: (args) => this.groups.start(args),
    group_people: ({ place }) => this.groups.members(place),
    save_members: (args) => this.groups.save(args),
    leave_group: ({ place }) => this.groups.leave(place),
    rename_group: (args) => this.groups.rename(args),
    set_sound: ({ place, sound }) => ((this.talk(place).sound = sound), this.changed(place), null),
    outbox: () => structuredClone(this.outbox),
    retry: ({ intent }) => (this.outbox.filter((row) => intent === null || row.intent === intent).forEach((row) => this.#settle(row.intent)), null),
    discard: (args) => this.#discard(args),
    discard_draft: ({ place, note }) => (this.#discardDraft(place, note), this.changed(place), null),
    ...ownCommands(() => this.own),
    mended_seen: () => ((this.status.mended = null), this.tell({ topic: 'status' }), null),
    sync_now: () => ((this.status.synced_at_ms = this.now()), null),
  }
}
