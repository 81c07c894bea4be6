// Where somebody is: asked only on a tap, shown with how accurate and how old it is
// before it is sent, getting better while one looks; or typed.
//
//   looking ──► found ──► better … ──► sent
//      ├─► denied, unavailable, timed out, unsupported ──► typed ──► sent
//
// A typed "lat, lon" is a location; a typed address beside a found position is its
// label; an address alone is text.

import { byId } from './dom.js';
import { ago, distance, sentence, t } from './words.js';

const FIRST_FIX_MS = 15_000;
const ROUGH_M = 100;
const DAY_MS = 86_400_000;

let watch;
let timer;
let ticking;
let fix = null;
let use = () => {};

// "59.9139, 10.7522" -> {latitude, longitude}; 'bad' when the numbers are no place
// on earth; null when it is something else, an address perhaps.
export function parse(typed) {
  const text = typed.replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15)).replace(/[−–]/g, '-').replace(/٫/g, '.').replace(/[\u200e\u200f°]/g, '');
  const found = /^\s*([+-]?\d{1,3}(?:\.\d+)?)\s*([NS]?)\s*[,;،\s]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*([EW]?)\s*$/i.exec(text);
  if (!found) return null;
  const signed = (number, side) => Number(number) * (/[SW]/i.test(side) ? -1 : 1);
  const at = { latitude: signed(found[1], found[2]), longitude: signed(found[3], found[4]) };
  return Math.abs(at.latitude) <= 90 && Math.abs(at.longitude) <= 180 ? at : 'bad';
}

// Five decimals: about a metre.
export function coordinates(place) {
  return `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
}

// What the message would be: {location} or {text}, or null when there is nothing.
export function choice(typed, found) {
  const label = typed.trim();
  const at = parse(label);
  if (at === 'bad') return null;
  if (at) return { location: { ...at, accuracy_m: null, fixed_at_ms: null, label: null } };
  if (found) return { location: { ...found, label: label || null } };
  return label ? { text: label } : null;
}

// A position as the browser gives it, as a location; null when it is made up.
export function located(position, now) {
  const { latitude, longitude, accuracy } = position.coords;
  const known = [latitude, longitude, accuracy].every(Number.isFinite) && position.timestamp > 0;
  if (!known || accuracy < 0) return null;
  // Some browsers count time from another year: then it is now.
  const sane = Math.abs(now - position.timestamp) < DAY_MS;
  const fixed_at_ms = Math.round(sane ? Math.min(position.timestamp, now) : now);
  return { latitude, longitude, accuracy_m: Math.round(accuracy * 10) / 10, fixed_at_ms };
}

// Opens the dialog and begins to look; `then` gets what is to be sent.
export function find(then) {
  use = then;
  byId('place-typed').value = '';
  byId('place-again').onclick = look;
  byId('place-cancel').onclick = () => byId('place').close();
  byId('place').onclose = stop;
  byId('place-typed').oninput = says;
  byId('place-form').onsubmit = (event) => {
    event.preventDefault();
    submit();
  };
  byId('place').showModal();
  byId('place-title').tabIndex = -1;
  byId('place-title').focus();
  look();
}

function look() {
  stop();
  fix = null;
  tell('looking');
  if (!('geolocation' in navigator) || !isSecureContext) {
    tell('unsupported');
    return;
  }
  // The browser's own time-out does not run while it waits for permission: this one does.
  timer = setTimeout(() => failed('timeout'), FIRST_FIX_MS);
  const shape = { enableHighAccuracy: true, maximumAge: 0, timeout: FIRST_FIX_MS };
  watch = navigator.geolocation.watchPosition(found, (fault) => {
    if (fix && fault.code !== 1) return;
    failed({ 1: 'denied', 2: 'unavailable', 3: 'timeout' }[fault.code] ?? 'unavailable');
  }, shape);
  ticking = setInterval(() => fix && drawFix(), 1000);
}

function stop() {
  clearTimeout(timer);
  clearInterval(ticking);
  if (watch !== undefined) navigator.geolocation.clearWatch(watch);
  watch = undefined;
}

function failed(why) {
  stop();
  fix = null;
  tell(why);
}

function found(position) {
  const next = located(position, Date.now());
  if (!next) return;
  clearTimeout(timer);
  // A worse fix replaces a better one only when that has grown old.
  const better = !fix || next.accuracy_m <= fix.accuracy_m || next.fixed_at_ms - fix.fixed_at_ms > 30_000;
  if (better) fix = next;
  tell('here');
}

function tell(state) {
  const spot = byId('place-spot');
  spot.dataset.state = state;
  byId('place-again').hidden = !['denied', 'unavailable', 'timeout'].includes(state);
  if (state === 'here') drawFix();
  else {
    set('place-text', t(`place_${state}`));
    set('place-age', '');
  }
  says();
}

function drawFix() {
  const accuracy = t('place_accuracy', { distance: distance(fix.accuracy_m) });
  set('place-text', `${t('place_here')} · ${accuracy}`);
  const age = t('place_age', { ago: ago(Date.now() - fix.fixed_at_ms) });
  const hint = fix.accuracy_m > ROUGH_M ? t('place_rough') : fix.accuracy_m > 20 ? t('place_better') : '';
  set('place-age', [age, hint].filter(Boolean).join(' · '));
}

function says() {
  const typed = byId('place-typed').value;
  const picked = choice(typed, fix);
  const at = parse(typed);
  let words = '';
  if (at === 'bad') words = t('place_bad');
  else if (at) words = t('place_sends_coordinates', { coordinates: coordinates(at) });
  else if (typed.trim()) words = t(fix ? 'place_sends_label' : 'place_sends_address');
  set('place-says', words);
  byId('place-send').disabled = !picked;
}

async function submit() {
  const picked = choice(byId('place-typed').value, fix);
  if (!picked) return;
  try {
    await use(picked);
    byId('place').close();
  } catch {
    set('place-says', sentence({ code: 'storage_failed' }));
  }
}

// Only what changed is written, so that a screen reader is not told every second.
function set(id, text) {
  if (byId(id).textContent !== text) byId(id).textContent = text;
}
