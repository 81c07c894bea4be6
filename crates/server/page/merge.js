// What a person sees is what the server said with what they sent laid over it:
// nothing is rolled back, and a bubble's mark is derived here, never stored.
//
//   entry in the outbox          -> waiting, or stuck when it was refused
//   the same id among the entries -> sent, or seen up to the number the server says;
//                                    the outbox's copy is not shown
//
// Pure: no clock, no document, no store.

const RUN_MS = 5 * 60_000;

// The items of the log in order: {id, mine, who, at_ms, body, mark, order?, problem?}.
// `entries` is what the server said by id, `outbox` what waits, in order, `seen` the
// number up to which the other side has read.
export function overlay(entries, outbox, seen = 0) {
  const said = [...entries.values()].sort((a, b) => a.public_seq - b.public_seq).map((entry) => {
    const mine = entry.author.by === 'you';
    return { ...entry, mine, who: entry.author.name, mark: mine && entry.body.what === 'said' ? (entry.public_seq <= seen ? 'seen' : 'sent') : null };
  });
  const waiting = outbox.filter((row) => !entries.has(row.id)).map((row) => ({
    id: row.id,
    mine: true,
    who: undefined,
    at_ms: row.message.written_at_ms,
    body: { what: 'said', ...row.message },
    mark: row.problem ? 'stuck' : row.sent ? 'sent' : 'waiting',
    problem: row.problem,
    order: row.order,
  }));
  return [...said, ...waiting];
}

// What is left of those entries that a page says were deleted, and of those that
// quote one of them.
export function erased(entries, ids) {
  const nothing = { what: 'said', text: '', files: [], location: null, deleted: true };
  const gone = (entry) => ids.includes(entry.id);
  const quotes = (entry) => !gone(entry) && ids.includes(entry.body.reply_to?.message);
  const left = [...entries.values()].filter(gone).map((entry) => ({ ...entry, body: nothing }));
  const quoting = [...entries.values()].filter(quotes).map((entry) => {
    const reply_to = { ...entry.body.reply_to, text: '', photos: 0, location: false, deleted: true };
    return { ...entry, body: { ...entry.body, reply_to } };
  });
  return [...left, ...quoting];
}

// The rows of the log: items with a separator before each new day, `first` on the
// first of a run of one author, `last` on its last. `dayOf` names a moment's day.
export function rows(items, dayOf) {
  const list = [];
  let before = null;
  for (const item of items) {
    const day = dayOf(item.at_ms);
    if (day !== (before && dayOf(before.at_ms))) {
      list.push({ id: `day ${day} ${item.id}`, day });
      before = null;
    }
    const goes = before && before.mine === item.mine && before.who === item.who
      && before.body.what === item.body.what && item.at_ms - before.at_ms < RUN_MS;
    if (goes) list.at(-1).last = false;
    list.push({ ...item, first: !goes, last: true });
    before = item;
  }
  return list;
}

// How many are unsent, and whether a page that was asked with the cursor `after` says that
// the server was set back: it is of another epoch, or its cursor is before that one.
export const unsent = (outbox) => outbox.filter((row) => !row.sent).length;
export const setBack = (page, after, epoch) => page.cursor < after || Boolean(epoch && page.epoch !== epoch);

// Whether a page from the very beginning is of the chat that `card` is about:
// by the first entry of all, else by what the customer called themself.
export function sameChat(card, page) {
  const first = page.messages[0]?.id ?? null;
  if (card.first) return card.first === first;
  return card.chat.name === page.chat.name && card.chat.phone === page.chat.phone;
}
