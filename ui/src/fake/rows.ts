// The fake's lists.
import type { Args } from '../door/door'
import type { Bubble, PreviewBy, Row, RowHit, RowPreview, Rows } from '../gen/types'
import type { FakeDoor } from './door'
import type { Talk } from './people'

export function rowsOf(door: FakeDoor, { section, sort, search, page }: Args<'rows'>): Rows {
  const state = { picklist: 'waiting', conversations: 'open', history: 'ended' }[section]
  const wanted = search.toLowerCase()
  const rows = door.talks
    .filter((talk) => talk.state === state)
    .map((talk) => ({ ...rowOf(door, talk), hit: wanted ? (hitsOf(talk, wanted)[0] ?? null) : null }))
    .filter((row) => row.hit || `${row.name} ${row.phone} ${row.preview?.text}`.toLowerCase().includes(wanted))
  rows.sort((a, b) =>
    sort === 'newest' ? b.at_ms - a.at_ms : (a.waiting_since_ms ?? Infinity) - (b.waiting_since_ms ?? Infinity) || b.at_ms - a.at_ms,
  )
  return { rows: rows.slice(page.from, page.from + page.limit), total: rows.length }
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
