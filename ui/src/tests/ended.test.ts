import { flushSync, mount, unmount } from 'svelte'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useDoor } from '../core'
import { FakeDoor, workspace } from '../core.fake'
import EndedFoot from '../parts/EndedFoot.svelte'
import { overlays } from '../state/overlay.svelte'
import { ThreadView } from '../state/thread.svelte'
import { testids } from '../testids'

let door: FakeDoor
let foot: Record<string, unknown> | undefined
const now = new Date(2026, 10, 21, 12, 0).getTime()
const find = (testid: string) => document.querySelector<HTMLElement>(`[data-testid='${testid}']`)

beforeEach(() => {
  door = new FakeDoor(workspace(now), () => now)
  useDoor(door)
})
afterEach(() => {
  if (foot) unmount(foot)
  foot = undefined
})

async function shown(text: string): Promise<ThreadView> {
  const talk = door.talks.find((one) => one.state === 'ended')!
  talk.draft.text = text
  const thread = new ThreadView(talk.place)
  await thread.read()
  foot = mount(EndedFoot, { target: document.body, props: { thread, view: thread.view!, title: 'Yuki' } })
  flushSync()
  return thread
}

it('an ended chat shows what was being composed, and throws it away only when asked', async () => {
  const thread = await shown('Bring the old')
  expect(find(testids.keptDraft)?.textContent).toContain('Bring the old')
  find(testids.keptDiscard)!.click()
  expect(door.calls.some((call) => call.name === 'discard_draft')).toBe(false)
  const asked = overlays.current
  if (asked.kind === 'question') asked.question.onYes()
  await vi.waitFor(() => expect(door.calls.find((call) => call.name === 'discard_draft')?.args).toEqual({ place: thread.place, note: false }))
  overlays.close()
})

it('an ended chat with nothing composed offers the way back alone', async () => {
  await shown('')
  expect([find(testids.keptDraft), find(testids.keptDiscard)]).toEqual([null, null])
  expect(find(testids.reopen)).not.toBeNull()
})
