// One chat on this device: what the server said, what waits to be sent, the draft.
// Other parts read it and listen to its `change`.
//
// Invariants
// - What the person sent is on disk before it is shown.
// - An entry and the outbox row it answers change in one transaction.
// - Rows belong to a chat; what was written in one is never sent in another.

import { mint } from './ids.js';
import { erased, overlay, sameChat, setBack, unsent } from './merge.js';

const tabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel('fieldline-chat') : null;

// Tells the other tabs of this browser: 'rows' to read again, 'whose' to begin again.
export const tell = (what) => tabs?.postMessage(what);

// Hears what other tabs tell.
export function hear(then) {
  if (tabs) tabs.onmessage = (event) => then(event.data);
}

// Runs `act` while no other tab of this browser sends or changes whose chat it is.
export const alone = (act) => (navigator.locks ? navigator.locks.request('fieldline-chat', act) : act());

// The chat this device is in, or null. Reads only what is kept here.
export async function current(store) {
  const id = (await store.get('kept', 'current'))?.id;
  const card = id && (await store.get('kept', `chat:${id}`));
  return card ? new Chat(store, card).read() : null;
}

// The chat that a page from the very beginning belongs to: the one kept here when
// it is the same, else a new one. Cards of others stay while they have unsent rows.
export async function adopt(store, page) {
  const kept = (await store.all('kept')).filter((row) => row.what.startsWith('chat:'));
  const outbox = await store.all('outbox');
  const known = kept.find((card) => sameChat(card, page));
  const id = known?.id ?? mint();
  const card = known ?? { what: `chat:${id}`, id, cursor: 0, first: null, chat: page.chat };
  const steps = [['put', 'kept', card], ['put', 'kept', { what: 'current', id }]];
  const others = kept.filter((row) => row.id !== id).map((row) => row.id);
  for (const entry of await store.all('entries')) {
    if (others.includes(entry.profile)) steps.push(['delete', 'entries', [entry.profile, entry.id]]);
  }
  for (const other of others) {
    if (outbox.some((row) => row.profile === other)) continue;
    steps.push(['delete', 'kept', `chat:${other}`], ['delete', 'kept', `draft:${other}`]);
  }
  await store.change(steps);
  const chat = await new Chat(store, card).read();
  await chat.take(page, 0);
  return chat;
}

// Says that nobody is known to be here, before a link is exchanged: should the page
// die in between, the next one asks the server whose chat it is.
export const unsettle = (store) => store.change([['delete', 'kept', 'current']]);

export class Chat extends EventTarget {
  entries = new Map();
  outbox = [];
  draft = { text: '', files: [] };
  parts = new Map();
  pictures = new Map();
  trouble = null;
  closed = false;
  #turn = Promise.resolve();

  constructor(store, card) {
    super();
    this.store = store;
    this.card = card;
  }

  get id() { return this.card.id; }
  get chat() { return this.card.chat; }
  get items() { return overlay(this.entries, this.outbox, this.card.chat.seen ?? 0); }
  // The number of the newest entry there is.
  get newest() { return Math.max(0, ...[...this.entries.values()].map((entry) => entry.public_seq)); }
  get unsent() { return unsent(this.outbox); }

  changed() {
    this.dispatchEvent(new Event('change'));
  }

  // What hinders just now (a problem), or null.
  hinders(problem) {
    if (this.trouble?.code === problem?.code) return;
    this.trouble = problem;
    this.changed();
  }

  // Reads all that is kept: at the beginning, and when another tab changed it.
  async read() {
    const own = (row) => row.profile === this.id;
    const [entries, outbox, card, draft] = await Promise.all([
      this.store.all('entries'), this.store.all('outbox'),
      this.store.get('kept', this.card.what), this.store.get('kept', `draft:${this.id}`),
    ]);
    // Another tab began anew: what was here is of a server that is no more.
    if (card && card.epoch !== this.card.epoch) this.entries.clear();
    for (const entry of entries.filter(own)) this.entries.set(entry.id, entry);
    this.outbox = outbox.filter(own);
    this.draft = draft ?? this.draft;
    if (card && (card.cursor > this.card.cursor || card.epoch !== this.card.epoch)) this.card = card;
    for (const row of this.outbox) await this.#develop(row);
    this.changed();
    return this;
  }

  // Pictures of what waits are shown from the bytes kept here.
  async #develop(row) {
    if (this.pictures.has(row.id)) return;
    const kept = await Promise.all(row.message.files.map((file) => this.store.get('files', file.key)));
    this.pictures.set(row.id, kept.map((file) => (file ? URL.createObjectURL(file.blob) : null)));
  }

  // Takes a page that was asked with the cursor `after`; without one, a page that
  // holds single entries and moves no cursor.
  take(page, after) {
    const next = this.#turn.then(() => this.#apply(page, after));
    this.#turn = next.catch(() => {});
    return next;
  }

  async #apply(page, after) {
    if (this.closed) return;
    const fresh = after !== undefined && (setBack(page, after, this.card.epoch) || (after === 0 && page.cursor < this.card.cursor && !page.more));
    const steps = fresh ? [...this.entries.keys()].map((id) => ['delete', 'entries', [this.id, id]]) : [];
    const rows = page.messages.map((entry) => ({ ...entry, profile: this.id }));
    // What came with this page as an entry is already what is left of it.
    const before = new Map([...this.entries].filter(([id]) => !fresh && !rows.some((entry) => entry.id === id)));
    rows.push(...erased(before, page.deleted ?? []));
    steps.push(...rows.map((entry) => ['put', 'entries', entry]));
    const cursor = after === undefined ? this.card.cursor : fresh ? page.cursor : Math.max(this.card.cursor, page.cursor);
    const first = after === 0 || fresh ? (page.messages[0]?.id ?? null) : this.card.first;
    const epoch = after === undefined ? this.card.epoch : page.epoch;
    const card = { ...this.card, chat: page.chat, cursor, first, epoch };
    steps.push(['put', 'kept', card]);
    const settled = this.outbox.filter((row) => rows.some((entry) => entry.id === row.id));
    for (const row of settled) steps.push(...gone(row));
    // A full disk must not hide what was said: it is shown, and fetched again later.
    await this.store.change(steps).catch(() => {});
    if (fresh) this.entries.clear();
    for (const entry of rows) this.entries.set(entry.id, entry);
    for (const row of settled) this.parts.delete(row.id);
    this.outbox = this.outbox.filter((row) => !settled.includes(row));
    this.card = card;
    if (settled.length > 0) tell('rows');
    this.changed();
  }

  // Puts a message into the outbox and clears the draft it was made of.
  // A photo is {key, name, size_bytes, kind, hash, blob}.
  async add({ text = '', photos = [], location = null, keepDraft = false }) {
    const id = mint();
    const written_at_ms = Date.now();
    // Half a character, as some keyboards leave behind, is no text to any server.
    const whole = text.toWellFormed?.() ?? text;
    const files = photos.map(({ blob, ...file }) => file);
    const named = files.map(({ hash, name }) => ({ hash, name }));
    // These very bytes are sent at every try: the server knows a repeat by them.
    const body = JSON.stringify({ id, written_at_ms, text: whole, files: named, location });
    const row = { id, profile: this.id, body, message: { written_at_ms, text: whole, files, location }, problem: null };
    const steps = photos.map(({ key, blob }) => ['put', 'files', { key, blob }]);
    if (!keepDraft) steps.push(['delete', 'kept', `draft:${this.id}`]);
    await this.store.change([...steps, ['add', 'outbox', row]]);
    await this.reread();
  }

  // Keeps the draft: {text, files}; `blobs` are the bytes of files new in it.
  keep(draft, blobs = []) {
    const row = { what: `draft:${this.id}`, ...draft };
    return this.store.change([...blobs.map((blob) => ['put', 'files', blob]), ['put', 'kept', row]]);
  }

  // The first row that may be sent, as it is on disk now; null when there is none,
  // undefined when this device is in another chat by now.
  async next() {
    if ((await this.store.get('kept', 'current'))?.id !== this.id) return undefined;
    const rows = await this.store.all('outbox');
    return rows.find((row) => row.profile === this.id && !row.problem && !row.sent) ?? null;
  }

  // The server took a row: its page holds the entry, or the feed will bring it.
  async sent(row, page) {
    await this.take(page);
    if (this.entries.has(row.id)) return;
    await this.store.change([['put', 'outbox', { ...row, sent: true }]]);
    await this.reread();
  }

  // The server refused a row: it steps aside, with the reason, for its person.
  async refuse(row, problem) {
    this.parts.delete(row.id);
    await this.store.change([['put', 'outbox', { ...row, problem }]]);
    await this.reread();
  }

  // A refused row is asked anew: under a new id, since the old one was answered.
  async again(order) {
    const row = this.outbox.find((it) => it.order === order);
    const id = mint();
    const body = JSON.stringify({ ...JSON.parse(row.body), id });
    this.pictures.set(id, this.pictures.get(row.id) ?? []);
    const anew = { id, profile: row.profile, body, message: row.message, problem: null };
    await this.store.change([['delete', 'outbox', order], ['add', 'outbox', anew]]);
    await this.reread();
  }

  // Takes a refused row out of the outbox; its photos go too unless `keepFiles`.
  async discard(order, keepFiles = false) {
    const row = this.outbox.find((it) => it.order === order);
    await this.store.change(keepFiles ? [['delete', 'outbox', order]] : gone(row));
    await this.reread();
    return row;
  }

  async reread() {
    const rows = await this.store.all('outbox');
    this.outbox = rows.filter((row) => row.profile === this.id);
    for (const row of this.outbox) await this.#develop(row);
    this.changed();
    tell('rows');
  }
}

function gone(row) {
  return [['delete', 'outbox', row.order], ...row.message.files.map((file) => ['delete', 'files', file.key])];
}

// What waits in this browser in chats that are not open here.
export async function leftBehind(store) {
  return unsent(await store.all('outbox'));
}

// Photos that no draft and no outbox row mentions are let go.
export async function sweep(store) {
  const [kept, outbox, files] = await Promise.all([store.all('kept'), store.all('outbox'), store.all('files')]);
  const wanted = new Set(outbox.flatMap((row) => row.message.files.map((file) => file.key)));
  for (const row of kept) for (const file of row.files ?? []) wanted.add(file.key);
  await store.change(files.filter((file) => !wanted.has(file.key)).map((file) => ['delete', 'files', file.key]));
}
