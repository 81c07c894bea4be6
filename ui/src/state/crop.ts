// What is cut out of a photo, and how it is turned: the geometry alone.
//
// Invariants
// - A box lies within its photo, and is no smaller than the least side allowed, where
//   the photo itself is not smaller.
// - Ways are the screen's: a photo is not mirrored where one reads from right to left.

export interface Size {
  width: number
  height: number
}

/** In pixels of the photo as it is turned. */
export interface Box extends Size {
  x: number
  y: number
}

/** How often it is turned to the right, by a quarter each. */
export type Turns = 0 | 1 | 2 | 3

export type Corner = 'nw' | 'ne' | 'se' | 'sw'
export const corners: readonly Corner[] = ['nw', 'ne', 'se', 'sw']

/** `wide` is four by three, on its side in an upright photo. */
export type Shape = 'free' | 'square' | 'wide'

/** The longest side of what comes out, in pixels: what any browser's canvas can draw. */
export const longest = 4096

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), Math.max(least, most))

export function turned({ width, height }: Size, turns: Turns): Size {
  return turns % 2 === 0 ? { width, height } : { width: height, height: width }
}

export function whole({ width, height }: Size): Box {
  return { x: 0, y: 0, width, height }
}

export function isWhole(box: Box, size: Size): boolean {
  return box.x === 0 && box.y === 0 && box.width === size.width && box.height === size.height
}

/** The same part of the photo, after the photo of this size was turned to the right. */
export function turnedRight(box: Box, { height }: Size): Box {
  return { x: height - box.y - box.height, y: box.x, width: box.height, height: box.width }
}

/** Width by height that a box of this shape has; null where any may be. */
export function ratioOf(shape: Shape, { width, height }: Size): number | null {
  return { free: null, square: 1, wide: width >= height ? 4 / 3 : 3 / 4 }[shape]
}

/** The largest box of a ratio within another one, about its middle. */
export function shaped(box: Box, ratio: number | null): Box {
  if (ratio === null) return box
  const width = Math.min(box.width, box.height * ratio)
  const height = width / ratio
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height }
}

/** The box moved by so much, as far as the photo goes. */
export function moved(box: Box, by: { x: number; y: number }, size: Size): Box {
  return { ...box, x: clamp(box.x + by.x, 0, size.width - box.width), y: clamp(box.y + by.y, 0, size.height - box.height) }
}

/** The box with a corner drawn by so much; the corner across from it stays where it is. */
export function drawn(box: Box, corner: Corner, by: { x: number; y: number }, rule: { ratio: number | null; least: number; size: Size }): Box {
  const { ratio, size } = rule
  const [west, north] = [corner === 'nw' || corner === 'sw', corner === 'nw' || corner === 'ne']
  const still = { x: west ? box.x + box.width : box.x, y: north ? box.y + box.height : box.y }
  const room = { width: west ? still.x : size.width - still.x, height: north ? still.y : size.height - still.y }
  const least = { width: Math.min(rule.least, room.width), height: Math.min(rule.least, room.height) }
  let width = clamp(box.width + (west ? -by.x : by.x), least.width, room.width)
  let height = clamp(box.height + (north ? -by.y : by.y), least.height, room.height)
  if (ratio !== null) {
    // The larger of both wishes, as far as there is room for its shape.
    const most = Math.min(room.width, room.height * ratio)
    width = clamp(Math.max(width, height * ratio), Math.min(most, Math.max(least.width, least.height * ratio)), most)
    height = width / ratio
  }
  return { x: west ? still.x - width : still.x, y: north ? still.y - height : still.y, width, height }
}

/** The box in whole pixels, within the photo. */
export function rounded(box: Box, size: Size): Box {
  const [x, y] = [Math.round(box.x), Math.round(box.y)]
  const [right, bottom] = [Math.round(box.x + box.width), Math.round(box.y + box.height)]
  return { x, y, width: clamp(right - x, 1, size.width - x), height: clamp(bottom - y, 1, size.height - y) }
}

/** How large what comes out is drawn. */
export function drawnSize({ width, height }: Size): Size {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
