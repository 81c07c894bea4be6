import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useDoor } from '../core'
import { FakeDoor } from '../core.fake'
import { Camera } from '../state/camera.svelte'
import { Fix, parseCoordinates } from '../state/location.svelte'
import { metresPerPixel, moved, placeAt, project, tilePx, tilesAround, zoomFor } from '../state/map'

beforeEach(() => {
  vi.useFakeTimers()
  useDoor(new FakeDoor([]))
})
afterEach(() => vi.useRealTimers())

function stream() {
  const track = { stop: vi.fn() }
  return { track, stream: { getTracks: () => [track] } as unknown as MediaStream }
}
function devices(getUserMedia: () => Promise<MediaStream>): MediaDevices {
  return { getUserMedia, enumerateDevices: () => Promise.resolve([{ kind: 'videoinput' }]) } as unknown as MediaDevices
}

describe('the camera', () => {
  it('stops every track when it is closed', async () => {
    const { track, stream: live } = stream()
    const camera = new Camera(devices(() => Promise.resolve(live)))
    await camera.open()
    expect(camera.status).toBe('live')
    camera.close()
    expect(track.stop).toHaveBeenCalledOnce()
  })

  it('stops a stream that comes after it was closed', async () => {
    const { track, stream: live } = stream()
    let give = (_: MediaStream) => undefined as void
    const camera = new Camera(devices(() => new Promise((done) => (give = done))))
    const opening = camera.open()
    await vi.advanceTimersByTimeAsync(1)
    camera.close()
    give(live)
    await opening
    expect(track.stop).toHaveBeenCalledOnce()
    expect(camera.stream).toBeNull()
  })

  it('gives up after twenty seconds, in words', async () => {
    const camera = new Camera(devices(() => new Promise(() => undefined)))
    void camera.open()
    await vi.advanceTimersByTimeAsync(20_001)
    expect(camera.status).toBe('timed_out')
  })

  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'unavailable'],
    ['OverconstrainedError', 'unavailable'],
    ['NotReadableError', 'in_use'],
  ])('tells %s as %s', async (name, status) => {
    const camera = new Camera(devices(() => Promise.reject(new DOMException('', name))))
    await camera.open()
    expect(camera.status).toBe(status)
  })

  it('is unavailable where the browser has none', async () => {
    const camera = new Camera({} as MediaDevices)
    await camera.open()
    expect(camera.status).toBe('unavailable')
  })
})

function positions() {
  const heard: { ok?: PositionCallback; bad?: PositionErrorCallback } = {}
  const clearWatch = vi.fn()
  const watchPosition = (ok: PositionCallback, bad: PositionErrorCallback) => {
    Object.assign(heard, { ok, bad })
    return 7
  }
  const say = (accuracy: number, timestamp = Date.now(), latitude = 59.9) =>
    heard.ok!({ coords: { latitude, longitude: 10.7, accuracy }, timestamp } as GeolocationPosition)
  const fail = (code: number) => heard.bad!({ code } as GeolocationPositionError)
  return { geolocation: { watchPosition, clearWatch } as unknown as Geolocation, say, fail, clearWatch }
}

describe('the location', () => {
  it('waits for a better fix and stops when it is good', () => {
    const { geolocation, say, clearWatch } = positions()
    const fix = new Fix(geolocation)
    fix.find()
    say(80)
    expect([fix.status, fix.listening, fix.location?.accuracy_m]).toEqual(['fix', 'yes', 80])
    say(200)
    expect(fix.location?.accuracy_m).toBe(80)
    say(9)
    expect([fix.listening, fix.location?.accuracy_m]).toEqual(['no', 9])
    expect(clearWatch).toHaveBeenCalledWith(7)
  })

  it('never takes a fix at time zero for one', () => {
    const { geolocation, say } = positions()
    const fix = new Fix(geolocation)
    fix.find()
    say(0, 0)
    expect(fix.status).toBe('finding')
    expect(fix.location).toBeNull()
  })

  it('takes a stale fix for what it is: shown, waited past, and gone for any of now', () => {
    const { geolocation, say } = positions()
    const fix = new Fix(geolocation)
    fix.find()
    const then = Date.now() - 3_600_000
    say(4, then)
    expect([fix.status, fix.listening, fix.location?.fixed_at_ms]).toEqual(['fix', 'yes', then])
    say(300)
    expect(fix.location?.accuracy_m).toBe(300)
    say(3, then)
    expect(fix.location?.accuracy_m).toBe(300)
  })

  it.each([
    ['latitude 91', 20, 91],
    ['no number', 20, NaN],
    ['an accuracy that is no number', NaN, 59.9],
  ])('takes no fix of %s', (_, accuracy, latitude) => {
    const { geolocation, say } = positions()
    const fix = new Fix(geolocation)
    fix.find()
    say(accuracy, Date.now(), latitude)
    expect([fix.status, fix.location]).toEqual(['finding', null])
  })

  it('gives up after fifteen seconds, and keeps what it has', async () => {
    const first = positions()
    const none = new Fix(first.geolocation)
    none.find()
    await vi.advanceTimersByTimeAsync(15_001)
    expect(none.status).toBe('timed_out')
    const second = positions()
    const some = new Fix(second.geolocation)
    some.find()
    second.say(50)
    await vi.advanceTimersByTimeAsync(15_001)
    expect([some.status, some.listening]).toEqual(['fix', 'no'])
  })

  it.each([
    [1, 'denied'],
    [2, 'unavailable'],
    [3, 'timed_out'],
  ])('tells failure %i as %s', (code, status) => {
    const { geolocation, fail } = positions()
    const fix = new Fix(geolocation)
    fix.find()
    fail(code)
    expect(fix.status).toBe(status)
  })

  it.each([
    ['59.91273, 10.74609', 59.91273, 10.74609],
    [' -33.9;151.2 ', -33.9, 151.2],
    ['59.9° N 10.7° E', 59.9, 10.7],
    ['33.9S, 70.6W', -33.9, -70.6],
    ['٥٩٫٩، ١٠٫٧', 59.9, 10.7],
  ])('reads %s', (text, latitude, longitude) => {
    expect(parseCoordinates(text)).toEqual({ latitude, longitude })
  })

  it.each(['', '59.9', '91, 10', '59, 181', 'Oslo', '59,9 10,7, 3'])('refuses %s', (text) => {
    expect(parseCoordinates(text)).toBeNull()
  })
})

describe('the map', () => {
  const oslo = { latitude: 59.9275, longitude: 10.7461 }

  it('finds a place again at every zoom', () => {
    for (const zoom of [2, 9, 17]) {
      const found = placeAt(project(oslo, zoom), zoom)
      expect(found.latitude).toBeCloseTo(oslo.latitude, 6)
      expect(found.longitude).toBeCloseTo(oslo.longitude, 6)
    }
  })

  // The tile numbers are those of the OpenStreetMap wiki's formula for this place.
  it('knows the tile that a place is on, and fills the view around it', () => {
    const laid = tilesAround(oslo, 16, 400, 192)
    const middle = laid.find(({ left, top }) => left <= 0 && left > -tilePx && top <= 0 && top > -tilePx)!
    expect(middle.tile).toEqual({ z: 16, x: 34724, y: 19057 })
    for (const [x, y] of [[-200, -96], [199, 95]]) {
      expect(laid.some(({ left, top }) => left <= x! && x! < left + tilePx && top <= y! && y! < top + tilePx)).toBe(true)
    }
  })

  it('goes on beyond the date line and ends at the poles', () => {
    expect(tilesAround({ latitude: 0, longitude: 179.9 }, 2, 600, 100).map(({ tile }) => tile.x)).toContain(0)
    expect(tilesAround({ latitude: 89, longitude: 0 }, 2, 100, 600).every(({ tile }) => tile.y >= 0)).toBe(true)
    expect(moved({ latitude: 0, longitude: 179.99 }, 10, 400, 0).longitude).toBeLessThan(0)
  })

  it('looks so near that the circle of the accuracy is seen whole', () => {
    for (const metres of [5, 300, 20_000]) {
      const zoom = zoomFor(60, metres, 56)
      expect(metres / metresPerPixel(60, zoom)).toBeLessThanOrEqual(56)
    }
    expect(zoomFor(60, 5, 56)).toBe(17)
  })
})
