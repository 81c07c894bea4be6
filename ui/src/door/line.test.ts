import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FromPage, ToPage } from '../worker/protocol'
import { Line } from './line'

/** A worker that does what the test says, and remembers what it was told. */
class Played {
  onmessage: ((event: MessageEvent<ToPage>) => void) | null = null
  onerror: (() => void) | null = null
  told: FromPage[] = []
  terminated = false
  postMessage(said: FromPage): void {
    this.told.push(said)
  }
  terminate(): void {
    this.terminated = true
  }
  says(said: ToPage): void {
    this.onmessage?.({ data: said } as MessageEvent<ToPage>)
  }
  leads(leader = 'first'): void {
    this.says({ say: 'lead', leader, build: 1 })
  }
  get asks() {
    return this.told.filter((said) => said.say === 'ask')
  }
  answers(reply: string): void {
    this.says({ say: 'answer', id: this.asks.at(-1)!.id, reply })
  }
}

const workers: Played[] = []
const last = () => workers.at(-1)!
const call = (name: string) => ({ do: 'call', name, args: '{}' }) as const

/** What became of a promise so far. */
function outcome(promise: Promise<unknown>): { now: unknown } {
  const seen = { now: 'waits' as unknown }
  promise.then(
    (value) => (seen.now = value),
    (problem: unknown) => (seen.now = problem),
  )
  return seen
}

function open(): Line {
  return new Line(() => {
    const worker = new Played()
    workers.push(worker)
    return worker as unknown as Worker
  })
}

/** The worker falls, and the page starts the next, which leads. */
async function falls(leader: string): Promise<void> {
  last().says({ say: 'ended', problem: { code: 'internal' } })
  await vi.advanceTimersByTimeAsync(5_000)
  last().leads(leader)
}

beforeEach(() => {
  workers.length = 0
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

describe('a page’s line to the engine', () => {
  it('keeps what is asked until somebody leads', async () => {
    const reply = outcome(open().ask(call('status')))
    expect(last().asks).toEqual([])
    last().leads()
    last().answers('42')
    await vi.advanceTimersByTimeAsync(0)
    expect(reply.now).toBe('42')
  })

  it('asks the next engine, under the same id, what the last one did not answer', async () => {
    const line = open()
    last().leads()
    const reply = outcome(line.ask(call('send')))
    const { id } = last().asks[0]!
    last().leads('second')
    expect(last().asks.map((ask) => ask.id)).toEqual([id, id])
    last().answers('"sent"')
    last().answers('"sent twice"')
    await vi.advanceTimersByTimeAsync(0)
    expect(reply.now).toBe('"sent"')
  })

  it('starts a worker at once after one that handed over', async () => {
    open()
    last().leads()
    last().says({ say: 'ended', problem: null })
    await vi.advanceTimersByTimeAsync(0)
    expect(workers.map((worker) => worker.terminated)).toEqual([true, false])
  })

  it('refuses the ask that fells engine after engine, and no other', async () => {
    const line = open()
    last().leads('1')
    const poison = outcome(line.ask(call('poison')))
    const other = outcome(line.ask(call('rows')))
    for (const leader of ['2', '3', '4']) {
      await falls(leader)
      expect(last().asks.map(({ ask }) => ask)).toEqual([call('poison')])
    }
    await falls('5')
    expect(poison.now).toEqual({ code: 'internal' })
    expect(last().asks.map(({ ask }) => ask)).toEqual([call('rows')])
    last().answers('[]')
    await vi.advanceTimersByTimeAsync(0)
    expect(other.now).toBe('[]')
  })

  it('says why when the engine cannot be opened, again and again', async () => {
    const reply = outcome(open().ask(call('status')))
    for (let tries = 0; tries < 4; tries++) {
      expect(reply.now).toBe('waits')
      last().says({ say: 'ended', problem: { code: 'storage_failed' } })
      await vi.advanceTimersByTimeAsync(5_000)
    }
    expect(reply.now).toEqual({ code: 'storage_failed' })
  })

  it('tells nothing to a leader that sleeps, and says that another tab has the files', async () => {
    const line = open()
    last().leads()
    await vi.advanceTimersByTimeAsync(60_000)
    const reply = outcome(line.ask(call('send')))
    await vi.advanceTimersByTimeAsync(14_000)
    expect(reply.now).toBe('waits')
    await vi.advanceTimersByTimeAsync(3_000)
    expect(reply.now).toEqual({ code: 'in_use' })
    last().leads()
    expect(last().asks).toEqual([])
  })

  it('waits as long as somebody is opening the engine', async () => {
    const reply = outcome(open().ask(call('status')))
    for (let s = 0; s < 60; s += 5) {
      await vi.advanceTimersByTimeAsync(5_000)
      last().says({ say: 'opening' })
    }
    expect(reply.now).toBe('waits')
  })

  it('tells the page to read everything again when another engine leads, not when the same says so', () => {
    const line = open()
    const read = vi.fn()
    line.onLeader = read
    last().leads('1')
    last().leads('1')
    expect(read).toHaveBeenCalledTimes(1)
    last().leads('2')
    expect(read).toHaveBeenCalledTimes(2)
  })
})
