// Which language is shown. Reading `w()` in a template makes it follow a change.
import type { Problem } from '../gen/types'
import { ar } from './ar'
import { en, type Words } from './en'
import { es } from './es'

export const languages = { en, es, ar } satisfies Record<string, Words>
export type LanguageCode = keyof typeof languages
/** Each language by its own name. */
export const languageNames: Record<LanguageCode, string> = { en: 'English', es: 'Español', ar: 'العربية' }

let current = $state<LanguageCode>('en')

/** The words of the language that is shown. */
export function w(): Words {
  return languages[current]
}

export function languageCode(): LanguageCode {
  return current
}

/** Shows another language, on the page's own element too. */
export function speak(code: LanguageCode): void {
  current = code
  document.documentElement.lang = languages[code].tag
  document.documentElement.dir = languages[code].dir
}

/** The first of the person's preferred languages that is here. */
export function preferred(tags: readonly string[]): LanguageCode {
  for (const tag of tags) {
    const code = tag.slice(0, 2).toLowerCase()
    if (code in languages) return code as LanguageCode
  }
  return 'en'
}

/** The sentence for a problem. */
export function sentence(problem: Problem): string {
  const words = w().problems[problem.code] ?? w().problems.internal
  return typeof words === 'string' ? words : words({ who: problem.who ?? '', limit: problem.limit ?? 0 })
}
