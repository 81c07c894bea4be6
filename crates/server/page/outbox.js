// Sends what waits: in order, once, by one tab at a time, for as long as it takes.
//
//            later: wait, longer each time, with jitter
//              ┌──┐
//              ▼  │      accepted
//   idle ──► sending ───────────────► idle
//              │ refused: the row steps aside and the next one goes
//              └ signed out, or page too old: everything stays and waits
//
// Invariant: a row leaves the outbox only by the server's answer or its person.

import { Problem, send, upload } from './api.js';
import { alone } from './chat.js';

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

// How long to wait before try number `tries` (from 1): doubling, with jitter.
export function pause(tries, random = Math.random()) {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (tries - 1)) * (0.5 + random / 2);
}

export class Sender {
  #chat;
  #wake = () => {};
  #tries = 0;

  constructor(chat) {
    this.#chat = chat;
    this.#run();
  }

  // Something changed: a new row, the network, or the person said "now".
  wake() {
    this.#wake();
  }

  async #run() {
    while (!this.#chat.closed) {
      const woken = new Promise((done) => (this.#wake = done));
      const outcome = await this.#step().catch((fault) => fault);
      if (outcome === 'next') {
        this.#tries = 0;
        continue;
      }
      if (outcome === 'idle') {
        await woken;
        continue;
      }
      const problem = outcome instanceof Problem ? outcome : new Problem('storage_failed');
      this.#chat.hinders(problem.plain);
      this.#tries += 1;
      const asked = ['busy', 'too_many_tries'].includes(problem.code) ? (problem.limit ?? 0) * 1000 : 0;
      const wait = problem.next === 'signed' || problem.next === 'update' ? Infinity : Math.max(asked, pause(this.#tries));
      await Promise.race([woken, sleep(wait)]);
    }
  }

  // One row, while no other tab sends.
  #step() {
    return alone(async () => {
      const row = await this.#chat.next();
      if (!row) return 'idle';
      try {
        await this.#bring(row);
        const page = await send(row.body);
        this.#chat.hinders(null);
        await this.#chat.sent(row, page);
      } catch (problem) {
        if (!(problem instanceof Problem) || problem.next !== 'refused') throw problem;
        await this.#chat.refuse(row, problem.plain);
      }
      return 'next';
    });
  }

  // The photos first: their message may only name what the server has.
  async #bring(row) {
    const { files } = row.message;
    for (const [i, file] of files.entries()) {
      const kept = await this.#chat.store.get('files', file.key);
      if (!kept) throw new Problem('file_missing');
      await upload(file.hash, kept.blob, (part) => {
        this.#chat.parts.set(row.id, (i + part) / files.length);
        this.#chat.changed();
      });
    }
  }
}

function sleep(ms) {
  return new Promise((done) => ms < Infinity && setTimeout(done, ms));
}
