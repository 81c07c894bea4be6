// Tries each hop by which news reaches this person, one after another, and names
// the first that is broken.
import { core } from '../core'
import type { Link } from '../gen/types'
import { chime, sounds } from '../ring'
import { canNotify } from './news'
import { preferences } from './preferences.svelte'

export type Hop = 'link' | 'permission' | 'shown' | 'sound'
/** What came of a hop; `system`: the app hands it to the system, which is not asked. */
export type Outcome = 'fine' | 'broken' | 'denied' | 'missing' | 'silent' | 'system'

const tag = 'self-test'

export class SelfTest {
  status = $state<'idle' | 'busy' | 'done'>('idle')
  hops = $state.raw<{ hop: Hop; outcome: Outcome }[]>([])

  get broken(): { hop: Hop; outcome: Outcome } | undefined {
    return this.hops.find(({ outcome }) => outcome === 'broken' || outcome === 'denied' || outcome === 'missing')
  }

  /** Begins with a tap: a browser asks for its permission only then. */
  async run(link: Link, title: string): Promise<void> {
    this.status = 'busy'
    this.hops = []
    const tries: [Hop, () => Promise<Outcome>][] = [
      ['link', () => Promise.resolve(link === 'live' ? 'fine' : 'broken')],
      ['permission', permission],
      ['shown', () => shown(title)],
      ['sound', sound],
    ]
    for (const [hop, attempt] of tries) {
      const outcome = await attempt().catch((): Outcome => 'broken')
      this.hops = [...this.hops, { hop, outcome }]
      if (this.broken) break
    }
    this.status = 'done'
  }
}

async function permission(): Promise<Outcome> {
  if (!core.sameOrigin) return 'system'
  if (!canNotify()) return 'missing'
  const answer = Notification.permission === 'default' ? await Notification.requestPermission() : Notification.permission
  return answer === 'granted' ? 'fine' : 'denied'
}

async function shown(title: string): Promise<Outcome> {
  if (!core.sameOrigin) return 'system'
  const registration = await navigator.serviceWorker?.getRegistration()
  if (registration) {
    await registration.showNotification(title, { tag, silent: true })
    const there = await registration.getNotifications({ tag })
    there.forEach((one) => one.close())
    return there.length > 0 ? 'fine' : 'broken'
  }
  return await new Promise<Outcome>((done) => {
    const one = new Notification(title, { tag, silent: true })
    one.onshow = () => (one.close(), done('fine'))
    one.onerror = () => done('broken')
    setTimeout(() => done('broken'), 3_000)
  })
}

async function sound(): Promise<Outcome> {
  if (preferences.sound === 'none') return 'silent'
  chime(preferences.sound)
  return preferences.sound === 'quiet' || (await sounds()) ? 'fine' : 'broken'
}
