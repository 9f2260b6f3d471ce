/* What is chosen, and the forms that fit it. */
import { all, named, now, page, word, words } from './page.js';
import * as numbering from './numbering.js';
import { shown, thing } from './sheet.js';
import * as floors from './floors.js';
import { draw } from './strokes.js';

/** How a form is filled with what is known of a thing. */
const fieldsOf = {
  rename: (one, form) => {
    for (const input of form.querySelectorAll('input')) {
      input.value = input.name === 'ref' ? one.ref || '' : (one.names || {})[input.name] || '';
    }
  },
  'set-kind': (one, form) => {
    form.kind.value = now.things.every((id) => thing(id).kind === one.kind) ? one.kind : '';
    form.category.value = '';
  },
  restrict: (one, form) => { form.access.value = one.access; },
  stops: floors.fill,
  'set-door': (one, form) => {
    form.entrance.checked = one.entrance;
    form.kind.value = one.kind;
    form.width_m.value = one.width_m || '';
  },
};
/** Which forms fit what is chosen. */
const FORMS = {
  space: ['rename', 'set-kind', 'restrict', 'remove'], shaft: ['stops', 'rename', 'set-kind', 'restrict', 'remove'], door: ['set-door', 'remove'],
  guess: ['add-door', 'no-door'], many: ['number', 'set-kind', 'restrict', 'merge', 'remove'],
};
const kindOf = function (one) {
  if (one.line) { return one.guessed ? 'guess' : 'door'; }
  return one.shaft ? 'shaft' : 'space';
};
const titleOf = function (things) {
  if (things.length > 1) { return word('several', { count: things.length }); }
  if (!things.length) { return words.nothing; }
  const one = thing(things[0]);
  return one.line ? words[kindOf(one)] : one.label || one.id;
};

/** Forms in which somebody has typed since they were filled: what is typed stays until it is taken.
 * @type {Set<HTMLFormElement>} */
const typed = new Set();
page.addEventListener('input', function (event) {
  const form = /** @type {HTMLElement} */ (event.target).closest('form');
  if (form) { typed.add(form); }
});

/** Whether something else is chosen than before, and not only more or fewer of many. */
const areOthers = (things) => (things.length > 1) !== (now.things.length > 1)
  || (things.length < 2 && things[0] !== now.things[0]);

/** @param {string[]} things their ids, in the order of choosing */
export const choose = function (things) {
  if (areOthers(things)) { typed.clear(); }
  now.things = things;
  const isMany = things.length > 1, one = things.length ? thing(things[0]) : null;
  named('chosen').textContent = titleOf(things);
  const fitting = !one ? [] : FORMS[isMany ? 'many' : kindOf(one)];
  for (const form of all('form[data-do]')) {
    const fits = fitting.includes(form.dataset.do), wasHidden = form.hidden;
    form.hidden = !fits;
    // What somebody has typed for many stays while they choose more.
    if (fits && fieldsOf[form.dataset.do] && (wasHidden || !typed.has(form))) { fieldsOf[form.dataset.do](one, form); }
  }
  const more = named('more'), to = new URL(more.href);
  to.searchParams.set('thing', isMany || !one ? '' : one.id);
  to.hash = 'mend';
  more.href = to.href;
  more.hidden = isMany || !(one && one.built);
  numbering.preview();
};

/** One more, or one less: many are rooms only. @param {string} id */
export const toggle = function (id) {
  if (!id || thing(id).line) { return; }
  const spaces = now.things.filter((one) => !thing(one).line);
  choose(spaces.includes(id) ? spaces.filter((one) => one !== id) : [...spaces, id]);
};

const middle = (line) => [0, 1].map((axis) => Number(((line[0][axis] + line[1][axis]) / 2).toFixed(3)));
/** The change of each thing that a form asks for. */
const changeOf = {
  rename: (one, form) => {
    const names = {};
    for (const input of form.querySelectorAll('input')) {
      if (input.name !== 'ref' && input.value.trim()) { names[input.name] = input.value.trim(); }
    }
    const ref = form.querySelector('[name=ref]').value.trim();
    return { id: one.id, names, ...(ref ? { ref } : {}) };
  },
  'set-kind': (one, form) => ({ id: one.id, kind: form.kind.value || one.kind,
    ...(form.category.value ? { category: form.category.value } : {}) }),
  restrict: (one, form) => ({ id: one.id, access: form.access.value }),
  'set-door': (one, form) => ({ id: one.id, kind: form.kind.value, entrance: form.entrance.checked,
    ...(form.width_m.value ? { width_m: Number(form.width_m.value) } : {}) }),
  remove: (one) => ({ id: one.id }),
  'add-door': (one) => ({ spaces: one.spaces.filter(Boolean), point: middle(one.line) }),
  'no-door': (one) => ({ spaces: one.spaces.filter(Boolean) }),
};
page.addEventListener('submit', function (event) {
  const form = /** @type {HTMLFormElement} */ (event.target), what = form.dataset.do;
  event.preventDefault();
  const end = () => { typed.delete(form); };
  if (what === 'merge') { draw([{ do: what, spaces: now.things }]); return; }
  if (what === 'stops') { floors.stop(form); return; }
  if (what === 'number') { draw(numbering.changes(), numbering.end); return; }
  draw(now.things.map((id) => ({ do: what, ...changeOf[what](thing(id), form) })), end);
});

/** After a stroke: what is there still stays chosen. */
export const keep = () => choose(now.things.filter((id) => shown.has(id)));
