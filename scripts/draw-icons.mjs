// Draws every size of the app's icon from icons/fieldline.svg, by Chromium and
// ImageMagick, and packs Windows' and Apple's containers (both are lists
// of PNG pictures). Run it after changing the drawing: node scripts/draw-icons.mjs
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const icons = join(dirname(fileURLToPath(import.meta.url)), '..', 'icons')
const chromium = process.env.FIELDLINE_CHROMIUM ?? 'chromium'
const work = mkdtempSync(join(tmpdir(), 'fieldline-icons-'))
const svg = readFileSync(join(icons, 'fieldline.svg'), 'utf8')

/** The drawing as one PNG, 1024 pixels wide and high, on nothing. */
function draw() {
  const page = join(work, 'page.html')
  const png = join(work, '1024.png')
  writeFileSync(page, `<style>*{margin:0}svg{display:block}</style>${svg}`)
  execFileSync(chromium, [
    '--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--force-device-scale-factor=1',
    `--user-data-dir=${join(work, 'profile')}`, '--default-background-color=00000000',
    '--window-size=1024,1024', `--screenshot=${png}`, `file://${page}`,
  ], { stdio: 'ignore' })
  return png
}

/** The same, `size` pixels wide and high: Chromium cuts windows that small, ImageMagick does not. */
function shrink(drawing, size) {
  const png = join(work, `${size}-small.png`)
  execFileSync('convert', [drawing, '-resize', `${size}x${size}`, '-strip', `PNG32:${png}`])
  return readFileSync(png)
}

/** Windows' container: a directory of PNG pictures. */
function ico(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let offset = head.length
  pictures.forEach(([size, bytes], index) => {
    const at = 6 + 16 * index
    head.writeUInt8(size % 256, at) // 256 is written as 0
    head.writeUInt8(size % 256, at + 1)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(bytes.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += bytes.length
  })
  return Buffer.concat([head, ...pictures.map(([, bytes]) => bytes)])
}

/** Apple's container: named PNG pictures one after another. */
function icns(pictures) {
  const parts = pictures.map(([name, bytes]) => {
    const head = Buffer.alloc(8)
    head.write(name, 0, 'ascii')
    head.writeUInt32BE(bytes.length + 8, 4)
    return Buffer.concat([head, bytes])
  })
  const head = Buffer.alloc(8)
  head.write('icns', 0, 'ascii')
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 4)
  return Buffer.concat([head, ...parts])
}

const drawing = draw()
const of = new Map([16, 32, 48, 64, 128, 256, 512, 1024].map((size) => [size, shrink(drawing, size)]))
const write = (name, bytes) => writeFileSync(join(icons, name), bytes)
write('32x32.png', of.get(32))
write('128x128.png', of.get(128))
write('128x128@2x.png', of.get(256))
write('icon.png', of.get(512))
write('icon.ico', ico([16, 32, 48, 64, 256].map((size) => [size, of.get(size)])))
write('icon.icns', icns([
  ['icp4', of.get(16)], ['icp5', of.get(32)], ['ic07', of.get(128)], ['ic08', of.get(256)], ['ic09', of.get(512)],
  ['ic10', of.get(1024)], ['ic11', of.get(32)], ['ic12', of.get(64)], ['ic13', of.get(256)], ['ic14', of.get(512)],
]))
rmSync(work, { recursive: true })
