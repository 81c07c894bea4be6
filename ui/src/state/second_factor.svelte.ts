// One's own second factor: how it stands, and the steps that turn it on or off.
//
//   password ──► code (secret shown) ──► recovery (codes shown) ──► closed
//
// Invariant: secret and codes live as long as the sheet that shows them, and nowhere else.
import { asProblem, core } from '../core'
import type { Code, Problem, SecondFactor, SecondFactorBegun } from '../gen/types'

export class Standing {
  now = $state.raw<SecondFactor | null>(null)
  problem = $state.raw<Problem | null>(null)

  get on(): boolean {
    return this.now?.on_since_ms !== undefined
  }

  async load(): Promise<void> {
    this.problem = null
    try {
      this.now = await core.call('second_factor', {})
    } catch (thrown) {
      this.problem = asProblem(thrown)
    }
  }
}

/** What both ways have: one thing asked of the server at a time, and what came of it. */
class Asking {
  password = $state('')
  code = $state('')
  status = $state<'ready' | 'working' | 'done'>('ready')
  problem = $state.raw<Problem | null>(null)

  /** The refusal, if it is about the code, or about the password. */
  problemOf(code: Code): Problem | null {
    return this.problem?.code === code ? this.problem : null
  }

  /** The refusal that is about neither. */
  get otherProblem(): Problem | null {
    return this.problemOf('wrong_password') ?? this.problemOf('wrong_code') ? null : this.problem
  }

  async ask(work: () => Promise<unknown>): Promise<void> {
    if (this.status !== 'ready') return
    this.status = 'working'
    this.problem = null
    try {
      await work()
    } catch (thrown) {
      this.problem = asProblem(thrown)
    } finally {
      if (this.status === 'working') this.status = 'ready'
    }
  }
}

export class TurningOn extends Asking {
  begun = $state.raw<SecondFactorBegun | null>(null)
  /** Whether the recovery codes were copied, or their person says that they are kept. */
  kept = $state<'no' | 'copied' | 'asked' | 'yes'>('no')

  get step(): 'password' | 'code' | 'recovery' {
    return this.begun === null ? 'password' : this.status === 'done' ? 'recovery' : 'code'
  }

  begin(): Promise<void> {
    return this.ask(async () => {
      this.begun = await core.call('begin_second_factor', { password: this.password })
      this.password = ''
    })
  }

  confirm(): Promise<void> {
    return this.ask(async () => {
      await core.call('turn_second_factor_on', { code: this.code })
      this.code = ''
      this.status = 'done'
    })
  }

  async copy(text: string): Promise<void> {
    await navigator.clipboard.writeText(text).then(() => (this.kept = 'copied'), () => undefined)
  }

  /** Whether the sheet may close: codes that nobody kept are asked about once. */
  mayClose(): boolean {
    if (this.step !== 'recovery' || this.kept !== 'no') return true
    this.kept = 'asked'
    return false
  }
}

export class TurningOff extends Asking {
  submit(): Promise<void> {
    return this.ask(async () => {
      await core.call('turn_second_factor_off', { password: this.password, code: this.code })
      this.password = this.code = ''
      this.status = 'done'
    })
  }
}
