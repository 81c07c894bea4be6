import { flushSync } from 'svelte'
import { describe, expect, it, vi } from 'vitest'
import { bubbleMenu } from '../bubble_actions'
import { core } from '../core'
import Above from '../parts/Above.svelte'
import Timeline from '../parts/Timeline.svelte'
import { app } from '../state/app.svelte'
import { ThreadView } from '../state/thread.svelte'
import { lay } from '../state/timeline'
import { testids } from '../testids'
import { all, boiler, door, find, group, show } from './thread_stage'

/** A thread whose newest message is mine, read as far by these. */
async function opened(of: ReturnType<typeof group>, by: string[]): Promise<ThreadView> {
  const { place } = of.talk
  door.say({ id: 'd0000000-0000-7000-8000-0000000000fe', place, text: 'Thank you!' })
  await vi.waitFor(() => expect(of.talk.bubbles.at(-1)!.n).not.toBeNull())
  of.readTo = Object.fromEntries(by.map((name) => [name, of.talk.bubbles.at(-1)!.n!]))
  const thread = (app.thread = new ThreadView(place))
  await thread.read()
  const nothing = () => undefined
  show(Timeline, { thread, entries: lay(thread.view!.bubbles, null), title: 'Cabin', showOlder: nothing, showPrevious: nothing })
  return thread
}
const names = (read: boolean) => all(testids.seenPerson, `[data-read=${read}]`).map((one) => one.textContent.trim().replace(/^\S+\s+(?=\S+ )/, ''))

describe('who has seen a message of a group', () => {
  it('stands in small under my newest, and is told by name at a tap', async () => {
    await opened(boiler(), ['Bo Lindqvist', 'Rosa Lind'])
    expect(find(testids.seen)!.textContent).toContain('Seen by 2 people')
    show(Above, {})
    find(testids.seen)!.click()
    flushSync()
    await vi.waitFor(() => expect(all(testids.seenPerson)).toHaveLength(4))
    expect(names(true).join()).toMatch(/Bo Lindqvist.*Rosa Lind/)
    expect(names(false).join()).toMatch(/Chidi Okonkwo.*Nordic Property Management/)
  })

  it('goes on changing while it is looked at', async () => {
    const thread = await opened(boiler(), ['Bo Lindqvist'])
    show(Above, {})
    find(testids.seen)!.click()
    await vi.waitFor(() => expect(all(testids.seenPerson, '[data-read=true]')).toHaveLength(1))
    boiler().readTo['Rosa Lind'] = boiler().talk.bubbles.at(-1)!.n!
    await thread.read()
    flushSync()
    expect(all(testids.seenPerson, '[data-read=true]')).toHaveLength(2)
  })

  it('is in the menu of every message of it, and not between two, where the mark says it', async () => {
    const ids = ({ view, place }: ThreadView, thread: ThreadView) =>
      bubbleMenu({ thread, place, bubble: view!.bubbles.find((one) => !one.mine && one.body.what === 'said')! }).map(({ id }) => id)
    const many = await opened(boiler(), ['Bo Lindqvist'])
    expect(ids(many, many)).toContain('seen')
    const two = await opened(group('Bo Lindqvist'), ['Bo Lindqvist'])
    expect(ids(two, two)).not.toContain('seen')
    expect(all(testids.seen)).toHaveLength(1)
    expect((await core.call('thread', { place: two.place, limit: 1 })).group!.seen).toHaveLength(1)
  })

  it('is nothing where nobody is told', async () => {
    await opened(boiler(), [])
    expect(find(testids.seen)).toBeNull()
  })
})
