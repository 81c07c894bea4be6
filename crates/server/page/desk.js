// What the workspace says to whoever comes: its greeting, and when somebody answers. Messages are
// taken at all times.

import { byId } from './dom.js';
import { moment, t } from './words.js';

// Shows what the server said of the desk: {greeting, open, until_ms}. Once something was
// `said` the greeting makes room for it, and who is `served` needs no hours: somebody is there.
export function greet(desk, { said = false, served = false } = {}) {
  const closed = desk && !desk.open && desk.until_ms && !served;
  put('greeting', said ? '' : (desk?.greeting ?? ''));
  put('hours', closed ? t('open_again', { when: moment(desk.until_ms) }) : '');
}

// Only what is new is spoken anew.
function put(id, text) {
  if (byId(id).textContent !== text) byId(id).textContent = text;
}

// The queue whose address this is, or null: `?queue=…`.
export function queueHere(search) {
  const queue = new URLSearchParams(search).get('queue');
  return queue && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(queue) ? queue : null;
}
