// What is told just now and never kept: who types, both ways; and how far the
// customer has read, which the server keeps.
//
// Invariants: nobody is asked more often than others need to hear it; what was told
// is over after its time, whether or not the server says so.

import { read, typing } from './api.js';
import { byId } from './dom.js';
import { t } from './words.js';

const AGAIN_MS = 4_000;
const IDLE_MS = 5_000;

export class Presence {
  #chat;
  #typedMs = 0;
  #idle;
  #over;
  #readTo = 0;

  constructor(chat) {
    this.#chat = chat;
    this.heard({ typing: null });
  }

  // A key was pressed in the box; `empty`: nothing is left in it.
  types(empty, now = Date.now()) {
    if (empty) {
      this.rests();
      return;
    }
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.rests(), IDLE_MS);
    if (now - this.#typedMs < AGAIN_MS) return;
    this.#typedMs = now;
    typing(true).catch(() => {});
  }

  // The message was sent, emptied or left alone.
  rests() {
    clearTimeout(this.#idle);
    if (this.#typedMs === 0) return;
    this.#typedMs = 0;
    typing(false).catch(() => {});
  }

  // Somebody types to the customer, for so long unless it is said again.
  heard({ typing: who, left_ms }) {
    clearTimeout(this.#over);
    const line = byId('typing');
    line.textContent = who ? t('typing', { who }) : '';
    line.hidden = !who;
    if (who) this.#over = setTimeout(() => this.heard({ typing: null }), left_ms);
  }

  // Everything is in sight of somebody who looks.
  reads() {
    const { newest } = this.#chat;
    if (newest <= this.#readTo || document.hidden || !document.hasFocus()) return;
    this.#readTo = newest;
    read(newest).catch(() => (this.#readTo = 0));
  }
}
