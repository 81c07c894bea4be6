// What the fake does with single messages.
import type { Bubble, Canned, QuoteLine } from '../gen/types'
import type { FakeDoor } from './door'

/** Deletes a message of one's own; without a signal that waits. */
export function remove(door: FakeDoor, { place, message }: { place: string; message: string }): void {
  const talk = door.talk(place)
  const bubble = talk.bubbles.find((one) => one.id === message)
  if (!bubble) return
  if (bubble.n === null) talk.bubbles = talk.bubbles.filter((one) => one !== bubble)
  else erase(bubble, door.status.link === 'live' ? 'sent' : 'waiting')
}

export function erase(bubble: Bubble, mark: Bubble['mark'] = 'sent'): void {
  bubble.body = { what: 'deleted' }
  bubble.mark = mark
}

/** A message as another one quotes it. */
export function quoteOf({ id, n, mine, author, body }: Bubble): QuoteLine {
  const said = body.what === 'said' ? body : null
  const { text = '', files = [], location = null } = said ?? {}
  return { message: id, n, mine, author, text, photos: files.length, location: location !== null, deleted: body.what === 'deleted' }
}

const texts: [string, string][] = [
  ['hello', 'Hello {name}, thank you for writing to us. How can I help you?'],
  ['hours', 'We are here Monday to Friday, 7:30 to 17:00. In an emergency call +47 22 00 11 22, day and night.'],
  ['photo', 'Could you send me a photo of it, and one of the label on its side?'],
  ['thanks', 'Thank you, {name}, and have a warm day!'],
  ['valve', 'Please close the red valve to the left of the boiler as far as it goes, and put a bucket below.'],
  ['visit', 'We can be with you tomorrow between 9 and 11. Does that suit you, {name}?'],
]
/** The canned replies of the workspace. */
export const canned: Canned[] = texts.map(([shortcut, text], i) => ({ id: `ca000000-0000-7000-8000-00000000000${i}`, shortcut, text }))
