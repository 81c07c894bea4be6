// The worker beside a page. Every page has one; the one that holds the lock
// leads: it alone opens the engine, on this browser's one file. The others pass
// on what their page asks and hear the answers.
//
// ```
//             lock                opened
//  follows ─────────► opens ──────────────► leads
//    ▲  somebody        │ cannot              │ a panic, damage, or asked to pass
//    │  wants to pass   ▼                     ▼
//    └── steps back    ends ◄─────────────── ends     (its page starts the next)
// ```
//
// A worker never lets go of an engine that it opened in any other way than by
// ending: what a crash leaves behind is then what a hand-over leaves behind, and
// both are the same tried path. The browser frees the lock and the files.
//
// Invariants
// - The lock is held before the file is opened, until the worker is gone.
// - An ask of an engine that ends is not answered; its page asks the next.
// - An older build never opens the file after a newer one asked for it.
import init, { Desk } from '../wasm/fieldline_web.js'
import engineFile from '../wasm/fieldline_web_bg.wasm?url'
import type { Problem } from '../gen/types'
import { channelName, lockName, pageOf, type Answered, type Ask, type FromPage, type OnChannel, type Reply, type ToPage } from './protocol'

/** How long the files of a leader that just ended may stay taken. */
const patienceMs = 10_000
/** How long a leader that hands over waits for what it is in the middle of. */
const graceMs = 1_000
/** How often a page that nobody looks at looks whether anybody leads. */
const glanceMs = 3_000

const scope = self as unknown as DedicatedWorkerGlobalScope
const channel = new BroadcastChannel(channelName)
const me = crypto.randomUUID()

let desk: Desk | undefined
let opening = false
let ended = false
let shown = false
let queue: AbortController | undefined
let glance: ReturnType<typeof setTimeout> | undefined
/** A newer build asked to lead: this one never opens the file again. */
let outdated = false
/** Handing over: nothing new is taken. */
let leaving = false
const running = new Set<Promise<void>>()

const tell = (said: ToPage, transfer: Transferable[] = []): void => scope.postMessage(said, transfer)
const pause = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms))

/**
 * Tries for the lock. Who is looked at waits in line. Who is not may be put to
 * sleep, and one that sleeps must never be given it: it looks now and then whether
 * the lock is free.
 */
function stand(): void {
  queue?.abort()
  clearTimeout(glance)
  if (desk || opening || outdated) return
  queue = new AbortController()
  const lock = shown
    ? navigator.locks.request(lockName, { signal: queue.signal }, lead)
    : navigator.locks.request(lockName, { ifAvailable: true }, (free) => {
        if (free) return lead()
        glance = setTimeout(stand, glanceMs)
      })
  lock.catch((thrown: unknown) => {
    if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) end({ code: 'internal' })
  })
}

/** Opens the engine and leads for as long as this worker lives. */
async function lead(): Promise<void> {
  opening = true
  queue?.abort()
  clearTimeout(glance)
  say({ say: 'opening' })
  try {
    await init({ module_or_path: engineFile })
    const opened = await openDesk()
    opened.on_changed((topics: string) => say({ say: 'changed', topics }))
    desk = opened
  } catch (thrown) {
    return end(problemIn(thrown) ?? { code: 'internal' })
  }
  say({ say: 'lead', leader: me, build: __BUILD__ })
  await new Promise(() => undefined)
}

/** The files of a worker that was ended are free a moment after its lock is. */
async function openDesk(): Promise<Desk> {
  const until = performance.now() + patienceMs
  for (;;) {
    try {
      return await Desk.open(deviceName())
    } catch (thrown) {
      if (problemIn(thrown)?.code !== 'in_use' || performance.now() > until) throw thrown
      await pause(25)
    }
  }
}

/** What the list of a person's devices says: the browser and the system. */
function deviceName(): string {
  const says = navigator.userAgent
  const first = (names: [RegExp, string][], other: string) => names.find(([sign]) => sign.test(says))?.[1] ?? other
  const browser = first([[/Firefox\//, 'Firefox'], [/Edg\//, 'Edge'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari']], 'Browser')
  const system = first(
    [[/Android/, 'Android'], [/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Windows/, 'Windows'], [/Mac OS/, 'macOS'], [/Linux|X11/, 'Linux']],
    '',
  )
  return system ? `${browser}, ${system}` : browser
}

/** To my page, and to everybody else's. */
function say(said: OnChannel & ToPage): void {
  tell(said)
  channel.postMessage(said)
}

/** Ends this worker; its page starts the next, which finds everything that was committed. */
function end(problem: Problem | null): void {
  if (ended) return
  ended = true
  tell({ say: 'ended', problem })
  channel.close()
  scope.close()
}

async function run(engine: Desk, ask: Ask): Promise<Reply> {
  switch (ask.do) {
    case 'call':
      return engine.call(ask.name, ask.args)
    case 'attach':
      return engine.attach(JSON.stringify({ place: ask.place, instead: ask.instead ?? null }), ask.name, ask.bytes)
    case 'picture':
      return engine.picture(ask.of)
  }
}

/** A problem that the engine threw on purpose. */
function problemIn(thrown: unknown): Problem | undefined {
  return typeof thrown === 'string' ? (JSON.parse(thrown) as Problem) : undefined
}

async function answer(id: string, ask: Ask, to: (said: Answered) => void): Promise<void> {
  try {
    const reply = await run(desk!, ask)
    if (!ended) to({ say: 'answer', id, reply })
  } catch (thrown) {
    const problem = problemIn(thrown)
    if (!problem || problem.code === 'storage_failed') end(problem ?? { code: 'internal' })
    else if (!ended) to({ say: 'refuse', id, problem })
  }
}

/** Does what was asked. One that hands over takes nothing new: its page asks the next. */
function take(id: string, ask: Ask, to: (said: Answered) => void): void {
  if (leaving) return
  const work = answer(id, ask, to).finally(() => running.delete(work))
  running.add(work)
}

/** Somebody is looked at, or newer, and would lead. */
function passTo(worker: string, build: number): void {
  const newer = build > __BUILD__
  if (desk) {
    // A memory file would be lost with its worker: only a newer build is worth that.
    if (newer || (build === __BUILD__ && !shown && desk.durable)) void handOver()
  } else if (worker !== me) {
    // Behind the one that asked, if at all.
    outdated ||= newer
    stand()
  }
}

async function handOver(): Promise<void> {
  leaving = true
  await Promise.race([Promise.allSettled(running), pause(graceMs)])
  end(null)
}

function askToLead(): void {
  if (!desk && !opening) channel.postMessage({ say: 'pass', worker: me, build: __BUILD__ } satisfies OnChannel)
}

function sayWhoLeads(to: (said: OnChannel & ToPage) => void): void {
  if (desk && !leaving) to({ say: 'lead', leader: me, build: __BUILD__ })
  else if (opening) to({ say: 'opening' })
}

scope.onmessage = ({ data }: MessageEvent<FromPage>) => {
  switch (data.say) {
    case 'ask':
      if (desk) take(data.id, data.ask, (said) => tell(said, said.say === 'answer' && typeof said.reply !== 'string' ? [said.reply.buffer] : []))
      else channel.postMessage(data)
      break
    case 'who':
      sayWhoLeads(tell)
      channel.postMessage(data)
      break
    case 'shown':
      shown = data.shown
      stand()
      if (shown) askToLead()
      break
  }
}

channel.onmessage = ({ data }: MessageEvent<OnChannel>) => {
  switch (data.say) {
    case 'ask':
      if (desk) take(data.id, data.ask, (said) => channel.postMessage(said))
      break
    case 'who':
      sayWhoLeads((said) => channel.postMessage(said))
      break
    case 'answer':
    case 'refuse':
      if (pageOf(data.id) === scope.name) tell(data)
      break
    case 'lead':
      tell(data)
      if (data.build < __BUILD__ || shown) askToLead()
      break
    case 'pass':
      passTo(data.worker, data.build)
      break
    default:
      tell(data)
  }
}

// A panic in the engine's own tasks arrives here: nothing in it can be trusted any more.
scope.addEventListener('error', () => end({ code: 'internal' }))
scope.addEventListener('unhandledrejection', () => end({ code: 'internal' }))

stand()
