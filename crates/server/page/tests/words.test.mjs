import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import ar from '../words-ar.js';
import en from '../words-en.js';
import es from '../words-es.js';
import { ago, choose, day, distance, sentence, size, t, use } from '../words.js';

const here = (name) => new URL(name, import.meta.url);
const page = new URL('../', import.meta.url);
const sources = readdirSync(page).filter((name) => name.endsWith('.js'));
const modules = sources.filter((name) => !name.startsWith('words-'));
const text = (name) => readFileSync(new URL(name, page), 'utf8');
const forms = (word) => (typeof word === 'string' ? [word] : Object.values(word));
const facts = (word) => [...new Set(forms(word).join(' ').match(/\{\w+\}/g) ?? [])].sort();

for (const [lang, words] of Object.entries({ es, ar })) {
  test(`${lang} has every word English has, with the same facts in it`, () => {
    assert.deepEqual(Object.keys(words), Object.keys(en));
    for (const key of Object.keys(en)) {
      assert.ok(forms(words[key]).every(Boolean), key);
      assert.equal(typeof words[key], typeof en[key], key);
      assert.deepEqual(facts(words[key]), facts(en[key]), key);
    }
  });
}

test('each language has the forms of number its grammar needs for whole numbers', () => {
  for (const [lang, words] of Object.entries({ en, es, ar })) {
    const needed = new Set(Array.from({ length: 200 }, (_, n) => new Intl.PluralRules(lang).select(n)));
    for (const [key, word] of Object.entries(words)) {
      if (typeof word === 'object') for (const form of needed) assert.ok(word[form], `${lang} ${key} ${form}`);
    }
  }
});

test('every word the page asks for is there, and every word there is asked for', () => {
  const html = text('index.html');
  const asked = new Set([...html.matchAll(/data-(?:word|label|hint)="(\w+)"/g)].map((found) => found[1]));
  const code = modules.map(text).join('\n');
  for (const found of code.matchAll(/['"`](\w+)['"`]/g)) asked.add(found[1]);
  const built = /^(problem_|state_|mark_|place_(looking|here|denied|unavailable|timeout|unsupported)$|picked$|ended$|reopened$|transferred$)/;
  for (const key of Object.keys(en)) assert.ok(asked.has(key) || built.test(key), `nobody says ${key}`);
  const said = [...code.matchAll(/\bt\('(\w+)'/g)].map((found) => found[1]);
  const inPage = [...html.matchAll(/data-(?:word|label|hint)="(\w+)"/g)].map((found) => found[1]);
  for (const key of [...said, ...inPage]) assert.ok(key in en, `there is no word ${key}`);
});

test('every sentence about a problem is about a code the server knows', () => {
  const model = readFileSync(here('../../../model/src/code.rs'), 'utf8');
  const list = model.slice(model.indexOf('pub enum Code'), model.indexOf('\n}', model.indexOf('pub enum Code')));
  const codes = [...list.matchAll(/^ {4}([A-Z]\w+),$/gm)].map((found) => found[1].replace(/(?<!^)[A-Z]/g, (c) => `_${c}`).toLowerCase());
  assert.ok(codes.length > 30);
  for (const key of Object.keys(en)) {
    if (key.startsWith('problem_')) assert.ok(codes.includes(key.slice(8)), key);
  }
});

test('a problem is told with its number, and an unknown one is still told', () => {
  use(en, 'en');
  assert.match(sentence({ code: 'file_too_large', limit: 20 * 1024 * 1024 }), /20 MB/);
  assert.match(sentence({ code: 'text_too_long', limit: 10_000 }), /10,000/);
  assert.match(sentence({ code: 'file_not_picture' }, ['heic', 'jpeg', 'png']), /HEIC, JPEG,? or PNG/);
  assert.equal(sentence({ code: 'from_the_future' }), en.problem_internal);
});

test('numbers, sizes, times and days are said as people say them', () => {
  use(en, 'en');
  assert.equal(t('unsent', { n: 1 }), '1 message is waiting to be sent.');
  assert.equal(t('unsent', { n: 3 }), '3 messages are waiting to be sent.');
  assert.equal(size(1536), '1.5 kB');
  assert.equal(distance(12.4), '12 m');
  assert.equal(distance(2500), '2.5 km');
  assert.equal(ago(5000), '5 seconds ago');
  const noon = new Date(2026, 10, 21, 12).getTime();
  assert.equal(day(noon, noon), 'Today');
  assert.equal(day(noon - 86_400_000, noon), 'Yesterday');
  assert.equal(day(noon - 3 * 86_400_000, noon), 'Wednesday, November 18');
});

test('the first language of the person that there is, is spoken', () => {
  assert.deepEqual(choose(['nb-NO', 'es-MX', 'en']), { lang: 'es', tag: 'es-MX' });
  assert.deepEqual(choose(['nb']), { lang: 'en', tag: 'en' });
});

test('a visit loads at most 60 kB of script, as it is sent', () => {
  const sent = (name) => gzipSync(text(name)).length;
  const languages = Math.max(...sources.filter((name) => name.startsWith('words-')).map(sent));
  const all = modules.map(sent).reduce((sum, bytes) => sum + bytes, languages);
  assert.ok(all <= 60_000, `${all} bytes`);
});

test('no module writes markup, and every file the page names is there', () => {
  for (const name of sources) assert.doesNotMatch(text(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b/, name);
  const html = text('index.html');
  assert.doesNotMatch(html, /<script(?![^>]*src=)|\sstyle=|\son\w+=/);
  const named = [...html.matchAll(/"\/chat\/([\w.-]+)"/g)].map((found) => found[1]);
  for (const name of named) assert.ok(text(name).length > 0, name);
  for (const name of modules) assert.ok(named.includes(name), `${name} is not preloaded`);
});
