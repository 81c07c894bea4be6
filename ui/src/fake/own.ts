// Where the made-up person is signed in, and their password.
import type { Args } from '../door/door'
import type { OwnDevice, Problem } from '../gen/types'

const HOUR_MS = 3_600_000

export class FakeOwn {
  devices: OwnDevice[]
  /** The password there is. */
  password = 'blue kettle on a hill'

  constructor(now: number) {
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
    if (!this.devices.some((one) => one.id === device)) throw { code: 'not_found' } satisfies Problem
    this.devices = this.devices.filter((one) => one.id !== device)
    return null
  }

  endOthers(): null {
    this.devices = this.devices.filter((one) => one.this)
    return null
  }

  change({ old, new: fresh }: Args<'change_password'>): null {
    if (old !== this.password) throw { code: 'wrong_password' } satisfies Problem
    if (fresh.length < 8) throw { code: 'weak_password' } satisfies Problem
    this.password = fresh
    return this.endOthers()
  }
}
