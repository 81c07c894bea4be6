import { afterEach, describe, expect, it } from 'vitest'
import { initials, phone, titleOf } from '../words/customer'
import { formats } from '../words/formats'
import { languages, preferred, sentence, speak } from '../words/language.svelte'

afterEach(() => speak('en'))

/** Every leaf of the words by its path, functions by how many things they need. */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[path, 'text']])
  if (typeof value === 'function') return new Map([[path, `function of ${value.length}`]])
  const found = new Map<string, string>()
  for (const [key, inner] of Object.entries(value as object)) {
    if (key === 'formats') continue
    for (const [at, kind] of leaves(inner, `${path}.${key}`)) found.set(at, kind)
  }
  return found
}

describe('the languages', () => {
  it('say the same things', () => {
    const english = leaves({ ...languages.en, problems: {} })
    for (const words of [languages.es, languages.ar]) {
      expect([...leaves({ ...words, problems: {} })]).toEqual([...english].map(([at]) => [at, expect.anything()]))
    }
  })

  it('have a sentence for every problem, and none is left in English', () => {
    for (const code of Object.keys(languages.en.problems) as (keyof typeof languages.en.problems)[]) {
      const said = (['en', 'es', 'ar'] as const).map((language) => {
        speak(language)
        return sentence({ code, who: 'Bo', limit: 3 })
      })
      expect(new Set(said).size).toBe(3)
      for (const text of said) expect(text).not.toMatch(/undefined|\[object|#/)
    }
  })

  it('count as their grammar does', () => {
    expect(languages.en.row.unread(1)).toBe('1 unread message')
    expect(languages.en.row.unread(2)).toBe('2 unread messages')
    expect(new Set([1, 2, 3, 11].map((n) => languages.ar.list.total(n).replace(/[\d٠-٩]/g, ''))).size).toBe(4)
  })

  it('turn the page for Arabic', () => {
    speak('ar')
    expect([document.documentElement.dir, document.documentElement.lang]).toEqual(['rtl', 'ar'])
  })

  it('are chosen by what the person prefers', () => {
    expect(preferred(['nb-NO', 'es-MX', 'en'])).toBe('es')
    expect(preferred(['nb-NO'])).toBe('en')
  })
})

describe('a customer', () => {
  it.each([
    ['+4791234567', '+47 912 34 567'],
    ['+12025550123', '+1 202 555 0123'],
    ['+34612345678', '+34 612 345 678'],
    ['+35799123456', '+357 991 23 456'],
    ['91234567', '912 34 567'],
    ['12', '12'],
    ['call me', 'call me'],
  ])('with the number %s reads %s', (number, read) => expect(phone(number)).toBe(read))

  it('is called by name, else by number, else unknown', () => {
    expect(titleOf({ name: 'Rosa', phone: '+4791234567' })).toBe('Rosa')
    expect(titleOf({ name: null, phone: '+4791234567' })).toBe('+47 912 34 567')
    expect(titleOf({ name: null, phone: null })).toBe('Unknown customer')
  })

  it('has one or two letters', () => {
    expect(['Rosa Lind', 'rosa', 'Housing Association, Building C', '42', null].map((name) => initials(name))).toEqual(['RL', 'R', 'HC', '', ''])
  })
})

describe('times and sizes', () => {
  const f = formats('en-GB')
  const now = new Date(2026, 10, 21, 12, 0).getTime()

  it('are as short as a row has room for', () => {
    expect(f.brief(new Date(2026, 10, 21, 9, 5).getTime(), now)).toMatch(/^0?9:05$/)
    expect(f.brief(new Date(2026, 10, 20, 23, 59).getTime(), now)).toBe('Yesterday')
    expect(f.brief(new Date(2026, 10, 17, 9, 0).getTime(), now)).toBe('Tuesday')
    expect(f.brief(new Date(2026, 2, 1, 9, 0).getTime(), now)).toBe('1 Mar')
    expect(f.brief(new Date(2024, 2, 1, 9, 0).getTime(), now)).toBe('1 Mar 2024')
  })

  it('say how long in the largest unit', () => {
    expect([20_000, 90_000, 5_400_000, 200_000_000].map((ms) => f.span(ms))).toEqual(['1 min', '1 min', '1 hr', '2 days'])
  })

  it('say how large', () => {
    expect([10, 812_000, 2_310_000, 20 * 1024 * 1024].map((bytes) => f.size(bytes))).toEqual(['1 kB', '793 kB', '2.2 MB', '20 MB'])
  })
})
