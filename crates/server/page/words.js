// What is said to people, in the language of their browser: sentences by key,
// numbers, times and sizes. No sentence stands anywhere else.
//
// Invariant: only the chosen language is loaded; every language has the same keys.

const LOADERS = {
  en: () => import('./words-en.js'),
  es: () => import('./words-es.js'),
  ar: () => import('./words-ar.js'),
};
const RIGHT_TO_LEFT = ['ar'];

let table = {};
let tag = 'en';
let workspace = '';

// The first of the person's languages that there is: {lang, tag}.
export function choose(languages) {
  for (const wanted of languages) {
    const lang = wanted.toLowerCase().split('-')[0];
    if (lang in LOADERS) return { lang, tag: wanted };
  }
  return { lang: 'en', tag: 'en' };
}

// Loads the words and tells the document its language and direction.
export async function speak(languages, root) {
  const chosen = choose(languages);
  table = (await LOADERS[chosen.lang]()).default;
  tag = chosen.tag;
  root.lang = chosen.tag;
  root.dir = RIGHT_TO_LEFT.includes(chosen.lang) ? 'rtl' : 'ltr';
}

// For tests: any table, in any language.
export function use(words, language) {
  table = words;
  tag = language;
}

// The workspace's name stands in several sentences.
export function nameWorkspace(name) {
  workspace = name;
}

// A sentence with its facts put in; a table of forms is chosen by `facts.n`.
export function t(key, facts = {}) {
  let text = table[key] ?? key;
  if (typeof text === 'object') {
    text = text[new Intl.PluralRules(tag).select(facts.n)] ?? text.other;
  }
  const known = { workspace, ...facts };
  return text.replace(/\{(\w+)\}/g, (hole, name) => {
    const fact = known[name];
    return typeof fact === 'number' ? new Intl.NumberFormat(tag).format(fact) : (fact ?? hole);
  });
}

// What to say about a problem {code, who?, limit?}: what happened, what is safe,
// what to do. `types` are the picture types that may be sent.
export function sentence(problem, types = ['jpeg', 'png', 'gif']) {
  const key = `problem_${problem.code}`;
  return t(key in table ? key : 'problem_internal', {
    who: problem.who,
    limit: problem.limit,
    size: size(problem.limit ?? 0),
    types: list(types.map((kind) => kind.toUpperCase())),
  });
}

// 1536 -> "1.5 kB". Like the limits, in steps of 1024.
export function size(bytes) {
  const [unit, step] = bytes < 1024 * 1024 ? ['kilobyte', 1024] : ['megabyte', 1024 * 1024];
  const digits = bytes / step < 10 ? 1 : 0;
  return number(Math.max(bytes / step, 0.1), { style: 'unit', unit, maximumFractionDigits: digits });
}

// 0.42 -> "42 %".
export function percent(part) {
  return number(part, { style: 'percent' });
}

// Metres, or kilometres when they are many.
export function distance(metres) {
  const far = metres >= 1000;
  return number(far ? metres / 1000 : Math.max(1, Math.round(metres)), {
    style: 'unit', unit: far ? 'kilometer' : 'meter', maximumFractionDigits: far ? 1 : 0,
  });
}

// "5 seconds ago", "now".
export function ago(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [value, unit] = seconds < 90 ? [seconds, 'second'] : [Math.round(seconds / 60), 'minute'];
  return new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }).format(-value, unit);
}

// The time of day, as on the person's clock.
export function clock(ms) {
  const shown = new Intl.DateTimeFormat(tag, { hour: 'numeric', minute: '2-digit' }).format(ms);
  return shown.replaceAll(' ', '\u00a0');
}

// "9:00" today, "Monday 9:00" on another day.
export function moment(ms, now = Date.now()) {
  const sameDay = new Date(ms).toDateString() === new Date(now).toDateString();
  const shape = { hour: 'numeric', minute: '2-digit', ...(sameDay ? {} : { weekday: 'long' }) };
  return new Intl.DateTimeFormat(tag, shape).format(ms).replaceAll(' ', '\u00a0');
}

// "Today", "Yesterday", "Friday, 20 November".
export function day(ms, now = Date.now()) {
  const midnight = (at) => new Date(at).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(ms) - midnight(now)) / 86_400_000);
  if (days === 0 || days === -1) {
    const word = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }).format(days, 'day');
    return word.charAt(0).toLocaleUpperCase(tag) + word.slice(1);
  }
  const thisYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  const shape = { weekday: 'long', day: 'numeric', month: 'long' };
  return new Intl.DateTimeFormat(tag, thisYear ? shape : { ...shape, year: 'numeric' }).format(ms);
}

function number(value, shape) {
  return new Intl.NumberFormat(tag, shape).format(value);
}

function list(items) {
  return new Intl.ListFormat(tag, { type: 'disjunction' }).format(items);
}
