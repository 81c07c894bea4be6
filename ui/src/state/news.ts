// News for somebody who is not looking: a tone of the chosen level, and in a
// browser a notification for each conversation, which opens it when it is chosen
// and goes when it is read elsewhere. (An installed app's shell shows its own.)
//
// Invariant: one notification a conversation: the next replaces the last.
import { core } from '../core'
import type { Topic } from '../gen/types'
import { chime } from '../ring'
import { preferences } from './preferences.svelte'

type Told = Extract<Topic, { topic: 'news' | 'offered' }>

class News {
  /** Opens a conversation; the app says how. */
  open: (place: string) => void = () => undefined
  #shown = new Map<string, Notification | null>()

  /** Listens for a notification that was chosen while this page was in the background. */
  listen(): void {
    navigator.serviceWorker?.addEventListener('message', (event: MessageEvent<{ open?: string }>) => {
      if (typeof event.data?.open === 'string') this.open(event.data.open)
    })
  }

  /** Hears what the engine tells. */
  hear(topics: Topic[], looking: string | undefined): void {
    for (const topic of topics) {
      if (topic.topic === 'news' || topic.topic === 'offered') this.#tell(topic, looking)
      else if (topic.topic === 'thread' && this.#shown.has(topic.place)) void this.#settle(topic.place)
    }
  }

  #tell(topic: Told, looking: string | undefined): void {
    const away = document.visibilityState === 'hidden' || !document.hasFocus()
    if (away || topic.place !== looking) {
      // An offer rings by itself for as long as it stands.
      if (topic.topic === 'news') chime(topic.sound ?? preferences.sound)
    }
    if (away && core.sameOrigin) void this.#show(topic).catch(() => undefined)
  }

  async #show({ place, title, text }: Told): Promise<void> {
    if (!canNotify() || Notification.permission !== 'granted') return
    const options = { body: text, tag: place, icon: './icon.svg', silent: true, data: { place } }
    const registration = await navigator.serviceWorker?.getRegistration()
    if (registration) {
      this.#shown.set(place, null)
      return registration.showNotification(title, options)
    }
    const shown = new Notification(title, options)
    shown.onclick = () => {
      window.focus()
      this.open(place)
    }
    this.#shown.set(place, shown)
  }

  /** Takes a conversation's notification away when it was read, or is not here any more. */
  async #settle(place: string): Promise<void> {
    if (await isNews(place)) return
    this.#shown.get(place)?.close()
    this.#shown.delete(place)
    const registration = await navigator.serviceWorker?.getRegistration()
    for (const shown of (await registration?.getNotifications({ tag: place })) ?? []) shown.close()
  }
}

/** Whether something of a conversation waits to be read by this person. */
async function isNews(place: string): Promise<boolean> {
  try {
    // Up to any number: what is unsent has none, and is no news.
    const thread = await core.call('thread_until', { place, limit: 1, until: Number.MAX_SAFE_INTEGER })
    return thread.state === 'waiting' || (thread.bubbles.at(-1)?.n ?? 0) > thread.read_n
  } catch {
    return false
  }
}

/** Whether this page can ask the system to notify. */
export function canNotify(): boolean {
  return 'Notification' in window
}

export const news = new News()
