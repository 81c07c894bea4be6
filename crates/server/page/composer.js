// The box a message is written in: grows with its text, keeps its draft, takes
// photos by the plus button, by pasting and by dropping, and sends into the outbox.
//
// Invariant: the draft on disk is let go only by the transaction that puts it into
// the outbox.

import { byId, menu } from './dom.js';
import { accepts, TEXT_MAX } from './files.js';
import { find } from './place.js';
import { Tray } from './tray.js';
import { sentence } from './words.js';

const KEEP_MS = 250;

export class Composer {
  #chat;
  #tray;
  #sent;
  #presence;
  #timer;
  #busy = false;
  #box = byId('box');

  // `sent` hears that the outbox has something new, `presence` that somebody types.
  constructor(chat, { sent, presence }) {
    this.#chat = chat;
    this.#sent = sent;
    this.#presence = presence;
    this.#tray = new Tray(chat, { changed: () => this.#weigh(), keep: (blobs) => this.#keep(blobs) });
    this.#box.value = chat.draft.text;
    this.#tray.restore(chat.draft.files);
    this.#wire();
    this.grow();
    this.#weigh();
  }

  // The network is back: photos of the draft go on.
  wake() {
    this.#tray.wake();
  }

  // Takes a refused message back into the box, in front of what is written there.
  async edit(order) {
    const row = await this.#chat.discard(order, true);
    this.#box.value = [row.message.text, this.#box.value].filter(Boolean).join('\n');
    await this.#tray.restore(row.message.files);
    await this.#keep();
    this.grow();
    this.#weigh();
    this.#box.focus();
  }

  // As high as its text, to about six lines; more scrolls.
  grow() {
    this.#box.style.height = 'auto';
    this.#box.style.height = `${this.#box.scrollHeight + 2}px`;
  }

  #wire() {
    byId('composer').onsubmit = (event) => {
      event.preventDefault();
      this.#send();
    };
    this.#box.oninput = () => {
      this.#presence.types(this.#box.value.trim() === '');
      this.grow();
      this.#weigh();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#keepOrSay(), KEEP_MS);
    };
    this.#box.onkeydown = (event) => this.#key(event);
    this.#box.onpaste = (event) => {
      const files = [...event.clipboardData.files];
      if (files.length === 0) return;
      event.preventDefault();
      this.#tray.choose(files);
    };
    // An app switched away from may be ended without another word.
    document.addEventListener('visibilitychange', () => document.hidden && this.#keepOrSay());
    addEventListener('pagehide', () => this.#keepOrSay());
    this.#choosing(byId('pick'), byId('plus-photo'));
    this.#choosing(byId('shoot'), byId('plus-camera'));
    byId('plus-camera').hidden = !matchMedia('(pointer: coarse)').matches;
    byId('plus-location').onclick = () => find((found) => this.#place(found));
    this.#dropping();
  }

  #choosing(input, button) {
    button.onclick = () => {
      if (input === byId('pick')) input.accept = accepts(this.#chat.chat.policy);
      input.click();
    };
    input.onchange = async () => {
      const files = [...input.files];
      await this.#tray.choose(files);
      // The same photo may be chosen again after it was removed.
      input.value = '';
      this.#box.focus();
    };
  }

  #dropping() {
    const talk = byId('talk');
    const sign = byId('drop');
    const holds = (event) => event.dataTransfer?.types.includes('Files');
    talk.ondragover = (event) => {
      if (!holds(event)) return;
      event.preventDefault();
      sign.hidden = false;
    };
    talk.ondragleave = (event) => !talk.contains(event.relatedTarget) && (sign.hidden = true);
    talk.ondrop = (event) => {
      if (!holds(event)) return;
      event.preventDefault();
      sign.hidden = true;
      this.#tray.choose([...event.dataTransfer.files]);
    };
  }

  // Enter sends where there is a keyboard; on a touch screen it is a new line.
  #key(event) {
    if (event.key !== 'Enter' || event.isComposing || event.shiftKey) return;
    const keyboard = matchMedia('(pointer: fine)').matches || event.ctrlKey || event.metaKey;
    if (!keyboard) return;
    event.preventDefault();
    this.#send();
  }

  async #send() {
    const text = this.#box.value.trim();
    const { photos } = this.#tray;
    if (this.#busy || this.#tray.reading || (!text && photos.length === 0)) return;
    if ([...text].length > TEXT_MAX) {
      this.#say({ code: 'text_too_long', limit: TEXT_MAX });
      return;
    }
    this.#busy = true;
    this.#presence.rests();
    clearTimeout(this.#timer);
    // Emptied at once, so that what is typed meanwhile is the next message; the
    // draft on disk goes only in the transaction that fills the outbox.
    this.#box.value = '';
    this.grow();
    this.#box.focus();
    try {
      await this.#chat.add({ text, photos });
      this.#say(null);
      this.#tray.clear(photos);
      this.#sent();
    } catch {
      this.#box.value = [text, this.#box.value].filter(Boolean).join('\n');
      this.#say({ code: 'storage_failed' });
    }
    this.#busy = false;
    this.grow();
    this.#weigh();
    await this.#keep().catch(() => {});
  }

  // A place goes at once, as a message of its own; an address goes as text.
  async #place(found) {
    await this.#chat.add({ ...found, keepDraft: true });
    this.#sent();
  }

  #say(problem) {
    byId('composer-problem').textContent = problem ? sentence(problem) : '';
  }

  // Puts the draft on disk, with the bytes of photos new in it.
  #keep(blobs = []) {
    if (this.#chat.closed) return Promise.resolve();
    const files = this.#tray.photos.map(({ blob, ...file }) => file);
    return this.#chat.keep({ text: this.#box.value, files }, blobs);
  }

  #keepOrSay() {
    this.#keep().catch(() => this.#say({ code: 'storage_failed' }));
  }

  #weigh() {
    const some = this.#box.value.trim() !== '' || this.#tray.photos.length > 0;
    byId('send').disabled = !some || this.#tray.reading;
  }
}

// The plus button's menu is wired once, for whatever chat is open.
export function prepare() {
  menu(byId('plus'), byId('plus-menu'));
}
