// A photo of the draft while it is cut and turned. Nothing of it is in the draft
// until it is done, and what comes out of a canvas has nothing of what a camera
// writes beside its picture.
//
//   loading ──(the picture was read)──► ready ──(done)──► drawing ──► a file
//      └──(this device cannot show it)──► failed
import { core } from '../core'
import type { DraftFile, FileType } from '../gen/types'
import { drawn, drawnSize, isWhole, moved, ratioOf, rounded, shaped, turned, turnedRight, whole, type Box, type Corner, type Shape, type Size, type Turns } from './crop'

/** A PNG stays one; of everything else a canvas makes a JPEG. */
const typeOf = (kind: FileType) => (kind === 'png' ? 'image/png' : 'image/jpeg')
const quality = 0.92

/** Whether a canvas can keep what the file is: of what moves it would keep one picture. */
export function isEdited(kind: FileType): boolean {
  return kind !== 'gif'
}

export class Edit {
  readonly file: DraftFile
  status = $state<'loading' | 'ready' | 'failed' | 'drawing'>('loading')
  url = $state('')
  turns = $state<Turns>(0)
  shape = $state<Shape>('free')
  box = $state.raw<Box>({ x: 0, y: 0, width: 1, height: 1 })
  /** The least side of the box, in pixels of the photo. */
  least = 1
  /** The photo as it lies, not turned. */
  natural = $state.raw<Size>({ width: 1, height: 1 })
  #image: HTMLImageElement | undefined

  constructor(file: DraftFile) {
    this.file = file
  }

  /** The photo as it is turned. */
  get size(): Size {
    return turned(this.natural, this.turns)
  }

  /** Whether what comes out would be what is there. */
  get isUntouched(): boolean {
    return this.turns === 0 && isWhole(rounded(this.box, this.size), this.size)
  }

  async load(): Promise<void> {
    try {
      this.url = await core.picture({ from: 'blob', hash: this.file.hash })
      const image = new Image()
      image.src = this.url
      await image.decode()
      this.take(image)
    } catch {
      this.status = 'failed'
    }
  }

  /** Takes a picture that was read. */
  take(image: HTMLImageElement): void {
    this.#image = image
    this.natural = { width: image.naturalWidth, height: image.naturalHeight }
    this.reset()
    this.status = 'ready'
  }

  reset(): void {
    this.turns = 0
    this.shape = 'free'
    this.box = whole(this.natural)
  }

  turnRight(): void {
    this.box = turnedRight(this.box, this.size)
    this.turns = ((this.turns + 1) % 4) as Turns
  }

  setShape(shape: Shape): void {
    this.shape = shape
    this.box = shaped(this.box, ratioOf(shape, this.size))
  }

  draw(corner: Corner, by: { x: number; y: number }, from = this.box): void {
    this.box = drawn(from, corner, by, { ratio: ratioOf(this.shape, this.size), least: this.least, size: this.size })
  }

  move(by: { x: number; y: number }, from = this.box): void {
    this.box = moved(from, by, this.size)
  }

  /** What was made of it; null where that cannot be drawn. */
  async made(): Promise<File | null> {
    this.status = 'drawing'
    const type = typeOf(this.file.kind)
    const blob = await this.#drawn(type).catch(() => null)
    this.status = blob ? 'ready' : 'failed'
    return blob && new File([blob], this.file.name, { type })
  }

  #drawn(type: string): Promise<Blob | null> {
    const box = rounded(this.box, this.size)
    const out = drawnSize(box)
    const canvas = document.createElement('canvas')
    canvas.width = out.width
    canvas.height = out.height
    const pen = canvas.getContext('2d')
    if (!pen || !this.#image) return Promise.resolve(null)
    const { width, height } = this.size
    pen.imageSmoothingQuality = 'high'
    pen.scale(out.width / box.width, out.height / box.height)
    pen.translate(-box.x, -box.y)
    // The corner of the photo as it lies, in the photo as it is turned.
    pen.translate(this.turns === 1 || this.turns === 2 ? width : 0, this.turns >= 2 ? height : 0)
    pen.rotate((this.turns * Math.PI) / 2)
    pen.drawImage(this.#image, 0, 0)
    return new Promise((done) => canvas.toBlob(done, type, quality))
  }
}
