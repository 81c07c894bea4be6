// Made from the Rust types by crates/core/tests/types.rs. Do not edit.

export type CannedId = string;
export type PlaceId = string;
export type ConversationId = string;
export type PersonId = string;
export type CustomerId = string;
export type MessageId = string;
export type Mention = { 
/**
 * Who.
 */
person: PersonId, 
/**
 * Which character of the text it begins with, from 0: that is an `@`. Characters are
 * Unicode scalar values.
 */
at: number, 
/**
 * How many characters it has.
 */
chars: number, };
export type NoteId = string;
export type IntentId = string;
export type DeviceId = string;
export type BlobHash = string;
export type Code = "bad_request" | "unknown_intent" | "id_reused" | "not_found" | "not_permitted" | "wrong_password" | "code_needed" | "wrong_code" | "weak_password" | "too_many_tries" | "signed_out" | "blocked" | "copied" | "link_invalid" | "already_picked" | "not_picked" | "conversation_ended" | "not_ended" | "offer_over" | "needs_refused" | "on_its_way" | "no_people" | "too_many_people" | "person_gone" | "module_needed" | "direct_thread" | "owner_stays" | "not_in_thread" | "last_colleague" | "no_colleague" | "login_taken" | "yourself" | "last_admin" | "bad_hours" | "message_empty" | "note_empty" | "text_too_long" | "too_many_files" | "bad_name" | "bad_location" | "file_missing" | "file_type_forbidden" | "file_not_picture" | "file_heic" | "file_too_large" | "picture_too_large" | "file_damaged" | "busy" | "storage_full" | "internal" | "unreachable" | "not_a_server" | "tls_failed" | "bad_address" | "not_protected" | "in_use" | "app_too_old" | "keychain_shut" | "storage_failed" | "storage_damaged" | "unsent_work" | "update_needed";
export type Problem = { 
/**
 * What happened.
 */
code: Code, 
/**
 * A person's name, where the code says so.
 */
who?: string, 
/**
 * A number, in the unit the code says.
 */
limit?: number, };
export type Role = "agent" | "admin" | "client";
export type Module = "messaging.company";
export type GroupId = string;
export type History = "from_now" | "everything";
export type GroupChange = { "did": "started" } | { "did": "members", 
/**
 * Who came.
 */
added: Array<PersonCard>, 
/**
 * Who had to go.
 */
removed: Array<PersonCard>, } | { "did": "left" } | { "did": "renamed", 
/**
 * As it is called now.
 */
name: string | null, };
export type WorkspaceId = string;
export type Person = { 
/**
 * Who.
 */
id: PersonId, 
/**
 * Shown name, 1 to 120 characters.
 */
name: string, 
/**
 * What they are.
 */
role: Role, 
/**
 * A client's number, digits with an optional leading plus.
 */
phone?: string, 
/**
 * A client's e-mail address.
 */
email?: string, 
/**
 * Whether they have a password, and so can sign in.
 */
signed_up?: boolean, };
export type PersonCard = { 
/**
 * Who.
 */
id: PersonId, 
/**
 * Shown name.
 */
name: string, };
export type Me = { 
/**
 * Who.
 */
person: Person, 
/**
 * The workspace's shown name.
 */
workspace: string, 
/**
 * Which workspace.
 */
workspace_id?: WorkspaceId, 
/**
 * What an admin has granted them.
 */
modules: Array<Module>, };
export type Policy = { 
/**
 * The types an admin chose out of the fixed super-set.
 */
types: Array<FileType>, 
/**
 * The largest file, in bytes.
 */
file_max_bytes: number, 
/**
 * The map, when the admin set one up: its tiles come through the server alone.
 */
map?: Map | null, };
export type Map = { 
/**
 * Whose map it is; shown wherever it is. May be empty.
 */
credit: string, };
export type FileType = "gif" | "heic" | "jpeg" | "png";
export type Rendition = "thumb" | "display" | "original";
export type Location = { 
/**
 * Degrees north, -90 to 90 (WGS 84).
 */
latitude: number, 
/**
 * Degrees east, -180 to 180 (WGS 84).
 */
longitude: number, 
/**
 * Radius in metres within which the device is at 95 %; absent when set by hand.
 */
accuracy_m: number | null, 
/**
 * When the fix was made, milliseconds since 1970; absent when set by hand.
 */
fixed_at_ms: number | null, 
/**
 * What the sender typed for it, at most 200 characters.
 */
label: string | null, };
export type Tile = { 
/**
 * The zoom level, to [`ZOOM_MAX`].
 */
z: number, 
/**
 * From the west.
 */
x: number, 
/**
 * From the north.
 */
y: number, };
export type State = "waiting" | "open" | "ended";
export type Author = { "by": "customer" } | { "by": "person" } & PersonCard;
export type Event = "picked" | "ended" | "reopened" | "transferred";
export type File = { 
/**
 * Shown name, cleaned, with the ending its bytes deserve.
 */
name: string, 
/**
 * By the bytes.
 */
kind: FileType, 
/**
 * Of the original; 0 to who gets none.
 */
size_bytes: number, 
/**
 * Pixels of the display rendition, upright.
 */
width: number, 
/**
 * Pixels of the display rendition, upright.
 */
height: number, 
/**
 * When it was taken, as its camera says: `2026-03-02T09:15:00`, by the clock where it
 * was, and `+01:00` behind it where the camera knew. When it was sent is another
 * time; outsiders are told none.
 */
taken_at?: string | null, };
export type Quote = { 
/**
 * Which.
 */
message: MessageId, 
/**
 * Its number in its place, the same as the answer's.
 */
n: number, 
/**
 * Who wrote it.
 */
author: Author, 
/**
 * The first [`EXCERPT_CHARS`] characters.
 */
text: string, 
/**
 * How many photos it has.
 */
photos: number, 
/**
 * Whether it has a location.
 */
location: boolean, 
/**
 * Whether its author deleted it: then nothing of what was said is left.
 */
deleted?: boolean, };
export type Body = { "what": "said", 
/**
 * At most [`crate::policy::TEXT_MAX_CHARS`] characters; may be empty when there is a photo or a location.
 */
text: string, 
/**
 * In the order they were chosen.
 */
files: Array<File>, 
/**
 * Where the author was.
 */
location: Location | null, 
/**
 * What it answers.
 */
reply_to?: Quote | null, 
/**
 * Who is mentioned in the text; of a thread alone.
 */
mentions?: Array<Mention>, } | { "what": "happened", 
/**
 * Which.
 */
event: Event, } | { "what": "changed", 
/**
 * Which.
 */
change: GroupChange, };
export type Message = { 
/**
 * Which.
 */
id: MessageId, 
/**
 * Where.
 */
place: PlaceId, 
/**
 * Its gapless place among the entries, from 1.
 */
n: number, 
/**
 * Who wrote it.
 */
author: Author, 
/**
 * When the server took it, milliseconds since 1970.
 */
at_ms: number, 
/**
 * When its author wrote it, by their device's clock; only ever shown, to staff.
 */
written_at_ms: number, 
/**
 * What it is.
 */
body: Body, 
/**
 * Whether its author deleted it: then nothing of what was said is left.
 */
deleted?: boolean, };
export type Customer = { 
/**
 * Who.
 */
id: CustomerId, 
/**
 * As they gave it.
 */
name: string | null, 
/**
 * Digits with an optional leading plus; typed by them, never verified here.
 */
phone: string | null, };
export type Preview = { 
/**
 * Who wrote it.
 */
author: Author, 
/**
 * The first 140 characters.
 */
text: string, 
/**
 * How many photos it has.
 */
photos: number, 
/**
 * Whether it has a location.
 */
location: boolean, 
/**
 * When the server took it, milliseconds since 1970.
 */
at_ms: number, 
/**
 * Whether its author deleted it.
 */
deleted?: boolean, };
export type Conversation = { 
/**
 * Which.
 */
id: ConversationId, 
/**
 * With whom.
 */
customer: Customer, 
/**
 * Where in its life.
 */
state: State, 
/**
 * Who has it, or had it last.
 */
agent: PersonCard | null, 
/**
 * Everyone who ever had it, in the order they first did.
 */
took_part: Array<PersonCard>, 
/**
 * When it began, milliseconds since 1970.
 */
created_at_ms: number, 
/**
 * Since when the customer waits for an agent or for an answer; milliseconds since 1970.
 */
waiting_since_ms: number | null, 
/**
 * When it was ended, milliseconds since 1970.
 */
ended_at_ms: number | null, 
/**
 * Who ended it.
 */
ended_by: PersonCard | null, 
/**
 * The newest message that is no event.
 */
last: Preview | null, 
/**
 * The number of the newest entry; entries are numbered 1, 2, 3 … without gaps.
 */
last_n: number, 
/**
 * The number of the newest entry that was shown to the customer.
 */
seen_n: number, 
/**
 * Whether it is known to be its customer's first: none stands before it.
 */
first: boolean, 
/**
 * The queue it waits in; absent: the first one.
 */
queue?: QueueId, 
/**
 * Who sees it wait, beside admins: the members of its queue; absent: all the staff.
 */
members?: Array<PersonId>, };
export type ReadMark = { 
/**
 * Where.
 */
place: PlaceId, 
/**
 * Who.
 */
person: PersonId, 
/**
 * The highest number read.
 */
n: number, 
/**
 * How loud its news is for them; absent: as each of their devices is set.
 */
sound?: SoundLevel, };
export type SoundLevel = "all" | "quiet" | "none";
export type Hello = { 
/**
 * [`PRODUCT`].
 */
product: string, 
/**
 * [`API`].
 */
api: number, 
/**
 * The server's version, for people.
 */
version: string, 
/**
 * The workspace's shown name.
 */
workspace: string, };
export type Invited = { 
/**
 * Shown name.
 */
name: string, 
/**
 * What they will sign in with.
 */
login: string, 
/**
 * The workspace's shown name.
 */
workspace: string, };
export type OwnDevice = { 
/**
 * Which.
 */
id: DeviceId, 
/**
 * What it is called.
 */
name: string, 
/**
 * Since when.
 */
signed_in_at_ms: number, 
/**
 * When it was used last, to the hour.
 */
seen_at_ms: number, 
/**
 * Whether it is the one that asks.
 */
this: boolean, };
export type SecondFactor = { 
/**
 * Since when a code is asked, milliseconds since 1970; absent: none is.
 */
on_since_ms?: number, 
/**
 * How many recovery codes are left.
 */
recovery_left: number, };
export type SecondFactorBegun = { 
/**
 * In base32 (RFC 4648 §6), without padding.
 */
secret: string, 
/**
 * The same with the names of workspace and login, as authenticator apps read it:
 * `otpauth://totp/…`.
 */
uri: string, 
/**
 * [`RECOVERY_CODES`] of them; they serve once it is on.
 */
recovery: Array<string>, };
export type Typed = string | { text: string, mentions: Array<Mention> };
export type Mentioned = { 
/**
 * Which character of the text it begins with, from 0; characters are Unicode scalar values.
 */
at: number, 
/**
 * How many characters it has.
 */
chars: number, 
/**
 * Whether that is me.
 */
me: boolean, };
export type Topic = { "topic": "status" } | { "topic": "lists" } | { "topic": "thread", 
/**
 * Which.
 */
place: PlaceId, } | { "topic": "outbox" } | { "topic": "contacts" } | { "topic": "everything" } | { "topic": "news", 
/**
 * Where.
 */
place: PlaceId, 
/**
 * The customer's name or number.
 */
title: string, 
/**
 * The message, or empty.
 */
text: string, 
/**
 * Whether it is a conversation that waits for anyone.
 */
waiting: boolean, 
/**
 * How loud it is set to be; nothing: as this device is set.
 */
sound: SoundLevel | null, } | { "topic": "offered", 
/**
 * Which.
 */
place: PlaceId, 
/**
 * The customer's name or number.
 */
title: string, 
/**
 * Their message, or empty.
 */
text: string, };
export type Door = "signed_out" | "signed_in" | "sign_in_again" | "update_needed";
export type Link = "offline" | "connecting" | "live";
export type Counts = { 
/**
 * Conversations that wait.
 */
picklist: number, 
/**
 * My open conversations.
 */
conversations: number, 
/**
 * Unread messages in them.
 */
unread: number, 
/**
 * Unread messages in message threads that are not muted.
 */
messages: number, 
/**
 * Intents not yet answered, and drafts whose place is gone.
 */
unsent: number, 
/**
 * Of these, those that need their person.
 */
stuck: number, };
export type Mended = { 
/**
 * How many things its person wrote could not be read.
 */
lost: number, 
/**
 * Whether there may be more that nobody can count.
 */
at_least: boolean, };
export type Status = { 
/**
 * Whether somebody is signed in.
 */
door: Door, 
/**
 * Who.
 */
me: Me | null, 
/**
 * The server's address, as the person gave it.
 */
server: string | null, 
/**
 * The connection.
 */
link: Link, 
/**
 * Why there is none, if that is known.
 */
link_problem: Problem | null, 
/**
 * When everything was last known to be in step, by the server's clock,
 * milliseconds since 1970.
 */
synced_at_ms: number | null, 
/**
 * The server's clock as far as this device knows it, milliseconds since 1970.
 */
now_ms: number, 
/**
 * Whether what is written survives a restart (not so in a browser without OPFS).
 */
durable: boolean, 
/**
 * How many there are.
 */
counts: Counts, 
/**
 * What may be sent.
 */
policy: Policy, 
/**
 * Whether I take conversations, with the outbox laid over it.
 */
ready: Ready, 
/**
 * How conversations leave the picklist.
 */
queue: QueueMode, 
/**
 * What is offered to me, also what ran out a moment ago.
 */
offers: Array<OfferRow>, 
/**
 * This device's storage was damaged and mended, and its person was not told yet.
 */
mended: Mended | null, };
export type Section = "picklist" | "conversations" | "history";
export type Sort = "newest" | "longest_waiting";
export type PreviewBy = { "by": "customer" } | { "by": "you" } | { "by": "colleague", 
/**
 * Shown name.
 */
name: string, } | { "by": "draft" };
export type RowPreview = { 
/**
 * Whose.
 */
author: PreviewBy, 
/**
 * The first characters, on one line; may be empty.
 */
text: string, 
/**
 * Photos in it.
 */
photos: number, 
/**
 * Whether it has a location.
 */
location: boolean, 
/**
 * Whether its author deleted it.
 */
deleted: boolean, };
export type RowHit = { 
/**
 * Which.
 */
message: string, 
/**
 * Its number in its place.
 */
n: number, 
/**
 * Whose.
 */
author: PreviewBy, 
/**
 * Its text around the first of the words, on one line.
 */
text: string, 
/**
 * When the server took it, milliseconds since 1970.
 */
at_ms: number, };
export type Row = { 
/**
 * What it opens.
 */
place: PlaceId, 
/**
 * The customer's name.
 */
name: string | null, 
/**
 * The customer's number, digits with an optional plus.
 */
phone: string | null, 
/**
 * Where in its life, with the outbox laid over it.
 */
state: State, 
/**
 * Who has it, when that is somebody else.
 */
agent: string | null, 
/**
 * The preview.
 */
preview: RowPreview | null, 
/**
 * When it last moved, milliseconds since 1970.
 */
at_ms: number, 
/**
 * Since when the customer waits, milliseconds since 1970.
 */
waiting_since_ms: number | null, 
/**
 * Unread messages.
 */
unread: number, 
/**
 * Unsent intents here.
 */
unsent: number, 
/**
 * Whether one of them needs its person.
 */
stuck: boolean, 
/**
 * How loud its news is set to be; nothing: as this device is set.
 */
sound: SoundLevel | null, 
/**
 * Internal notes kept with it, unsent ones included.
 */
notes: number, 
/**
 * The newest message with the words that were searched for.
 */
hit: RowHit | null, };
export type Page = { 
/**
 * From which row, the first being 0.
 */
from: number, 
/**
 * At most so many.
 */
limit: number, };
export type Rows = { 
/**
 * In order, from where they were asked and at most as many as asked for.
 */
rows: Array<Row>, 
/**
 * How many there are in all.
 */
total: number, };
export type Mark = "waiting" | "sending" | "sent" | "seen" | "stuck";
export type PictureOf = { "from": "message", 
/**
 * Which.
 */
message: MessageId, 
/**
 * Its place among the message's files, from 0.
 */
i: number, 
/**
 * Which form.
 */
rendition: Rendition, } | { "from": "blob", 
/**
 * Which.
 */
hash: BlobHash, } | { "from": "tile", 
/**
 * Which.
 */
tile: Tile, };
export type BubbleFile = { 
/**
 * Small.
 */
thumb: PictureOf, 
/**
 * Large.
 */
display: PictureOf, 
/**
 * Shown name.
 */
name: string, 
/**
 * By the bytes.
 */
kind: FileType, 
/**
 * Of the original.
 */
size_bytes: number, 
/**
 * Pixels; 0 when not known yet.
 */
width: number, 
/**
 * Pixels; 0 when not known yet.
 */
height: number, 
/**
 * When it was taken, as its camera says, by the clock where it was.
 */
taken_at: string | null, 
/**
 * How much of it is on the server, 0 to 1; absent once it is sent.
 */
progress: number | null, };
export type QuoteLine = { 
/**
 * Which.
 */
message: string, 
/**
 * Its number in its place; absent when nothing of it is on this device.
 */
n: number | null, 
/**
 * Whether I wrote it.
 */
mine: boolean, 
/**
 * The author's shown name; the customer's own name or number for theirs.
 */
author: string, 
/**
 * Its first characters, on one line; may be empty.
 */
text: string, 
/**
 * Photos in it.
 */
photos: number, 
/**
 * Whether it has a location.
 */
location: boolean, 
/**
 * Whether its author deleted it.
 */
deleted: boolean, };
export type Side = "ours" | "theirs";
export type BubbleBody = { "what": "said", 
/**
 * Shown as text only.
 */
text: string, 
/**
 * In order.
 */
files: Array<BubbleFile>, 
/**
 * A place on earth.
 */
location: Location | null, 
/**
 * What it answers.
 */
reply: QuoteLine | null, 
/**
 * Who is mentioned in the text, in order.
 */
mentions?: Array<Mentioned>, } | { "what": "deleted" } | { "what": "happened", 
/**
 * Which.
 */
event: Event, } | { "what": "changed", 
/**
 * Which.
 */
change: GroupChange, } | { "what": "hole", 
/**
 * How many.
 */
missing: number, };
export type Bubble = { 
/**
 * Stable from the moment it is sent: the intent's and the message's id.
 */
id: string, 
/**
 * Its number, once the server has it.
 */
n: number | null, 
/**
 * Which side.
 */
side: Side, 
/**
 * Whether I wrote it.
 */
mine: boolean, 
/**
 * The author's shown name; the customer's own name or number for theirs.
 */
author: string, 
/**
 * When the server took it, or when it was written while unsent; milliseconds since 1970.
 */
at_ms: number, 
/**
 * What it holds.
 */
body: BubbleBody, 
/**
 * How far it has come.
 */
mark: Mark, 
/**
 * Why it is stuck.
 */
problem: Problem | null, };
export type Can = { 
/**
 * Pick it.
 */
pick: boolean, 
/**
 * Write into it.
 */
send: boolean, 
/**
 * End it.
 */
end: boolean, 
/**
 * Reopen it.
 */
reopen: boolean, };
export type DraftFile = { 
/**
 * Which.
 */
hash: BlobHash, 
/**
 * Shown name.
 */
name: string, 
/**
 * By the bytes.
 */
kind: FileType, 
/**
 * How large.
 */
size_bytes: number, };
export type GroupTab = "all" | "internal" | "customers" | "groups";
export type GroupRow = { 
/**
 * What it opens.
 */
place: PlaceId, 
/**
 * Its name; without one, the names of the others, as many as fit.
 */
title: string, 
/**
 * Whether it is called by a name of its own.
 */
named: boolean, 
/**
 * Whether it is between two.
 */
direct: boolean, 
/**
 * How many are in it, myself included.
 */
people: number, 
/**
 * How many of them are customers.
 */
customers: number, 
/**
 * The others' names, at most five: its picture is made of them.
 */
names: Array<string>, 
/**
 * What is being composed here, or was said last.
 */
preview: RowPreview | null, 
/**
 * When it last moved, milliseconds since 1970.
 */
at_ms: number, 
/**
 * Unread messages.
 */
unread: number, 
/**
 * Whether one of them mentions me; also of a thread that is muted.
 */
mentioned?: boolean, 
/**
 * How loud its news is set to be; nothing: as this device is set.
 */
sound: SoundLevel | null, 
/**
 * Unsent intents here.
 */
unsent: number, 
/**
 * Whether one of them needs its person.
 */
stuck: boolean, 
/**
 * Whether the server does not have it yet.
 */
pending: boolean, };
export type GroupsUnread = { 
/**
 * In all.
 */
all: number, 
/**
 * Without customers.
 */
internal: number, 
/**
 * With customers.
 */
customers: number, 
/**
 * Of more than two people.
 */
groups: number, };
export type Groups = { 
/**
 * Newest first, at most as many as asked for.
 */
rows: Array<GroupRow>, 
/**
 * How many there are in this tab that fit the search.
 */
total: number, 
/**
 * Of every tab, whatever is searched for.
 */
unread: GroupsUnread, };
export type Block = "internal" | "customer";
export type Contact = { 
/**
 * Who.
 */
id: PersonId, 
/**
 * Shown name.
 */
name: string, 
/**
 * In which block.
 */
block: Block, 
/**
 * Their number, digits with an optional plus.
 */
phone: string | null, 
/**
 * Their e-mail address.
 */
email: string | null, 
/**
 * Whether they can sign in; who cannot may be in a group all the same.
 */
signed_up: boolean, };
export type Contacts = { 
/**
 * From where it was asked, at most as many as asked for; oneself is not among them.
 */
contacts: Array<Contact>, 
/**
 * How many there are in this block that fit the search.
 */
total: number, 
/**
 * Whether the whole contact list is on this device yet.
 */
complete: boolean, };
export type NewGroup = { 
/**
 * Where its draft is: text, photos and location are kept there as in any place.
 */
place: PlaceId, 
/**
 * What is composed. Only the first read of a screen uses its text.
 */
draft: Draft, 
/**
 * The most people in a group, oneself included.
 */
people_max: number, };
export type Begin = { 
/**
 * A fresh UUIDv7; with one person the thread has the id of their direct thread instead.
 */
group: PlaceId, 
/**
 * Who beside oneself.
 */
people: Array<PersonId>, 
/**
 * At most 120 characters.
 */
name: string | null, 
/**
 * Of the first message; photos and location are those of the draft at
 * [`NewGroup::place`]. All of it empty: the thread begins without one.
 */
text: Typed, };
export type MembersChange = { 
/**
 * Who is to be in it.
 */
add: Array<PersonId>, 
/**
 * Who is not.
 */
remove: Array<PersonId>, 
/**
 * From where those who come read.
 */
history: History, };
export type GroupPerson = { 
/**
 * Who.
 */
id: PersonId, 
/**
 * Shown name.
 */
name: string, 
/**
 * Whether they are a customer.
 */
customer: boolean, 
/**
 * Whether that is me.
 */
me: boolean, 
/**
 * Whether it is theirs: nobody removes them.
 */
owner: boolean, 
/**
 * Whether they were disabled: they read nothing of what is said here now.
 */
disabled: boolean, };
export type GroupCan = { 
/**
 * Add and remove people.
 */
members: boolean, 
/**
 * Name it.
 */
rename: boolean, 
/**
 * Go out of it.
 */
leave: boolean, };
export type GroupPeople = { 
/**
 * Which.
 */
place: PlaceId, 
/**
 * In the order they came.
 */
people: Array<GroupPerson>, 
/**
 * What may be done.
 */
can: GroupCan, };
export type GroupSeen = { 
/**
 * Who.
 */
id: PersonId, 
/**
 * Shown name.
 */
name: string, 
/**
 * The highest number they have read.
 */
n: number, };
export type ThreadGroup = { 
/**
 * Whether it is between two.
 */
direct: boolean, 
/**
 * Whether it is called by a name of its own.
 */
named: boolean, 
/**
 * How many are in it, myself included.
 */
people: number, 
/**
 * How many of them are customers: said at all times when there are any.
 */
customers: number, 
/**
 * The others' names, at most five.
 */
names: Array<string>, 
/**
 * Whether there is more before the first entry that I may not read: "history
 * starts here".
 */
starts_here: boolean, 
/**
 * Whether the server does not have it yet.
 */
pending: boolean, 
/**
 * How far the others have read, in the order they came; nobody of a group so large that
 * it is not told.
 */
seen: Array<GroupSeen>, 
/**
 * What may be done.
 */
can: GroupCan, };
export type PreviousConversation = { 
/**
 * Which.
 */
place: PlaceId, 
/**
 * When it began, milliseconds since 1970.
 */
created_at_ms: number, 
/**
 * When it was ended, milliseconds since 1970.
 */
ended_at_ms: number | null, 
/**
 * Who ended it.
 */
ended_by: PersonCard | null, 
/**
 * Oldest first.
 */
bubbles: Array<Bubble>, 
/**
 * Its internal notes, newest first.
 */
notes: Array<NoteLine>, };
export type Previous = { 
/**
 * Oldest first; the newest entries, as many as asked for.
 */
conversations: Array<PreviousConversation>, 
/**
 * Whether there may be more before these, here or on the server.
 */
more: boolean, };
export type Ready = "available" | "busy" | "away";
export type QueueMode = "pick" | "offer";
export type Canned = { 
/**
 * Which.
 */
id: CannedId, 
/**
 * What is typed after the slash: letters, digits, hyphens; no two are the same.
 */
shortcut: string, 
/**
 * What is inserted; `{name}` stands for the customer's name.
 */
text: string, };
export type OfferRow = { 
/**
 * Which conversation.
 */
place: PlaceId, 
/**
 * The customer's name.
 */
name: string | null, 
/**
 * The customer's number, digits with an optional plus.
 */
phone: string | null, 
/**
 * The first characters of what they said last; may be empty.
 */
text: string, 
/**
 * Photos in it.
 */
photos: number, 
/**
 * Since when they wait, milliseconds since 1970.
 */
waiting_since_ms: number | null, 
/**
 * When the offer was made, milliseconds since 1970.
 */
made_at_ms: number, 
/**
 * When it runs out by the server's clock, milliseconds since 1970.
 */
expires_at_ms: number, };
export type PeopleSearch = { 
/**
 * A part of a name, login, number or address, or a whole id; empty: everybody.
 */
search: string, 
/**
 * Only who is this.
 */
role?: Role, 
/**
 * How many to leave out, for the pages after the first.
 */
from: number, };
export type PeoplePage = { 
/**
 * At most [`super::ROWS_MAX`]: admins and agents first, then clients, each by name.
 */
people: Array<AdminPerson>, 
/**
 * How many there are in all that were searched for.
 */
total: number, };
export type AdminPerson = { 
/**
 * Who.
 */
id: PersonId, 
/**
 * Shown name.
 */
name: string, 
/**
 * What they are.
 */
role: Role, 
/**
 * What they sign in with; absent: a client who was never invited.
 */
login?: string, 
/**
 * A client's number.
 */
phone?: string, 
/**
 * A client's e-mail address.
 */
email?: string, 
/**
 * Whether they may sign in; who may not is chosen no more.
 */
enabled: boolean, 
/**
 * Whether they have set a password.
 */
signed_up: boolean, 
/**
 * Until when their one-time link works, milliseconds since 1970; absent: there is none.
 */
link_until_ms?: number, 
/**
 * Since when a code is asked of them at sign-in, milliseconds since 1970; absent: none is.
 */
second_factor_since_ms?: number, 
/**
 * What they were granted.
 */
modules: Array<Module>, 
/**
 * On how many devices they are signed in.
 */
devices: number, 
/**
 * How many conversations they have open: those go back to the picklist when they are disabled.
 */
open: number, 
/**
 * Of which queues they see what waits; a client of none.
 */
queues: Array<QueueId>, };
export type AddPerson = { 
/**
 * Minted where it is asked.
 */
id: PersonId, 
/**
 * 1 to 120 characters.
 */
name: string, 
/**
 * What they will be.
 */
role: Role, 
/**
 * What they sign in with, at most 200 bytes, case-folded. Absent: of a client, the address,
 * else the number, else the name; of the staff it must be there.
 */
login?: string, 
/**
 * A client's number.
 */
phone?: string, 
/**
 * A client's e-mail address.
 */
email?: string, 
/**
 * What they are granted; the staff alone.
 */
modules: Array<Module>, };
export type EditPerson = { 
/**
 * Whom.
 */
id: PersonId, 
/**
 * Their shown name.
 */
name?: string, 
/**
 * Admin or agent.
 */
role?: Role, 
/**
 * All that they are granted.
 */
modules?: Array<Module>, 
/**
 * Whether they may sign in. `false` ends their sessions and gives their open conversations
 * back to the picklist.
 */
enabled?: boolean, };
export type OneTimeLink = { 
/**
 * Whose.
 */
person: PersonId, 
/**
 * What they will sign in with.
 */
login: string, 
/**
 * Belongs in the address's fragment: `https://SERVER/#invite=…`.
 */
secret: string, 
/**
 * Until when it works, milliseconds since 1970: 72 hours.
 */
until_ms: number, };
export type AdminDevice = { 
/**
 * Which.
 */
id: DeviceId, 
/**
 * What it is called.
 */
name: string, 
/**
 * When it signed in last, milliseconds since 1970.
 */
signed_in_at_ms: number, 
/**
 * When it was used last, to the hour.
 */
seen_at_ms: number, 
/**
 * How it stands.
 */
state: DeviceState, 
/**
 * Whether it is the one that asks.
 */
this: boolean, };
export type DeviceState = "signed_in" | "signed_out" | "blocked";
export type AdminQueue = { 
/**
 * Which; the first one's is the workspace's.
 */
id: QueueId, 
/**
 * What it is called; the first one's may be empty, then screens say "Picklist".
 */
name: string, 
/**
 * Picked, or offered too.
 */
mode: QueueMode, 
/**
 * How long an offer stands.
 */
offer_ms: number, 
/**
 * Who sees what waits in it; absent: all the staff.
 */
members?: Array<PersonCard>, 
/**
 * How many conversations wait in it now.
 */
waiting: number, 
/**
 * Where its customers begin: after the server's address, `/chat` or `/chat?queue=…`.
 */
chat_path: string, };
export type PolicyRules = { 
/**
 * The types out of the fixed super-set, at least one (jpg and jpeg are one type with two endings).
 */
types: Array<FileType>, 
/**
 * The largest file, in bytes; [`FILE_MAX_BYTES`].
 */
file_max_bytes: number, 
/**
 * On how many devices one person may be signed in, [`DEVICES_MAX`]; absent: on any number.
 * One more signs out the one that was used least lately.
 */
devices_max?: number, };
export type PolicyEffect = { 
/**
 * Of each type, what is kept here of it.
 */
kept: Array<KeptFiles>, 
/**
 * How many of those could not be sent any more. They stay.
 */
refused: number, 
/**
 * How many people are signed in on more devices than `devices_max`.
 */
people_over: number, };
export type KeptFiles = { 
/**
 * Which.
 */
kind: FileType, 
/**
 * How many files.
 */
files: number, 
/**
 * How many of them could not be sent any more.
 */
refused: number, };
export type MapSource = { 
/**
 * An https address with `{z}`, `{x}` and `{y}` in it; absent: there is no map.
 */
tiles?: string, 
/**
 * Whose map it is, shown on every map; at most 200 characters.
 */
credit: string, };
export type ChatPage = { 
/**
 * Above the chat; at most [`GREETING_MAX_CHARS`] characters, may be empty.
 */
greeting: string, 
/**
 * When somebody answers; absent: nothing is said of it. Messages are taken at all times.
 */
hours?: OpeningHours, };
export type OpeningHours = { 
/**
 * The IANA name of the time zone the hours are in: `Europe/Oslo`.
 */
zone: string, 
/**
 * Each day's, Monday first: seven lists. A day without any is closed.
 */
days: Array<Array<OpenSpan>>, };
export type OpenSpan = { 
/**
 * In minutes from midnight, 0 to 1439.
 */
from_min: number, 
/**
 * In minutes from midnight, more than `from_min` and at most 1440.
 */
to_min: number, };
export type Imported = { 
/**
 * New clients.
 */
added: number, 
/**
 * Clients whose name, number or address is another now.
 */
changed: number, 
/**
 * Clients who were there, the same.
 */
same: number, 
/**
 * The lines that were left out, in order.
 */
refused: Array<RefusedLine>, };
export type RefusedLine = { 
/**
 * Which, from 1; the header is 1.
 */
line: number, 
/**
 * Why.
 */
why: LineFault, };
export type LineFault = "header" | "name" | "phone" | "email" | "quotes" | "twice";
export type AdminCanned = { 
/**
 * The word after the slash.
 */
shortcut: string, 
/**
 * What is inserted; `{name}` in it stands for the customer's name.
 */
text: string, };
export type AuditSearch = { 
/**
 * Only what this person did, or what was done about them.
 */
person?: PersonId, 
/**
 * Only this verb, as [`AuditPage::verbs`] has it.
 */
verb?: string, 
/**
 * Only from this moment on, milliseconds since 1970.
 */
from_ms?: number, 
/**
 * Only before this moment.
 */
to_ms?: number, 
/**
 * Only lines before this one, for the pages after the first.
 */
before?: number, };
export type AuditPage = { 
/**
 * At most [`super::ROWS_MAX`], newest first.
 */
lines: Array<AuditLine>, 
/**
 * Whether there are older ones.
 */
more: boolean, 
/**
 * The verbs of the newest 100,000 lines, to choose from; in the order of the alphabet.
 */
verbs: Array<string>, };
export type AuditLine = { 
/**
 * Which.
 */
line: number, 
/**
 * When, milliseconds since 1970.
 */
at_ms: number, 
/**
 * Who.
 */
by: AuditParty, 
/**
 * What, as a word of the program: `edit_person`.
 */
verb: string, 
/**
 * What it was about; absent: nothing with an id.
 */
about?: AuditAbout, 
/**
 * Why it was refused; absent: it was done.
 */
code?: Code, };
export type AuditParty = { "by": "operator" } | { "by": "server" } | { "by": "nobody" } | { "by": "person", 
/**
 * Who.
 */
id: PersonId, 
/**
 * Today's name.
 */
name?: string, } | { "by": "customer", 
/**
 * Who.
 */
id: CustomerId, 
/**
 * Today's name or number.
 */
name?: string, };
export type AuditAbout = { 
/**
 * Its id.
 */
id: string, 
/**
 * What it is today.
 */
kind: AboutKind, 
/**
 * Today's name of a person, a customer, a conversation's customer or a queue.
 */
name?: string, };
export type AboutKind = "person" | "customer" | "conversation" | "group" | "queue" | "other";
export type CustomersSearch = { 
/**
 * A part of a name or number, or a whole id; empty: all.
 */
search: string, 
/**
 * How many to leave out, for the pages after the first.
 */
from: number, };
export type CustomersPage = { 
/**
 * At most [`super::ROWS_MAX`], who came last first.
 */
customers: Array<AdminCustomer>, 
/**
 * How many there are in all that were searched for.
 */
total: number, };
export type AdminCustomer = { 
/**
 * Who.
 */
id: CustomerId, 
/**
 * As they called themself.
 */
name?: string, 
/**
 * As they gave it.
 */
phone?: string, 
/**
 * When they came first, milliseconds since 1970.
 */
created_at_ms: number, 
/**
 * Their conversations, newest first.
 */
conversations: Array<AdminConversation>, };
export type AdminConversation = { 
/**
 * Which.
 */
id: ConversationId, 
/**
 * Where it is in its life.
 */
state: State, 
/**
 * When it began, milliseconds since 1970.
 */
created_at_ms: number, 
/**
 * How many entries it has.
 */
entries: number, };
export type Erase = { 
/**
 * Who.
 */
customer: CustomerId, 
/**
 * Their name, or their number when they have none, as the admin typed it: so that
 * nobody is erased by a slip.
 */
name: string, };
export type QueueId = string;
export type AdminAsk = { "ask": "people" } & PeopleSearch | { "ask": "add_person" } & AddPerson | { "ask": "edit_person" } & EditPerson | { "ask": "reset", 
/**
 * Whose.
 */
person: PersonId, } | { "ask": "remove_second_factor", 
/**
 * Whose.
 */
person: PersonId, } | { "ask": "devices", 
/**
 * Whose.
 */
person: PersonId, } | { "ask": "sign_out", 
/**
 * Whose.
 */
person: PersonId, 
/**
 * On which device; absent: on all.
 */
device?: DeviceId, } | { "ask": "block_device", 
/**
 * Whose.
 */
person: PersonId, 
/**
 * Which.
 */
device: DeviceId, 
/**
 * Or unblock it.
 */
blocked: boolean, } | { "ask": "queues" } | { "ask": "put_queue", 
/**
 * Which; a new one's is minted where it is asked.
 */
id: QueueId, 
/**
 * 1 to 120 characters; the first one's may be empty.
 */
name: string, 
/**
 * Picked, or offered too.
 */
mode: QueueMode, 
/**
 * How long an offer stands, [`crate::offer::OFFER_MS`].
 */
offer_ms: number, 
/**
 * Who sees what waits in it; absent: all the staff. (Admins always do.)
 */
members?: Array<PersonId>, } | { "ask": "policy" } | { "ask": "set_policy" } & PolicyRules | { "ask": "preview_policy" } & PolicyRules | { "ask": "map" } | { "ask": "set_map" } & MapSource | { "ask": "chat_page" } | { "ask": "set_chat_page" } & ChatPage | { "ask": "import_contacts", 
/**
 * The file: a header of `name`, `phone`, `email` in any order, one client a line,
 * separated by commas or semicolons (RFC 4180).
 */
csv: string, } | { "ask": "canned" } | { "ask": "put_canned" } & AdminCanned | { "ask": "remove_canned", 
/**
 * By what it is called.
 */
shortcut: string, } | { "ask": "audit" } & AuditSearch | { "ask": "customers" } & CustomersSearch | { "ask": "erase" } & Erase;
export type AdminAnswer = { "answer": "done" } | { "answer": "people" } & PeoplePage | { "answer": "link" } & OneTimeLink | { "answer": "devices", 
/**
 * They.
 */
devices: Array<AdminDevice>, 
/**
 * On how many one person may be signed in; absent: on any number.
 */
devices_max?: number, } | { "answer": "queues", 
/**
 * They, the first one first.
 */
queues: Array<AdminQueue>, } | { "answer": "policy" } & PolicyRules | { "answer": "policy_effect" } & PolicyEffect | { "answer": "map" } & MapSource | { "answer": "chat_page" } & ChatPage | { "answer": "imported" } & Imported | { "answer": "canned", 
/**
 * They, by shortcut.
 */
canned: Array<AdminCanned>, } | { "answer": "audit" } & AuditPage | { "answer": "customers" } & CustomersPage;
export type Draft = { 
/**
 * The text.
 */
text: string, 
/**
 * Who is mentioned in it, in order.
 */
mentions?: Array<Mention>, 
/**
 * The photos, in order.
 */
files: Array<DraftFile>, 
/**
 * A location to go with it.
 */
location: Location | null, 
/**
 * What it answers.
 */
reply: QuoteLine | null, };
export type Colleague = { 
/**
 * Who.
 */
id: PersonId, 
/**
 * Shown name.
 */
name: string, 
/**
 * Whether they take conversations, as they last said.
 */
ready: Ready, };
export type NoteLine = { 
/**
 * Which; stable from the moment it is saved.
 */
id: NoteId, 
/**
 * Whether I wrote it.
 */
mine: boolean, 
/**
 * The author's shown name.
 */
author: string, 
/**
 * When the server took it, or when it was written while unsent; milliseconds since 1970.
 */
at_ms: number, 
/**
 * Shown as text only.
 */
text: string, 
/**
 * How far it has come.
 */
mark: Mark, 
/**
 * Why it is stuck.
 */
problem: Problem | null, };
export type Notes = { 
/**
 * Of which conversation.
 */
place: PlaceId, 
/**
 * The customer's name.
 */
name: string | null, 
/**
 * The customer's number.
 */
phone: string | null, 
/**
 * Newest first.
 */
notes: Array<NoteLine>, 
/**
 * The note being written. Only the first read of a screen uses it.
 */
draft: string, };
export type Thread = { 
/**
 * Which.
 */
place: PlaceId, 
/**
 * What it is when it is a message thread; absent: a conversation with a customer.
 */
group: ThreadGroup | null, 
/**
 * The customer's name; the title of a message thread.
 */
name: string | null, 
/**
 * The customer's number.
 */
phone: string | null, 
/**
 * Where in its life, with the outbox laid over it.
 */
state: State, 
/**
 * Who has it, or had it last.
 */
agent: PersonCard | null, 
/**
 * Who ended it.
 */
ended_by: PersonCard | null, 
/**
 * When it was ended.
 */
ended_at_ms: number | null, 
/**
 * Since when the customer waits.
 */
waiting_since_ms: number | null, 
/**
 * What may be done now.
 */
can: Can, 
/**
 * How loud its news is set to be; nothing: as this device is set.
 */
sound: SoundLevel | null, 
/**
 * Oldest first: the newest ones, as many as asked for.
 */
bubbles: Array<Bubble>, 
/**
 * Whether there are entries before the first bubble, here or on the server.
 */
older: boolean, 
/**
 * How many entries there are after the last bubble; 0 when the newest are here.
 */
newer: number, 
/**
 * The highest number I have read, on any device.
 */
read_n: number, 
/**
 * Whether the customer types just now.
 */
customer_typing: boolean, 
/**
 * Colleagues who type just now, by shown name.
 */
typing: Array<string>, 
/**
 * Colleagues who have it open just now, by shown name.
 */
viewing: Array<string>, 
/**
 * What is being composed. Only the first read of a screen uses its text.
 */
draft: Draft, 
/**
 * The newest internal notes, newest first.
 */
notes: Array<NoteLine>, 
/**
 * How many there are in all.
 */
note_count: number, };
export type OutboxKind = "send" | "pick" | "accept" | "end" | "reopen" | "note" | "transfer" | "delete" | "start" | "members" | "leave" | "rename" | "draft" | "note_draft";
export type OutboxRow = { 
/**
 * Which; of a draft its place's id.
 */
intent: IntentId, 
/**
 * Where.
 */
place: PlaceId, 
/**
 * The customer's name or number; empty of a draft where nobody knows it any more.
 */
title: string, 
/**
 * What.
 */
kind: OutboxKind, 
/**
 * The message's text.
 */
text: string, 
/**
 * The message's photos.
 */
photos: number, 
/**
 * Those of a draft, which can be looked at nowhere else.
 */
files: Array<DraftFile>, 
/**
 * Waiting, sending or stuck.
 */
mark: Mark, 
/**
 * Why it is stuck, or why it waits.
 */
problem: Problem | null, 
/**
 * When it was asked.
 */
asked_at_ms: number, 
/**
 * How much of its photos is on the server, 0 to 1.
 */
progress: number | null, };

/** Every command of the engine. */
export interface Commands {
  /** The state of the whole app. */
  status: { args: Record<string, never>; reply: Status };
  /** Asks an address whether it is a Fieldline server. */
  check_server: { args: { server: string }; reply: Hello };
  /** Signs in, after `code_needed` with a code too. The profile of this server and person is opened, or made. */
  sign_in: { args: { server: string; login: string; password: string; code: string | null }; reply: Status };
  /** Who an invite is for. */
  invited: { args: { server: string; secret: string }; reply: Invited };
  /** Accepts an invite with a password of one's own; with a code too, as `sign_in`. */
  join: { args: { server: string; secret: string; password: string; code: string | null }; reply: Status };
  /** Signs out. With unsent work it refuses with `unsent_work` unless `discard` is set. */
  sign_out: { args: { discard: boolean }; reply: Status };
  /** A part of a list, filtered by `search` over names, numbers and every message on this device. */
  rows: { args: { section: Section; sort: Sort; search: string; page: Page }; reply: Rows };
  /** The newest messages of a place on this device that have the words of `search`, newest first. */
  find: { args: { place: PlaceId; search: string }; reply: Array<RowHit> };
  /** A conversation with its newest `limit` entries. */
  thread: { args: { place: PlaceId; limit: number }; reply: Thread };
  /** A conversation with `limit` entries up to the number `until`, and nothing unsent. */
  thread_until: { args: { place: PlaceId; until: number; limit: number }; reply: Thread };
  /** Fetches entries before the oldest on this device. Replies whether any came. */
  older: { args: { place: PlaceId }; reply: boolean };
  /** Fetches the entries around the number `n` from the server. Replies whether any came. */
  fetch_at: { args: { place: PlaceId; n: number }; reply: boolean };
  /** The newest `limit` entries of the customer's conversations before this one. */
  previous: { args: { place: PlaceId; limit: number }; reply: Previous };
  /** Fetches what comes before the oldest of them on this device. Replies whether there was */
  /** anything to ask for. */
  fetch_previous: { args: { place: PlaceId }; reply: boolean };
  /** Everything up to `n` was read. */
  read: { args: { place: PlaceId; n: number }; reply: null };
  /** Takes a waiting conversation. */
  pick: { args: { id: IntentId; place: PlaceId }; reply: null };
  /** Takes an offered conversation. */
  accept: { args: { id: IntentId; place: PlaceId }; reply: null };
  /** Lets an offered conversation go on to the next agent. */
  pass: { args: { id: IntentId; place: PlaceId }; reply: null };
  /** Sets whether this person takes conversations. */
  set_availability: { args: { id: IntentId; ready: Ready }; reply: null };
  /** Ends a conversation. */
  end: { args: { id: IntentId; place: PlaceId }; reply: null };
  /** Takes an ended conversation back. */
  reopen: { args: { id: IntentId; place: PlaceId }; reply: null };
  /** Tells others that this person types, or looks, just now; without a signal, nobody. */
  signal: { args: { place: PlaceId; typing: boolean; viewing: boolean }; reply: null };
  /** Keeps the text being composed. */
  save_draft: { args: { place: PlaceId; text: Typed }; reply: null };
  /** Takes a photo out of the draft. */
  detach: { args: { place: PlaceId; hash: BlobHash }; reply: Draft };
  /** Puts a location into the draft, or takes it out. */
  set_location: { args: { place: PlaceId; location: Location | null }; reply: Draft };
  /** Lets the draft answer a message, or none. */
  set_reply: { args: { place: PlaceId; message: MessageId | null }; reply: Draft };
  /** Sends the draft with `text` as its text: one step, so nothing is lost between. */
  send: { args: { id: IntentId; place: PlaceId; text: Typed }; reply: null };
  /** Deletes a message of one's own for everybody; one that was never sent is discarded. */
  delete: { args: { id: IntentId; place: PlaceId; message: MessageId }; reply: null };
  /** Hands an open conversation to a colleague, or back to the picklist, with a note. */
  transfer: { args: { id: IntentId; place: PlaceId; to: PersonId | null; note: string }; reply: null };
  /** The colleagues a conversation may be handed to. */
  colleagues: { args: Record<string, never>; reply: Array<Colleague> };
  /** The canned replies of the workspace, by shortcut. */
  canned: { args: Record<string, never>; reply: Array<Canned> };
  /** A conversation's internal notes, and the one being written. */
  notes: { args: { place: PlaceId }; reply: Notes };
  /** Keeps the note being written. */
  save_note_draft: { args: { place: PlaceId; text: string }; reply: null };
  /** Saves an internal note; it is no longer being written. */
  note: { args: { id: IntentId; place: PlaceId; text: string }; reply: null };
  /** A part of a list of message threads, filtered by `search` over names and every message on this device. */
  groups: { args: { tab: GroupTab; search: string; page: Page }; reply: Groups };
  /** A part of a block of the contact list, by name, without oneself. */
  contacts: { args: { block: Block; search: string; from: number; limit: number }; reply: Contacts };
  /** One verb of the Configurator, for admins, while the server answers. */
  admin: { args: { ask: AdminAsk }; reply: AdminAnswer };
  /** The message thread that is being composed on this device. */
  new_group: { args: Record<string, never>; reply: NewGroup };
  /** Begins a message thread with what is composed as its first message. Replies its place; with one */
  /** person that is the direct thread of both, which may have been there before. */
  start_group: { args: { id: IntentId; begin: Begin }; reply: PlaceId };
  /** Who is in a group. */
  group_people: { args: { place: PlaceId }; reply: GroupPeople };
  /** Adds people to a group and removes others, against what was shown: one batch. */
  save_members: { args: { id: IntentId; place: PlaceId; change: MembersChange }; reply: null };
  /** Goes out of a group. */
  leave_group: { args: { id: IntentId; place: PlaceId }; reply: null };
  /** Names a group; an empty name takes it away. */
  rename_group: { args: { id: IntentId; place: PlaceId; name: string }; reply: null };
  /** Sets how loud the news of a place is for this person, on all their devices; nothing: as each is set. */
  set_sound: { args: { id: IntentId; place: PlaceId; sound: SoundLevel | null }; reply: null };
  /** Everything unsent on this device. */
  outbox: { args: Record<string, never>; reply: Array<OutboxRow> };
  /** Tries again now: one stuck intent, or everything. */
  retry: { args: { intent: IntentId | null }; reply: null };
  /** Drops an unsent intent; a message's text and photos go back to the draft when `keep` is set. */
  discard: { args: { intent: IntentId; keep: boolean }; reply: null };
  /** Throws away what is being composed in a place: the message, or the internal note. */
  discard_draft: { args: { place: PlaceId; note: boolean }; reply: null };
  /** Where this person is signed in, the device used last first. */
  own_devices: { args: Record<string, never>; reply: Array<OwnDevice> };
  /** Signs this person out on one of their other devices. */
  sign_out_device: { args: { device: DeviceId }; reply: null };
  /** Signs this person out on every other device. */
  sign_out_others: { args: Record<string, never>; reply: null };
  /** Changes this person's password, which needs the old one; their other devices are signed out. */
  change_password: { args: { old: string; new: string }; reply: null };
  /** How this person's second factor stands. */
  second_factor: { args: Record<string, never>; reply: SecondFactor };
  /** Begins a second factor, which needs the password: its secret and recovery codes, told this once. */
  begin_second_factor: { args: { password: string }; reply: SecondFactorBegun };
  /** Turns on the second factor that was begun, by its first code. */
  turn_second_factor_on: { args: { code: string }; reply: null };
  /** Turns the second factor off, which needs the password and a code. */
  turn_second_factor_off: { args: { password: string; code: string }; reply: null };
  /** The person was told that this device's storage was mended. */
  mended_seen: { args: Record<string, never>; reply: null };
  /** Connects and syncs now. */
  sync_now: { args: Record<string, never>; reply: null };
}
