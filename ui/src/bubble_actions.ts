// What may be done with one message: with any, copy its text; with one that is
// stuck, send it again, edit it, discard it.
import { core } from './core'
import type { Bubble } from './gen/types'
import { app } from './state/app.svelte'
import { overlays, type MenuItem } from './state/overlay.svelte'
import type { ThreadView } from './state/thread.svelte'
import { testids } from './testids'
import { titleOf } from './words/customer'
import { w } from './words/language.svelte'

export function bubbleMenu(thread: ThreadView, bubble: Bubble): MenuItem[] {
  const text = bubble.body.what === 'said' ? bubble.body.text : ''
  const copy: MenuItem = {
    id: 'copy',
    label: w().bubble.copy,
    icon: 'copy',
    run: () => void navigator.clipboard.writeText(text).catch(() => undefined),
  }
  return [...(text ? [copy] : []), ...(bubble.mark === 'stuck' || bubble.mark === 'waiting' ? stuckMenu(thread, bubble) : [])]
}

export function stuckMenu(thread: ThreadView, bubble: Bubble): MenuItem[] {
  const intent = bubble.id
  const again = () => app.attempt(() => core.call('retry', { intent }))
  const edit = () =>
    app.attempt(async () => {
      await thread.compose.flush()
      await core.call('discard', { intent, keep: true })
      await thread.reloadDraft()
    })
  const discard = () =>
    askDiscard(thread.view ? titleOf(thread.view) : '', () => app.attempt(() => core.call('discard', { intent, keep: false })))
  const words = w().bubble
  return [
    { id: 'again', testid: testids.outboxRetry, label: words.sendAgain, icon: 'sync', run: () => void again() },
    { id: 'edit', testid: testids.outboxEdit, label: words.edit, icon: 'edit', run: () => void edit() },
    { id: 'discard', testid: testids.outboxDiscard, label: words.discard, icon: 'trash', danger: true, run: discard },
  ]
}

/** Asks before something that was never sent is thrown away. */
export function askDiscard(to: string, discard: () => unknown): void {
  const words = w().outbox
  overlays.ask({
    title: words.discardTitle(to),
    text: words.discardText,
    yes: words.discard,
    no: words.keep,
    danger: true,
    onYes: () => void discard(),
  })
}
