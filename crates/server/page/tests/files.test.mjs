import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepts, kindOf, problemOf } from '../files.js';

const bytes = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const PNG = bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR');
const HEIC = bytes('\0\0\0\x18ftypheic\0\0\0\0');

test('the type comes from the bytes', () => {
  assert.equal(kindOf(bytes('\xff\xd8\xff\xe1....')), 'jpeg');
  assert.equal(kindOf(bytes('GIF89a')), 'gif');
  assert.equal(kindOf(PNG), 'png');
  assert.equal(kindOf(HEIC), 'heic');
  assert.equal(kindOf(bytes('\0\0\0\x18ftypmp42\0\0')), undefined);
  assert.equal(kindOf(bytes('<svg xmlns="http://www.w3.org/2000/svg">')), undefined);
  assert.equal(kindOf(bytes('')), undefined);
});

test('a file is judged by its type, then by its size', () => {
  const policy = { types: ['png', 'heic'], file_max_bytes: 100 };
  assert.equal(problemOf(PNG, 100, policy), undefined);
  assert.deepEqual(problemOf(PNG, 101, policy), { code: 'file_too_large', limit: 100 });
  assert.deepEqual(problemOf(bytes('\xff\xd8\xff'), 1, policy), { code: 'file_type_forbidden' });
  assert.deepEqual(problemOf(bytes('<html>'), 1, policy), { code: 'file_not_picture' });
  assert.equal(problemOf(HEIC, 1, policy), undefined);
});

test('heic is offered in the file dialog by its endings too, as few systems know its type', () => {
  assert.equal(accepts({ types: ['heic', 'jpeg'] }), 'image/heic,.heic,.heif,image/jpeg');
});
