// The log: rows in order, each made once and changed in place; where the person
// reads, and what is new below it.
//
// Invariants: a row that is on the page is never made again, unless it was deleted; only the newest rows
// are on the page until earlier ones are asked for. A screen reader is told of what is new, once, and never
// of what was there before.

import { happened, left, said, separator } from './bubble.js';
import { byId, el } from './dom.js';
import { rows } from './merge.js';
import { view } from './viewer.js';
import { day, sentence, t } from './words.js';

const PAGE = 100;
const NEAR_PX = 90;
// By then a screen reader has taken note of what came in.
const NOTED_MS = 500;

export class Log {
  #chat;
  #acts;
  #box;
  #shown = new Map();
  #limit = PAGE;
  #known = new Set();
  #fresh = 0;
  #away = 0;
  #stick = true;
  #read;
  #told = false;

  // `acts` is {again(row), edit(row), remove(row)}; `read` hears that the newest is in sight.
  constructor(chat, acts, read) {
    this.#read = read;
    this.#chat = chat;
    this.#acts = { ...acts, seek: (id) => this.#seek(id), open: (row, i) => view(row, i, chat.pictures.get(row.id)) };
    this.#box = byId('log');
    byId('items').replaceChildren();
    byId('earlier').onclick = () => this.#earlier();
    byId('jump').onclick = () => this.toEnd(true);
    this.#box.onscroll = () => {
      this.#stick = this.#isNear();
      if (this.#stick) this.#seen();
      else this.#hints();
    };
    // Pictures that load and keyboards that open must not push the newest away.
    const grown = new ResizeObserver(() => {
      if (chat.closed) grown.disconnect();
      else if (this.#stick) this.toEnd();
    });
    grown.observe(byId('items'));
    grown.observe(this.#box);
    document.addEventListener('visibilitychange', () => !chat.closed && this.#title());
    addEventListener('focus', () => !chat.closed && this.#stick && this.#read());
    for (const item of chat.items) this.#known.add(item.id);
    this.#box.setAttribute('aria-live', 'off');
    this.draw();
    this.toEnd();
  }

  // Brings the page up to what is true now.
  draw() {
    const { items } = this.#chat;
    const near = this.#stick;
    const news = this.#news(items);
    const list = rows(items.slice(-this.#limit), (ms) => day(ms));
    this.#place(list);
    byId('earlier').hidden = items.length <= this.#limit;
    byId('empty').hidden = items.length > 0;
    if (news.mine || (near && news.all > 0)) this.toEnd();
    else if (!near) this.#fresh += news.theirs;
    if (this.#stick) this.#read();
    if (document.hidden) this.#away += news.theirs;
    this.#hints();
    this.#title();
  }

  // All that was said before is here: what comes from now on is news.
  caughtUp() {
    if (this.#told) return;
    this.#told = true;
    this.#quietly(() => {});
  }

  // Goes to the newest; `focus` when a person asked for it.
  toEnd(focus = false) {
    this.#stick = true;
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#seen();
    if (focus) this.#box.focus({ preventScroll: true });
  }

  #news(items) {
    const fresh = items.filter((item) => !this.#known.has(item.id));
    for (const item of fresh) this.#known.add(item.id);
    return { all: fresh.length, mine: fresh.some((item) => item.order !== undefined), theirs: fresh.filter((item) => !item.mine).length };
  }

  #place(list) {
    const parent = byId('items');
    const wanted = new Map(list.map((row) => [row.id, row]));
    for (const [id, part] of this.#shown) {
      // Of what was deleted nothing is left to be changed: its row is made anew.
      if (wanted.has(id) && (part.left ?? left({})) === left(wanted.get(id))) continue;
      part.node.remove();
      this.#shown.delete(id);
    }
    let at = parent.firstChild;
    for (const row of list) {
      const part = this.#shown.get(row.id) ?? this.#make(row);
      part.update(row, this.#chat.parts.get(row.id));
      if (part.node === at) at = at.nextSibling;
      else parent.insertBefore(part.node, at);
    }
  }

  #make(row) {
    const pictures = this.#chat.pictures.get(row.id);
    const part = row.day ? separator(row) : row.body.what === 'said' ? said(row, pictures, this.#acts) : happened(row);
    this.#shown.set(row.id, part);
    return part;
  }

  // Brings in what was there before, unannounced.
  #quietly(act) {
    this.#box.setAttribute('aria-live', 'off');
    act();
    setTimeout(() => this.#told && this.#box.setAttribute('aria-live', 'polite'), NOTED_MS);
  }

  // Earlier rows come in above without moving what is read.
  #earlier() {
    const below = this.#box.scrollHeight - this.#box.scrollTop;
    this.#limit += PAGE;
    this.#quietly(() => this.draw());
    this.#box.scrollTop = this.#box.scrollHeight - below;
    this.#box.focus({ preventScroll: true });
  }

  // Shows an entry, also one that is not on the page yet, and marks it for a moment.
  #seek(id) {
    const { items } = this.#chat;
    const at = items.findIndex((item) => item.id === id);
    if (at < 0) return;
    this.#limit = Math.max(this.#limit, items.length - at + 10);
    this.#stick = false;
    this.#quietly(() => this.draw());
    const { node } = this.#shown.get(id);
    node.scrollIntoView({ block: 'center' });
    node.tabIndex = -1;
    node.focus({ preventScroll: true });
    node.classList.remove('sought');
    requestAnimationFrame(() => node.classList.add('sought'));
  }

  #isNear() {
    return this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight < NEAR_PX;
  }

  #seen() {
    this.#read();
    this.#fresh = 0;
    byId('jump').hidden = true;
  }

  #hints() {
    byId('jump').hidden = this.#stick;
    byId('jump-text').textContent = this.#fresh ? t('newest', { n: this.#fresh }) : t('newest_none');
  }

  #title() {
    if (!document.hidden) this.#away = 0;
    const { workspace } = this.#chat.chat;
    document.title = `${this.#away ? `(${this.#away}) ` : ''}${workspace} · ${t('chat')}`;
  }
}

// The lines around the log: whose chat, how it stands, what hinders.
export function frame(chat, lasting) {
  const { state, agent, name, workspace } = chat.chat;
  named(workspace);
  const line = byId('state');
  const who = agent ?? workspace;
  const words = state ? t(`state_${state}`, { who }) : t('state_new');
  if (line.textContent !== words) line.textContent = words;
  line.hidden = false;
  line.dataset.state = state ?? 'new';
  const hello = name ? t('empty_title', { who: name }) : t('empty_title_none');
  if (byId('empty-title').textContent !== hello) byId('empty-title').textContent = hello;
  status(chat, lasting);
}

// The workspace's name on top, with its first letters as its face.
export function named(workspace) {
  byId('workspace').textContent = workspace;
  const letters = workspace.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => [...word][0]);
  byId('face').textContent = letters.join('').toLocaleUpperCase();
}

// One calm line, only when there is something to say.
function status(chat, lasting) {
  const parts = [];
  if (!navigator.onLine || chat.trouble?.code === 'unreachable') parts.push(t('link_offline'));
  else if (chat.trouble) parts.push(sentence(chat.trouble));
  if (parts.length > 0 && chat.unsent > 0) parts.push(t('unsent', { n: chat.unsent }));
  if (!lasting) parts.push(t('memory'));
  const line = byId('status');
  const text = parts.join(' ');
  if (line.dataset.text === text) return;
  line.dataset.text = text;
  line.replaceChildren(text);
  if (chat.trouble?.code === 'update_needed') {
    line.append(' ', el('button', { type: 'button', class: 'plain', text: t('reload'), onclick: () => location.reload() }));
  }
}
