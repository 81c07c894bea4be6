// What the fake does with single messages.
import type { Bubble } from '../gen/types'
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
