import { flushSync, mount, unmount } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { core, useDoor } from '../core'
import { FakeDoor, workspace } from '../core.fake'
import type { DraftFile } from '../gen/types'
import CropSheet from '../parts/CropSheet.svelte'
import Tray from '../parts/Tray.svelte'
import { Compose } from '../state/compose.svelte'
import { corners, drawn, drawnSize, longest, moved, ratioOf, rounded, shaped, turnedRight, whole, type Box } from '../state/crop'
import { Edit } from '../state/edit.svelte'
import { testids } from '../testids'

const size = { width: 1600, height: 1200 }
const box: Box = { x: 200, y: 100, width: 800, height: 600 }
const rule = (ratio: number | null = null) => ({ ratio, least: 100, size })

describe('a box of a photo', () => {
  it('drawn by a corner keeps the corner across from it', () => {
    const by = { x: 40, y: -30 }
    expect(drawn(box, 'nw', by, rule())).toEqual({ x: 240, y: 70, width: 760, height: 630 })
    expect(drawn(box, 'ne', by, rule())).toEqual({ x: 200, y: 70, width: 840, height: 630 })
    expect(drawn(box, 'se', by, rule())).toEqual({ x: 200, y: 100, width: 840, height: 570 })
    expect(drawn(box, 'sw', by, rule())).toEqual({ x: 240, y: 100, width: 760, height: 570 })
  })

  it('never leaves the photo, is never smaller than the least, and keeps its ratio, wherever it is drawn', () => {
    for (const ratio of [null, 1, 4 / 3, 3 / 4]) {
      for (const corner of corners) {
        let at = shaped(box, ratio)
        for (let i = 0; i < 60; i++) {
          at = drawn(at, corner, { x: ((i * 7919) % 4001) - 2000, y: ((i * 6007) % 3001) - 1500 }, rule(ratio))
          expect(at.x).toBeGreaterThanOrEqual(-1e-6)
          expect(at.y).toBeGreaterThanOrEqual(-1e-6)
          expect(at.x + at.width).toBeLessThanOrEqual(size.width + 1e-6)
          expect(at.y + at.height).toBeLessThanOrEqual(size.height + 1e-6)
          expect(Math.min(at.width, at.height)).toBeGreaterThan(99.9)
          if (ratio) expect(at.width / at.height).toBeCloseTo(ratio, 6)
        }
      }
    }
  })

  it('moved goes no further than the photo', () => {
    expect(moved(box, { x: -1000, y: 5000 }, size)).toEqual({ ...box, x: 0, y: 600 })
  })

  it('is the same part of the photo after a turn, and after four where it was', () => {
    expect(turnedRight(box, size)).toEqual({ x: 500, y: 200, width: 600, height: 800 })
    let [at, of] = [box, size]
    for (let turn = 0; turn < 4; turn++) [at, of] = [turnedRight(at, of), { width: of.height, height: of.width }]
    expect(at).toEqual(box)
  })

  it('takes a shape about its own middle, and four by three stands in an upright photo', () => {
    expect(shaped(whole(size), 1)).toEqual({ x: 200, y: 0, width: 1200, height: 1200 })
    expect(ratioOf('wide', { width: 900, height: 1600 })).toBe(3 / 4)
  })

  it('comes out in whole pixels, and no larger than a canvas draws', () => {
    expect(rounded({ x: 0.4, y: 0.6, width: 1599.7, height: 1199.4 }, size)).toEqual({ x: 0, y: 1, width: 1600, height: 1199 })
    expect(drawnSize({ width: 12_000, height: 9_000 })).toEqual({ width: longest, height: 3072 })
    expect(drawnSize({ width: 30, height: 20 })).toEqual({ width: 30, height: 20 })
  })
})

let door: FakeDoor
let compose: Compose
let shown: object[] = []
const file = (kind: DraftFile['kind'], name = `valve.${kind}`): DraftFile => ({ hash: '1'.repeat(64), name, kind, size_bytes: 10 })
const find = (testid: string, more = '') => document.querySelector<HTMLElement>(`[data-testid='${testid}']${more}`)
const press = (testid: string, more = '') => (find(testid, more)!.click(), flushSync())
const image = { naturalWidth: 1600, naturalHeight: 1200 } as HTMLImageElement

/** What the canvas was asked to draw, and as what. */
function canvas() {
  const pen = { scale: vi.fn(), translate: vi.fn(), rotate: vi.fn(), drawImage: vi.fn() }
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(pen as never)
  const asked = vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation(function (done, type) {
    done(new Blob([new Uint8Array(type === 'image/png' ? [0x89, 0x50] : [0xff, 0xd8])], { type: type ?? '' }))
  })
  return { pen, asked }
}

beforeEach(async () => {
  door = new FakeDoor(workspace(1_763_700_000_000), () => 1_763_700_000_000)
  useDoor(door)
  const { place } = door.talks.find((talk) => talk.state === 'open')!
  compose = new Compose(place)
  compose.load((await core.call('thread', { place, limit: 1 })).draft, compose.generation)
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const one of shown) await unmount(one)
  shown = []
})

describe('a photo of the draft', () => {
  const jpeg = (name: string, last: number) => new File([new Uint8Array([0xff, 0xd8, 0xff, last])], name)

  it('is replaced where it stands, and stays where the other is refused', async () => {
    await compose.attach([jpeg('a.jpg', 1), jpeg('bb.jpg', 2), jpeg('ccc.jpg', 3)])
    const [, second] = compose.files
    door.refusals.set('attach', { code: 'file_too_large', limit: 1 })
    await compose.replace(second!.hash, jpeg('bb.jpg', 4))
    expect([compose.files[1], compose.refused[0]?.problem.code, compose.adding]).toEqual([second, 'file_too_large', 0])
    door.refusals.clear()
    await compose.replace(second!.hash, new File([new Uint8Array([0xff, 0xd8])], 'bb.jpg'))
    expect(compose.files.map((one) => one.name)).toEqual(['a.jpg', 'bb.jpg', 'ccc.jpg'])
    expect(compose.files[1]!.hash).not.toBe(second!.hash)
  })

  it('that moves is not offered to be cropped', () => {
    compose.files = [file('gif'), { ...file('jpeg'), hash: '2'.repeat(64) }]
    shown.push(mount(Tray, { target: document.body, props: { compose } }))
    flushSync()
    expect([...document.querySelectorAll(`[data-testid=${testids.trayEdit}]`)].map((one) => one.getAttribute('aria-label'))).toEqual(['Crop or rotate valve.jpeg'])
  })

  it('that this device cannot draw is not offered to be cropped, and stays to be sent', async () => {
    vi.spyOn(core, 'picture').mockResolvedValue('blob:one')
    compose.files = [file('heic', 'IMG_0001.HEIC')]
    shown.push(mount(Tray, { target: document.body, props: { compose } }))
    await vi.waitFor(() => expect(find(testids.trayItem)!.querySelector('img')).not.toBeNull())
    expect(find(testids.trayEdit)).not.toBeNull()
    find(testids.trayItem)!.querySelector('img')!.dispatchEvent(new Event('error'))
    flushSync()
    expect(find(testids.trayEdit)).toBeNull()
    expect(find(testids.trayItem)!.textContent).toContain('IMG_0001.HEIC')
  })

  it('comes out as it is turned and cut, a PNG as a PNG and everything else as a JPEG', async () => {
    for (const [kind, type] of [['png', 'image/png'], ['jpeg', 'image/jpeg'], ['heic', 'image/jpeg']] as const) {
      const { pen, asked } = canvas()
      const edit = new Edit(file(kind))
      edit.take(image)
      edit.turnRight()
      edit.setShape('square')
      const made = await edit.made()
      expect([made?.type, made?.name]).toEqual([type, `valve.${kind}`])
      const drawn = asked.mock.contexts[0] as HTMLCanvasElement
      expect([drawn.width, drawn.height]).toEqual([1200, 1200])
      expect(pen.translate.mock.calls).toEqual([[-0, -200], [1200, 0]])
      expect(pen.rotate).toHaveBeenCalledWith(Math.PI / 2)
      vi.restoreAllMocks()
    }
  })
})

describe('the sheet that crops', () => {
  const use = vi.fn<(photo: File) => void>()
  const close = vi.fn<() => void>()

  async function opened(): Promise<void> {
    vi.spyOn(Image.prototype, 'naturalWidth', 'get').mockReturnValue(1600)
    vi.spyOn(Image.prototype, 'naturalHeight', 'get').mockReturnValue(1200)
    Object.assign(Image.prototype, { decode: () => Promise.resolve() })
    URL.createObjectURL ??= () => 'blob:x'
    shown.push(mount(CropSheet, { target: document.body, props: { file: file('jpeg'), close, use } }))
    await vi.waitFor(() => expect(find(testids.crop)!.dataset['status']).toBe('ready'))
    flushSync()
    use.mockClear()
    close.mockClear()
  }
  const said = () => document.querySelector('dialog .unseen[role=status]')!.textContent
  const key = (handle: string, init: KeyboardEventInit) => {
    find(testids.cropHandle, `[data-corner=${handle}]`)!.dispatchEvent(new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true }))
    flushSync()
  }

  it('has a named handle for every corner and the frame, and says what is kept after a key', async () => {
    await opened()
    const handles = [...document.querySelectorAll(`[data-testid=${testids.cropHandle}]`)]
    expect(handles.map((one) => one.getAttribute('aria-label'))).toEqual(['The part that is kept', 'Top left corner', 'Top right corner', 'Bottom right corner', 'Bottom left corner'])
    key('nw', { key: 'ArrowRight' })
    expect(said()).toBe('1,584 by 1,200 pixels are kept')
    key('se', { key: 'ArrowUp', shiftKey: true })
    expect(said()).toBe('1,584 by 1,120 pixels are kept')
  })

  it('with nothing changed closes and makes nothing', async () => {
    await opened()
    const { asked } = canvas()
    for (let turn = 0; turn < 4; turn++) press(testids.cropTurn)
    press(testids.cropDone)
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce())
    expect([use.mock.calls, asked.mock.calls]).toEqual([[], []])
  })

  it('gives what was made when it is done, and nothing when it is cancelled or reset', async () => {
    await opened()
    canvas()
    press(testids.cropTurn)
    press(testids.cropCancel)
    expect([close.mock.calls.length, use.mock.calls.length]).toEqual([1, 0])
    press(testids.cropDone)
    await vi.waitFor(() => expect(use).toHaveBeenCalledOnce())
    press(testids.cropReset)
    press(testids.cropDone)
    await vi.waitFor(() => expect(close).toHaveBeenCalledTimes(3))
    expect(use).toHaveBeenCalledOnce()
  })

  it('says so where this device cannot show the photo', async () => {
    door.refusals.set('picture', { code: 'file_missing' })
    shown.push(mount(CropSheet, { target: document.body, props: { file: file('heic'), close, use } }))
    await vi.waitFor(() => expect(find(testids.crop)!.dataset['status']).toBe('failed'))
    flushSync()
    expect([find(testids.cropDone)!.hasAttribute('disabled'), document.querySelector('[role=alert]')!.textContent]).toEqual([true, expect.stringContaining('sent as it is')])
  })
})
