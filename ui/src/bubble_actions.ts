// What may be done with one message, in ONE table: the context menu, a long press
// and the keys all read it.
import { core } from './core'
import type { Bubble, BubbleFile, Thread } from './gen/types'
import { takeBack } from './group_actions'
import { mint } from './ids'
import type { IconName } from './parts/icons'
import { app } from './state/app.svelte'
import { overlays, type MenuItem } from './state/overlay.svelte'
import type { ThreadView } from './state/thread.svelte'
import { testids } from './testids'
import { titleOf } from './words/customer'
import { sentence, w } from './words/language.svelte'

/** A message, and the place it is in: a previous conversation is another than the thread's own. */
export interface Said {
  thread: ThreadView
  place: string
  bubble: Bubble
}

interface Action {
  id: 'reply' | 'copy' | 'copyPhoto' | 'savePhoto' | 'seen' | 'again' | 'edit' | 'discard' | 'delete'
  testid: string
  icon: IconName
  danger: boolean
  able: (said: Said) => boolean
  run: (said: Said) => void
}

/** Whether it is told who has read what: not between two, where the mark says it, and not in a large group. */
export function tellsSeen(view: Thread | null): boolean {
  return view?.group?.direct === false && view.group.seen.length > 0
}

const textOf = ({ bubble }: Said): string => (bubble.body.what === 'said' ? bubble.body.text : '')
/** Its photo, when it has just one: of several each is saved where it is looked at. */
const photoOf = ({ bubble }: Said): BubbleFile | undefined =>
  bubble.body.what === 'said' && bubble.body.files.length === 1 ? bubble.body.files[0] : undefined
/** One that is on its way just now cannot be taken back; it can be deleted. */
const isUnsent = ({ bubble }: Said): boolean => bubble.mark === 'stuck' || bubble.mark === 'waiting'

/** Whether a message is the first of a thread that is not begun yet. */
async function begins({ thread, bubble }: Said): Promise<boolean> {
  if (!thread.view?.group?.pending) return false
  return (await core.call('outbox', {})).some(({ intent, kind }) => intent === bubble.id && kind === 'start')
}

async function edit(said: Said): Promise<void> {
  const { thread, place, bubble } = said
  await app.attempt(async () => {
    if (await begins(said)) return takeBack({ place, intent: bubble.id })
    await thread.compose.flush()
    await core.call('discard', { intent: bubble.id, keep: true })
    await thread.reloadDraft()
  })
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

/** Asks before something that was asked, and is no message, is taken back. */
export function askTakeBack(to: string, text: string, takeBack: () => unknown): void {
  const words = w().outbox
  overlays.ask({ title: words.discardAct(to), text, yes: words.discard, no: words.keep, danger: true, onYes: () => void takeBack() })
}

/** Asks, then deletes a message for everybody. */
function askDelete({ place, bubble }: Said): void {
  const words = w().message
  overlays.ask({
    title: words.deleteTitle,
    text: words.deleteText,
    yes: words.deleteYes,
    no: words.deleteNo,
    danger: true,
    onYes: () => void app.attempt(() => core.call('delete', { id: mint(), place, message: bubble.id })),
  })
}

/** Begins to answer a message: the box to write in says which. */
async function answer({ thread, bubble }: Said): Promise<void> {
  await thread.compose.answer(bubble.id)
  document.getElementById('composer')?.focus()
}

export const actions: readonly Action[] = [
  {
    id: 'reply',
    testid: testids.bubbleReply,
    icon: 'reply',
    danger: false,
    able: ({ thread, place, bubble }) => bubble.n !== null && bubble.body.what === 'said' && place === thread.place && (thread.view?.can.send ?? false),
    run: (said) => void answer(said),
  },
  {
    id: 'copy',
    testid: testids.bubbleCopy,
    icon: 'copy',
    danger: false,
    able: (said) => textOf(said) !== '',
    run: (said) => void navigator.clipboard.writeText(textOf(said)).catch(() => undefined),
  },
  {
    id: 'copyPhoto',
    testid: testids.bubbleCopyPhoto,
    icon: 'gallery',
    danger: false,
    able: (said) => photoOf(said) !== undefined && core.copyPicture !== undefined,
    run: (said) => void app.attempt(async () => core.copyPicture?.(photoOf(said)!.display)),
  },
  {
    id: 'savePhoto',
    testid: testids.bubbleSavePhoto,
    icon: 'save',
    danger: false,
    able: (said) => photoOf(said) !== undefined,
    run: (said) => void app.attempt(async () => core.savePicture(photoOf(said)!.display, photoOf(said)!.name)),
  },
  {
    id: 'seen',
    testid: testids.bubbleSeen,
    icon: 'eye',
    danger: false,
    able: ({ thread, bubble }) => bubble.n !== null && bubble.body.what === 'said' && tellsSeen(thread.view),
    run: ({ thread, bubble }) => overlays.show({ kind: 'seen', place: thread.place, bubble }),
  },
  {
    id: 'again',
    testid: testids.outboxRetry,
    icon: 'sync',
    danger: false,
    able: (said) => isUnsent(said),
    run: ({ bubble }) => void app.attempt(() => core.call('retry', { intent: bubble.id })),
  },
  {
    id: 'edit',
    testid: testids.outboxEdit,
    icon: 'edit',
    danger: false,
    able: (said) => isUnsent(said) && said.bubble.body.what === 'said',
    run: (said) => void edit(said),
  },
  {
    id: 'discard',
    testid: testids.outboxDiscard,
    icon: 'trash',
    danger: true,
    able: (said) => isUnsent(said),
    run: ({ thread, bubble }) => {
      const to = thread.view ? titleOf(thread.view) : ''
      const drop = () => app.attempt(() => core.call('discard', { intent: bubble.id, keep: false }))
      if (bubble.body.what === 'said') askDiscard(to, drop)
      else askTakeBack(to, bubble.problem ? sentence(bubble.problem) : '', drop)
    },
  },
  {
    id: 'delete',
    testid: testids.bubbleDelete,
    icon: 'trash',
    danger: true,
    able: (said) => said.bubble.mine && said.bubble.body.what === 'said' && !isUnsent(said),
    run: askDelete,
  },
]

function items(said: Said, wanted: (action: Action) => boolean): MenuItem[] {
  if (said.bubble.body.what === 'deleted') return []
  return actions
    .filter((action) => wanted(action) && action.able(said))
    .map(({ id, testid, icon, danger, run }) => ({ id, testid, icon, danger, label: w().message.actions[id], run: () => run(said) }))
}

/** Everything that may be done with a message now. */
export function bubbleMenu(said: Said): MenuItem[] {
  return items(said, () => true)
}

/** What settles a message that needs its person. */
export function stuckMenu(said: Said): MenuItem[] {
  const settles: Action['id'][] = ['again', 'edit', 'discard', 'delete']
  return items(said, ({ id }) => settles.includes(id))
}
