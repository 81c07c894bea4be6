// Where the made-up person is signed in, their password, and their second factor.
import type { Args } from '../door/door'
import type { Code, OwnDevice, Problem, SecondFactor } from '../gen/types'
import type { Commands } from './door'

const HOUR_MS = 3_600_000
const secret = 'KQ4XZ7M2VJH3TB5RLW6YDN2GCE7PUASF'

function refuse(code: Code): never {
  throw { code } satisfies Problem
}

export class FakeOwn {
  devices: OwnDevice[]
  /** The password there is. */
  password = 'blue kettle on a hill'
  /** The code their app shows, whatever the time. */
  readonly code = '246810'
  readonly recovery = Array.from({ length: 10 }, (_, i) => `${'bcdefghijk'[i]}4xz-7m2v-jh3t-b5rl-w6yd-n2gc`)
  factor: SecondFactor = { recovery_left: 0 }
  readonly #now: () => number
  readonly #offline: () => boolean

  constructor(clock: () => number, offline: () => boolean) {
    this.#now = clock
    this.#offline = offline
    const now = clock()
    const device = (n: number, name: string, since: number, seen: number, here = false) => ({
      id: `d0000000-0000-7000-8000-00000000000${n}`,
      name,
      signed_in_at_ms: now - since * HOUR_MS,
      seen_at_ms: now - seen * HOUR_MS,
      this: here,
    })
    this.devices = [
      device(1, 'Firefox on Linux', 3, 0, true),
      device(2, 'Pixel 9', 24 * 12, 1),
      device(3, 'Reception, the computer by the window', 24 * 70, 24 * 9),
    ]
  }

  end({ device }: Args<'sign_out_device'>): null {
    if (!this.devices.some((one) => one.id === device)) refuse('not_found')
    this.devices = this.devices.filter((one) => one.id !== device)
    return null
  }

  endOthers(): null {
    this.devices = this.devices.filter((one) => one.this)
    return null
  }

  /** Where they are signed in, while the server answers. */
  list(): OwnDevice[] {
    return this.#offline() ? refuse('unreachable') : structuredClone(this.devices)
  }

  change({ old, new: fresh }: Args<'change_password'>): null {
    this.#shows(old)
    if (fresh.length < 8) refuse('weak_password')
    this.password = fresh
    return this.endOthers()
  }

  #shows(password: string): void {
    if (this.#offline()) refuse('unreachable')
    if (password !== this.password) refuse('wrong_password')
  }

  /** Comes to the door with a password that is right. */
  comes(code: string | null): void {
    if (this.factor.on_since_ms === undefined) return
    if (!code) refuse('code_needed')
    if (this.recovery.slice(-this.factor.recovery_left).includes(code)) this.factor.recovery_left -= 1
    else if (code !== this.code) refuse('wrong_code')
  }

  begin({ password }: Args<'begin_second_factor'>) {
    this.#shows(password)
    const uri = `otpauth://totp/Lind%20Plumbing%20%26%20Heating:ana?secret=${secret}&issuer=Lind%20Plumbing%20%26%20Heating`
    return { secret, uri, recovery: this.recovery }
  }

  turnOn({ code }: Args<'turn_second_factor_on'>): null {
    if (code !== this.code) refuse('wrong_code')
    this.factor = { on_since_ms: this.#now(), recovery_left: this.recovery.length }
    return null
  }

  turnOff({ password, code }: Args<'turn_second_factor_off'>): null {
    this.#shows(password)
    this.comes(code)
    this.factor = { recovery_left: 0 }
    return null
  }
}

type Own = 'own_devices' | 'sign_out_device' | 'sign_out_others' | 'change_password' | 'second_factor' | 'begin_second_factor' | 'turn_second_factor_on' | 'turn_second_factor_off'

/** What of the engine's commands is about one's own sign-in. */
export const ownCommands = (own: () => FakeOwn): Pick<Commands, Own> => ({
  own_devices: () => own().list(),
  sign_out_device: (args) => own().end(args),
  sign_out_others: () => own().endOthers(),
  change_password: (args) => own().change(args),
  second_factor: () => structuredClone(own().factor),
  begin_second_factor: (args) => own().begin(args),
  turn_second_factor_on: (args) => own().turnOn(args),
  turn_second_factor_off: (args) => own().turnOff(args),
})
