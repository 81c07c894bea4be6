// What the fake answers about a customer's previous conversations.
import type { Previous, PreviousConversation } from '../gen/types'
import type { Talk } from './people'

/** The newest entries of what is on the device, at most `limit`, and whether there are more anywhere. */
export function previousOf({ past, pastHere }: Talk, limit: number): Previous {
  let left = limit
  const shown: PreviousConversation[] = []
  for (const it of past.slice(past.length - pastHere).reverse()) {
    const bubbles = left > 0 ? it.bubbles.slice(-left) : []
    left -= bubbles.length
    if (bubbles.length > 0) shown.unshift({ ...it, bubbles })
  }
  const all = past.reduce((sum, it) => sum + it.bubbles.length, 0)
  return structuredClone({ conversations: shown, more: shown.reduce((sum, it) => sum + it.bubbles.length, 0) < all })
}
