// What the Configurator asks of the server. Online only: nothing of it waits in the
// outbox, and nothing is kept on this device.
import { core } from '../../core'
import type { AdminAnswer, AdminAsk, Problem } from '../../gen/types'

type Answered<A extends AdminAnswer['answer']> = Extract<AdminAnswer, { answer: A }>

/** Asks, and gives the answer without its tag, as it is stored and compared. Rejects with a `Problem`. */
export async function ask<A extends AdminAnswer['answer']>(what: AdminAsk, answer: A): Promise<Omit<Answered<A>, 'answer'>> {
  const said = await core.call('admin', { ask: what })
  // A server that answers something else is another one than this app was made for.
  if (said.answer !== answer) throw { code: 'internal' } satisfies Problem
  const { answer: _, ...rest } = said as Answered<A>
  return rest
}
