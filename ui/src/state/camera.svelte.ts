// The camera in the page: opened by a tap, closed with every track stopped.
//
//   opening ──► live ──(shutter)──► taken ──(use)──► the composer
//      │          ▲                   │
//      │          └──────(retake)─────┘
//      └──► denied · unavailable · in_use · timed_out
//
// Invariant: after `close`, and after a failure, no track of ours is running; a
// stream that arrives too late is stopped at once.

const openMs = 20_000

export type CameraStatus = 'opening' | 'live' | 'taken' | 'denied' | 'unavailable' | 'in_use' | 'timed_out'

function reason(thrown: unknown): CameraStatus {
  const name = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  if (name === 'NotReadableError' || name === 'AbortError') return 'in_use'
  return 'unavailable'
}

export class Camera {
  status = $state<CameraStatus>('opening')
  stream = $state.raw<MediaStream | null>(null)
  /** How many cameras there are; more than one can be switched. */
  count = $state(0)
  photo = $state.raw<Blob | null>(null)
  #at = 0
  #attempt = 0
  #devices: MediaDevices | undefined

  constructor(devices: MediaDevices | undefined = navigator.mediaDevices) {
    this.#devices = devices
  }

  async open(): Promise<void> {
    this.close()
    this.photo = null
    this.status = 'opening'
    const attempt = ++this.#attempt
    const timer = setTimeout(() => this.#fail(attempt, 'timed_out'), openMs)
    try {
      if (!this.#devices?.getUserMedia) throw new DOMException('', 'NotFoundError')
      const stream = await this.#devices.getUserMedia({ audio: false, video: await this.#wanted() })
      if (attempt !== this.#attempt) return stop(stream)
      this.stream = stream
      this.status = 'live'
      this.count = (await this.#cameras()).length
    } catch (thrown) {
      this.#fail(attempt, reason(thrown))
    } finally {
      clearTimeout(timer)
    }
  }

  async #cameras(): Promise<MediaDeviceInfo[]> {
    const devices = (await this.#devices?.enumerateDevices?.()) ?? []
    return devices.filter((device) => device.kind === 'videoinput')
  }

  async #wanted(): Promise<MediaTrackConstraints> {
    const size = { width: { ideal: 1920 }, height: { ideal: 1440 } }
    const chosen = this.#at > 0 ? (await this.#cameras())[this.#at] : undefined
    return chosen ? { deviceId: { exact: chosen.deviceId }, ...size } : { facingMode: { ideal: 'environment' }, ...size }
  }

  #fail(attempt: number, status: CameraStatus): void {
    if (attempt !== this.#attempt) return
    this.close()
    this.status = status
  }

  /** Opens the next camera. */
  async turn(): Promise<void> {
    this.#at = this.count > 0 ? (this.#at + 1) % this.count : 0
    await this.open()
  }

  /** Takes the picture that `video` shows. */
  async shoot(video: HTMLVideoElement): Promise<void> {
    const canvas = document.createElement('canvas')
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    canvas.getContext('2d')?.drawImage(video, 0, 0)
    const photo = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.92))
    if (!photo || this.status !== 'live') return
    this.photo = photo
    this.close()
    this.status = 'taken'
  }

  /** The photo as a file, named by when it was taken. */
  file(nowMs: number): File | null {
    if (!this.photo) return null
    const at = new Date(nowMs)
    const part = (n: number) => String(n).padStart(2, '0')
    const day = `${at.getFullYear()}-${part(at.getMonth() + 1)}-${part(at.getDate())}`
    const name = `photo-${day}-${part(at.getHours())}${part(at.getMinutes())}${part(at.getSeconds())}.jpg`
    return new File([this.photo], name, { type: 'image/jpeg' })
  }

  /** Stops every track. */
  close(): void {
    this.#attempt += 1
    if (this.stream) stop(this.stream)
    this.stream = null
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
