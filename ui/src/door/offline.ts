// What makes a browser keep this app: its shell in the service worker's cache,
// its files from being evicted, and a page of an old build from living on.

/** A page left open looks for a newer shell this often, when it is looked at. */
const lookEveryMs = 60 * 60_000

/** Registers the service worker that serves the shell with no network (see sw.ts). */
export function keepShell(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  let lookedAt = performance.now()
  navigator.serviceWorker.register('./sw.js', { updateViaCache: 'none' }).then(
    (registration) =>
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState !== 'visible' || performance.now() - lookedAt < lookEveryMs) return
        lookedAt = performance.now()
        // Offline there is nothing newer to be had.
        registration.update().catch(() => undefined)
      }),
    // A browser that refuses (private mode) still runs the app from the network.
    () => undefined,
  )
}

let asked = false

/** Asks the browser to evict nothing of ours; some ask the person, so not before there is something to keep. */
export async function keepFiles(): Promise<void> {
  if (asked || !navigator.storage?.persist) return
  asked = true
  if (!(await navigator.storage.persisted())) await navigator.storage.persist()
}

const reloadedKey = 'fieldline-reloaded-for'

/**
 * An engine of `build` leads. A page of an older one loads itself again as soon
 * as nobody looks at it: what was typed is in the draft. Once for each build,
 * since a server that went back to an older one would have it turn for ever.
 */
export function reloadFor(build: number): void {
  if (build <= __BUILD__ || sessionStorage.getItem(reloadedKey) === String(build)) return
  const reload = (): void => {
    if (document.visibilityState === 'visible') return
    sessionStorage.setItem(reloadedKey, String(build))
    location.reload()
  }
  document.addEventListener('visibilitychange', reload)
  reload()
}
