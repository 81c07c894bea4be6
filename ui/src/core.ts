// The one door between screens and the engine. No screen calls a shell, a worker
// or a network: it asks here, and reads again when `onChanged` says so.
//
// Behind it stands one of three doors: the shell's (an installed app), the web's
// (the engine in this browser's worker), or the fake's (gallery and tests).
//
// Invariants
// - Whatever goes wrong arrives as a `Problem`.
// - At most `picturesMax` object URLs are alive; the least lately asked for goes first.
import type { Location, PictureOf, Problem, Topic } from './gen/types'
import { isProblem, type Args, type Attached, type DemoSignIn, type Door, type Name, type Refused, type Reply } from './door/door'

export type { Attached, DemoSignIn, Refused } from './door/door'
export { isProblem } from './door/door'

const picturesMax = 240

let door: Door | undefined
const listeners = new Set<(topics: Topic[]) => void>()
const pictures = new Map<string, Promise<string>>()

/** Opens the door that fits where this page runs. Rejects with a `Problem`. */
export async function openDoor(): Promise<void> {
  try {
    const opened =
      '__TAURI_INTERNALS__' in window
        ? (await import('./door/shell')).openShellDoor()
        : await (await import('./door/web')).openWebDoor()
    useDoor(opened)
  } catch (thrown) {
    throw asProblem(thrown)
  }
}

/** Puts another door behind; the gallery and the tests do. */
export function useDoor(next: Door): void {
  forgetPictures()
  door = next
  next.onChanged((topics) => listeners.forEach((tell) => tell(topics)))
}

/** What was thrown, as a problem. */
export function asProblem(thrown: unknown): Problem {
  return isProblem(thrown) ? thrown : { code: 'internal' }
}

function behind(): Door {
  if (!door) throw { code: 'internal' } satisfies Problem
  return door
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw asProblem(thrown)
  }
}

/** The picture type of bytes, for the object URL alone; the engine has judged them already. */
function typeOf(bytes: ArrayBuffer): string {
  const [a, b] = new Uint8Array(bytes.slice(0, 2))
  if (a === 0x89 && b === 0x50) return 'image/png'
  if (a === 0x47 && b === 0x49) return 'image/gif'
  return 'image/jpeg'
}

async function objectUrl(of: PictureOf): Promise<string> {
  const bytes = await behind().picture(of)
  return URL.createObjectURL(new Blob([bytes], { type: typeOf(bytes) }))
}

const endings: Record<string, string> = { 'image/png': 'png', 'image/gif': 'gif', 'image/jpeg': 'jpg' }

/** A picture as a file, named as its bytes deserve: what is shown of a PNG may be a JPEG. */
async function fileOf(of: PictureOf, name: string): Promise<File> {
  const bytes = await behind().picture(of)
  const type = typeOf(bytes)
  return new File([bytes], `${name.replace(/\.\w+$/, '')}.${endings[type]}`, { type })
}

/** By the system's own dialog in the app, as a download in a browser. */
async function savePicture(of: PictureOf, name: string): Promise<boolean> {
  const file = await fileOf(of, name)
  const open = behind()
  if (open.savePicture) return await open.savePicture(of, file.name)
  download(file)
  return true
}

/** Hands a file of this page to the browser's downloads. */
function download(file: File): void {
  const url = URL.createObjectURL(file)
  Object.assign(document.createElement('a'), { href: url, download: file.name }).click()
  // The download has the bytes by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** By the system's own dialog in the app; a browser asks the server by its address, which it may say no to. */
async function saveExport(conversation: string): Promise<boolean> {
  const open = behind()
  if (open.saveExport) return await open.saveExport(conversation)
  const link = Object.assign(document.createElement('a'), { href: `/v1/admin/exports/${conversation}`, download: '' })
  link.click()
  return true
}

function canShare(): boolean {
  const probe = new File([new Uint8Array([0xff, 0xd8])], 'photo.jpg', { type: 'image/jpeg' })
  return navigator.canShare?.({ files: [probe] }) ?? false
}

/** A person who closes the system's sheet has shared nothing, which is no fault. */
async function sharePicture(of: PictureOf, name: string): Promise<void> {
  const file = await fileOf(of, name)
  await navigator.share({ files: [file] }).catch((thrown: unknown) => {
    if ((thrown as DOMException).name !== 'AbortError') throw { code: 'storage_failed' } satisfies Problem
  })
}

/** Puts a picture onto the clipboard as a PNG, the one kind that every program takes. */
async function copyPicture(of: PictureOf): Promise<void> {
  // Made after the tap it belongs to is over: browsers take a promise of it.
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngOf(of) })]).catch(() => {
    throw { code: 'storage_failed' } satisfies Problem
  })
}

async function pngOf(of: PictureOf): Promise<Blob> {
  const bytes = await behind().picture(of)
  const picture = await createImageBitmap(new Blob([bytes], { type: typeOf(bytes) }))
  const canvas = Object.assign(document.createElement('canvas'), { width: picture.width, height: picture.height })
  canvas.getContext('2d')?.drawImage(picture, 0, 0)
  return await new Promise((done, fail) => canvas.toBlob((png) => (png ? done(png) : fail(new Error('no picture'))), 'image/png'))
}

function forgetPictures(): void {
  for (const url of pictures.values()) void url.then(URL.revokeObjectURL, () => undefined)
  pictures.clear()
}

function trimPictures(): void {
  for (const [key, url] of pictures) {
    if (pictures.size <= picturesMax) return
    pictures.delete(key)
    void url.then(URL.revokeObjectURL, () => undefined)
  }
}

async function attach(place: string, files: { name: string; bytes: Uint8Array }[], instead?: string): Promise<Attached> {
  const refused: Refused[] = []
  let draft: Attached['draft'] | undefined
  for (const [i, file] of files.entries()) {
    try {
      draft = await behind().attach(place, file.name, file.bytes, instead)
    } catch (thrown) {
      const problem = asProblem(thrown)
      // A message that is full stays full: the rest is not copied in vain.
      const rest = problem.code === 'too_many_files' ? files.slice(i) : [file]
      refused.push(...rest.map(({ name }) => ({ name, problem })))
      if (problem.code === 'too_many_files') break
    }
  }
  draft ??= (await core.call('thread', { place, limit: 1 })).draft
  return { draft, refused }
}

export const core = {
  /** Whether the server is fixed by where this page came from. */
  get sameOrigin(): boolean {
    return behind().kind === 'web'
  },
  /** Tells the place of a notification the person chose, where the system says so. */
  onOpen(tell: (place: string) => void): void {
    behind().onOpen?.(tell)
  },
  /** Runs one command of the engine. Rejects with a `Problem`. */
  call<N extends Name>(name: N, args: Args<N>): Promise<Reply<N>> {
    return guarded(() => behind().call(name, args))
  },
  /** Copies photos into the draft of `place`, one `instead` of another there; what is refused is said by name, the others are taken. */
  attach(place: string, files: { name: string; bytes: Uint8Array }[], instead?: string): Promise<Attached> {
    return guarded(() => attach(place, files, instead))
  },
  /** The pictures in what is pasted, asked while it is. Null where it has none, so that its words go where they belong. */
  pasted(of: DataTransfer | null): Promise<File[]> | null {
    if (of && of.files.length > 0) return Promise.resolve([...of.files])
    const open = behind()
    return of?.types.length === 0 && open.pastedPictures ? open.pastedPictures().catch(() => []) : null
  },
  /** Whether the system's own picker is there; else a file input has to serve. */
  get hasGallery(): boolean {
    return behind().attachFromGallery !== undefined
  },
  /** Opens the system's own picker; null when the person chose nothing. */
  attachFromGallery(place: string): Promise<Attached | null> {
    return guarded(async () => (await behind().attachFromGallery?.(place)) ?? null)
  },
  /** The system's own camera, where there is one. */
  get takePhoto(): Door['takePhoto'] {
    const open = behind()
    return open.takePhoto && (() => guarded(() => open.takePhoto!()))
  },
  /** The device's own sensor, where the page's geolocation does not serve. */
  get locate(): Door['locate'] {
    const open = behind()
    return open.locate && ((timeoutMs) => open.locate!(timeoutMs))
  },
  /** An object URL of a picture, shared by everyone who shows it. */
  picture(of: PictureOf): Promise<string> {
    const key = JSON.stringify(of)
    const url = pictures.get(key) ?? guarded(() => objectUrl(of))
    pictures.delete(key)
    pictures.set(key, url)
    url.catch(() => pictures.delete(key))
    trimPictures()
    return url
  },
  /** Keeps a picture as a file of the person's own. Answers whether it was kept. */
  savePicture(of: PictureOf, name: string): Promise<boolean> {
    return guarded(() => savePicture(of, name))
  },
  /** Puts a picture onto the clipboard; absent where only text can be. */
  get copyPicture(): ((of: PictureOf) => Promise<void>) | undefined {
    return typeof ClipboardItem === 'function' && 'clipboard' in navigator ? (of) => guarded(() => copyPicture(of)) : undefined
  },
  /** Keeps a conversation as a ZIP file of the admin's own. Answers whether it was kept. */
  saveExport(conversation: string): Promise<boolean> {
    return guarded(() => saveExport(conversation))
  },
  /** Hands a text to the browser's downloads; absent where there are none. */
  get saveText(): ((name: string, text: string) => void) | undefined {
    return behind().kind === 'shell' ? undefined : (name, text) => download(new File([text], name, { type: 'text/csv' }))
  },
  /** Hands a picture to the system's own sharing; absent where there is none. */
  get sharePicture(): ((of: PictureOf, name: string) => Promise<void>) | undefined {
    return canShare() ? (of, name) => guarded(() => sharePicture(of, name)) : undefined
  },
  /** Lets go of every picture; a sign-out does. */
  forgetPictures,
  /** Tells what may have changed. Answers with how to stop. */
  onChanged(tell: (topics: Topic[]) => void): () => void {
    listeners.add(tell)
    return () => listeners.delete(tell)
  },
  /** A sign-in handed over by the demo's launcher. */
  demoSignIn(): Promise<DemoSignIn | null> {
    return guarded(async () => (await behind().demoSignIn?.()) ?? null)
  },
  /** Opens a place on a map outside of the app. */
  async openMap(at: Location): Promise<void> {
    const url = mapAddress(at)
    const open = behind()
    if (open.openLink) await guarded(() => open.openLink!(url))
    else window.open(url, '_blank', 'noopener,noreferrer')
  },
}

/** Where a place is shown on the open street map. */
export function mapAddress(at: Pick<Location, 'latitude' | 'longitude'>): string {
  const [lat, lon] = [at.latitude.toFixed(6), at.longitude.toFixed(6)]
  return `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=17/${lat}/${lon}`
}
