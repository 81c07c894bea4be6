// One entry of the log as a part of the page. Made once and then changed in place,
// so that a screen reader hears it once and a picture never flickers.

import { photo } from './api.js';
import { el, icon, linked, swapIcon } from './dom.js';
import { coordinates } from './place.js';
import { clock, distance, sentence, t } from './words.js';

const MARKS = { waiting: 'clock', sent: 'tick', seen: 'ticks', stuck: 'alert' };

// The day separator before a row.
export function separator(row) {
  return { node: el('li', { class: 'day' }, el('span', { text: row.day })), update() {} };
}

// Something that happened to the conversation, in words.
export function happened(row) {
  const who = row.who ?? t('you');
  const time = el('time', { text: clock(row.at_ms) });
  return { node: el('li', { class: 'event', 'data-id': row.id }, el('span', { dir: 'auto', text: t(row.body.event, { who }) }), ' ', time), update() {} };
}

// Something said. `acts` is {open(row, i), seek(id), again(row), edit(row), remove(row)};
// `pictures` the addresses of photos kept here, by their place.
export function said(row, pictures, acts) {
  const part = {};
  part.time = el('time');
  // Heard where it is read: that it changed is no news.
  part.mark = row.mark ? el('span', { class: 'mark', 'aria-live': 'off' }, icon(MARKS[row.mark]), el('span', { class: 'unseen' })) : null;
  part.bar = el('progress', { max: 1, hidden: true, 'aria-label': t('mark_waiting') });
  const { text, files, location } = row.body;
  const holder = { row, told: [] };
  const bubble = el('div', { class: 'bubble' },
    el('span', { class: 'unseen', text: `${row.who ?? t('you')}: ` }),
    row.body.reply_to ? quote(row.body.reply_to, acts) : null,
    files.length > 0 ? gallery(holder, pictures, acts) : null,
    part.bar,
    location ? placeCard(location) : null,
    text ? el('p', { class: 'text', dir: 'auto' }, ...linked(text)) : null,
    row.body.deleted ? el('p', { class: 'text deleted', text: t('deleted') }) : null,
    el('p', { class: 'meta' }, part.time, ' ', part.mark));
  const node = el('li', { class: row.mine ? 'said mine' : 'said theirs', 'data-id': row.id, 'data-testid': 'bubble', 'data-side': row.mine ? 'mine' : 'theirs' },
    row.mine ? null : el('p', { class: 'who', dir: 'auto', 'aria-hidden': 'true', text: row.who }),
    bubble);
  const update = (now, progress) => {
    const there = isThere(holder.row);
    holder.row = now;
    if (isThere(now) && !there) holder.told.forEach((tell) => tell());
    change(node, part, now, progress);
    stuck(node, part, now, acts);
  };
  return { node, update, left: left(row) };
}

// What of a row a deletion takes: of itself, and of what it answers.
export const left = (row) => `${row.body?.deleted ?? false} ${row.body?.reply_to?.deleted ?? false}`;

// What a message answers: who said it and how it begins; a tap shows it.
function quote(to, acts) {
  const who = to.author.by === 'you' ? t('you') : to.author.name;
  const thing = to.deleted ? t('deleted') : to.photos > 0 ? t('viewer') : to.location ? t('location') : '';
  return el('button', { type: 'button', class: 'quote', 'data-testid': 'quote', onclick: () => acts.seek(to.message) },
    el('span', { class: 'unseen', text: t('quote_open') }),
    el('strong', { dir: 'auto', text: who }),
    el('span', { dir: 'auto', text: to.text || thing }));
}

function change(node, part, row, progress) {
  node.classList.toggle('first', row.first);
  node.classList.toggle('last', row.last);
  const shown = clock(row.at_ms);
  if (part.time.textContent !== shown) part.time.textContent = shown;
  part.bar.hidden = row.mark !== 'waiting' || progress === undefined || progress >= 1;
  part.bar.value = progress ?? 0;
  if (!part.mark || node.dataset.mark === row.mark) return;
  node.dataset.mark = row.mark;
  swapIcon(part.mark.firstChild, MARKS[row.mark]);
  part.mark.lastChild.textContent = t(`mark_${row.mark}`);
}

// Under a refused message: why, and what can be done.
function stuck(node, part, row, acts) {
  if (row.mark !== 'stuck') {
    part.stuck?.remove();
    part.stuck = null;
    return;
  }
  if (part.stuck) return;
  const button = (word, act, kind = 'plain') => el('button', { type: 'button', class: kind, text: t(word), onclick: () => act(row) });
  part.stuck = el('div', { class: 'stuck', 'data-testid': 'bubble-stuck' },
    el('p', {}, el('strong', { text: t('mark_stuck') }), ' ', sentence(row.problem)),
    el('div', { class: 'row' }, button('send_again', acts.again), button('edit', acts.edit), button('remove', acts.remove, 'plain danger')));
  node.append(part.stuck);
}

// Whether the server has it, and so has made pictures of its photos that every browser draws.
const isThere = (row) => !['waiting', 'stuck'].includes(row.mark);

function gallery(holder, pictures, acts) {
  const { row } = holder;
  const { files } = row.body;
  const shots = files.map((file, i) => {
    const image = el('img', {
      src: pictures?.[i] ?? photo(row.id, i, 'thumb'),
      alt: t('photo_of', { who: row.who ?? t('you'), time: clock(row.at_ms) }),
      decoding: 'async',
    });
    // The room is kept before the picture is there.
    const shape = (width, height) => image.style.setProperty('--ratio', width / height);
    shape(file.width ?? 4, file.height ?? 3);
    const gone = el('span', { class: 'gone', hidden: true, text: t('photo_gone') });
    const shot = el('button', { type: 'button', class: 'shot', 'data-testid': 'photo' }, image, gone);
    // What is heard of it is what is seen: the photo, or why there is none.
    const name = () => shot.setAttribute('aria-label', `${gone.hidden ? t('photo_open', { name: file.name }) : gone.textContent}. ${image.alt}`);
    name();
    const made = photo(row.id, i, 'thumb');
    image.onerror = () => {
      const there = isThere(holder.row);
      if (there && image.getAttribute('src') !== made) return void (image.src = made);
      gone.textContent = there ? t('photo_gone') : `${file.name} · ${t('photo_unshown')}`;
      gone.hidden = false;
      name();
      return shot.classList.add('lost');
    };
    holder.told.push(() => gone.hidden || (image.src = made));
    image.onload = () => {
      gone.hidden = true;
      name();
      shot.classList.remove('lost');
      shape(image.naturalWidth, image.naturalHeight);
    };
    shot.onclick = () => (gone.hidden ? acts.open(holder.row, i) : (image.src = `${image.src}`));
    return shot;
  });
  return el('div', { class: files.length === 1 ? 'shots one' : 'shots' }, ...shots);
}

function placeCard(place) {
  const at = coordinates(place);
  const [latitude, longitude] = [place.latitude, place.longitude];
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  const facts = [];
  if (typeof place.accuracy_m === 'number') facts.push(t('place_accuracy', { distance: distance(place.accuracy_m) }));
  if (place.fixed_at_ms) facts.push(t('location_fixed', { time: clock(place.fixed_at_ms) }));
  const card = el('div', { class: 'spot sent' },
    el('span', { class: 'pin' }, icon('pin')),
    el('div', {},
      el('p', {}, el('strong', { text: t('location') })),
      place.label ? el('p', { dir: 'auto', text: place.label }) : null,
      el('p', {}, el('bdi', { dir: 'ltr', text: at })),
      facts.length > 0 ? el('p', { class: 'small', text: facts.join(' · ') }) : null));
  return el('div', { 'data-testid': 'place' }, card, el('p', { class: 'links' },
    el('a', { href: map, target: '_blank', rel: 'noopener noreferrer', text: t('open_maps') }),
    el('a', { href: `geo:${latitude},${longitude}?q=${latitude},${longitude}`, class: 'app', text: t('open_app') })));
}
