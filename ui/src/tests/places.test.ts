// What is done alike with a conversation and with a message thread: how loud it is, and
// searching in it.
import { flushSync } from 'svelte'
import { describe, expect, it, vi } from 'vitest'
import { menuFor, targetOfThread, type Target } from '../actions'
import { core } from '../core'
import Above from '../parts/Above.svelte'
import ConversationRow from '../parts/ConversationRow.svelte'
import FindSheet from '../parts/FindSheet.svelte'
import { app } from '../state/app.svelte'
import { overlays } from '../state/overlay.svelte'
import { route } from '../state/route.svelte'
import { ThreadView } from '../state/thread.svelte'
import { testids } from '../testids'
import { all, boiler, called, door, find, press, show } from './thread_stage'

const talking = () => door.talks.find((talk) => talk.state === 'open')!
const targetOf = async (place: string) => targetOfThread(await core.call('thread', { place, limit: 1 }))
const does = (target: Target, id: string) => {
  menuFor(target).find((item) => item.id === id)!.run()
  flushSync()
}
const levels = () => all(testids.soundLevel).map((one) => one.dataset['value'])

describe('a notification that opens the app', () => {
  it('opens its place in the list that it stands in', async () => {
    const group = door.groups.all[0]!.talk.place
    for (const [place, screen] of [[group, 'messaging'], [door.talks.find((talk) => talk.state === 'waiting')!.place, 'picklist']] as const) {
      history.replaceState(null, '', `#/open/${place}`)
      route.follow()
      app.show()
      await vi.waitFor(() => expect([route.screen, route.place]).toEqual([screen, place]))
    }
  })
})

describe('how loud a place is', () => {
  it.each([['a thread', () => boiler().talk], ['a conversation', talking]] as const)('is chosen in one way, for %s too', async (_, of) => {
    show(Above, {})
    does(await targetOf(of().place), 'sound')
    expect(levels()).toEqual(['default'])
    for (const [choice, sound] of [['quiet', 'quiet'], ['none', 'none'], ['default', null]] as const) {
      document.querySelector<HTMLInputElement>(`input[value=${choice}]`)!.click()
      await vi.waitFor(() => expect(of().sound).toBe(sound))
    }
    of().sound = 'all'
    overlays.close()
    flushSync()
    does(await targetOf(of().place), 'sound')
    expect(levels()).toEqual(['all'])
  })

  it('of a conversation that waits is nobody’s to set, and muted its row says so', async () => {
    const waiting = door.talks.find((talk) => talk.state === 'waiting')!
    expect(menuFor(await targetOf(waiting.place)).map((item) => item.id)).not.toContain('sound')
    talking().sound = 'none'
    const { rows } = await core.call('rows', { section: 'conversations', sort: 'newest', search: '', page: { from: 0, limit: 100 } })
    show(ConversationRow, { row: rows.find((row) => row.place === talking().place)!, chosen: false, open: () => undefined })
    expect(find(testids.row)!.textContent).toContain('Muted')
  })
})

describe('a search in a thread', () => {
  it('asks one question at a time, and the last one always', async () => {
    const { place } = boiler().talk
    show(FindSheet, { place, title: 'Boiler' })
    const answers: (() => void)[] = []
    const asked = vi.spyOn(core, 'call').mockImplementation(() => new Promise((done) => answers.push(() => done([] as never))))
    const field = document.querySelector<HTMLInputElement>(`[data-testid=${testids.findSearch}]`)!
    for (const text of ['l', 'la', 'lad', 'ladd']) {
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
    }
    expect(asked).toHaveBeenCalledTimes(1)
    answers[0]!()
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2))
    expect(asked.mock.lastCall).toEqual(['find', { place, search: 'ladd' }])
    answers[1]!()
    asked.mockRestore()
  })

  it('is offered where it is open, finds its own messages, and opens each where it is', async () => {
    const { place } = boiler().talk
    expect(menuFor(await targetOf(place)).map((item) => item.id)).not.toContain('find')
    route.open('messaging', place, false)
    const thread = (app.thread = new ThreadView(place))
    show(Above, {})
    does(await targetOf(place), 'find')
    const field = document.querySelector<HTMLInputElement>(`[data-testid=${testids.findSearch}]`)!
    const type = (text: string) => {
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
    }
    type('ladder')
    await vi.waitFor(() => expect(all(testids.findHit)).toHaveLength(1))
    expect(find(testids.findHit)!.querySelector('mark')!.textContent).toBe('ladder')
    type('zeppelin')
    await vi.waitFor(() => expect(find(testids.find)!.textContent).toContain('zeppelin'))
    expect(all(testids.findHit)).toHaveLength(0)
    type('ladder')
    await vi.waitFor(() => expect(all(testids.findHit)).toHaveLength(1))
    field.focus()
    press('ArrowDown')
    expect(document.activeElement).toBe(find(testids.findHit))
    const seek = vi.spyOn(thread, 'seek').mockResolvedValue()
    find(testids.findHit)!.click()
    await vi.waitFor(() => expect(seek).toHaveBeenCalledOnce())
    const hit = boiler().talk.bubbles.find(({ body }) => body.what === 'said' && body.text.includes('ladder'))!
    expect(seek.mock.calls[0]).toEqual([{ id: hit.id, n: hit.n }])
    expect(called('find')).toEqual(expect.arrayContaining([{ place, search: 'ladder' }]))
    app.thread = null
  })
})
