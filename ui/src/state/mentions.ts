// Mentions in a text: whom an at sign calls, and where in the text they are named. A
// range counts characters (Unicode scalar values), as the model has it; a caret counts as
// the box does.
//
// Invariant: what is edited inside a mention is none any more; what is edited beside it
// moves it.
import type { Mention, Mentioned, Typed } from '../gen/types'

/** Somebody who may be mentioned. */
export interface Mentionable {
  id: string
  name: string
  customer: boolean
}

/** A text as it is being typed, with its caret. */
export interface Caret {
  text: string
  mentions: Mention[]
  at: number
}

const call = /(?:^|[\s([{"'«“‘¿¡,،.;:!?/–—-])@([^\n@]{0,60})$/u
const count = (text: string): number => [...text].length
const bare = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** What is typed after an at sign right before the caret, and where that sign is. */
export function called({ text, mentions, at }: Caret): { typed: string; from: number } | null {
  const typed = call.exec(text.slice(0, at))?.[1]
  if (typed === undefined) return null
  const from = at - typed.length - 1
  const n = count(text.slice(0, from))
  return mentions.some((one) => one.at === n) ? null : { typed, from }
}

/** Those whose name, or a word of it, begins so; the former first. */
export function fitting(people: Mentionable[], typed: string): Mentionable[] {
  const wanted = bare(typed)
  const first = people.filter(({ name }) => bare(name).startsWith(wanted))
  return [...first, ...people.filter((one) => !first.includes(one) && bare(one.name).includes(` ${wanted}`))]
}

/** Puts somebody's name where they were called. */
export function named(now: Caret, who: Mentionable): Caret {
  const { from } = called(now) ?? { from: now.at }
  const [before, after] = [now.text.slice(0, from), now.text.slice(now.at)]
  const name = `@${who.name}`
  const text = `${before}${name}${/^\s/u.test(after) ? '' : ' '}${after}`
  const mine = { person: who.id, at: count(before), chars: count(name) }
  const mentions = [...moved(now.mentions, now.text, text), mine].sort((a, b) => a.at - b.at)
  return { text, mentions, at: from + name.length + 1 }
}

/** The mentions of a text that was `was` and is `now`. */
export function moved(mentions: Mention[], was: string, now: string): Mention[] {
  if (mentions.length === 0) return mentions
  const [a, b] = [[...was], [...now]]
  let [head, tail] = [0, 0]
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  const by = b.length - a.length
  return mentions.flatMap((one) => {
    if (one.at + one.chars <= head) return [one]
    return one.at >= a.length - tail ? [{ ...one, at: one.at + by }] : []
  })
}

/** A text as a command takes it. */
export function typedOf(text: string, mentions: Mention[]): Typed {
  return mentions.length === 0 ? text : { text, mentions }
}

/** A part of a text: of nobody, of somebody, or of the reader. */
export interface Segment {
  text: string
  of: 'nobody' | 'somebody' | 'me'
}

/** Cuts a text at its mentions. */
export function segments(text: string, mentions: Mentioned[] = []): Segment[] {
  if (mentions.length === 0) return [{ text, of: 'nobody' }]
  const all = [...text]
  const parts: Segment[] = []
  let from = 0
  for (const { at, chars, me } of mentions) {
    parts.push({ text: all.slice(from, at).join(''), of: 'nobody' }, { text: all.slice(at, at + chars).join(''), of: me ? 'me' : 'somebody' })
    from = at + chars
  }
  return [...parts, { text: all.slice(from).join(''), of: 'nobody' as const }].filter((part) => part.text !== '')
}
