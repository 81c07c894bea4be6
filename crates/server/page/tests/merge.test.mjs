import assert from 'node:assert/strict';
import { test } from 'node:test';
import { erased, overlay, rows, sameChat, setBack, unsent } from '../merge.js';

const said = (id, public_seq, by = { by: 'you' }, at_ms = public_seq) => [id, {
  id, public_seq, at_ms, author: by, body: { what: 'said', text: id, files: [], location: null },
}];
const waiting = (id, order, more = {}) => ({
  id, order, problem: null, message: { written_at_ms: 9, text: id, files: [], location: null }, ...more,
});

test('what waits stands below what the server said, in the order it was sent', () => {
  const items = overlay(new Map([said('b', 2), said('a', 1)]), [waiting('c', 1), waiting('d', 2)]);
  assert.deepEqual(items.map((item) => [item.id, item.mark]), [['a', 'sent'], ['b', 'sent'], ['c', 'waiting'], ['d', 'waiting']]);
});

test('a message the server took is shown once, as sent', () => {
  const items = overlay(new Map([said('a', 1)]), [waiting('a', 1)]);
  assert.deepEqual(items.map((item) => item.mark), ['sent']);
});

test('what the other side has read is seen, what came after is sent', () => {
  const entries = new Map([said('a', 1), said('b', 2, { by: 'staff', name: 'Ana' }), said('c', 4)]);
  assert.deepEqual(overlay(entries, [], 3).map((item) => item.mark), ['seen', null, 'sent']);
});

test('a refused message is stuck and carries its reason', () => {
  const problem = { code: 'bad_location' };
  const [item] = overlay(new Map(), [waiting('a', 1, { problem })]);
  assert.equal(item.mark, 'stuck');
  assert.equal(item.problem, problem);
});

test('an accepted message whose entry is still on its way counts as sent', () => {
  const outbox = [waiting('a', 1, { sent: true }), waiting('b', 2)];
  assert.deepEqual(overlay(new Map(), outbox).map((item) => item.mark), ['sent', 'waiting']);
  assert.equal(unsent(outbox), 1);
});

test('what the other side says has no mark and their name', () => {
  const [item] = overlay(new Map([said('a', 1, { by: 'staff', name: 'Ana' })]), []);
  assert.deepEqual([item.mine, item.who, item.mark], [false, 'Ana', null]);
});

test('of a deleted message its place stays, and nothing of what it said', () => {
  const [id, entry] = said('a', 1, { by: 'staff', name: 'Ana' });
  entry.body.files = [{ name: 'valve.jpg' }];
  const [left, ...others] = erased(new Map([[id, entry]]), ['a', 'unknown']);
  assert.equal(others.length, 0);
  assert.deepEqual([left.id, left.public_seq, left.author.name], ['a', 1, 'Ana']);
  assert.deepEqual(left.body, { what: 'said', text: '', files: [], location: null, deleted: true });
});

test('an answer to a deleted message quotes that it was deleted, and nothing else', () => {
  const [id, entry] = said('b', 2);
  entry.body.reply_to = { message: 'a', author: { by: 'you' }, text: 'The code is 4711', photos: 1, location: false };
  const [left] = erased(new Map([said('a', 1), [id, entry]]), ['a']).filter((one) => one.id === 'b');
  assert.equal(left.body.text, 'b');
  assert.deepEqual(left.body.reply_to, { message: 'a', author: { by: 'you' }, text: '', photos: 0, location: false, deleted: true });
});

test('a separator stands before each day and a run of one author is one group', () => {
  const entries = new Map([said('a', 1), said('b', 2), said('c', 3, { by: 'staff', name: 'Ana' }), said('d', 4, { by: 'you' }, 1e9)]);
  const list = rows(overlay(entries, []), (ms) => (ms < 1e6 ? 'Monday' : 'Tuesday'));
  assert.deepEqual(list.map((row) => row.day ?? `${row.id} ${row.first} ${row.last}`), [
    'Monday', 'a true false', 'b false true', 'c true true', 'Tuesday', 'd true true',
  ]);
});

test('a cursor before the one asked with says that the server was set back', () => {
  assert.equal(setBack({ cursor: 3 }, 5), true);
  assert.equal(setBack({ cursor: 5 }, 5), false);
  assert.equal(setBack({ cursor: 5, epoch: 'b' }, 5, 'a'), true);
  assert.equal(setBack({ cursor: 5, epoch: 'a' }, 5, 'a'), false);
  assert.equal(setBack({ cursor: 5, epoch: 'a' }, 5), false, 'kept before there were epochs');
});

test('a chat is known again by its first entry, else by what its customer is called', () => {
  const chat = { name: 'Rosa', phone: null };
  const page = (id, name = 'Rosa') => ({ messages: id ? [{ id }] : [], chat: { name, phone: null } });
  assert.equal(sameChat({ first: 'a', chat }, page('a', 'Other')), true);
  assert.equal(sameChat({ first: 'a', chat }, page('b')), false);
  assert.equal(sameChat({ first: 'a', chat }, page(null)), false);
  assert.equal(sameChat({ first: null, chat }, page(null)), true);
  assert.equal(sameChat({ first: null, chat }, page(null, 'Kim')), false);
});
