import assert from 'node:assert/strict';
import { test } from 'node:test';
import './one-tab.mjs';
import { page as latest, Problem } from '../api.js';
import { adopt, current, leftBehind, sweep, unsettle } from '../chat.js';
import { digits, isPhone } from '../link.js';
import { pause } from '../outbox.js';
import { choice, located, parse } from '../place.js';
import { Memory } from '../store.js';

const chat = (name = 'Rosa') => ({ workspace: 'W', name, phone: null, state: null, agent: null, policy: { types: [], file_max_bytes: 1 } });
const entry = (id, public_seq) => ({ id, public_seq, at_ms: 1, author: { by: 'you' }, body: { what: 'said', text: 't', files: [], location: null } });
const page = (messages, cursor, name) => ({ cursor, more: false, chat: chat(name), messages });

test('what is typed as "lat, lon" is a place, an address is not, and off the earth is neither', () => {
  assert.deepEqual(parse('59.9139, 10.7522'), { latitude: 59.9139, longitude: 10.7522 });
  assert.deepEqual(parse('33.86 S 151.2 E'), { latitude: -33.86, longitude: 151.2 });
  assert.deepEqual(parse('٢٤٫٧١، ٤٦٫٦٧'), { latitude: 24.71, longitude: 46.67 });
  assert.equal(parse('12 Harbour Street'), null);
  assert.equal(parse('Storgata 5, 10'), null);
  assert.equal(parse('91, 10'), 'bad');
  assert.equal(parse('59.9'), null);
});

test('an address alone is text, beside a position it is its label, and coordinates win', () => {
  const fix = { latitude: 1, longitude: 2, accuracy_m: 5, fixed_at_ms: 7 };
  assert.deepEqual(choice('Back door', null), { text: 'Back door' });
  assert.deepEqual(choice('Back door', fix), { location: { ...fix, label: 'Back door' } });
  assert.deepEqual(choice('', fix), { location: { ...fix, label: null } });
  assert.equal(choice('3, 4', fix).location.accuracy_m, null);
  assert.equal(choice('95, 4', fix), null);
  assert.equal(choice(' ', null), null);
});

test('a position without a time or with impossible numbers is made up', () => {
  const at = (coords, timestamp) => located({ coords: { latitude: 1, longitude: 2, accuracy: 5, ...coords }, timestamp }, 1_000_000);
  assert.equal(at({}, 0), null);
  assert.equal(at({ latitude: NaN }, 1), null);
  assert.equal(at({ accuracy: -1 }, 1), null);
  assert.equal(at({}, 999_000).fixed_at_ms, 999_000);
  assert.equal(at({}, 2_000_000).fixed_at_ms, 1_000_000);
});

test('a failure says what to do next', () => {
  const next = (code) => new Problem(code).next;
  assert.deepEqual(['unreachable', 'busy', 'signed_out', 'update_needed', 'text_too_long'].map(next), ['later', 'later', 'signed', 'update', 'refused']);
});

test('the wait between tries doubles, never ends, and never passes a minute', () => {
  assert.equal(pause(1, 1), 1000);
  assert.equal(pause(3, 1), 4000);
  assert.equal(pause(3, 0), 2000);
  assert.equal(pause(500, 1), 60_000);
});

test('a phone number is 4 to 20 digits of any script', () => {
  assert.ok(isPhone('+47 (900) 12-345'));
  assert.ok(isPhone(digits('٠١٢٣٤٥')));
  assert.ok(!isPhone('call me'));
  assert.ok(!isPhone('123'));
});

test('a page that answers what waited settles it, and a reload finds the same', async () => {
  const store = new Memory();
  const one = await adopt(store, page([], 0));
  await one.add({ text: 'hello', photos: [{ key: 'k', name: 'a.png', size_bytes: 1, kind: 'png', hash: 'h', blob: new Blob(['x']) }] });
  await one.add({ text: 'again' });
  const [first, second] = one.outbox;
  assert.deepEqual(JSON.parse(first.body).files, [{ hash: 'h', name: 'a.png' }]);
  await one.take(page([entry(first.id, 1)], 1));
  const two = await current(store);
  assert.deepEqual(two.outbox.map((row) => row.id), [second.id]);
  assert.deepEqual([...two.entries.keys()], [first.id]);
  assert.equal(await store.get('files', 'k'), undefined);
});

test('the page that answers a message moves no cursor, so nothing in between is missed', async () => {
  const one = await adopt(new Memory(), page([entry('a', 1)], 1));
  await one.take(page([entry('c', 3)], 3));
  assert.equal(one.card.cursor, 1);
  await one.take(page([entry('b', 2), entry('c', 3)], 3), 1);
  assert.equal(one.card.cursor, 3);
  assert.deepEqual(one.items.map((item) => item.id), ['a', 'b', 'c']);
});

test('a server set back in time replaces what was kept and keeps what waits', async () => {
  const one = await adopt(new Memory(), page([entry('a', 1), entry('b', 2)], 2));
  await one.add({ text: 'waits' });
  await one.take(page([entry('a', 1)], 1), 2);
  assert.deepEqual([...one.entries.keys()], ['a']);
  assert.equal(one.card.cursor, 1);
  assert.equal(one.unsent, 1);
});

test('a server that was restored, and has gone on past what was seen, is read from the beginning', async () => {
  const store = new Memory();
  const one = await adopt(store, { ...page([entry('a', 1), entry('lost', 2)], 2), epoch: 'old' });
  await one.add({ text: 'waits' });
  const other = await current(store);
  await one.take({ ...page([entry('a', 1), entry('b', 2), entry('c', 3)], 3), epoch: 'new' }, 2);
  for (const tab of [one, await other.read(), await current(store)]) {
    assert.deepEqual([...tab.entries.keys()].sort(), ['a', 'b', 'c']);
    assert.deepEqual([tab.card.cursor, tab.card.epoch, tab.unsent], [3, 'new', 1]);
  }
  await one.take({ ...page([entry('d', 4)], 4), epoch: 'new' }, 3);
  assert.equal(one.entries.size, 4);
});

test('an answer of a restored server moves nothing before the page is read anew', async () => {
  const one = await adopt(new Memory(), { ...page([entry('a', 1)], 1), epoch: 'old' });
  await one.take({ ...page([entry('z', 1)], 0), epoch: 'new' });
  assert.deepEqual([one.card.cursor, one.card.epoch], [1, 'old']);
});

test('a restored server is asked with the cursor and the epoch it was of', async () => {
  const asked = [];
  globalThis.fetch = async (path) => (asked.push(path), Response.json({}));
  await latest(4, 'e f');
  await latest(0);
  assert.deepEqual(asked, ['/v1/customer/chat?after=4&epoch=e%20f', '/v1/customer/chat?after=0']);
});

test('what was written in one chat is never sent in another, and goes on in its own', async () => {
  const store = new Memory();
  const rosa = await adopt(store, page([entry('a', 1)], 1));
  await rosa.add({ text: 'for rosa’s chat' });
  await unsettle(store);
  assert.equal(await rosa.next(), undefined);
  const kim = await adopt(store, page([entry('k', 1)], 1, 'Kim'));
  assert.equal(await kim.next(), null);
  assert.equal(await rosa.next(), undefined);
  assert.equal(await leftBehind(store), 1);
  assert.deepEqual((await store.all('entries')).map((row) => row.id), ['k']);
  const back = await adopt(store, page([entry('a', 1)], 1));
  assert.equal((await back.next()).message.text, 'for rosa’s chat');
});

test('a refused message steps aside, and is asked again under a new id', async () => {
  const one = await adopt(new Memory(), page([], 0));
  await one.add({ text: 'first' });
  await one.add({ text: 'second' });
  const [first] = one.outbox;
  await one.refuse(first, { code: 'bad_location' });
  assert.equal((await one.next()).message.text, 'second');
  await one.again(first.order);
  const asked = one.outbox.at(-1);
  assert.notEqual(asked.id, first.id);
  assert.equal(JSON.parse(asked.body).id, asked.id);
  assert.equal(asked.problem, null);
});

test('photos nobody mentions are let go, those of drafts and of the outbox stay', async () => {
  const store = new Memory();
  const one = await adopt(store, page([], 0));
  await one.keep({ text: '', files: [{ key: 'draft' }] }, [{ key: 'draft', blob: new Blob(['d']) }]);
  await one.add({ photos: [{ key: 'sent', blob: new Blob(['s']) }], location: null, keepDraft: true });
  await store.change([['put', 'files', { key: 'lost', blob: new Blob(['l']) }]]);
  await sweep(store);
  assert.deepEqual((await store.all('files')).map((file) => file.key).sort(), ['draft', 'sent']);
});
