// The sound of an offer and of a message, made here: no file to fetch, so it is
// there without a signal. Where a page may not sound before its first tap, or a
// device cannot shake, it stays silent: the screen says the same.
import type { SoundLevel } from './gen/types'

let audio: AudioContext | undefined

function tones(heights: number[], loudness: number): void {
  try {
    audio ??= new AudioContext()
    if (audio.state === 'suspended') void audio.resume().catch(() => undefined)
    heights.forEach((hertz, i) => tone(audio!, hertz, audio!.currentTime + i * 0.18, loudness))
  } catch {
    // No sound on this device.
  }
}

function tone(on: AudioContext, hertz: number, at: number, loudness: number): void {
  const source = new OscillatorNode(on, { frequency: hertz, type: 'sine' })
  const volume = new GainNode(on, { gain: 0 })
  volume.gain.setValueAtTime(0, at)
  volume.gain.linearRampToValueAtTime(loudness, at + 0.02)
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.34)
  source.connect(volume).connect(on.destination)
  source.start(at)
  source.stop(at + 0.36)
}

/** Whether this page may sound now: a browser lets it only after a tap. */
export async function sounds(): Promise<boolean> {
  try {
    audio ??= new AudioContext()
    if (audio.state !== 'running') await Promise.race([audio.resume(), new Promise((done) => setTimeout(done, 1_000))])
    return audio.state === 'running'
  } catch {
    return false
  }
}

function shake(pattern: number[]): void {
  navigator.vibrate?.(pattern)
}

/** Rings for an offer: at "all" loud and shaking, at "quiet" shaking alone. */
export function ring(level: SoundLevel): void {
  if (level === 'none') return
  shake([200, 100, 200])
  if (level === 'all') tones([660, 880, 660, 880], 0.25)
}

/** One soft tone for a message. */
export function chime(level: SoundLevel): void {
  if (level === 'none') return
  if (level === 'all') tones([784], 0.12)
  else shake([60])
}
