// One record by its id. The server finds people and customers by what they are called:
// what a list has shown is asked for by that, and else the list is read until it is found.
import type { AdminCustomer, AdminPerson, Problem } from '../../gen/types'
import { ask } from './ask'

interface Page<T> {
  rows: T[]
  total: number
}

/** What each record was called when it was seen last. */
const called = new Map<string, string>()

/** Remembers what records are called. */
export function saw(rows: { id: string; name?: string; phone?: string }[]): void {
  for (const { id, name, phone } of rows) called.set(id, name ?? phone ?? '')
}

async function read<T extends { id: string }>(id: string, page: (search: string, from: number) => Promise<Page<T>>, search: string): Promise<T | undefined> {
  for (let from = 0; ; ) {
    const { rows, total } = await page(search, from)
    saw(rows)
    const found = rows.find((one) => one.id === id)
    from += rows.length
    if (found || rows.length === 0 || from >= total) return found
  }
}

async function one<T extends { id: string }>(id: string, page: (search: string, from: number) => Promise<Page<T>>): Promise<T> {
  const name = called.get(id)
  const found = (name && (await read(id, page, name))) || (await read(id, page, ''))
  if (!found) throw { code: 'not_found' } satisfies Problem
  return found
}

/** A person. Rejects with *not_found* where there is none. */
export function person(id: string): Promise<AdminPerson> {
  return one(id, async (search, from) => {
    const { people: rows, total } = await ask({ ask: 'people', search, from }, 'people')
    return { rows, total }
  })
}

/** A customer. Rejects with *not_found* where there is none. */
export function customer(id: string): Promise<AdminCustomer> {
  return one(id, async (search, from) => {
    const { customers: rows, total } = await ask({ ask: 'customers', search, from }, 'customers')
    return { rows, total }
  })
}
