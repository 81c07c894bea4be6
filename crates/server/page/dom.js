// Small pieces of the page: elements, icons, menus, the question before something
// that cannot be undone. Text goes in as text alone, never as markup.

import { sentence, t } from './words.js';

export const byId = (id) => document.getElementById(id);

// An element with properties and children; strings become text.
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name in made && typeof value !== 'string') made[name] = value;
    else if (name === 'class') made.className = value;
    else if (name === 'text') made.textContent = value;
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// One of the page's symbols; decoration, so its button carries the words.
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

// Another symbol for an icon that is there.
export function swapIcon(svg, name) {
  svg.firstChild.setAttribute('href', `#i-${name}`);
}

// Puts the words of the page's language in.
export function fill(root = document) {
  for (const it of root.querySelectorAll('[data-word]')) it.textContent = t(it.dataset.word);
  for (const it of root.querySelectorAll('[data-label]')) it.setAttribute('aria-label', t(it.dataset.label));
  for (const it of root.querySelectorAll('[data-hint]')) it.placeholder = t(it.dataset.hint);
  for (const it of root.querySelectorAll('[data-icon]')) it.prepend(icon(it.dataset.icon));
}

// Shows one of the page's screens.
export function show(screen) {
  for (const id of ['opening', 'start', 'gone', 'talk']) byId(id).hidden = id !== screen;
  document.body.dataset.screen = screen;
}

// A button that opens a menu: arrows, Home, End, Escape, a click elsewhere.
export function menu(button, list) {
  const items = () => [...list.querySelectorAll('[role=menuitem]')].filter((item) => !item.hidden);
  const set = (open, focus) => {
    list.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    if (open) items()[0].focus();
    else if (focus) button.focus();
  };
  button.addEventListener('click', () => set(list.hidden, true));
  button.addEventListener('keydown', (event) => {
    if (!['ArrowDown', 'ArrowUp'].includes(event.key)) return;
    event.preventDefault();
    set(true);
  });
  list.addEventListener('click', () => set(false, true), true);
  list.addEventListener('keydown', (event) => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all.at(to % all.length).focus();
    } else if (event.key === 'Escape') set(false, true);
    else if (event.key === 'Tab') set(false);
  });
  document.addEventListener('pointerdown', (event) => {
    if (!list.hidden && !list.contains(event.target) && !button.contains(event.target)) set(false);
  });
}

// Asks before something that cannot be undone, and does it while the question
// stands, so that a failure is told where it was asked. Gives whether it was done.
export function ask({ title, text, more = '', yes, danger = false }, act) {
  const dialog = byId('ask');
  byId('ask-title').textContent = title;
  byId('ask-text').textContent = text;
  byId('ask-more').textContent = more;
  byId('ask-problem').textContent = '';
  const go = byId('ask-yes');
  go.textContent = yes;
  go.disabled = false;
  go.classList.toggle('danger', danger);
  return new Promise((done) => {
    let did = false;
    go.onclick = async () => {
      go.disabled = true;
      try {
        await act();
        did = true;
        dialog.close();
      } catch (problem) {
        byId('ask-problem').textContent = sentence(problem);
        go.disabled = false;
      }
    };
    byId('ask-no').onclick = () => dialog.close();
    dialog.onclose = () => done(did);
    dialog.showModal();
    byId('ask-no').focus();
  });
}

// Text with its http and https addresses as links; everything else stays text.
export function linked(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>"]+/gi)) {
    const address = found[0].replace(/[.,;:!?'»”)\]}]+$/u, '');
    const url = parse(address);
    if (!url) continue;
    parts.push(text.slice(from, found.index));
    // The title shows where it really leads, should the text only look like it.
    parts.push(el('a', { href: url.href, title: url.href, target: '_blank', rel: 'noopener noreferrer nofollow' }, address));
    from = found.index + address.length;
  }
  return [...parts, text.slice(from)];
}

function parse(address) {
  try {
    const url = new URL(address);
    return ['http:', 'https:'].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}
