import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { flushSync } from 'svelte'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FileType } from '../gen/types'
import { decoded, report } from '../state/configurator/csv'
import { badDays, fromField, nextOpening, standing, toField, wallClock } from '../state/configurator/hours'
import { overlays } from '../state/overlay.svelte'
import { testids } from '../testids'
import { speak, w, type LanguageCode } from '../words/language.svelte'
import { customerReads } from '../words/reads'
import { verbWords } from '../words/verbs'
import { weekdays } from '../words/weekdays'
import { asked, called, click, open, saved, type } from './configurator_stage'
import { all, door, find } from './thread_stage'

afterEach(() => speak('en'))

describe('the files page', () => {
  it('says what a customer reads before a type is taken away, and takes it away everywhere', async () => {
    await open('files')
    click(testids.fileType, "[data-value='gif']")
    expect(find(testids.fileReads, "[data-type='gif']")!.textContent).toBe(customerReads(['jpeg', 'png']))
    await vi.waitFor(() => expect(find(testids.fileKept)!.textContent).toContain('253'))
    expect(door.status.policy.types).toContain('gif')
    click(testids.save)
    expect(await saved()).toContain('JPEG, PNG')
    expect(door.status.policy.types).toEqual(['jpeg', 'png'])
  })

  it('saves no list without a type, and no size out of bounds', async () => {
    await open('files')
    for (const value of ['gif', 'jpeg', 'png']) click(testids.fileType, `[data-value='${value}']`)
    click(testids.save)
    type(testids.fileSize, '400')
    expect(find(testids.fileSize)!.getAttribute('aria-invalid')).toBe('true')
    click(testids.save)
    expect(asked('set_policy')).toHaveLength(0)
  })

  it('shows a size in the steps in which it is kept', async () => {
    await open('files')
    expect((find(testids.fileSize) as HTMLInputElement).value).toBe('20')
    type(testids.fileSize, '8.5')
    click(testids.save)
    await saved()
    expect(asked('set_policy')[0]!.file_max_bytes).toBe(Math.round(8.5 * 1024 * 1024))
  })
})

const page = (name: string) => join(dirname(fileURLToPath(import.meta.url)), '../../../crates/server/page', name)
const heads: Record<FileType, number[]> = {
  gif: [...'GIF89a'].map((one) => one.charCodeAt(0)),
  heic: [0, 0, 0, 24, ...[...'ftypheic'].map((one) => one.charCodeAt(0))],
  jpeg: [0xff, 0xd8, 0xff, 0xe0],
  png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
}

/** A module of the chat page, as it is served. */
async function ofPage<T>(name: string): Promise<T> {
  return (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(readFileSync(page(name), 'utf8'))}`)) as T
}

describe('the preview of what a customer reads', () => {
  it.each(['en', 'es', 'ar'] as const)('is the very sentence of the chat page in %s', async (language: LanguageCode) => {
    const { default: said } = await ofPage<{ default: Record<string, string> }>(`words-${language}.js`)
    const { problemOf } = await ofPage<{ problemOf: (head: Uint8Array, size: number, policy: object) => { code: string } | undefined }>('files.js')
    speak(language)
    const policy = { types: ['jpeg', 'png'], file_max_bytes: 1000 }
    const types = new Intl.ListFormat(w().tag, { type: 'disjunction' }).format(['JPEG', 'PNG'])
    for (const kind of ['gif', 'heic'] as const) {
      const bytes = new Uint8Array(32)
      bytes.set(heads[kind])
      const { code } = problemOf(bytes, 10, policy)!
      expect(customerReads(['jpeg', 'png'])).toBe(said[`problem_${code}`]!.replace('{types}', types))
    }
    const { files, chat } = w().configurator
    expect(files.readsLarge('20 MB')).toBe(said['problem_file_too_large']!.replace('{size}', '20 MB'))
    expect([chat.page.hello, chat.page.intro, chat.page.name, chat.page.go]).toEqual(['start_hello', 'start_intro', 'start_name', 'start_go'].map((key) => said[key]))
    expect(chat.page.again('9:00')).toBe(said['open_again']!.replace('{when}', '9:00'))
  })
})

describe('opening hours', () => {
  const week = (spans: [number, number][]) => Array.from({ length: 7 }, (_, day) => (day < 5 ? spans.map(([from, to]) => ({ from_min: from * 60, to_min: to * 60 })) : []))
  const oslo = { zone: 'Europe/Oslo', days: week([[8, 12], [13, 16]]) }

  it('are those of a clock in their zone, in summer and in winter', () => {
    expect(wallClock('Europe/Oslo', Date.UTC(2026, 6, 1, 10, 30))).toEqual({ day: 2, min: 750 })
    expect(wallClock('Europe/Oslo', Date.UTC(2026, 11, 1, 23, 30))).toEqual({ day: 2, min: 30 })
  })

  it.each([
    [Date.UTC(2026, 11, 1, 7, 0), { open: true, until_min: 720 }],
    [Date.UTC(2026, 11, 1, 6, 59), { open: false, next: { inDays: 0, day: 1, from_min: 480 } }],
    [Date.UTC(2026, 11, 1, 11, 0), { open: false, next: { inDays: 0, day: 1, from_min: 780 } }],
    [Date.UTC(2026, 11, 4, 15, 0), { open: false, next: { inDays: 3, day: 0, from_min: 480 } }],
  ])('at %i say how it stands', (ms, stands) => expect(standing(oslo, ms)).toEqual(stands))

  it('of a week without any say that nobody is there', () => {
    expect(standing({ zone: 'UTC', days: Array.from({ length: 7 }, () => []) }, 0)).toEqual({ open: false, next: null })
  })

  it('know the moment of the next opening, also across a change of the clock', () => {
    expect(nextOpening(oslo, Date.UTC(2026, 11, 1, 9, 0))).toBeNull()
    expect(nextOpening(oslo, Date.UTC(2026, 11, 4, 15, 0))).toBe(Date.UTC(2026, 11, 7, 7, 0))
    expect(nextOpening(oslo, Date.UTC(2026, 9, 23, 14, 30))).toBe(Date.UTC(2026, 9, 26, 7, 0))
  })

  it('that cannot be are known by their day', () => {
    const days = week([[8, 12], [11, 16]])
    days[0] = [{ from_min: 600, to_min: 600 }]
    days[1] = [{ from_min: 0, to_min: 1440 }]
    expect(badDays({ zone: 'UTC', days })).toEqual([0, 2, 3, 4])
    expect(badDays({ zone: 'UTC', days: [[{ from_min: NaN, to_min: 600 }]] })).toEqual([0])
  })

  it('read a midnight at the end as the end of the day', () => {
    expect([fromField('00:00', 'from_min'), fromField('00:00', 'to_min'), toField(1440), toField(485)]).toEqual([0, 1440, '00:00', '08:05'])
  })
})

describe('the chat page', () => {
  it('is previewed as it is typed, and saved as one', async () => {
    await open('chat')
    type(testids.chatGreeting, 'Hello there')
    expect(find(testids.chatGreetingSeen)!.textContent).toBe('Hello there')
    const openDay = (wallClock('Europe/Oslo', Date.now()).day + 2) % 7
    for (let day = 0; day < 7; day++) {
      const box = find(testids.chatDay, `[data-day='${day}'] input[type=checkbox]`) as HTMLInputElement
      if (box.checked !== (day === openDay)) box.click()
    }
    flushSync()
    expect(find(testids.chatStanding)!.textContent).toContain(weekdays('en')[openDay])
    click(testids.chatHours)
    expect(find(testids.chatStanding)).toBeNull()
    click(testids.save)
    await saved()
    expect(asked('set_chat_page')).toEqual([{ ask: 'set_chat_page', greeting: 'Hello there' }])
  })

  it('with hours that cannot be is not sent, and says on which day', async () => {
    await open('chat')
    const from = find(testids.chatDay, "[data-day='2'] input[type=time]") as HTMLInputElement
    from.value = '23:00'
    from.dispatchEvent(new Event('input', { bubbles: true }))
    flushSync()
    expect(find(testids.chatDay, "[data-day='2']")!.textContent).toContain(w().configurator.chat.badDay)
    click(testids.save)
    expect(asked('set_chat_page')).toHaveLength(0)
  })
})

describe('a queue', () => {
  it('has members that are found by name, and is saved as it stands', async () => {
    await open('queues/0e000000-0000-7000-8000-000000000002')
    expect(all(testids.queueMember)).toHaveLength(2)
    type(testids.personSearch, 'grace')
    await vi.waitFor(() => expect(all(testids.personOption)).toHaveLength(1))
    click(testids.personOption)
    click(testids.save)
    expect(await saved()).toContain('Grace Mwangi')
    expect(asked('put_queue')[0]).toMatchObject({ name: 'Emergencies', mode: 'pick', members: [expect.any(String), expect.any(String), called('Grace Mwangi').id] })
  })

  it('with an id of its own is a new one', async () => {
    await open('queues/0e000000-0000-7000-8000-0000000000aa')
    type(testids.queueName, 'Invoices')
    find(testids.queueModeChoice)!.querySelector<HTMLInputElement>('input[value=offer]')!.click()
    flushSync()
    click(testids.save)
    await saved()
    expect(door.configurator.queues.at(-1)).toMatchObject({ id: '0e000000-0000-7000-8000-0000000000aa', name: 'Invoices', mode: 'offer' })
    expect(asked('put_queue')[0]).not.toHaveProperty('members')
  })
})

describe('the map', () => {
  it('with an address nothing comes from is refused next to it', async () => {
    await open('map')
    type(testids.mapTiles, 'http://tiles.example.com/map.png')
    click(testids.save)
    await vi.waitFor(() => expect(find(testids.mapTiles)!.getAttribute('aria-invalid')).toBe('true'))
    expect((find(testids.mapTiles) as HTMLInputElement).value).toBe('http://tiles.example.com/map.png')
  })

  it('is taken away by an empty address', async () => {
    door.configurator.answer({ ask: 'set_map', tiles: 'https://tiles.example.com/{z}/{x}/{y}.png', credit: '' })
    await open('map')
    type(testids.mapTiles, '')
    click(testids.save)
    await saved()
    expect(asked('set_map')).toEqual([{ ask: 'set_map', credit: '' }])
    expect(door.status.policy.map).toBeNull()
  })
})

describe('an import of contacts', () => {
  it('tells each refused line with its text and the reason', async () => {
    await open('contacts')
    type(testids.contactsText, 'name;phone\nElin Aas;+47 400 11 222\n;123456\nNo Digits;12')
    click(testids.contactsImport)
    await vi.waitFor(() => expect(find(testids.contactsAdded)!.textContent).toBe('1'))
    expect(all(testids.contactsLine).map(({ dataset }) => [dataset['line'], dataset['why']])).toEqual([['3', 'name'], ['4', 'phone']])
    expect(all(testids.contactsLine)[1]!.textContent).toContain('No Digits;12')
    expect(called('Elin Aas').role).toBe('client')
  })

  it('reads a file of an older spreadsheet, and reports no formula', () => {
    expect(decoded(new Uint8Array([0x4e, 0x79, 0x73, 0x74, 0x72, 0xf6, 0x6d]))).toBe('Nyström')
    expect(report([{ line: 2, why: 'no', text: '=1+1;"x"' }], ['line', 'reason', 'text'])).toBe('"line","reason","text"\r\n2,"no","\'=1+1;""x"""\r\n')
  })
})

describe('a customer', () => {
  const rosa = () => door.configurator.customers.find(({ name }) => name === 'Rosa Lind')!

  it('is exported conversation by conversation', async () => {
    await open(`customers/${rosa().id}`)
    click(testids.customerExport)
    await vi.waitFor(() => expect(door.exports).toEqual([rosa().conversations[0]!.id]))
  })

  it('is erased only once their name was typed, and asked once more', async () => {
    const { id } = rosa()
    await open(`customers/${id}`)
    const go = () => find(testids.customerEraseGo) as HTMLButtonElement
    expect(go().disabled).toBe(true)
    type(testids.customerEraseName, 'Rosa')
    expect(go().disabled).toBe(true)
    type(testids.customerEraseName, 'Rosa Lind')
    click(testids.customerEraseGo)
    expect(overlays.current.kind).toBe('question')
    expect(asked('erase')).toHaveLength(0)
    click(testids.confirmYes)
    await vi.waitFor(() => expect(find(testids.customerErased)).toBeTruthy())
    expect(asked('erase')).toEqual([{ ask: 'erase', customer: id, name: 'Rosa Lind' }])
    expect(door.talks.some(({ name }) => name === 'Rosa Lind')).toBe(false)
  })
})

describe('the audit', () => {
  it('is read on before the last line, under its days', async () => {
    await open('audit')
    expect(all(testids.auditLine)).toHaveLength(50)
    expect(document.querySelectorAll('.pane section h2').length).toBeGreaterThan(2)
    click(testids.more)
    await vi.waitFor(() => expect(all(testids.auditLine)).toHaveLength(door.configurator.lines.length))
    const last = door.configurator.lines[49]!.line
    expect(asked('audit')[1]).toEqual({ ask: 'audit', before: last })
  })

  it('is filtered by what was done, and by who', async () => {
    await open('audit')
    const verb = find(testids.auditVerb) as HTMLSelectElement
    verb.value = 'set_policy'
    verb.dispatchEvent(new Event('change', { bubbles: true }))
    await vi.waitFor(() => expect(all(testids.auditLine)).toHaveLength(1))
    expect(find(testids.auditLine)!.textContent).toContain(w().configurator.audit.refused)
    find(testids.auditLine)!.querySelector('button')!.click()
    await vi.waitFor(() => expect(find(testids.auditWho)).toBeTruthy())
    expect(asked('audit').at(-1)).toMatchObject({ person: called('Chidi Okonkwo').id, verb: 'set_policy' })
  })

  it('shows a verb nobody has words for as it is', () => {
    expect([verbWords('sign_in'), verbWords('made_up_verb')]).toEqual(['signed in', 'made up verb'])
    speak('ar')
    expect(verbWords('sign_in')).toBe('سجّل الدخول')
  })
})
