// The private link: how a customer comes back. Its secret stands in the address's
// fragment, is exchanged once for a cookie, and is never kept by this page.

import { renew, revoke } from './api.js';
import { ask, byId, menu } from './dom.js';
import { sentence, t } from './words.js';

// The secret in the address, or ''.
export const secretHere = () => location.hash.slice(1);

// Takes the secret out of the address bar and of the history.
export const forgetSecret = () => history.replaceState(null, '', location.pathname + location.search);

// Shows the link, once, for the person to keep.
export function offer(secret) {
  const address = `${location.origin}${location.pathname}#${secret}`;
  const field = byId('keep-link');
  const copy = byId('keep-copy');
  field.value = address;
  field.onfocus = () => field.select();
  copy.textContent = t('copy');
  copy.onclick = async () => {
    field.select();
    const done = await navigator.clipboard?.writeText(address).then(() => true, () => false);
    copy.textContent = done || document.execCommand('copy') ? t('copied') : t('copy');
  };
  byId('keep-share').hidden = !navigator.share;
  byId('keep-share').onclick = () => navigator.share({ url: address, title: document.title }).catch(() => {});
  byId('keep-done').onclick = () => {
    hide();
    byId('box').focus();
  };
  byId('keep').hidden = false;
  byId('keep-title').focus();
}

// Takes the link off the page.
export function hide() {
  byId('keep').hidden = true;
  byId('keep-link').value = '';
}

// The three dots. `open` gives the chat that is open; `forgotten` follows revoking.
export function prepare(open, forgotten) {
  menu(byId('more'), byId('more-menu'));
  byId('menu-link').onclick = async () => {
    let made;
    const question = { title: t('renew_title'), text: t('renew_text'), yes: t('renew_go') };
    if (await ask(question, async () => (made = await renew()))) offer(made.secret);
  };
  byId('menu-forget').onclick = async () => {
    const n = open().unsent;
    const more = n > 0 ? t('forget_unsent', { n }) : '';
    const question = { title: t('forget_title'), text: t('forget_text'), more, yes: t('forget_go'), danger: true };
    if (await ask(question, revoke)) await forgotten();
  };
}

// The form a chat begins with. `begin` takes {name, phone} and may refuse.
export function startForm(begin) {
  const say = (words) => (byId('start-problem').textContent = words);
  byId('start-form').onsubmit = async (event) => {
    event.preventDefault();
    const fields = { name: byId('start-name'), phone: byId('start-phone') };
    for (const field of Object.values(fields)) field.removeAttribute('aria-invalid');
    const name = fields.name.value.trim() || null;
    const phone = digits(fields.phone.value).trim() || null;
    const wrong = !name && !phone ? 'start_need' : phone && !isPhone(phone) ? 'start_phone_bad' : null;
    if (wrong) {
      say(t(wrong));
      const field = name || phone ? fields.phone : fields.name;
      field.setAttribute('aria-invalid', 'true');
      field.focus();
      return;
    }
    const go = byId('start-go');
    go.disabled = true;
    go.textContent = t('wait');
    say('');
    try {
      await begin({ name, phone });
    } catch (problem) {
      say(sentence(problem));
    } finally {
      go.disabled = false;
      go.textContent = t('start_go');
    }
  };
}

// Digits of other scripts as those the server reads.
export const digits = (text) => text.replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15));

// 4 to 20 digits, with what people put between them.
export function isPhone(text) {
  const count = text.replace(/\D/g, '').length;
  return /^[\d +\-().]+$/.test(text) && count >= 4 && count <= 20;
}
