// What is kept in this browser: IndexedDB, or memory where there is none.
//
//   kept     {what}             which chat is current, each chat's card, drafts
//   entries  {profile, id}      what the server said; disposable
//   outbox   {order}            what the person sent and no server answered yet; never disposable
//   files    {key}              the bytes of photos, for drafts and for the outbox
//
// Invariants: a change is one transaction, and durable when its promise resolves;
// a row and the photo it mentions are written in one.

const NAME = 'fieldline-chat';
const SHAPE = {
  kept: { keyPath: 'what' },
  entries: { keyPath: ['profile', 'id'] },
  outbox: { keyPath: 'order', autoIncrement: true },
  files: { keyPath: 'key' },
};

// Opens the store; `lasting` says whether it outlives the page.
export async function open() {
  try {
    return new Disk(await database());
  } catch {
    return new Memory();
  }
}

function database() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const [name, shape] of Object.entries(SHAPE)) asked.result.createObjectStore(name, shape);
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = asked.onblocked = () => failed(asked.error);
  });
}

class Disk {
  lasting = true;
  #db;

  constructor(db) {
    this.#db = db;
    db.onversionchange = () => db.close();
  }

  // One row, or undefined.
  get(store, key) {
    return answer(this.#db.transaction(store).objectStore(store).get(key));
  }

  // All rows, in the order of their keys.
  all(store) {
    return answer(this.#db.transaction(store).objectStore(store).getAll());
  }

  // Does [['put' | 'add', store, row] | ['delete', store, key], …], all or nothing.
  change(steps) {
    if (steps.length === 0) return Promise.resolve();
    const names = [...new Set(steps.map(([, store]) => store))];
    const tx = this.#db.transaction(names, 'readwrite', { durability: 'strict' });
    return new Promise((done, failed) => {
      tx.oncomplete = () => done();
      tx.onabort = () => failed(tx.error ?? new Error('aborted'));
      try {
        for (const [verb, store, what] of steps) tx.objectStore(store)[verb](what);
      } catch (fault) {
        tx.abort();
        failed(fault);
      }
    });
  }

  // Leaves nothing behind.
  clear() {
    const tx = this.#db.transaction(Object.keys(SHAPE), 'readwrite');
    for (const name of Object.keys(SHAPE)) tx.objectStore(name).clear();
    return new Promise((done, failed) => {
      tx.oncomplete = () => done();
      tx.onabort = () => failed(tx.error);
    });
  }
}

function answer(asked) {
  return new Promise((done, failed) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

// The same in memory: for browsers that refuse to keep anything.
export class Memory {
  lasting = false;
  #rows = Object.fromEntries(Object.keys(SHAPE).map((name) => [name, new Map()]));
  #order = 0;

  async get(store, key) {
    return this.#rows[store].get(String(key));
  }

  async all(store) {
    const rows = [...this.#rows[store].values()];
    return store === 'outbox' ? rows.sort((a, b) => a.order - b.order) : rows;
  }

  async change(steps) {
    for (const [verb, store, what] of steps) {
      if (verb === 'delete') this.#rows[store].delete(String(what));
      else {
        const path = SHAPE[store].keyPath;
        const row = verb === 'add' ? { ...what, order: (this.#order += 1) } : what;
        this.#rows[store].set(String([path].flat().map((part) => row[part])), row);
      }
    }
  }

  async clear() {
    for (const rows of Object.values(this.#rows)) rows.clear();
  }
}
