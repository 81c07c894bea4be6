// A page's line to the engine: whatever is asked is kept until it is answered,
// and asked again of the next engine when the one it was asked of is gone.
//
// ```
//  asked ──► waits for somebody to lead ──► said to the leader ──► answered
//                 ▲                              │
//                 └── the leader is gone ────────┘   (at most `triesMax` times)
// ```
//
// Invariants
// - Every ask is answered or refused once.
// - An ask is said only to a leader that was heard of a moment ago: one whose tab
//   sleeps would carry it out when it wakes, after its person was told "no".
import type { Problem, Topic } from '../gen/types'
import type { Ask, FromPage, Reply, ToPage } from '../worker/protocol'

/** An ask that ended this many engines is not said to another. */
const triesMax = 4
/** A leader not heard of for so long is asked whether it is there. */
const freshMs = 3_000
/** So long nobody leads, or opens: another tab holds the files and sleeps. */
const silenceMs = 15_000

interface Kept {
  ask: Ask
  answer: (reply: Reply) => void
  refuse: (problem: Problem) => void
  toldTo: string | undefined
  tries: number
}

export class Line {
  /** Another engine leads: hints may have been missed. */
  onLeader: () => void = () => undefined
  /** Another build leads. */
  onBuild: (build: number) => void = () => undefined
  onChanged: (topics: Topic[]) => void = () => undefined

  readonly #page = crypto.randomUUID()
  readonly #kept = new Map<string, Kept>()
  #worker: Worker | undefined
  #leader: string | undefined
  #heardAt = performance.now()
  #asked = 0
  /** Engines that led and fell since the last answer. */
  #falls = 0
  /** Engines that could not be opened since the last one that led. */
  #unopened = 0
  #watch: ReturnType<typeof setInterval> | undefined

  constructor(private readonly start: (name: string) => Worker) {
    this.#open()
    document.addEventListener('visibilitychange', () => this.#shown())
  }

  ask(ask: Ask): Promise<Reply> {
    return new Promise((answer, refuse) => {
      const id = `${this.#page}/${++this.#asked}`
      const kept: Kept = { ask, answer, refuse, toldTo: undefined, tries: 0 }
      this.#kept.set(id, kept)
      const fresh = this.#leader !== undefined && performance.now() - this.#heardAt < freshMs
      if (fresh && this.#falls === 0) this.#tellOf(id, kept)
      else this.#wonder()
    })
  }

  #open(): void {
    const worker = this.start(this.#page)
    worker.onmessage = ({ data }: MessageEvent<ToPage>) => this.#hear(data)
    // A script that does not load says no more than this.
    worker.onerror = () => this.#hear({ say: 'ended', problem: { code: 'internal' } })
    this.#worker = worker
    this.#shown()
    this.#wonder()
  }

  #say(said: FromPage): void {
    this.#worker?.postMessage(said)
  }

  #shown(): void {
    this.#say({ say: 'shown', shown: document.visibilityState === 'visible' })
  }

  /** Asks who leads, until nothing waits for that any more. */
  #wonder(): void {
    this.#say({ say: 'who' })
    if (this.#watch !== undefined) return
    const since = performance.now()
    this.#watch = setInterval(() => {
      const waiting = [...this.#kept].filter(([, kept]) => kept.toldTo === undefined)
      if (waiting.length === 0) {
        clearInterval(this.#watch)
        this.#watch = undefined
      } else if (performance.now() - Math.max(since, this.#heardAt) > silenceMs) {
        waiting.forEach(([id]) => this.#refuse(id, { code: 'in_use' }))
      } else {
        this.#say({ say: 'who' })
      }
    }, 1_000)
  }

  #tellOf(id: string, kept: Kept): void {
    kept.toldTo = this.#leader
    kept.tries += 1
    this.#say({ say: 'ask', id, ask: kept.ask })
  }

  #hear(said: ToPage): void {
    if (said.say !== 'ended') this.#heardAt = performance.now()
    switch (said.say) {
      case 'lead':
        return this.#follow(said.leader, said.build)
      case 'answer':
        this.#kept.get(said.id)?.answer(said.reply)
        this.#kept.delete(said.id)
        return this.#stands()
      case 'refuse':
        this.#refuse(said.id, said.problem)
        return this.#stands()
      case 'changed':
        return this.onChanged(JSON.parse(said.topics) as Topic[])
      case 'ended':
        return this.#startAgain(said.problem)
    }
  }

  /** The engine answers: whatever waited because the last one fell may go. */
  #stands(): void {
    if (this.#falls === 0) return
    this.#falls = 0
    this.#tellOfAll()
  }

  #refuse(id: string, problem: Problem): void {
    this.#kept.get(id)?.refuse(problem)
    this.#kept.delete(id)
  }

  #follow(leader: string, build: number): void {
    const another = leader !== this.#leader
    this.#leader = leader
    this.#unopened = 0
    this.onBuild(build)
    this.#tellOfAll()
    if (another) this.onLeader()
  }

  /** After a fall one at a time, so that the ask that fells engines takes no other down with it. */
  #tellOfAll(): void {
    for (const [id, kept] of this.#kept) {
      if (kept.tries >= triesMax && kept.toldTo !== this.#leader) this.#refuse(id, { code: 'internal' })
      else if (kept.toldTo !== this.#leader) this.#tellOf(id, kept)
      if (this.#falls > 0 && this.#kept.has(id)) return
    }
  }

  /** My worker ended: for a hand-over, after a panic, or unable to open. */
  #startAgain(problem: Problem | null): void {
    this.#worker?.terminate()
    this.#worker = undefined
    if (problem && this.#leader === undefined) this.#unopened += 1
    else if (problem) this.#falls += 1
    this.#leader = undefined
    // What could not even be opened so often is said, and asked again only by its person.
    if (problem && this.#unopened >= triesMax) [...this.#kept.keys()].forEach((id) => this.#refuse(id, problem))
    const waitMs = problem ? Math.min(5_000, 25 * 2 ** (this.#falls + this.#unopened)) : 0
    setTimeout(() => this.#open(), waitMs)
  }
}
