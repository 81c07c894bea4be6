// Made-up photos, drawn on a canvas: a valve, a meadow, a fuse box. No file, no network.
import type { Tile } from '../gen/types'

const scenes = [
  { sky: '#cfe3f5', ground: '#7fa267', thing: '#8a5a3c', shade: '#5c3a26' },
  { sky: '#f3e2c7', ground: '#b98f5e', thing: '#3d6f8e', shade: '#274a60' },
  { sky: '#dfe2ea', ground: '#9aa0ad', thing: '#c7443b', shade: '#842a24' },
  { sky: '#2b3050', ground: '#434a73', thing: '#e0b04b', shade: '#96712a' },
]

function seedOf(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 33 + letter.charCodeAt(0)) % 9973, 5)
}

/** A photo of `width` × `height` pixels, another one for each `seed`. */
export async function photo(seed: string, width: number, height: number): Promise<ArrayBuffer> {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const draw = canvas.getContext('2d')
  if (!draw) return new ArrayBuffer(0)
  const number = seedOf(seed)
  const scene = scenes[number % scenes.length]!
  const horizon = height * (0.55 + (number % 7) / 60)
  draw.fillStyle = scene.sky
  draw.fillRect(0, 0, width, height)
  draw.fillStyle = scene.ground
  draw.beginPath()
  draw.moveTo(0, horizon)
  draw.quadraticCurveTo(width / 2, horizon - height * 0.12, width, horizon)
  draw.lineTo(width, height)
  draw.lineTo(0, height)
  draw.fill()
  const [x, y, r] = [width * (0.4 + (number % 5) / 20), horizon, Math.min(width, height) * 0.2]
  draw.fillStyle = scene.shade
  draw.fillRect(x - r * 0.3, y - r * 0.4, r * 0.6, r * 1.8)
  draw.fillStyle = scene.thing
  draw.beginPath()
  draw.arc(x, y - r * 0.5, r, 0, Math.PI * 2)
  draw.fill()
  draw.strokeStyle = scene.shade
  draw.lineWidth = r * 0.16
  for (let spoke = 0; spoke < 4; spoke++) {
    const angle = (spoke * Math.PI) / 4 + number
    draw.beginPath()
    draw.moveTo(x - Math.cos(angle) * r, y - r * 0.5 - Math.sin(angle) * r)
    draw.lineTo(x + Math.cos(angle) * r, y - r * 0.5 + Math.sin(angle) * r)
    draw.stroke()
  }
  return bytesOf(canvas, 'image/jpeg')
}

async function bytesOf(canvas: HTMLCanvasElement, type: 'image/jpeg' | 'image/png'): Promise<ArrayBuffer> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, type, 0.85))
  return blob ? blob.arrayBuffer() : new ArrayBuffer(0)
}

/** A made-up tile of a map: blocks of houses, streets, a park and a river here and there. */
export async function mapTile({ z, x, y }: Tile): Promise<ArrayBuffer> {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 256
  const draw = canvas.getContext('2d')
  if (!draw) return new ArrayBuffer(0)
  const number = seedOf(`${z}/${x}/${y}`)
  draw.fillStyle = '#eceae4'
  draw.fillRect(0, 0, 256, 256)
  for (let block = 0; block < 16; block++) {
    const [left, top] = [(block % 4) * 64 + 8, Math.floor(block / 4) * 64 + 8]
    const kind = (number * (block + 3)) % 11
    draw.fillStyle = kind === 0 ? '#b9dcae' : kind === 1 ? '#cfe0f0' : '#d9d4c9'
    draw.fillRect(left, top, 48, kind < 2 ? 48 : 30 + (kind % 3) * 8)
  }
  draw.strokeStyle = '#ffffff'
  for (const at of [0, 64, 128, 192, 256]) {
    draw.lineWidth = at === 128 ? 12 : 7
    draw.strokeRect(at, -20, 0, 296)
    draw.strokeRect(-20, at, 296, 0)
  }
  return bytesOf(canvas, 'image/png')
}
