import assert from 'node:assert/strict';
import { test } from 'node:test';
import en from '../words-en.js';
import { moment, use } from '../words.js';

const parts = { greeting: { textContent: '' }, hours: { textContent: '' } };
globalThis.document = { getElementById: (id) => parts[id] };
const { greet, queueHere } = await import('../desk.js');

test('outside of hours the page says when somebody answers, and greets until something is said', () => {
  use(en, 'en-GB');
  const until_ms = new Date(2026, 2, 9, 9, 0).getTime();
  greet({ greeting: 'Welcome to Nordlys', open: false, until_ms });
  assert.equal(parts.greeting.textContent, 'Welcome to Nordlys');
  assert.match(parts.hours.textContent, /Monday.09:00/);
  greet({ greeting: 'Welcome to Nordlys', open: false, until_ms }, { said: true });
  assert.equal(parts.greeting.textContent, '');
  assert.match(parts.hours.textContent, /09:00/);
  greet({ greeting: 'Welcome to Nordlys', open: false, until_ms }, { said: true, served: true });
  assert.equal(parts.hours.textContent, '');
  greet({ greeting: '', open: true, until_ms });
  assert.deepEqual([parts.greeting.textContent, parts.hours.textContent], ['', '']);
  greet(undefined);
  assert.equal(moment(until_ms, until_ms - 3_600_000), '9:00');
});

test('a queue is taken from the address where it is one, and nothing else is', () => {
  const id = '00000000-0000-7000-8000-000000000032';
  assert.equal(queueHere(`?queue=${id}&x=1`), id);
  assert.equal(queueHere('?queue=roof'), null);
  assert.equal(queueHere(''), null);
});
