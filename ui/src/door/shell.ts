// The door of an installed app: the shell's commands and its one event. Bytes go
// as the body of a call and come as its answer.
//
// Phones have a camera and a sensor of their own behind plugins. A desktop's
// geolocation plugin answers with made-up zeros, so it is asked on phones alone.
import { invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import type { PictureOf, Problem, Topic } from '../gen/types'
import { type Args, type Attached, type DemoSignIn, type Door, type Name, type Reply } from './door'

interface Taken {
  imageData: string
}

interface Position {
  timestamp: number
  coords: { latitude: number; longitude: number; accuracy: number }
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text.slice(text.indexOf(',') + 1)), (letter) => letter.charCodeAt(0))
}

/** The camera plugin says refusal and cancelling in the same words: both are "none taken". */
async function takePhoto(): Promise<{ name: string; bytes: Uint8Array } | null> {
  const taken = await invoke<Taken>('plugin:camera|take_picture')
  const at = new Date().toISOString().slice(0, 19).replace(/[T:]/g, '-')
  return { name: `photo-${at}.jpg`, bytes: fromBase64(taken.imageData) }
}

async function locate(timeoutMs: number) {
  const options = { enableHighAccuracy: true, timeout: timeoutMs, maximumAge: 0 }
  const { timestamp, coords } = await invoke<Position>('plugin:geolocation|get_current_position', { options })
  // Time zero is how a platform without a sensor makes a place up.
  if (timestamp <= 0) throw { code: 'bad_location' } satisfies Problem
  return { latitude: coords.latitude, longitude: coords.longitude, accuracy_m: coords.accuracy, fixed_at_ms: timestamp }
}

async function call<N extends Name>(name: N, args: Args<N>): Promise<Reply<N>> {
  return await invoke<Reply<N>>(name, args)
}

/** A picker that was closed answers null; one that answers a bare draft refused nothing. */
async function attachFromGallery(place: string): Promise<Attached | null> {
  return await invoke<Attached | null>('attach_from_gallery', { place })
}

/** WebKitGTK's paste brings words and no picture; while it lasts, the clipboard may be read. */
async function pastedPictures(): Promise<File[]> {
  const held = await navigator.clipboard.read()
  const pictures = held.flatMap((item) => item.types.filter((type) => type.startsWith('image/')).slice(0, 1).map((type) => item.getType(type)))
  return (await Promise.all(pictures)).map((picture) => new File([picture], `image.${picture.type.slice('image/'.length)}`, { type: picture.type }))
}

function onChanged(tell: (topics: Topic[]) => void): () => void {
  const stop = listen<Topic[]>('fieldline://changed', (event) => tell(event.payload))
  return () => void stop.then((end) => end())
}

/** The shell's door. */
export function openShellDoor(): Door {
  const system = navigator.userAgent
  const android = /Android/.test(system)
  const phone = android || /iPhone|iPad/.test(system)
  const linux = !android && /Linux/.test(system)
  return {
    kind: 'shell',
    call,
    attach: (place, name, bytes, instead) =>
      invoke('attach', bytes, { headers: { place, name: encodeURIComponent(name), ...(instead ? { instead } : {}) } }),
    picture: async (of: PictureOf) => bytesOf(await invoke<ArrayBuffer | number[]>('picture', { of })),
    onChanged,
    attachFromGallery,
    savePicture: (of, name) => invoke<boolean>('save_picture', { of, name }),
    saveExport: (conversation) => invoke<boolean>('save_export', { conversation }),
    onOpen: (tell) => void listen<string>('fieldline://open', (event) => tell(event.payload)),
    demoSignIn: () => invoke<DemoSignIn | null>('demo_sign_in'),
    openLink: (url) => invoke('plugin:opener|open_url', { url }),
    ...(linux ? { pastedPictures } : {}),
    ...(android ? { takePhoto } : {}),
    ...(phone ? { locate } : {}),
  }
}

function bytesOf(answer: ArrayBuffer | number[]): ArrayBuffer {
  return answer instanceof ArrayBuffer ? answer : new Uint8Array(answer).buffer
}

