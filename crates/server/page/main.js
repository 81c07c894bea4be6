// The customer's chat page: finds out whose chat this is, and shows it.
//
//   a secret in the address ──► exchanged ──┐
//   a chat kept here ───────────────────────┼──► talk ──► closed (link stopped, long away)
//   only a cookie ──► asked from the server ┤
//   nothing ──► start form ──► exchanged ───┘

import { desk, exchange, hello, page, Problem, start } from './api.js';
import { adopt, alone, current, hear, leftBehind, sweep, tell, unsettle } from './chat.js';
import { Composer, prepare as prepareComposer } from './composer.js';
import { greet, queueHere } from './desk.js';
import { byId, fill, show } from './dom.js';
import { forgetSecret, hide, offer, prepare as prepareLink, secretHere, startForm } from './link.js';
import { Follower } from './live.js';
import { pause, Sender } from './outbox.js';
import { Presence } from './presence.js';
import { open } from './store.js';
import { frame, Log, named } from './view.js';
import { prepare as prepareViewer } from './viewer.js';
import { nameWorkspace, sentence, speak, t } from './words.js';

let store;
let talk = null;

async function main() {
  await speak(navigator.languages, document.documentElement);
  fill();
  prepareComposer();
  prepareViewer();
  prepareLink(() => talk.chat, () => forget('forgotten'));
  startForm(begin);
  byId('gone-start').onclick = () => begins();
  byId('gone-discard').onclick = () => discardLeft();
  keyboardRoom();
  store = await open();
  await sweep(store).catch(() => {});
  hear((what) => (what === 'whose' ? location.reload() : talk?.chat.read()));
  addEventListener('hashchange', () => secretHere() && location.reload());
  // Opening a chat finds its name by itself; the name is asked for all others.
  hello().then(workspaceIs).catch(() => {});
  desk().then((said) => talk || greet(said)).catch(() => {});
  if (secretHere()) await enter(secretHere());
  else await resume();
}

function workspaceIs(name) {
  nameWorkspace(name);
  if (!talk) named(name);
  byId('start-note').textContent = t('start_note');
  if (!talk) document.title = `${name} · ${t('chat')}`;
}

// Goes on with the chat of this device.
async function resume() {
  const chat = await current(store);
  if (chat) {
    converse(chat);
    return;
  }
  const news = await persist(() => page(0), ['signed_out', 'not_found']);
  if (news) converse(await adopt(store, news));
  else begins();
}

// Exchanges a link's secret for a cookie, while no other tab sends: what waits in
// this browser must not go out under another customer's cookie.
async function enter(secret, fresh = false) {
  const chat = await alone(async () => {
    await unsettle(store).catch(() => {});
    const done = await persist(async () => (await exchange(secret)) ?? true, ['link_invalid', 'bad_request', 'not_found']);
    forgetSecret();
    const news = done && (await persist(() => page(0), ['signed_out']));
    return news ? adopt(store, news) : null;
  });
  tell('whose');
  if (chat) {
    converse(chat);
    if (fresh) offer(secret);
    return;
  }
  const news = await persist(() => page(0), ['signed_out', 'not_found']);
  if (news) converse(await adopt(store, news));
  else await begins(sentence({ code: 'link_invalid' }));
}

// Asks until there is an answer; undefined when it is one of `final`.
async function persist(act, final) {
  for (let tries = 1; ; tries += 1) {
    try {
      opening(null);
      return await act();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (final.includes(problem.code)) return undefined;
      opening(problem);
      await new Promise((done) => {
        byId('opening-again').onclick = done;
        addEventListener('online', done, { once: true });
        setTimeout(done, pause(Math.min(tries + 1, 5)));
      });
    }
  }
}

function opening(problem) {
  if (!byId('start').hidden) return;
  show('opening');
  byId('opening-text').textContent = problem ? sentence(problem) : t('opening');
  byId('opening-again').hidden = !problem;
}

// Shows the start form, with what led here.
function begins(notice = '') {
  show('start');
  byId('more').hidden = true;
  byId('state').hidden = true;
  byId('start-notice').textContent = notice;
  byId('start-notice').hidden = !notice;
  byId('start-note').textContent = t('start_note');
  byId('start-title').focus();
}

// A new customer: the secret goes through the address bar, so that a page that dies
// on the way opens the chat when it is loaded again.
async function begin(card) {
  await unsettle(store).catch(() => {});
  const { secret } = await start({ ...card, queue: queueHere(location.search) });
  history.replaceState(null, '', `#${secret}`);
  await enter(secret, true);
}

// Opens a chat: the log, the composer, what sends and what follows.
function converse(chat) {
  const { workspace } = chat.chat;
  nameWorkspace(workspace);
  show('talk');
  byId('more').hidden = false;
  const presence = new Presence(chat);
  const composer = new Composer(chat, { sent: () => sender.wake(), presence });
  const acts = {
    again: async (row) => { await chat.again(row.order); sender.wake(); },
    edit: (row) => composer.edit(row.order),
    remove: (row) => chat.discard(row.order),
  };
  const log = new Log(chat, acts, () => presence.reads());
  let away = false;
  const draw = () => {
    log.draw();
    greet(chat.chat.desk, { said: chat.items.length > 0, served: chat.chat.state === 'open' });
    frame(chat, store.lasting);
    const was = away;
    away = ['unreachable', 'not_a_server'].includes(chat.trouble?.code);
    if (was && !chat.trouble) wake();
  };
  draw();
  composer.grow();
  const sender = new Sender(chat);
  const follower = new Follower(chat, presence, {
    caughtUp: () => log.caughtUp(),
    ended: (problem) => problem.next === 'signed' && closed(),
  });
  const wake = () => [sender, follower, composer].forEach((it) => it.wake());
  chat.addEventListener('change', draw);
  addEventListener('online', wake);
  addEventListener('offline', draw);
  document.addEventListener('visibilitychange', () => !document.hidden && chat.trouble && wake());
  talk = { chat };
}

// The session is over; what was not sent stays for when the person comes back.
async function closed() {
  leave();
  await unsettle(store).catch(() => {});
  const n = await leftBehind(store);
  byId('gone-unsent').textContent = n ? t('gone_unsent', { n }) : '';
  byId('gone-unsent').hidden = byId('gone-discard').hidden = !n;
  show('gone');
  byId('gone-title').focus();
}

async function discardLeft() {
  await store.clear();
  byId('gone-unsent').hidden = byId('gone-discard').hidden = true;
  byId('gone-title').focus();
}

// The link is revoked: nothing stays on this device.
async function forget(word) {
  leave();
  await store.clear();
  tell('whose');
  begins(t(word));
}

function leave() {
  if (talk) talk.chat.closed = true;
  talk = null;
  hide();
  byId('more').hidden = true;
  byId('state').hidden = true;
  byId('status').textContent = '';
}

// Where the on-screen keyboard covers the page instead of shrinking it, the page is
// made as high as what can be seen.
function keyboardRoom() {
  const seen = window.visualViewport;
  if (!seen) return;
  const fit = () => {
    const covered = window.innerHeight - seen.height > 80 && seen.scale === 1;
    document.body.style.height = covered ? `${seen.height}px` : '';
    if (covered) window.scrollTo(0, 0);
  };
  seen.addEventListener('resize', fit);
}

main();
