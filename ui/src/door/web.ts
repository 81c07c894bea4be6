// The door of a browser: the engine runs in a worker beside one of this
// browser's pages (see worker/engine.ts); a page asks over its line.
import type { Draft, PictureOf, Topic } from '../gen/types'
import type { Args, Door, Name, Reply } from './door'
import { Line } from './line'
import { keepFiles, keepShell, reloadFor } from './offline'

/** After these the person has something here to lose, and is looking. */
const worthKeeping: ReadonlySet<Name> = new Set<Name>(['sign_in', 'join', 'send'])

/** Opens the browser's door; rejects with a `Problem` when there is no engine to be had. */
export async function openWebDoor(): Promise<Door> {
  const line = new Line((name) => new Worker(new URL('../worker/engine.ts', import.meta.url), { type: 'module', name }))
  const listeners = new Set<(topics: Topic[]) => void>()
  const tell = (topics: Topic[]) => listeners.forEach((listener) => listener(topics))

  async function call<N extends Name>(name: N, args: Args<N>): Promise<Reply<N>> {
    const reply = await line.ask({ do: 'call', name, args: JSON.stringify(args) })
    if (worthKeeping.has(name)) void keepFiles()
    return JSON.parse(reply as string) as Reply<N>
  }

  /** Offline is not worth a word here: the status says so. */
  const sync = (): void => void call('sync_now', {}).catch(() => undefined)

  line.onChanged = tell
  line.onLeader = () => tell([{ topic: 'everything' }])
  line.onBuild = reloadFor
  window.addEventListener('online', sync)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && sync())
  keepShell()
  await call('status', {})

  return {
    kind: 'web',
    call,
    attach: async (place, name, bytes, instead) => {
      const draft = await line.ask({ do: 'attach', place, name, bytes, ...(instead ? { instead } : {}) })
      void keepFiles()
      return JSON.parse(draft as string) as Draft
    },
    picture: async (of: PictureOf) => bufferOf((await line.ask({ do: 'picture', of: JSON.stringify(of) })) as Uint8Array<ArrayBuffer>),
    onChanged: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The bytes alone: an array may be a part of a longer buffer. */
function bufferOf(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer
}
