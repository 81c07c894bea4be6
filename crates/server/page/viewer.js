// The full view of a message's photos: a dialog with zoom, save, and the way to
// the photos beside it. The browser gives the focus back when it closes.

import { photo } from './api.js';
import { byId } from './dom.js';
import { clock, t } from './words.js';

let shown = null;

// Wires the dialog once.
export function prepare() {
  const dialog = byId('viewer');
  byId('viewer-close').onclick = () => dialog.close();
  byId('viewer-before').onclick = () => turn(-1);
  byId('viewer-after').onclick = () => turn(1);
  byId('viewer-zoom').onclick = () => zoom(!dialog.classList.contains('zoomed'));
  byId('viewer-image').onclick = () => zoom(!dialog.classList.contains('zoomed'));
  byId('viewer-stage').onclick = (event) => event.target === event.currentTarget && dialog.close();
  dialog.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && !dialog.classList.contains('zoomed')) turn(document.dir === 'rtl' ? -step : step);
  });
  dialog.onclose = () => byId('viewer-image').removeAttribute('src');
}

// Opens photo `i` of a row; `pictures` are the addresses of those kept here.
export function view(row, i, pictures) {
  shown = { row, i, pictures };
  draw();
  byId('viewer').showModal();
  byId('viewer-close').focus();
}

function turn(step) {
  const to = shown.i + step;
  if (to < 0 || to >= shown.row.body.files.length) return;
  shown.i = to;
  draw();
}

function zoom(on) {
  byId('viewer').classList.toggle('zoomed', on);
  byId('viewer-zoom').setAttribute('aria-pressed', String(on));
}

function draw() {
  const { row, i, pictures } = shown;
  const { files } = row.body;
  const here = row.mark === 'sent' || !row.mine ? null : pictures?.[i];
  const address = here ?? photo(row.id, i, 'display');
  const said = t('photo_of', { who: row.who ?? t('you'), time: clock(row.at_ms) });
  const image = byId('viewer-image');
  zoom(false);
  image.src = address;
  image.alt = said;
  byId('viewer-text').textContent = files.length > 1 ? `${said} · ${i + 1}/${files.length}` : said;
  byId('viewer-save').href = address;
  byId('viewer-save').download = files[i].name;
  byId('viewer-before').hidden = i === 0;
  byId('viewer-after').hidden = i === files.length - 1;
}
