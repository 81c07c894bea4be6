// How a customer is called: by name, else by number, written as people read it.
import { w } from './language.svelte'

// Calling codes of one and two digits (ITU-T E.164); every other has three.
const short = /^(1|7|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/

/** Groups of two to four digits: 91234567 → 912 34 567. */
function grouped(digits: string): string {
  const { length } = digits
  if (length <= 4) return digits
  if (length === 8) return `${digits.slice(0, 3)} ${digits.slice(3, 5)} ${digits.slice(5)}`
  const cut = length % 3 === 0 ? 3 : length % 3 === 1 ? 3 : 2
  return `${digits.slice(0, cut)} ${grouped(digits.slice(cut))}`
}

/** A number as people read it; what is no number stays as it is. */
export function phone(number: string): string {
  if (!/^\+?\d{5,15}$/.test(number)) return number
  if (!number.startsWith('+')) return grouped(number)
  const digits = number.slice(1)
  const code = short.exec(digits)?.[0] ?? digits.slice(0, 3)
  return `+${code} ${grouped(digits.slice(code.length))}`
}

/** A number in a sentence of any direction: its groups stay in their order. */
export function isolated(number: string): string {
  return `\u2066${number}\u2069`
}

interface Named {
  name: string | null
  phone: string | null
}

/** The customer's name or number. */
export function titleOf(who: Named): string {
  return who.name ?? (who.phone ? phone(who.phone) : w().row.unknown)
}

/** One or two letters of a name; nothing for a number. */
export function initials(name: string | null): string {
  const words = (name ?? '').split(/\s+/).filter((word) => /\p{L}/u.test(word))
  const picked = words.length > 1 ? [words[0]!, words.at(-1)!] : words
  return picked.map((word) => /\p{L}/u.exec(word)![0].toLocaleUpperCase()).join('')
}
