// The made-up workspace of the gallery: a plumbing and heating company's desk.
import { quoteOf } from './messages'
import type { Bubble, BubbleFile, Draft, Colleague, Event, Location, Mention, NoteLine, PersonCard, PreviousConversation, SoundLevel, State, Typed } from '../gen/types'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

export const ana: PersonCard = { id: 'a0000000-0000-7000-8000-000000000001', name: 'Ana Torres' }
export const bo: PersonCard = { id: 'a0000000-0000-7000-8000-000000000002', name: 'Bo Lindqvist' }

/** Whom a conversation may be handed to. */
export const colleagues: Colleague[] = [
  { id: bo.id, name: bo.name, ready: 'available' },
  { id: 'a0000000-0000-7000-8000-000000000003', name: 'Chidi Okonkwo', ready: 'busy' },
  { id: 'a0000000-0000-7000-8000-000000000004', name: 'Maximiliane von Hohenfels-Brandenburg', ready: 'away' },
  { id: 'a0000000-0000-7000-8000-000000000005', name: 'سامر الخطيب', ready: 'available' },
]

export interface Talk {
  /** What others do just now. */
  doing?: { customer_typing?: boolean; typing?: string[]; viewing?: string[] }
  place: string
  name: string | null
  phone: string | null
  state: State
  agent: PersonCard | null
  ended_by: PersonCard | null
  ended_at_ms: number | null
  waiting_since_ms: number | null
  bubbles: Bubble[]
  read_n: number
  /** How loud its news is set to be. */
  sound: SoundLevel | null
  older: number
  /** How many of the first bubbles are not on this device until they are fetched. */
  hidden?: number
  draft: Draft
  /** Newest first. */
  notes: NoteLine[]
  noteDraft: string
  /** Previous conversations, oldest first, and how many of the newest are on this device. */
  past: PreviousConversation[]
  pastHere: number
}

let counter = 0
function id(kind: string): string {
  counter += 1
  return `${kind}000000-0000-7000-8000-${counter.toString(16).padStart(12, '0')}`
}

/** What is typed, with its mentions apart. */
export function wordsOf(typed: Typed): { text: string; mentions: Mention[] } {
  return typeof typed === 'string' ? { text: typed, mentions: [] } : typed
}

export function emptyDraft(): Draft {
  return { text: '', files: [], location: null, reply: null }
}

function photos(message: string, names: string[]): BubbleFile[] {
  return names.map((name, i) => ({
    thumb: { from: 'message', message, i, rendition: 'thumb' },
    display: { from: 'message', message, i, rendition: 'display' },
    name,
    kind: name.endsWith('.png') ? 'png' : 'jpeg',
    size_bytes: 1_840_000 + i * 410_000,
    width: 1600,
    height: 1200,
    taken_at: null,
    progress: null,
  }))
}

interface Said {
  text?: string
  photos?: string[]
  location?: Location
}

/** Writes a conversation line by line, each some minutes after the one before. */
export class Story {
  readonly talk: Talk
  #at: number
  #n = 0

  constructor(who: { name?: string; phone?: string }, at: number) {
    this.#at = at
    this.talk = {
      place: id('c0'),
      name: who.name ?? null,
      phone: who.phone ?? null,
      state: 'waiting',
      agent: null,
      ended_by: null,
      ended_at_ms: null,
      waiting_since_ms: at,
      bubbles: [],
      read_n: 0,
      sound: null,
      older: 0,
      draft: emptyDraft(),
      notes: [],
      noteDraft: '',
      past: [],
      pastHere: 0,
    }
  }

  get #customer(): string {
    return this.talk.name ?? this.talk.phone ?? ''
  }

  #add(after: number, by: PersonCard | null, body: Bubble['body']): Bubble {
    this.#at += after
    this.#n += 1
    const bubble: Bubble = {
      id: id('b0'),
      n: this.#n,
      side: by ? 'ours' : 'theirs',
      mine: by?.id === ana.id,
      author: by?.name ?? this.#customer,
      at_ms: this.#at,
      body,
      mark: 'sent',
      problem: null,
    }
    this.talk.bubbles.push(bubble)
    return bubble
  }

  says(after: number, said: string | Said, by: PersonCard | null = null): this {
    const { text = '', photos: names = [], location = null } = typeof said === 'string' ? { text: said } : said
    const bubble = this.#add(after, by, { what: 'said', text, files: [], location, reply: null })
    if (bubble.body.what === 'said') bubble.body.files = photos(bubble.id, names)
    if (by) this.talk.waiting_since_ms = null
    else this.talk.waiting_since_ms ??= this.#at
    return this
  }

  /** What was just said answers a message before it, counted back from it. */
  to(back: number): this {
    const [bubble, quoted] = [this.talk.bubbles.at(-1), this.talk.bubbles.at(-1 - back)]
    if (bubble?.body.what === 'said' && quoted) bubble.body.reply = quoteOf(quoted)
    return this
  }

  answers(after: number, said: string | Said, by: PersonCard = ana): this {
    return this.says(after, said, by)
  }

  happens(after: number, event: Event, by: PersonCard = ana): this {
    this.#add(after, by, { what: 'happened', event })
    const talk = this.talk
    talk.state = event === 'ended' ? 'ended' : 'open'
    talk.agent = by
    talk.ended_by = event === 'ended' ? by : null
    talk.ended_at_ms = event === 'ended' ? this.#at : null
    if (event === 'ended') talk.waiting_since_ms = null
    return this
  }

  /** Everything so far was read. */
  read(): this {
    this.talk.read_n = this.#n
    return this
  }

  /** A colleague, or I, noted something some time ago. */
  noted(text: string, by: PersonCard, at_ms: number): this {
    const note: NoteLine = { id: id('f0'), mine: by.id === ana.id, author: by.name, at_ms, text, mark: 'sent', problem: null }
    this.talk.notes.unshift(note)
    return this
  }

  /** What the same customer wrote before, oldest first; `here` of them are on this device. */
  after(stories: Story[], here: number): this {
    this.talk.past = stories.map(({ talk: { place, bubbles, notes, ended_at_ms, ended_by } }) => ({
      notes,
      place,
      created_at_ms: bubbles[0]?.at_ms ?? 0,
      ended_at_ms,
      ended_by,
      bubbles,
    }))
    this.talk.pastHere = here
    return this
  }

  older(count: number): this {
    this.talk.older = count
    return this
  }
}
