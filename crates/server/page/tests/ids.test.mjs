import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashOf, mint } from '../ids.js';

test('an id is a UUIDv7 whose first 48 bits are its moment', () => {
  const id = mint(0x0190_1234_5678, new Uint8Array(10).fill(0xff));
  assert.equal(id, '01901234-5678-7fff-bfff-ffffffffffff');
  assert.match(mint(), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('ids sort by their moment, whatever their random part', () => {
  assert.ok(mint(1_000, new Uint8Array(10).fill(255)) < mint(1_001, new Uint8Array(10)));
});

test('a photo is named by the SHA-256 of its bytes', async () => {
  const hash = await hashOf(new TextEncoder().encode('abc'));
  assert.equal(hash, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
