// The photos of the message being written, above the box: each is read, judged by
// its bytes, kept on disk, and brought to the server while the person still writes.
//
//   reading ──► up ──► ready
//      │         ├──► later     (no network: it goes with its message)
//      └─────────┴──► refused   (why, in words; it is in no message)
//
// Invariant: a photo is on disk, mentioned by the draft, before it is shown as kept.

import { Problem, upload } from './api.js';
import { byId, el, icon } from './dom.js';
import { FILES_MAX, kindOf, problemOf } from './files.js';
import { hashOf, mint } from './ids.js';
import { percent, sentence, size, t } from './words.js';

// What a screen reader makes of a state's words.
const ROLES = { ready: 'status', later: 'status', refused: 'alert' };

export class Tray {
  items = [];
  #chat;
  #changed;

  #keep;

  // `changed` hears whenever what can be sent is another; `keep` puts the draft on disk.
  constructor(chat, { changed, keep }) {
    this.#chat = chat;
    this.#changed = changed;
    this.#keep = keep;
    byId('tray').replaceChildren();
  }

  // What would be sent now, as the outbox keeps it.
  get photos() {
    return this.items.filter((item) => ['up', 'ready', 'later'].includes(item.state)).map(plain);
  }

  get reading() {
    return this.items.some((item) => item.state === 'reading');
  }

  // Brings back the photos of a kept draft, or of a message taken back to edit.
  async restore(files) {
    for (const file of files) {
      const kept = await this.#chat.store.get('files', file.key);
      if (!kept) continue;
      const item = this.#show({ ...file, blob: kept.blob });
      this.#bring(item);
    }
  }

  // Takes files a person chose, took, pasted or dropped.
  async choose(files) {
    for (const file of files) {
      if (this.items.filter((item) => item.state !== 'refused').length >= FILES_MAX) {
        this.#refuse(this.#show({ key: mint(), name: file.name, size_bytes: file.size }), { code: 'too_many_files', limit: FILES_MAX });
        continue;
      }
      await this.#read(this.#show({ key: mint(), name: file.name || t('viewer'), size_bytes: file.size, file }));
    }
  }

  // After sending: what went is gone from here, what was refused stays with its reason.
  clear(photos) {
    const keys = photos.map((photo) => photo.key);
    for (const item of this.items.filter((it) => keys.includes(it.key))) item.node.remove();
    this.items = this.items.filter((item) => !keys.includes(item.key));
    this.#tell();
  }

  // Tries again what waits for the network.
  wake() {
    for (const item of this.items) if (item.state === 'later') this.#bring(item);
  }

  async #read(item) {
    const { policy } = this.#chat.chat;
    this.#set(item, 'reading');
    try {
      const head = new Uint8Array(await item.file.slice(0, 32).arrayBuffer());
      const problem = problemOf(head, item.file.size, policy);
      if (problem) return this.#refuse(item, problem);
      const bytes = await item.file.arrayBuffer();
      item.kind = kindOf(head);
      item.hash = await hashOf(bytes);
      // A copy: the file itself may change or vanish before it is sent.
      item.blob = new Blob([bytes], { type: `image/${item.kind}` });
      if (!this.items.includes(item)) return undefined;
      this.#set(item, 'up');
      await this.#keep([{ key: item.key, blob: item.blob }]);
    } catch {
      return this.#refuse(item, { code: 'storage_failed' }, true);
    }
    return this.#bring(item);
  }

  async #bring(item) {
    this.#set(item, 'up');
    try {
      await upload(item.hash, item.blob, (part) => this.#set(item, 'up', part));
      this.#set(item, 'ready');
    } catch (problem) {
      if (problem instanceof Problem && problem.next === 'refused') {
        this.#refuse(item, problem);
        await this.#keep().catch(() => {});
      } else this.#set(item, 'later');
    }
  }

  #refuse(item, problem, again = false) {
    item.problem = problem;
    item.again = again;
    this.#set(item, 'refused');
  }

  #remove(item) {
    const next = item.node.nextElementSibling ?? item.node.previousElementSibling;
    this.items = this.items.filter((it) => it !== item);
    item.node.remove();
    if (item.url) URL.revokeObjectURL(item.url);
    this.#keep().catch(() => {});
    this.#tell();
    (next?.querySelector('.remove') ?? byId('box')).focus();
  }

  #show(item) {
    const { name } = item;
    item.image = el('img', { alt: '', hidden: true });
    // One that no decoder here reads, or of a type it does not draw: the icon beneath stays.
    item.image.onerror = () => { item.image.hidden = true; };
    item.says = el('p', { class: 'small quiet says' });
    item.bar = el('progress', { max: 1, 'aria-label': t('tray_up', { percent: '' }) });
    item.retry = el('button', { type: 'button', class: 'round', 'aria-label': t('tray_retry', { name }), onclick: () => (item.blob ? this.#bring(item) : this.#read(item)) }, icon('retry'));
    const remove = el('button', { type: 'button', class: 'round remove', 'data-testid': 'tray-remove', 'aria-label': t('tray_remove', { name }), onclick: () => this.#remove(item) }, icon('close'));
    item.node = el('li', { 'data-testid': 'tray-item' }, el('span', { class: 'thumb' }, icon('photo'), item.image),
      el('div', { class: 'about' }, el('p', { class: 'name', dir: 'auto', text: name }), item.says, item.bar), item.retry, remove);
    this.items.push(item);
    byId('tray').append(item.node);
    this.#set(item, item.blob ? 'up' : 'reading');
    this.#tell();
    return item;
  }

  #set(item, state, part) {
    const before = item.state;
    item.state = state;
    if (item.blob && !item.url) {
      item.url = URL.createObjectURL(item.blob);
      item.image.src = item.url;
      item.image.hidden = false;
    }
    const about = `${(item.kind ?? '').toUpperCase()} ${size(item.size_bytes)}`.trim();
    const words = {
      reading: () => t('tray_reading'),
      up: () => t('tray_up', { percent: percent(part ?? 0) }),
      ready: () => t('tray_ready'),
      later: () => t('tray_later'),
      refused: () => sentence(item.problem, this.#chat.chat.policy.types),
    };
    item.node.dataset.state = state;
    // A refusal is heard at once, what became of the photo when there is time, each step of the way never.
    if (before !== state) item.says.setAttribute('role', ROLES[state] ?? 'none');
    item.says.textContent = state === 'refused' ? words.refused() : `${about} · ${words[state]()}`;
    item.says.setAttribute('data-testid', state === 'refused' ? 'tray-problem' : 'tray-state');
    item.bar.hidden = !['reading', 'up'].includes(state);
    if (part !== undefined) item.bar.value = part;
    item.retry.hidden = !(state === 'later' || (state === 'refused' && item.again));
    if (before !== state) this.#tell();
  }

  #tell() {
    byId('tray').hidden = this.items.length === 0;
    this.#changed();
  }
}

function plain({ key, name, size_bytes, kind, hash, blob }) {
  return { key, name, size_bytes, kind, hash, blob };
}
