// What pages and workers of one browser say to each other. A page talks to its
// own worker alone; workers talk among themselves over one channel.
//
// ```
//  page A ── worker A (leads: has the engine)     one Web Lock says who leads
//                │  ▲
//   asks, leads, │  │ answers, changes            the channel
//   passes       ▼  │
//  page B ── worker B (follows: passes on)
// ```
//
// Invariants
// - An ask keeps its id however often it is said; commands carry the id of their
//   intent, so that an ask said again to the next leader repeats nothing.
// - What crosses is text or bytes: a page's reactive objects cannot be copied.
import type { Problem } from '../gen/types'

export type Ask =
  | { do: 'call'; name: string; args: string }
  | { do: 'attach'; place: string; name: string; bytes: Uint8Array; instead?: string }
  | { do: 'picture'; of: string }

/** A reply is JSON text; a picture's is its bytes. */
export type Reply = string | Uint8Array

export type Asked = { say: 'ask'; id: string; ask: Ask }
export type Answered = { say: 'answer'; id: string; reply: Reply } | { say: 'refuse'; id: string; problem: Problem }

/** Somebody leads: `leader` names the engine that was opened, `build` what it is. */
export type Leads = { say: 'lead'; leader: string; build: number }
/** Somebody is about to. */
export type Opening = { say: 'opening' }
export type Changed = { say: 'changed'; topics: string }

export type FromPage = Asked | { say: 'who' } | { say: 'shown'; shown: boolean }
export type ToPage = Answered | Leads | Opening | Changed | { say: 'ended'; problem: Problem | null }
export type OnChannel =
  | Asked
  | Answered
  | Leads
  | Opening
  | Changed
  | { say: 'who' }
  /** "Let me lead": from a page that is looked at, or of a newer build. */
  | { say: 'pass'; worker: string; build: number }

export const channelName = 'fieldline'
export const lockName = 'fieldline'

/** The page an ask came from; a worker has its page's name. */
export const pageOf = (id: string): string => id.slice(0, id.indexOf('/'))
