// How the entries of a thread are laid out: days, groups, the line before what
// is new. A pure function, so that it can be told by its tests.
import type { Bubble, NoteLine } from '../gen/types'
import { daysBetween } from '../words/formats'

export type Entry =
  | { kind: 'day'; key: string; at_ms: number }
  | { kind: 'new'; key: string }
  | { kind: 'event'; key: string; bubble: Bubble }
  | { kind: 'hole'; key: string; missing: number }
  | { kind: 'note'; key: string; note: NoteLine }
  | { kind: 'said'; key: string; bubble: Bubble; first: boolean; last: boolean }

const groupMs = 5 * 60_000

function isMessage({ body }: Bubble): boolean {
  return body.what === 'said' || body.what === 'deleted'
}

function belongs(earlier: Bubble | undefined, later: Bubble | undefined): boolean {
  if (!earlier || !later || !isMessage(earlier) || !isMessage(later)) return false
  const sameAuthor = earlier.side === later.side && earlier.author === later.author && earlier.mine === later.mine
  return sameAuthor && later.at_ms - earlier.at_ms < groupMs && daysBetween(earlier.at_ms, later.at_ms) === 0
}

function firstNew(bubbles: Bubble[], readN: number | null): string | undefined {
  if (readN === null || readN === 0) return undefined
  // Where what was read last is not among these, the line stands further up.
  if ((bubbles[0]?.n ?? Infinity) > readN + 1) return undefined
  return bubbles.find((b) => b.n !== null && b.n > readN && b.body.what === 'said' && b.side === 'theirs')?.id
}

/** What of these the customer has: everything that reached the server, and nothing else. */
export function leftTheHouse(bubbles: Bubble[]): Bubble[] {
  return bubbles.filter((bubble) => bubble.n !== null)
}

/** Lays `bubbles` out, oldest first; `readN` is what was read when the screen was opened. */
export function lay(bubbles: Bubble[], readN: number | null): Entry[] {
  const entries: Entry[] = []
  const newId = firstNew(bubbles, readN)
  bubbles.forEach((bubble, at) => {
    const [before, after] = [bubbles[at - 1], bubbles[at + 1]]
    if (!before || daysBetween(before.at_ms, bubble.at_ms) !== 0) {
      entries.push({ kind: 'day', key: `day-${bubble.id}`, at_ms: bubble.at_ms })
    }
    if (bubble.id === newId) entries.push({ kind: 'new', key: 'new' })
    const { body } = bubble
    if (body.what === 'happened' || body.what === 'changed') entries.push({ kind: 'event', key: bubble.id, bubble })
    else if (body.what === 'hole') entries.push({ kind: 'hole', key: bubble.id, missing: body.missing })
    else {
      const first = !belongs(before, bubble) || bubble.id === newId
      const last = !belongs(bubble, after) || after?.id === newId
      entries.push({ kind: 'said', key: bubble.id, bubble, first, last })
    }
  })
  return entries
}

/** When an entry was, where that is known. */
function atOf(entry: Entry): number | undefined {
  return entry.kind === 'day' ? entry.at_ms : 'bubble' in entry ? entry.bubble.at_ms : undefined
}

/** Lays the internal notes of a part that has ended among its entries, each where it was written. */
export function layPast(bubbles: Bubble[], notes: NoteLine[]): Entry[] {
  const [first] = bubbles
  // What was noted before the first entry that is shown stands further up.
  const shown = notes.filter((note) => first && (first.n === 1 || note.at_ms >= first.at_ms)).toReversed()
  const entries: Entry[] = []
  const put = (note: NoteLine) => entries.push({ kind: 'note', key: `note-${note.id}`, note })
  for (const entry of lay(bubbles, null)) {
    while (shown[0] && shown[0].at_ms < (atOf(entry) ?? -Infinity)) put(shown.shift()!)
    entries.push(entry)
  }
  shown.forEach(put)
  return entries
}
