// Signing in, and joining by an invite.
import { asProblem, core } from '../core'
import type { Code, Invited, Problem } from '../gen/types'
import { app } from './app.svelte'
import { preferences } from './preferences.svelte'

/** Problems that are about the address, so that the sentence stands under it. */
const aboutServer: readonly Code[] = ['unreachable', 'not_a_server', 'tls_failed', 'bad_address', 'not_protected']

/** An address as people type it: without a scheme it means https. */
export function completeAddress(typed: string): string {
  const text = typed.trim().replace(/\/+$/, '')
  return text === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
}

export class SignIn {
  status = $state<'ready' | 'working'>('ready')
  server = $state('')
  login = $state('')
  password = $state('')
  problem = $state.raw<Problem | null>(null)
  /** The first field that is empty, after a try to submit. */
  missing = $state<'none' | 'server' | 'login' | 'password'>('none')
  demo = $state(false)

  get problemField(): 'none' | 'server' | 'password' {
    if (!this.problem) return 'none'
    return aboutServer.includes(this.problem.code) && !core.sameOrigin ? 'server' : 'password'
  }

  fill(card: { server: string; login: string; password: string }): void {
    Object.assign(this, card)
    this.demo = true
  }

  async submit(): Promise<void> {
    if (this.status === 'working') return
    this.problem = null
    const server = core.sameOrigin ? location.origin : completeAddress(this.server)
    this.missing = !server ? 'server' : !this.login.trim() ? 'login' : !this.password ? 'password' : 'none'
    if (this.missing !== 'none') return
    this.status = 'working'
    try {
      const status = await core.call('sign_in', { server, login: this.login.trim(), password: this.password })
      preferences.setServer(server)
      this.password = ''
      app.take(status)
    } catch (thrown) {
      this.problem = asProblem(thrown)
    } finally {
      this.status = 'ready'
    }
  }
}

export class Join {
  readonly secret: string
  readonly server: string
  status = $state<'loading' | 'ready' | 'working' | 'invalid'>('loading')
  invited = $state.raw<Invited | null>(null)
  password = $state('')
  problem = $state.raw<Problem | null>(null)

  constructor(server: string, secret: string) {
    this.server = server
    this.secret = secret
  }

  async load(): Promise<void> {
    this.status = 'loading'
    this.problem = null
    try {
      this.invited = await core.call('invited', { server: this.server, secret: this.secret })
      this.status = 'ready'
    } catch (thrown) {
      this.problem = asProblem(thrown)
      this.status = 'invalid'
    }
  }

  async submit(): Promise<boolean> {
    if (this.status !== 'ready') return false
    this.status = 'working'
    this.problem = null
    try {
      app.take(await core.call('join', { server: this.server, secret: this.secret, password: this.password }))
      return true
    } catch (thrown) {
      this.problem = asProblem(thrown)
      return false
    } finally {
      this.status = 'ready'
    }
  }
}
