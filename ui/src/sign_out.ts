// Signing out loses nothing without being asked: with unsent work the person
// chooses between waiting and discarding it, counted.
import { asProblem, core } from './core'
import { app } from './state/app.svelte'
import { overlays } from './state/overlay.svelte'
import { w } from './words/language.svelte'

async function leave(discard: boolean): Promise<void> {
  const status = await core.call('sign_out', { discard })
  history.replaceState(null, '', '#/picklist')
  app.take(status)
}

export async function signOut(): Promise<void> {
  await app.thread?.compose.flush()
  try {
    await leave(false)
  } catch (thrown) {
    const problem = asProblem(thrown)
    if (problem.code === 'unsent_work') askAboutUnsent(problem.limit ?? app.status?.counts.unsent ?? 1)
    else await app.attempt(() => Promise.reject(problem))
  }
}

function askAboutUnsent(count: number): void {
  const words = w().settings
  overlays.ask({
    title: words.signOutTitle(count),
    text: words.signOutText,
    yes: words.signOutDiscard(count),
    no: words.signOutWait,
    danger: true,
    onYes: () => void app.attempt(() => leave(true)),
  })
}
