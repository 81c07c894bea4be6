// One record by its id, as the server finds it.
import type { AdminCustomer, AdminPerson, Problem } from '../../gen/types'
import { ask } from './ask'

const gone: Problem = { code: 'not_found' }

/** A person. Rejects with *not_found* where there is none. */
export async function person(id: string): Promise<AdminPerson> {
  const { people } = await ask({ ask: 'people', search: id, from: 0 }, 'people')
  if (!people[0]) throw gone
  return people[0]
}

/** A customer. Rejects with *not_found* where there is none. */
export async function customer(id: string): Promise<AdminCustomer> {
  const { customers } = await ask({ ask: 'customers', search: id, from: 0 }, 'customers')
  if (!customers[0]) throw gone
  return customers[0]
}
