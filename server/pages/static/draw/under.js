/* The picture under a floor: laid by its four corners, drawn over the rooms as if the rooms were on
 * tracing paper, and moved by points that somebody clicks on. */
import { boxOf, length, minus, onto, similar, straight, upright } from './lay.js';
import { named, rounded, word, words } from './page.js';
import { draft, fit, isDrawn, map, sheet, view } from './sheet.js';
import { onState } from './strokes.js';
import { pick, tell } from './tools.js';

const fold = named('under');
const address = fold.dataset.address, token = fold.dataset.token;
/** What lies there, as the server says.
 * @type {{version: number, picture?: string, name?: string, person?: string, width_px?: number, height_px?: number, percent?: number, corners?: number[][]}} */
let now = { version: 0 };
/** Older versions to go back to.
 * @type {number[]} */
const back = [];

// ---------------------------------------------------------------- the picture on the sheet

/** A picture in the sheet, laid by its corners. */
const layer = function () {
  const img = document.createElement('img');
  img.alt = '';
  img.className = 'under';
  map.getViewport().insertBefore(img, map.getViewport().querySelector('.ol-overlaycontainer'));
  /** @type {any} */
  let said = null;
  const lay = function () {
    img.hidden = !(said && said.picture);
    const at = map.getPixelFromCoordinate(view.getCenter());
    if (img.hidden || !at) { return; }
    const m = onto(said.corners.map((corner) => map.getPixelFromCoordinate(corner)));
    const w = said.width_px, h = said.height_px;
    img.style.transform = 'matrix3d(' + [m[0] / w, m[3] / w, 0, m[6] / w, m[1] / h, m[4] / h, 0, m[7] / h,
      0, 0, 1, 0, m[2], m[5], 0, m[8]].join(',') + ')';
  };
  map.on('postrender', lay);
  return function (told) {
    said = told;
    if (told && told.picture) {
      if (img.getAttribute('src') !== told.picture) { img.src = told.picture; }
      img.style.width = told.width_px + 'px';
      img.style.height = told.height_px + 'px';
      img.style.opacity = String(told.percent / 100);
    }
    lay();
    map.render();
  };
};
const own = layer(), ghost = layer();



const show = function (said) {
  now = said;
  own(said);
  named('under-laid').hidden = !said.picture;
  named('under-name').textContent = said.name && said.picture ? said.name + ' · ' + said.person : '';
  if (said.picture) { named('under-percent').value = said.percent; }
  named('under-back').disabled = !back.length;
};

// ---------------------------------------------------------------- asking the server

const ask = async function (to, options) {
  const trouble = named('under-trouble');
  trouble.hidden = true;
  try {
    const answer = await fetch(to, { credentials: 'same-origin', ...options });
    const said = await answer.json();
    if (answer.ok) { return said; }
    trouble.textContent = said.text;
  } catch (error) {
    trouble.textContent = words.offline;
  }
  trouble.hidden = false;
  return null;
};
const get = (to) => ask(to, {});
/** A new version of what lies there; false if it was refused. */
const change = async function (asked, isBack = false) {
  const before = now.version;
  const said = await ask(address + '.json', { method: 'POST', body: JSON.stringify({ version: before, ...asked }),
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token } });
  if (!said) { show(await get(address + '.json') || now); return false; }
  if (!isBack) { back.push(before); }
  show(said);
  return true;
};
const move = (how) => change({ corners: now.corners.map((corner) => rounded(how(corner))) });

named('under-file').addEventListener('change', async function () {
  const form = new FormData();
  if (!named('under-file').files.length) { return; }
  form.set('file', named('under-file').files[0]);
  form.set('page', named('under-page').value || '1');
  form.set('version', String(now.version));
  const before = now.version;
  tell(words.under_loading);
  const said = await ask(address, { method: 'POST', body: form,
    headers: { 'X-CSRFToken': token, Accept: 'application/json' } });
  tell('');
  named('under-file').value = '';
  if (!said) { return; }
  back.push(before);
  show(said);
  fit(boxOf(said.corners));
});
named('under-percent').addEventListener('change', () => change({ percent: Number(named('under-percent').value) }));
named('under-percent').addEventListener('input', () => own({ ...now, percent: Number(named('under-percent').value) }));
named('under-remove').addEventListener('click', () => change({ back: 0 }));
named('under-back').addEventListener('click', async function () {
  const to = back.pop();
  if (to !== undefined && !await change({ back: to }, true)) { back.push(to); }
  named('under-back').disabled = !back.length;
});

// ---------------------------------------------------------------- laying it right

/** Two points of one wall, and how long it is: typed after the clicks. */
let ends = null;
const ACTS = {
  scale: async function () {
    ends = await pick(2, words.under_scale);
    if (!ends) { return; }
    named('under-length').hidden = false;
    named('under-metres').focus();
  },
  straight: async function () {
    const four = await pick(4, words.under_straight);
    if (four) { await move(straight(four)); }
  },
  turn: async function () {
    const two = await pick(2, words.under_turn);
    if (!two) { return; }
    const side = minus(two[1], two[0]);
    const turn = upright(side);
    const end = [two[0][0] + Math.cos(turn) * length(side), two[0][1] + Math.sin(turn) * length(side)];
    await move(similar(two[0], two[0], two[1], end));
  },
  move: async function () {
    const two = await pick(2, words.under_move);
    const by = two && minus(two[1], two[0]);
    if (by) { await move((point) => [point[0] + by[0], point[1] + by[1]]); }
  },
  // The same two points on another floor and here: what leads up there stands over itself then.
  align: async function () {
    const chosen = named('under-floor').selectedOptions[0];
    const [other, state] = await Promise.all([get(chosen.dataset.under), get(chosen.dataset.state)]);
    if (!other || !state) { return; }
    const before = [view.getCenter(), view.getResolution()];
    const shapes = state.spaces.map((one) => one.ring);
    own({ ...now, picture: '' });
    ghost(other);
    draft(shapes);
    const points = [...shapes.flat(), ...(other.picture ? other.corners : [])];
    if (points.length) { fit(boxOf(points)); }
    const there = await pick(2, word('under_there', { level: chosen.textContent }));
    ghost(null);
    draft(null);
    own(now);
    fit(boxOf(now.corners));
    const here = there && await pick(2, words.under_here);
    if (here) { await move(similar(here[0], there[0], here[1], there[1])); }
    if (here) { fit(boxOf(now.corners)); } else { view.setCenter(before[0]); view.setResolution(before[1]); }
  },
};
fold.addEventListener('click', function (event) {
  const button = /** @type {Element} */ (event.target).closest('[data-under]');
  if (button) { ACTS[/** @type {HTMLElement} */ (button).dataset.under](); }
});
named('under-length').addEventListener('submit', async function (event) {
  event.preventDefault();
  const metres = Number(named('under-metres').value.replace(',', '.'));
  if (!ends || !(metres > 0)) { return; }
  const factor = metres / length(minus(ends[1], ends[0])), origin = ends[0];
  named('under-length').hidden = true;
  await move((point) => [origin[0] + (point[0] - origin[0]) * factor, origin[1] + (point[1] - origin[1]) * factor]);
  ends = null;
  named('under-metres').value = '';
  fit(boxOf(now.corners));
  sheet.focus();
});

/** The floor as it is when the page opens. @type {Promise<any>} */
const first = new Promise((done) => onState(done));
Promise.all([get(address + '.json'), first]).then(function ([said, state]) {
  if (!said) { return; }
  show(said);
  if (said.picture && !isDrawn()) { fit(boxOf(said.corners)); }
  // Who has no rooms yet begins with a picture.
  if (!said.picture && !state.rooms) { fold.setAttribute('open', ''); }
});
