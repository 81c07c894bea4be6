// A photo that this device cannot draw, and the time when one was taken.
import { flushSync, mount, unmount } from 'svelte'
import { afterEach, expect, it, vi } from 'vitest'
import { core } from '../core'
import type { PictureOf } from '../gen/types'
import Picture from '../parts/Picture.svelte'
import { formats } from '../words/formats'
import { w } from '../words/language.svelte'

const shown: Record<string, unknown>[] = []
afterEach(() => {
  shown.splice(0).forEach((part) => void unmount(part))
  vi.restoreAllMocks()
})

/** A picture of which the bytes are here, and which this device does not draw. */
async function undrawn(of: PictureOf): Promise<string> {
  vi.spyOn(core, 'picture').mockResolvedValue('blob:one')
  document.body.replaceChildren()
  shown.push(mount(Picture, { target: document.body, props: { of, about: 'IMG_0001.HEIC · 2 MB' } }))
  await vi.waitFor(() => document.querySelector('img')!.dispatchEvent(new Event('error')))
  flushSync()
  return document.body.textContent
}

it('that is not sent yet stands as its name and size, calmly, where this device does not draw it', async () => {
  const said = await undrawn({ from: 'blob', hash: 'a'.repeat(64) })
  expect(said).toContain('IMG_0001.HEIC · 2 MB')
  expect(said).toContain(w().bubble.photoUnshown)
  expect(said).not.toContain(w().bubble.photoMissing)
})

it('that the server has and this device lost is said to be missing', async () => {
  const said = await undrawn({ from: 'message', message: '01939aaa-0000-7000-8000-000000000001', i: 0, rendition: 'thumb' })
  expect(said).toContain(w().bubble.photoMissing)
})

it('was taken at the hour of the clock where it was, wherever it is looked at', () => {
  const here = formats('en-GB')
  expect(here.taken('2026-03-02T09:15:00+09:00')).toBe('2 Mar 2026, 9:15')
  expect(here.taken('2026-03-02T09:15:00')).toBe('2 Mar 2026, 9:15')
})
