// Web Mercator, as web maps draw the earth: at zoom level z the world is 2^z tiles
// of `tilePx` wide and high.
import type { Tile } from '../gen/types'

export interface Place {
  latitude: number
  longitude: number
}
interface Point {
  x: number
  y: number
}
/** A tile, and where its upper left corner is, in pixels from the middle. */
export interface Laid {
  tile: Tile
  left: number
  top: number
}

export const tilePx = 256
export const zoomMax = 19
/** Beyond it the projection has no end. */
const latitudeMax = 85.0511
/** Of the equator, in metres. */
const around = 40_075_016.686

/** Where a place is on the map of a zoom level, in pixels from its north-west. */
export function project({ latitude, longitude }: Place, zoom: number): Point {
  const size = tilePx * 2 ** zoom
  const angle = (Math.min(latitudeMax, Math.max(-latitudeMax, latitude)) * Math.PI) / 180
  return {
    x: (longitude / 360 + 0.5) * size,
    y: (0.5 - Math.asinh(Math.tan(angle)) / (2 * Math.PI)) * size,
  }
}

/** The place at a point of the map of a zoom level. */
export function placeAt({ x, y }: Point, zoom: number): Place {
  const size = tilePx * 2 ** zoom
  const turns = x / size - 0.5
  const longitude = (turns - Math.round(turns)) * 360
  const latitude = (Math.atan(Math.sinh((0.5 - y / size) * 2 * Math.PI)) * 180) / Math.PI
  return { latitude: Math.min(latitudeMax, Math.max(-latitudeMax, latitude)), longitude }
}

/** The place so many pixels right of and below another. */
export function moved(from: Place, zoom: number, right: number, down: number): Place {
  const { x, y } = project(from, zoom)
  return placeAt({ x: x + right, y: y + down }, zoom)
}

/** The tiles that fill so many pixels around a place; east and west the world goes on. */
export function tilesAround(middle: Place, zoom: number, width: number, height: number): Laid[] {
  const { x, y } = project(middle, zoom)
  const all = 2 ** zoom
  const first = (from: number, size: number) => Math.floor((from - size / 2) / tilePx)
  const last = (from: number, size: number) => Math.floor((from + size / 2) / tilePx)
  const laid: Laid[] = []
  for (let row = Math.max(0, first(y, height)); row <= Math.min(all - 1, last(y, height)); row += 1) {
    for (let column = first(x, width); column <= last(x, width); column += 1) {
      const tile = { z: zoom, x: ((column % all) + all) % all, y: row }
      laid.push({ tile, left: column * tilePx - x, top: row * tilePx - y })
    }
  }
  return laid
}

/** How many metres a pixel is there. */
export function metresPerPixel(latitude: number, zoom: number): number {
  return (around * Math.cos((latitude * Math.PI) / 180)) / (tilePx * 2 ** zoom)
}

/** The deepest level at which a circle of so many metres is within so many pixels. */
export function zoomFor(latitude: number, radiusM: number, withinPx: number): number {
  for (let zoom = 17; zoom > 2; zoom -= 1) if (radiusM / metresPerPixel(latitude, zoom) <= withinPx) return zoom
  return 2
}
