// The fake's lists.
import type { Args } from '../door/door'
import type { Bubble, PreviewBy, Row, RowHit, RowPreview, Rows } from '../gen/types'
import type { FakeDoor } from './door'
import type { Talk } from './people'

export function rowsOf(door: FakeDoor, { section, sort, search, page }: Args<'rows'>): Rows {
  const state = { picklist: 'waiting', conversations: 'open', history: 'ended' }[section]
  const wanted = search.toLowerCase()
  const hit = (talk: Talk) => (wanted ? (hitsOf(talk, wanted)[0] ?? null) : null)
  const fits = (talk: Talk) => hit(talk) || `${talk.name} ${talk.phone} ${preview(talk)?.text}`.toLowerCase().includes(wanted)
  const talks = door.talks.filter((talk) => talk.state === state && (!wanted || fits(talk)))
  const at = (talk: Talk) => talk.bubbles.at(-1)?.at_ms ?? 0
  talks.sort((a, b) =>
    sort === 'newest' ? at(b) - at(a) : (a.waiting_since_ms ?? Infinity) - (b.waiting_since_ms ?? Infinity) || at(b) - at(a),
  )
  // Only what is asked for is made: the others may be ten thousand.
  const rows = talks.slice(page.from, page.from + page.limit).map((talk) => ({ ...rowOf(door, talk), hit: hit(talk) }))
  return { rows, total: talks.length }
}

function rowOf(door: FakeDoor, talk: Talk): Row {
  const unsent = door.outbox.filter((row) => row.place === talk.place)
  return {
    place: talk.place,
    name: talk.name,
    phone: talk.phone,
    state: talk.state,
    agent: null,
    preview: preview(talk),
    at_ms: talk.bubbles.at(-1)?.at_ms ?? 0,
    waiting_since_ms: talk.waiting_since_ms,
    unread: talk.state === 'open' ? unread(talk) : 0,
    unsent: unsent.length,
    stuck: unsent.some((row) => row.mark === 'stuck'),
    sound: talk.sound,
    notes: talk.notes.length,
    hit: null,
  }
}

/** The messages with what was searched for, newest first; `named` says that everybody is called by name. */
export function hitsOf({ bubbles }: Talk, wanted: string, named = false): RowHit[] {
  const found: RowHit[] = []
  for (const bubble of bubbles.toReversed()) {
    const { id, n, body, at_ms } = bubble
    if (n === null || body.what !== 'said' || !body.text.toLowerCase().includes(wanted)) continue
    const author = named && !bubble.mine ? ({ by: 'colleague', name: bubble.author } as const) : whose(bubble)
    found.push({ message: id, n, author, text: body.text, at_ms })
  }
  return found
}

function whose({ mine, side, author }: Bubble): PreviewBy {
  return mine ? { by: 'you' } : side === 'ours' ? { by: 'colleague', name: author } : { by: 'customer' }
}

/** What is being composed, or was said last. */
export function preview({ draft, bubbles }: Talk): RowPreview | null {
  if (draft.text || draft.files.length > 0) {
    return { author: { by: 'draft' }, text: draft.text, photos: draft.files.length, location: false, deleted: false }
  }
  const last = bubbles.findLast(({ body }) => body.what === 'said' || body.what === 'deleted')
  if (!last) return null
  const author = whose(last)
  if (last.body.what !== 'said') return { author, text: '', photos: 0, location: false, deleted: true }
  const { text, files, location } = last.body
  return { author, text, photos: files.length, location: location !== null, deleted: false }
}

export function unread(talk: Talk): number {
  return talk.bubbles.filter((bubble) => bubble.side === 'theirs' && (bubble.n ?? 0) > talk.read_n).length
}
