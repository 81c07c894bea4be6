// The service worker: it keeps the shell (the app's own files) and serves it
// with no network. It never sees messages or pictures: whatever is not a file of
// the shell passes by untouched.
//
// ```
//  a new sw.js ──► install: every file fetched, checked, cached ──► active at once
//                     │ one is missing or another's                    │
//                     ▼                                                ▼
//                  given up whole, tried again later     the next start is the new shell
// ```
//
// Why active at once: a start is served from one shell as a whole, and a page
// that is open keeps the files of its own, which stay in the cache before.
//
// Invariants
// - A shell is served only when every file of it is in the cache, with the bytes
//   of its build.
// - The shell before stays until the next one: pages of it may still be open.

/** Written in by the build (build/shell.ts): each file's path and SHA-256. */
declare const __SHELL__: { build: string; files: [path: string, sha256: string][] }

const scope = self as unknown as ServiceWorkerGlobalScope
const shell = __SHELL__
const cacheName = `shell-${shell.build}`
const home = scope.registration.scope
const start = new URL('index.html', home).href
const assets = new URL('assets/', home).href

/** Where a file is asked for; the start page by its folder, as people do. */
function addressOf(path: string): string {
  const { href } = new URL(path, home)
  return href === start ? home : href
}

const addresses = new Set(shell.files.map(([path]) => addressOf(path)))

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A file's answer, from an older shell where its bytes did not change, else from the server. */
async function fetchChecked(address: string, expected: string): Promise<Response> {
  const fetchFresh = () => fetch(address, { cache: 'no-cache', redirect: 'error' })
  for (const get of [() => caches.match(address), fetchFresh]) {
    const answer = await get()
    if (answer?.ok && (await sha256(await answer.clone().arrayBuffer())) === expected) return answer
  }
  throw new Error(`not of this build: ${address}`)
}

async function install(): Promise<void> {
  const answers = await Promise.all(
    shell.files.map(async ([path, expected]): Promise<[string, Response]> => {
      const address = addressOf(path)
      return [address, await fetchChecked(address, expected)]
    }),
  )
  const cache = await caches.open(cacheName)
  await Promise.all(answers.map(([address, answer]) => cache.put(address, answer)))
  await scope.skipWaiting()
}

async function activate(): Promise<void> {
  const shells = (await caches.keys()).filter((name) => name.startsWith('shell-') && name !== cacheName)
  await Promise.all(shells.slice(0, -1).map((name) => caches.delete(name)))
  await scope.clients.claim()
}

/** This shell's file, or one that an open page of the shell before asks for. */
async function serve(request: Request, address: string): Promise<Response> {
  const own = await (await caches.open(cacheName)).match(address)
  return own ?? (await caches.match(address)) ?? fetch(request)
}

scope.addEventListener('install', (event) => event.waitUntil(install()))
scope.addEventListener('activate', (event) => event.waitUntil(activate()))
const isApp = ({ origin, pathname }: URL): boolean => addressOf(origin + pathname) === home

/** A notification was chosen: the app comes to the front, or is opened, at its conversation. */
async function chosen(place: string): Promise<void> {
  const pages = (await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })) as WindowClient[]
  // The chat page and the API are of the same origin, and open nothing.
  const page = pages.find(({ url }) => isApp(new URL(url)))
  if (!page) {
    // In which list it stands now the app alone knows.
    await scope.clients.openWindow(`./#/open/${place}`)
    return
  }
  // It is opened also where the system does not let it come to the front.
  page.postMessage({ open: place })
  await page.focus()
}

scope.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { place } = (event.notification.data ?? {}) as { place?: string }
  if (place) event.waitUntil(chosen(place))
})
scope.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET') return
  // What follows the path (an invite's secret, a place to open) is the page's own.
  const { origin, pathname } = new URL(request.url)
  const address = addressOf(origin + pathname)
  if (addresses.has(address) || address.startsWith(assets)) event.respondWith(serve(request, address))
})
