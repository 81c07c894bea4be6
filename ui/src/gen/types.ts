// Stands in for the file generated from the Rust types, which replaces it.

export type Code =
  | 'bad_request' | 'unknown_intent' | 'id_reused' | 'not_found' | 'not_permitted' | 'wrong_password'
  | 'weak_password' | 'too_many_tries' | 'signed_out' | 'blocked' | 'link_invalid' | 'update_needed'
  | 'already_picked' | 'not_picked' | 'conversation_ended' | 'not_ended' | 'needs_refused' | 'message_empty'
  | 'text_too_long' | 'too_many_files' | 'bad_name' | 'bad_location' | 'file_missing' | 'file_type_forbidden'
  | 'file_not_picture' | 'file_heic' | 'file_too_large' | 'picture_too_large' | 'file_damaged' | 'busy'
  | 'storage_full' | 'internal' | 'unreachable' | 'not_a_server' | 'tls_failed' | 'bad_address' | 'in_use'
  | 'app_too_old' | 'storage_failed' | 'unsent_work'
export type Problem = { code: Code; who?: string; limit?: number }
export type Role = 'agent' | 'admin' | 'client'
export type Person = { id: string; name: string; role: Role }
export type PersonCard = { id: string; name: string }
export type Me = { person: Person; workspace: string }
export type FileType = 'gif' | 'heic' | 'jpeg' | 'png'
export type Rendition = 'thumb' | 'display' | 'original'
export type Policy = { types: FileType[]; file_max_bytes: number }
export type Location = {
  latitude: number
  longitude: number
  accuracy_m: number | null
  fixed_at_ms: number | null
  label: string | null
}
export type State = 'waiting' | 'open' | 'ended'
export type Event = 'picked' | 'ended' | 'reopened'
export type Hello = { product: string; api: number; version: string; workspace: string }
export type Invited = { name: string; login: string; workspace: string }
export type Topic =
  | { topic: 'status' }
  | { topic: 'lists' }
  | { topic: 'thread'; place: string }
  | { topic: 'outbox' }
  | { topic: 'news'; place: string; title: string; text: string; waiting: boolean }
export type Door = 'signed_out' | 'signed_in' | 'sign_in_again' | 'update_needed'
export type Link = 'offline' | 'connecting' | 'live'
export type Counts = { picklist: number; conversations: number; unread: number; unsent: number; stuck: number }
export type Status = {
  door: Door
  me: Me | null
  server: string | null
  link: Link
  link_problem: Problem | null
  synced_at_ms: number | null
  now_ms: number
  durable: boolean
  counts: Counts
  policy: Policy
}
export type Section = 'picklist' | 'conversations' | 'history'
export type Sort = 'newest' | 'longest_waiting'
export type PreviewBy = { by: 'customer' } | { by: 'you' } | { by: 'colleague'; name: string } | { by: 'draft' }
export type RowPreview = { author: PreviewBy; text: string; photos: number; location: boolean }
export type Row = {
  place: string
  name: string | null
  phone: string | null
  state: State
  agent: string | null
  preview: RowPreview | null
  at_ms: number
  waiting_since_ms: number | null
  unread: number
  unsent: number
  stuck: boolean
}
export type Rows = { rows: Row[]; total: number }
export type Mark = 'waiting' | 'sending' | 'sent' | 'stuck'
export type PictureOf =
  | { from: 'message'; message: string; i: number; rendition: Rendition }
  | { from: 'blob'; hash: string }
export type BubbleFile = {
  thumb: PictureOf
  display: PictureOf
  name: string
  kind: FileType
  size_bytes: number
  width: number
  height: number
  progress: number | null
}
export type Side = 'ours' | 'theirs'
export type BubbleBody =
  | { what: 'said'; text: string; files: BubbleFile[]; location: Location | null }
  | { what: 'happened'; event: Event }
  | { what: 'hole'; missing: number }
export type Bubble = {
  id: string
  n: number | null
  side: Side
  mine: boolean
  author: string
  at_ms: number
  body: BubbleBody
  mark: Mark
  problem: Problem | null
}
export type Can = { pick: boolean; send: boolean; end: boolean; reopen: boolean }
export type DraftFile = { hash: string; name: string; kind: FileType; size_bytes: number }
export type Draft = { text: string; files: DraftFile[]; location: Location | null }
export type Thread = {
  place: string
  name: string | null
  phone: string | null
  state: State
  agent: PersonCard | null
  ended_by: PersonCard | null
  ended_at_ms: number | null
  waiting_since_ms: number | null
  can: Can
  bubbles: Bubble[]
  older: boolean
  read_n: number
  draft: Draft
}
export type OutboxKind = 'send' | 'pick' | 'end' | 'reopen'
export type OutboxRow = {
  intent: string
  place: string
  title: string
  kind: OutboxKind
  text: string
  photos: number
  mark: Mark
  problem: Problem | null
  asked_at_ms: number
  progress: number | null
}

/** Every command of the engine. */
export interface Commands {
  status: { args: Record<string, never>; reply: Status }
  check_server: { args: { server: string }; reply: Hello }
  sign_in: { args: { server: string; login: string; password: string }; reply: Status }
  invited: { args: { server: string; secret: string }; reply: Invited }
  join: { args: { server: string; secret: string; password: string }; reply: Status }
  sign_out: { args: { discard: boolean }; reply: Status }
  rows: { args: { section: Section; sort: Sort; search: string; limit: number }; reply: Rows }
  thread: { args: { place: string; limit: number }; reply: Thread }
  older: { args: { place: string }; reply: boolean }
  read: { args: { place: string; n: number }; reply: null }
  pick: { args: { id: string; place: string }; reply: null }
  end: { args: { id: string; place: string }; reply: null }
  reopen: { args: { id: string; place: string }; reply: null }
  save_draft: { args: { place: string; text: string }; reply: null }
  detach: { args: { place: string; hash: string }; reply: Draft }
  set_location: { args: { place: string; location: Location | null }; reply: Draft }
  send: { args: { id: string; place: string; text: string }; reply: null }
  outbox: { args: Record<string, never>; reply: OutboxRow[] }
  retry: { args: { intent: string | null }; reply: null }
  discard: { args: { intent: string; keep: boolean }; reply: null }
  sync_now: { args: Record<string, never>; reply: null }
}
