// Hints to read again come in bursts; one read after the burst is enough.

/**
 * Wraps `read` so that at most one runs at a time, and what is asked while it
 * runs is answered by one more run after it. Each call resolves when a run that
 * began after it has ended.
 */
export function coalesced(read: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let queued: Promise<void> | undefined

  function begin(): Promise<void> {
    running = read().finally(() => (running = undefined))
    return running
  }

  return () => {
    if (!running) return begin()
    queued ??= running.catch(() => undefined).then(() => {
      queued = undefined
      return begin()
    })
    return queued
  }
}
