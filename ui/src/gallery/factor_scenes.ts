// A second factor: in Settings, at the door, and for an admin.
import type { FakeDoor } from '../core.fake'
import { testids } from '../testids'
import { press, to, write, type Scene } from './stage'

const soon = () => new Promise((done) => setTimeout(done, 200))
const by = (testid: string) => `[data-testid='${testid}']`
const toCard = () => document.querySelector(by(testids.secondFactor))?.scrollIntoView({ block: 'center' })
const isOn = (left: number) => (door: FakeDoor) => void (door.own.factor = { on_since_ms: door.now() - 40 * 86_400_000, recovery_left: left })

/** Nobody is signed in, and whoever comes has a second factor. */
export function withFactor(door: FakeDoor): void {
  isOn(8)(door)
  Object.assign(door.status, { door: 'signed_out', me: null })
}

/** Comes to the door with a password, and with a code where one is given. */
export async function signsIn(code?: string): Promise<void> {
  write(by(testids.signInLogin), 'ana')
  write(by(testids.signInPassword), 'blue kettle on a hill')
  press(by(testids.signInSubmit))
  await soon()
  if (!code) return
  write(by(testids.signInCode), code)
  press(by(testids.signInSubmit))
  await soon()
}

async function secret(door: FakeDoor): Promise<void> {
  write(by(testids.secondFactorPassword), door.own.password)
  await soon()
  press(by(testids.secondFactorGo))
  await soon()
}

async function recovery(door: FakeDoor): Promise<void> {
  await secret(door)
  write(by(testids.secondFactorCode), door.own.code)
  await soon()
  press(by(testids.secondFactorGo))
  await soon()
}

export const factorScenes: Record<string, Scene> = {
  'factor-off': { route: to('#/settings'), then: toCard },
  'factor-on': { route: to('#/settings'), set: isOn(1), then: toCard },
  'factor-password': { route: to('#/settings'), click: [testids.secondFactorOn] },
  'factor-secret': { route: to('#/settings'), click: [testids.secondFactorOn], then: secret },
  'factor-recovery': { route: to('#/settings'), click: [testids.secondFactorOn], then: recovery },
  'factor-turn-off': { route: to('#/settings'), set: isOn(8), click: [testids.secondFactorOff] },
}
