// The sheet that adds a place to a message: by the sensor, or by hand.
import { flushSync } from 'svelte'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Location } from '../gen/types'
import LocationSheet from '../parts/LocationSheet.svelte'
import { testids } from '../testids'
import { find, show } from './thread_stage'

let tell: PositionCallback | undefined
const added: Location[] = []
const written: string[] = []

function opens(): void {
  show(LocationSheet, { close: () => undefined, add: (one) => added.push(one), write: (one) => written.push(one) })
}
function says(accuracy: number, ageMs: number): void {
  tell!({ coords: { latitude: 59.9, longitude: 10.7, accuracy }, timestamp: Date.now() - ageMs } as GeolocationPosition)
  flushSync()
}
function types(testid: string, text: string): void {
  const field = find(testid) as HTMLInputElement
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
  flushSync()
}
function uses(): void {
  find(testids.locationUse)!.click()
  flushSync()
}

beforeEach(() => {
  added.length = written.length = 0
  const watchPosition = (ok: PositionCallback) => ((tell = ok), 1)
  Object.defineProperty(navigator, 'geolocation', { configurable: true, value: { watchPosition, clearWatch: () => undefined } })
})
afterEach(() => void Reflect.deleteProperty(navigator, 'geolocation'))

describe('a place', () => {
  it('of the sensor is shown with how exact and how old it is, a stale one as such', () => {
    opens()
    says(40, 0)
    expect(find(testids.locationFix)!.textContent).toMatch(/40.*just now.*better/s)
    expect(find(testids.locationFix)!.querySelector('.stale')).toBeNull()
    says(30, 7_200_000)
    expect(find(testids.locationFix)!.textContent).toContain('40')
  })

  it('that was found two hours ago says so where it is added', () => {
    opens()
    says(9, 7_300_000)
    expect(find(testids.locationFix)!.querySelector('.stale')!.textContent).toContain('2 hr')
    expect(find(testids.locationAdd)!.classList).not.toContain('strong')
    expect(added).toEqual([])
  })

  it('by hand is coordinates with an address, or an address in words', () => {
    opens()
    find(testids.locationHand)!.click()
    flushSync()
    uses()
    expect(find(testids.locationCoordinates)!.getAttribute('aria-invalid')).toBe('true')
    types(testids.locationCoordinates, '91, 10')
    types(testids.locationAddress, ' Storgata 1, Oslo ')
    uses()
    expect(find(testids.locationCoordinates)!.getAttribute('aria-invalid')).toBe('true')
    expect([added, written]).toEqual([[], []])
    types(testids.locationCoordinates, '')
    uses()
    expect([added, written]).toEqual([[], ['Storgata 1, Oslo']])
    types(testids.locationCoordinates, '59.9, 10.7')
    uses()
    expect(added).toEqual([{ latitude: 59.9, longitude: 10.7, accuracy_m: null, fixed_at_ms: null, label: 'Storgata 1, Oslo' }])
  })
})
