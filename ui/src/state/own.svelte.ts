// One's own sign-ins and one's password: asked of the server at once, since who signs a lost
// phone out wants to see it done.
import { asProblem, core } from '../core'
import type { OwnDevice, Problem } from '../gen/types'

export class OwnDevices {
  devices = $state.raw<OwnDevice[] | null>(null)
  problem = $state.raw<Problem | null>(null)
  /** Whom the last act signed out: a device's name, or all the others. */
  ended = $state.raw<{ name: string } | 'others' | null>(null)
  busy = $state(false)

  get others(): OwnDevice[] {
    return (this.devices ?? []).filter((one) => !one.this)
  }

  async load(): Promise<void> {
    await this.#try(() => Promise.resolve())
  }

  async end(device: OwnDevice): Promise<void> {
    await this.#try(() => core.call('sign_out_device', { device: device.id }), { name: device.name })
  }

  async endOthers(): Promise<void> {
    await this.#try(() => core.call('sign_out_others', {}), 'others')
  }

  /** Does it, then reads the list anew: also where it failed, since it may have been done. */
  async #try(act: () => Promise<unknown>, ended: OwnDevices['ended'] = null): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.problem = null
    this.ended = null
    try {
      await act()
      this.ended = ended
      this.devices = await core.call('own_devices', {})
    } catch (thrown) {
      this.problem = asProblem(thrown)
    } finally {
      this.busy = false
    }
  }
}

export class PasswordChange {
  old = $state('')
  fresh = $state('')
  status = $state<'ready' | 'working' | 'done'>('ready')
  problem = $state.raw<Problem | null>(null)

  /** Whether what went wrong is the password one has, or has not. */
  get isOld(): boolean {
    return this.problem?.code === 'wrong_password'
  }

  async submit(): Promise<void> {
    if (this.status !== 'ready') return
    this.problem = null
    this.status = 'working'
    try {
      await core.call('change_password', { old: this.old, new: this.fresh })
      this.old = this.fresh = ''
      this.status = 'done'
    } catch (thrown) {
      this.problem = asProblem(thrown)
      this.status = 'ready'
    }
  }
}
