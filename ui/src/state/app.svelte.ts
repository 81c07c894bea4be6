// The whole app: who is signed in, which lists there are, which conversation is
// open, and what to read again when the engine says that something changed.
import { asProblem, core } from '../core'
import type { Link, Problem, Section, Status, Topic } from '../gen/types'
import { sentence } from '../words/language.svelte'
import { coalesced } from './coalesced'
import { GroupList } from './groups.svelte'
import { List } from './list.svelte'
import { NewThread } from './new_thread.svelte'
import { Outbox } from './outbox.svelte'
import { isListed, isSection, newPlace, route, type Screen } from './route.svelte'
import { news } from './news'
import { ringing } from './ringing.svelte'
import { ThreadView, type Sought } from './thread.svelte'

export class App {
  phase = $state<'starting' | 'broken' | 'ready'>('starting')
  problem = $state.raw<Problem | null>(null)
  status = $state.raw<Status | null>(null)
  /** One calm sentence about something that was asked and not done. */
  notice = $state<string | null>(null)
  /** Whether somebody whose session ended chose to sign in now. */
  returning = $state(false)
  thread = $state.raw<ThreadView | null>(null)
  /** A message to be shown in the conversation that is opened next. */
  #seeking: { place: string; sought: Sought } | null = null
  outbox = new Outbox()
  groups = $state.raw(new GroupList())
  newThread = $state.raw(new NewThread())
  lists: Record<Section, List> = {
    picklist: new List('picklist'),
    conversations: new List('conversations'),
    history: new List('history'),
  }

  get link(): Link {
    return this.status?.link ?? 'connecting'
  }

  /** The frames may be shown: signed in, or out of session with everything still here. */
  get inside(): boolean {
    const door = this.status?.door
    return door === 'signed_in' || door === 'update_needed' || (door === 'sign_in_again' && !this.returning)
  }

  /** They see Messaging alone. */
  get isClient(): boolean {
    return this.status?.me?.person.role === 'client'
  }

  /** Whether they configure, and invite clients. */
  get isAdmin(): boolean {
    return this.status?.me?.person.role === 'admin'
  }

  /** Whether they may start threads and change who is in them. */
  get startsThreads(): boolean {
    return this.status?.me?.modules.includes('messaging.company') ?? false
  }

  readStatus = coalesced(async () => {
    this.take(await core.call('status', {}))
  })

  /** Takes a status the engine answered with. */
  take(status: Status): void {
    const other = this.status?.me?.person.id !== status.me?.person.id
    this.status = status
    ringing.take(status)
    if (status.door === 'signed_in') this.returning = false
    if (other) this.#begin()
  }

  /** Somebody else is here now: nothing of the one before stays on the screen. */
  #begin(): void {
    core.forgetPictures()
    this.thread = null
    this.lists = { picklist: new List('picklist'), conversations: new List('conversations'), history: new List('history') }
    this.outbox = new Outbox()
    this.groups = new GroupList()
    this.newThread = new NewThread()
    this.show()
  }

  async start(): Promise<void> {
    try {
      core.onChanged((topics) => this.#changed(topics))
      news.open = (place) => void this.attempt(() => this.openPlace(place, true))
      news.listen()
      core.onOpen(news.open)
      await this.readStatus()
      this.phase = 'ready'
    } catch (thrown) {
      this.break(thrown)
    }
  }

  /** Opens a place in the list it stands in now; `step` says whether Back shall close it. */
  async openPlace(place: string, step: boolean): Promise<void> {
    const { state, group } = await core.call('thread', { place, limit: 1 })
    const screens = { waiting: 'picklist', open: 'conversations', ended: 'history' } as const
    route.open(group ? 'messaging' : screens[state], place, step)
  }

  break(thrown: unknown): void {
    this.problem = asProblem(thrown)
    this.phase = 'broken'
  }

  /** Reads what the route shows: called whenever it changes. */
  show(): void {
    if (!this.inside) return
    const { wanted } = route
    route.wanted = null
    if (wanted) void this.attempt(() => this.openPlace(wanted, true))
    if (this.isClient && isSection(route.screen)) return route.go('messaging')
    if (!this.isAdmin && route.screen === 'configurator') return route.go(this.isClient ? 'messaging' : 'picklist')
    if (route.place === newPlace && !this.startsThreads) return route.close()
    this.#read(route.screen)
    const place = isListed(route.screen) && route.place !== newPlace ? route.place : null
    if (this.thread?.place !== (place ?? undefined)) {
      void this.thread?.compose.flush()
      this.thread = place ? new ThreadView(place) : null
      void this.thread?.read()
    }
    const { thread } = this
    const seeking = this.#seeking
    this.#seeking = null
    if (thread && seeking?.place === thread.place) void this.attempt(() => thread.seek(seeking.sought))
  }

  /** Lets the conversation that is opened next show a message of it. */
  seek(place: string, sought: Sought): void {
    this.#seeking = { place, sought }
    if (this.thread?.place === place) this.show()
  }

  #read(screen: Screen): void {
    if (isSection(screen)) void this.lists[screen].read()
    else if (screen === 'messaging') void this.groups.read()
    else if (screen === 'outbox') void this.outbox.read()
  }

  #changed(topics: Topic[]): void {
    news.hear(topics, this.thread?.place)
    const everything = topics.some((topic) => topic.topic === 'everything')
    const place = this.thread?.place
    const all: Topic[] = [{ topic: 'status' }, { topic: 'lists' }, { topic: 'outbox' }]
    if (place) all.push({ topic: 'thread', place })
    for (const topic of everything ? all : topics) {
      if (topic.topic === 'status') void this.readStatus().catch(() => undefined)
      else if (topic.topic === 'lists' && isListed(route.screen)) this.#read(route.screen)
      else if (topic.topic === 'outbox' && route.screen === 'outbox') this.#read('outbox')
      else if (topic.topic === 'thread' && topic.place === this.thread?.place) void this.thread.read()
    }
  }

  /** Does what was asked; a refusal becomes the notice. Answers whether it was done. */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    this.notice = null
    try {
      await work()
      return true
    } catch (thrown) {
      this.notice = sentence(asProblem(thrown))
      return false
    }
  }
}

export const app = new App()
