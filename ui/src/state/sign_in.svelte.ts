// Signing in, and joining by an invite. Who has a second factor is asked for its code once the
// password is right; what was typed stays.
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
  missing = $state<'none' | 'server' | 'login' | 'password' | 'code'>('none')
  demo = $state(false)
  /** A code of the second factor, once one was asked for. */
  code = $state('')
  /** Whose code was asked for: another login may need none. */
  #codeOf = $state<string | null>(null)

  get needsCode(): boolean {
    return this.#codeOf === this.#who()
  }

  get problemField(): 'none' | 'server' | 'password' | 'code' {
    if (!this.problem) return 'none'
    if (aboutServer.includes(this.problem.code) && !core.sameOrigin) return 'server'
    return this.needsCode && this.problem.code !== 'wrong_password' ? 'code' : 'password'
  }

  #who(): string {
    return `${this.server.trim()} ${this.login.trim()}`
  }

  fill(card: { server: string; login: string; password: string }): void {
    Object.assign(this, card)
    this.demo = true
  }

  async submit(): Promise<void> {
    if (this.status === 'working') return
    this.problem = null
    const server = core.sameOrigin ? location.origin : completeAddress(this.server)
    this.missing = !server ? 'server' : !this.login.trim() ? 'login' : !this.password ? 'password' : this.needsCode && !this.code.trim() ? 'code' : 'none'
    if (this.missing !== 'none') return
    this.status = 'working'
    try {
      const code = this.needsCode ? this.code : null
      const status = await core.call('sign_in', { server, login: this.login.trim(), password: this.password, code })
      preferences.setServer(server)
      this.password = this.code = ''
      this.#codeOf = null
      app.take(status)
    } catch (thrown) {
      const problem = asProblem(thrown)
      if (problem.code === 'code_needed') this.#codeOf = this.#who()
      else this.problem = problem
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
  /** A code of the second factor, once one was asked for. */
  code = $state('')
  needsCode = $state(false)
  problem = $state.raw<Problem | null>(null)

  /** Whether what went wrong is about the code. */
  get isCode(): boolean {
    return this.needsCode && this.problem !== null && this.problem.code !== 'weak_password'
  }

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
      const code = this.needsCode ? this.code : null
      app.take(await core.call('join', { server: this.server, secret: this.secret, password: this.password, code }))
      return true
    } catch (thrown) {
      const problem = asProblem(thrown)
      if (problem.code === 'code_needed') this.needsCode = true
      else this.problem = problem
      return false
    } finally {
      this.status = 'ready'
    }
  }
}
