// Follows the chat: fetches what is new, then listens to the live stream; when that
// is lost or falls silent, fetches again. Losing the stream loses only time.
//
//   fetch ──► listen ──► lost or silent ──► (a little later) fetch …

import { live, page, Problem } from './api.js';
import { pause } from './outbox.js';

// The server ticks far more often than this.
const SILENT_MS = 60_000;

export class Follower {
  #chat;
  #caughtUp;
  #ended;
  #presence;
  #wake = () => {};

  // `presence` hears who types, `caughtUp` that all there was is here, `ended` a problem that no
  // waiting will solve.
  constructor(chat, presence, { caughtUp, ended }) {
    this.#chat = chat;
    this.#presence = presence;
    this.#caughtUp = caughtUp;
    this.#ended = ended;
    this.#run();
  }

  // Looks at once: the network is back, or the person is.
  wake() {
    this.#wake();
  }

  async #run() {
    let tries = 0;
    while (!this.#chat.closed) {
      const woken = new Promise((done) => (this.#wake = done));
      try {
        await this.#catchUp();
        this.#chat.hinders(null);
        this.#caughtUp();
        if (await this.#listen(woken)) tries = 0;
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        this.#chat.hinders(problem.plain);
        if (problem.next === 'signed' || problem.next === 'update') {
          this.#ended(problem);
          return;
        }
      }
      tries += 1;
      await Promise.race([woken, new Promise((done) => setTimeout(done, Math.min(pause(tries), 15_000)))]);
    }
  }

  async #catchUp() {
    for (;;) {
      const { cursor, epoch } = this.#chat.card;
      const news = await page(cursor, epoch);
      await this.#chat.take(news, cursor);
      if (!news.more) return;
    }
  }

  // Gives whether the stream ever spoke.
  #listen(woken) {
    return new Promise((done) => {
      const { cursor, epoch } = this.#chat.card;
      const stream = live(cursor, epoch);
      let spoke = false;
      let silence;
      const over = () => {
        clearTimeout(silence);
        stream.close();
        done(spoke);
      };
      const heard = () => {
        spoke = true;
        clearTimeout(silence);
        silence = setTimeout(over, SILENT_MS);
      };
      stream.onopen = heard;
      stream.onerror = over;
      stream.addEventListener('tick', heard);
      stream.addEventListener('signals', (event) => {
        heard();
        this.#presence.heard(JSON.parse(event.data));
      });
      stream.addEventListener('page', (event) => {
        heard();
        const news = JSON.parse(event.data);
        // A cursor before ours is no news: fetching finds out what it means.
        if (news.cursor < this.#chat.card.cursor) over();
        else this.#chat.take(news, this.#chat.card.cursor);
      });
      woken.then(over);
      silence = setTimeout(over, SILENT_MS);
    });
  }
}
