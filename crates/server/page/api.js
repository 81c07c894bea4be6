// The only door to the server. Every call ends in its answer or in a Problem,
// sorted once, here, into what to do next:
//
//   later    the network or the server is in the way: the same again, after a while
//   signed   the session is over: keep everything and wait for the private link
//   update   this page is too old: keep everything and reload
//   refused  it will never be taken as it is: its person decides
//
// Invariant: a Problem holds a code, never text of a message, a token or a name.

const LATER = ['unreachable', 'not_a_server', 'busy', 'internal', 'storage_full', 'too_many_tries'];
const TIMEOUT_MS = 20_000;
const PART_TIMEOUT_MS = 60_000;
const PART_MAX_BYTES = 256 * 1024;
const PART_MIN_BYTES = 16 * 1024;

// Why a call was not done.
export class Problem extends Error {
  constructor(code, facts = {}) {
    super(code);
    this.code = code;
    this.limit = facts.limit;
    this.who = facts.who;
  }

  // One of the four words above.
  get next() {
    if (LATER.includes(this.code)) return 'later';
    if (this.code === 'signed_out') return 'signed';
    return this.code === 'update_needed' ? 'update' : 'refused';
  }

  // What is kept of it beside a message.
  get plain() {
    return { code: this.code, limit: this.limit, who: this.who };
  }
}

async function call(method, path, body, timeoutMs = TIMEOUT_MS) {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), timeoutMs);
  const headers = method === 'GET' ? {} : { 'X-Fieldline': '1' };
  if (typeof body === 'string') headers['Content-Type'] = 'application/json';
  else if (body) headers['Content-Type'] = 'application/octet-stream';
  try {
    const answer = await fetch(path, { method, headers, body, cache: 'no-store', signal: cut.signal });
    if (answer.status === 204) return undefined;
    const json = await answer.json().catch((fault) => {
      throw new Problem(cut.signal.aborted || fault.name === 'TypeError' ? 'unreachable' : unspoken(answer.status));
    });
    if (answer.ok) return json;
    throw new Problem(json?.problem?.code ?? unspoken(answer.status), json?.problem);
  } catch (fault) {
    throw fault instanceof Problem ? fault : new Problem('unreachable');
  } finally {
    clearTimeout(timer);
  }
}

// An answer without our words: a gateway's own page, or another server's.
function unspoken(status) {
  return status === 429 || status >= 500 ? 'busy' : 'not_a_server';
}

// The workspace's shown name.
export async function hello() {
  const card = await call('GET', '/v1/hello');
  if (card?.product !== 'fieldline') throw new Problem('not_a_server');
  return card.workspace;
}

// What everybody is told of the desk: {greeting, open, until_ms}.
export const desk = () => call('GET', '/v1/customer/desk');
export const start = (begin) => call('POST', '/v1/customer/start', JSON.stringify(begin));
export const exchange = (secret) => call('POST', '/v1/customer/session', JSON.stringify({ secret }));
export const renew = () => call('POST', '/v1/customer/link');
export const revoke = () => call('DELETE', '/v1/customer/link');
// What is new after a cursor, which is of an epoch: of another one, the server tells all.
const from = (after, epoch) => `after=${after}${epoch ? `&epoch=${encodeURIComponent(epoch)}` : ''}`;
export const page = (after, epoch) => call('GET', `/v1/customer/chat?${from(after, epoch)}`);
// `body` is the text of a CustomerSend, the same at every try.
export const send = (body) => call('POST', '/v1/customer/messages', body);

// Says that the customer types just now; that they have read up to an entry.
export const typing = (is) => call('POST', '/v1/customer/signals', JSON.stringify({ typing: is }));
export const read = (public_seq) => call('POST', '/v1/customer/read', JSON.stringify({ public_seq }));

// A live stream of pages after the cursor.
export const live = (after, epoch) => new EventSource(`/v1/customer/live?${from(after, epoch)}`);

// Where a photo of a message is: 'thumb' or 'display'.
export const photo = (id, i, rendition) => `/v1/customer/messages/${id}/files/${i}/${rendition}`;

// Brings a blob to the server from wherever it stopped before, and gives what the
// server made of it. `seen` hears the part that is there, 0 to 1.
export async function upload(hash, blob, seen = () => {}) {
  const path = `/v1/customer/blobs/${hash}`;
  let at = await call('GET', path).catch(startOver);
  let part = PART_MAX_BYTES;
  let stumbles = 0;
  while (!at.ready) {
    seen(at.offset / blob.size);
    const bytes = blob.slice(at.offset, at.offset + part);
    try {
      at = await call('PUT', `${path}?offset=${at.offset}&size=${blob.size}`, bytes, PART_TIMEOUT_MS);
      if (bytes.size === 0 && !at.ready) throw new Problem('internal');
    } catch (problem) {
      // Smaller parts come through where large ones time out; and an offset the
      // server does not agree with is asked for again.
      const passing = ['unreachable', 'bad_request'].includes(problem.code);
      if (!passing || (stumbles += 1) > 3) throw problem;
      part = Math.max(PART_MIN_BYTES, part / 4);
      at = await call('GET', path).catch(startOver);
    }
  }
  seen(1);
  return at.ready;
}

function startOver(problem) {
  if (problem.code === 'not_found' || problem.code === 'file_missing') return { offset: 0, ready: null };
  throw problem;
}
