import { flushSync } from 'svelte'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import Above from '../parts/Above.svelte'
import SecondFactor from '../parts/SecondFactor.svelte'
import Join from '../screens/Join.svelte'
import SignIn from '../screens/SignIn.svelte'
import { app } from '../state/app.svelte'
import { overlays } from '../state/overlay.svelte'
import { testids } from '../testids'
import { w } from '../words/language.svelte'
import { all, called, door, find, show } from './thread_stage'

const words = () => w().own.factor
const box = (testid: string) => find(testid) as HTMLInputElement

function type(testid: string, text: string): void {
  box(testid).value = text
  box(testid).dispatchEvent(new Event('input', { bubbles: true }))
  flushSync()
}

function click(testid: string): void {
  find(testid)!.click()
  flushSync()
}

const there = (testid: string) => vi.waitFor(() => expect(find(testid)).toBeTruthy())
const said = (code: string) => vi.waitFor(() => expect(document.querySelector(`[data-code=${code}]`)).toBeTruthy())
const isOn = () => (door.own.factor = { on_since_ms: door.now() - 86_400_000, recovery_left: 10 })

async function card(state: 'on' | 'off'): Promise<void> {
  show(SecondFactor, {})
  show(Above, {})
  await vi.waitFor(() => expect(find(testids.secondFactor)!.dataset['state']).toBe(state))
  flushSync()
}

describe('one’s own second factor', () => {
  async function shownSecret(): Promise<void> {
    await card('off')
    click(testids.secondFactorOn)
    type(testids.secondFactorPassword, door.own.password)
    click(testids.secondFactorGo)
    await there(testids.secondFactorSecret)
    flushSync()
  }

  it('is turned on by the password and a first code, and its recovery codes are shown once', async () => {
    await shownSecret()
    expect(document.querySelector('svg.qr path')!.getAttribute('d')!.length).toBeGreaterThan(1000)
    expect(find(testids.secondFactorSecret)!.textContent!.replaceAll(' ', '')).toBe(find(testids.secondFactorSecret)!.dataset['secret'])
    expect(box(testids.secondFactorCode).autocomplete).toBe('one-time-code')
    type(testids.secondFactorCode, '111111')
    click(testids.secondFactorGo)
    await said('wrong_code')
    expect([box(testids.secondFactorCode).value, door.own.factor.on_since_ms]).toEqual(['111111', undefined])
    type(testids.secondFactorCode, door.own.code)
    click(testids.secondFactorGo)
    await there(testids.secondFactorRecovery)
    expect(all(testids.secondFactorRecovery)[0]!.querySelectorAll('li')).toHaveLength(10)
    const write = vi.fn(() => Promise.resolve())
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText: write } })
    click(testids.secondFactorCopy)
    await vi.waitFor(() => expect(find(testids.secondFactorCopy)!.textContent).toContain(words().copied))
    expect(write).toHaveBeenCalledWith(door.own.recovery.join('\n'))
    vi.unstubAllGlobals()
    click(testids.secondFactorGo)
    await vi.waitFor(() => expect(find(testids.secondFactor)!.dataset['state']).toBe('on'))
    expect(find(testids.secondFactor)!.textContent).toContain(words().left(10))
    expect(document.body.textContent).not.toContain(door.own.recovery[0])
  })

  it('asks once before recovery codes that nobody kept are closed', async () => {
    await shownSecret()
    type(testids.secondFactorCode, door.own.code)
    click(testids.secondFactorGo)
    await there(testids.secondFactorRecovery)
    const close = () => (document.querySelector<HTMLElement>('dialog header button')!.click(), flushSync())
    close()
    expect(document.body.textContent).toContain(words().keepFirst)
    expect(find(testids.secondFactorRecovery)).toBeTruthy()
    close()
    expect(overlays.current.kind).toBe('none')
  })

  it('is not begun by a wrong password, which is said at its field', async () => {
    await card('off')
    click(testids.secondFactorOn)
    type(testids.secondFactorPassword, 'not this one')
    click(testids.secondFactorGo)
    await said('wrong_password')
    expect(box(testids.secondFactorPassword).getAttribute('aria-invalid')).toBe('true')
    expect(find(testids.secondFactorSecret)).toBeNull()
  })

  it('is turned off by password and code, or a recovery code', async () => {
    isOn()
    await card('on')
    click(testids.secondFactorOff)
    type(testids.secondFactorPassword, door.own.password)
    type(testids.secondFactorCode, '111111')
    click(testids.secondFactorGo)
    await said('wrong_code')
    click(testids.codeKind)
    expect([box(testids.secondFactorCode).inputMode, box(testids.secondFactorCode).value]).toEqual(['text', ''])
    type(testids.secondFactorCode, door.own.recovery[3]!)
    click(testids.secondFactorGo)
    await there(testids.secondFactorDone)
    overlays.close()
    expect(door.own.factor).toEqual({ recovery_left: 0 })
  })
})

describe('signing in with a second factor', () => {
  beforeEach(async () => {
    isOn()
    door.status.door = 'signed_out'
    door.status.me = null
    await app.readStatus()
  })
  const tries = () => called('sign_in').map((args) => (args as { code: string | null }).code)

  async function asked(): Promise<void> {
    show(SignIn, { arrived: { by: 'nothing' } })
    await vi.waitFor(() => expect(box(testids.signInServer).value).not.toBe(''))
    type(testids.signInLogin, 'ana')
    type(testids.signInPassword, door.own.password)
    expect(find(testids.signInCode)).toBeNull()
    click(testids.signInSubmit)
    await there(testids.signInCode)
    flushSync()
  }

  it('asks for the code once the password was right, and keeps what was typed', async () => {
    await asked()
    const code = box(testids.signInCode)
    expect([code.autocomplete, code.inputMode, document.activeElement]).toEqual(['one-time-code', 'numeric', code])
    expect([box(testids.signInLogin).value, box(testids.signInPassword).value]).toEqual(['ana', door.own.password])
    expect(find(testids.signInProblem)).toBeNull()
    click(testids.signInSubmit)
    expect(code.getAttribute('aria-invalid')).toBe('true')
    expect(tries()).toEqual([null])
    type(testids.signInCode, door.own.code)
    click(testids.signInSubmit)
    await vi.waitFor(() => expect(app.status?.door).toBe('signed_in'))
    expect(tries()).toEqual([null, door.own.code])
  })

  it('says at its field that a code was wrong, and keeps it', async () => {
    await asked()
    type(testids.signInCode, '111111')
    click(testids.signInSubmit)
    await vi.waitFor(() => expect(find(testids.signInProblem)?.dataset['code']).toBe('wrong_code'))
    expect(box(testids.signInCode).closest('.field')!.contains(find(testids.signInProblem))).toBe(true)
    expect([box(testids.signInCode).value, box(testids.signInPassword).value]).toEqual(['111111', door.own.password])
    expect(box(testids.signInPassword).getAttribute('aria-invalid')).toBe('false')
  })

  it('takes a recovery code in its place', async () => {
    await asked()
    click(testids.codeKind)
    expect(box(testids.signInCode).inputMode).toBe('text')
    type(testids.signInCode, door.own.recovery[0]!)
    click(testids.signInSubmit)
    await vi.waitFor(() => expect(app.status?.door).toBe('signed_in'))
    expect(door.own.factor.recovery_left).toBe(9)
  })

  it('asks another login for no code before its password was right', async () => {
    await asked()
    type(testids.signInLogin, 'bo')
    expect(find(testids.signInCode)).toBeNull()
    door.refusals.set('sign_in', { code: 'wrong_password' })
    click(testids.signInSubmit)
    await vi.waitFor(() => expect(find(testids.signInProblem)?.dataset['code']).toBe('wrong_password'))
    expect(tries()).toEqual([null, null])
  })

  it('asks by a link for a new password, too', async () => {
    const done = vi.fn()
    show(Join, { secret: 'secret', done })
    await there(testids.joinPassword)
    type(testids.joinPassword, 'a green kettle in a valley')
    click(testids.joinSubmit)
    await there(testids.joinCode)
    flushSync()
    expect(box(testids.joinPassword).value).toBe('a green kettle in a valley')
    type(testids.joinCode, door.own.code)
    click(testids.joinSubmit)
    await vi.waitFor(() => expect(done).toHaveBeenCalled())
  })
})
