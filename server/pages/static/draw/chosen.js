/* What is chosen, and the forms that fit it. */
import { all, named, now, page, word, words } from './page.js';
import * as numbering from './numbering.js';
import { shown, thing } from './sheet.js';
import * as floors from './floors.js';
import { draw } from './strokes.js';

/** How a form is filled with what is known of a thing. */
const fieldsOf = {
  facts: (one, form) => {
    const isMany = now.things.length > 1;
    form.querySelector('[data-of=one]').hidden = isMany;
    for (const input of form.querySelectorAll('input')) {
      input.value = input.name === 'ref' ? one.ref || '' : (one.names || {})[input.name] || '';
    }
    for (const fact of ['kind', 'category', 'access']) {
      form[fact].value = now.things.every((id) => thing(id)[fact] === one[fact]) ? one[fact] : '';
      // A word that the list does not have is shown as nothing to change.
      if (form[fact].selectedIndex < 0) { form[fact].value = ''; }
    }
  },
  stops: floors.fill,
  'set-door': (one, form) => {
    form.entrance.checked = one.entrance;
    form.kind.value = one.kind;
    form.width_m.value = one.width_m || '';
  },
};
/** Which forms fit what is chosen. */
const FORMS = {
  space: ['facts', 'remove'], shaft: ['stops', 'facts', 'remove'], door: ['set-door', 'remove'],
  guess: ['add-door', 'no-door'], many: ['number', 'facts', 'merge', 'remove'],
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
/** The names of a form, without those that are empty. @returns {Record<string, string>} */
const namesIn = function (form) {
  const filled = [...form.querySelectorAll('input')].filter((input) => input.name !== 'ref' && input.value.trim());
  return Object.fromEntries(filled.map((input) => [input.name, input.value.trim()]));
};
/** What a form says of a thing that is not so yet: names, kind and use, and who may go in. */
const factsOf = function (one, form) {
  const made = [], differs = (fact) => form[fact].value && form[fact].value !== one[fact];
  if (now.things.length === 1) {
    const names = namesIn(form), ref = form.ref.value.trim();
    if ((ref && ref !== one.ref) || Object.keys(names).some((tag) => names[tag] !== one.names[tag])) {
      made.push({ do: 'rename', id: one.id, names, ...(ref ? { ref } : {}) });
    }
  }
  if (differs('kind') || differs('category')) {
    made.push({ do: 'set-kind', id: one.id, kind: form.kind.value || one.kind,
      ...(form.category.value ? { category: form.category.value } : {}) });
  }
  if (differs('access')) { made.push({ do: 'restrict', id: one.id, access: form.access.value }); }
  return made;
};
/** The change of each thing that a form asks for. */
const changeOf = {
  'set-door': (one, form) => ({ id: one.id, kind: form.kind.value, entrance: form.entrance.checked,
    ...(form.width_m.value ? { width_m: Number(form.width_m.value) } : {}) }),
  remove: (one) => ({ id: one.id }),
  'add-door': (one) => ({ spaces: one.spaces.filter(Boolean), point: middle(one.line) }),
  'no-door': (one) => ({ spaces: one.spaces.filter(Boolean) }),
};
page.addEventListener('submit', function (event) {
  const form = /** @type {HTMLFormElement} */ (event.target), what = form.dataset.do;
  event.preventDefault();
  // What was saved is shown as it is now.
  const end = () => { typed.delete(form); keep(); };
  if (what === 'merge') { draw([{ do: what, spaces: now.things }]); return; }
  if (what === 'stops') { floors.stop(form, end); return; }
  if (what === 'facts') {
    const made = now.things.flatMap((id) => factsOf(thing(id), form));
    if (made.length) { draw(made, end); } else { end(); }
    return;
  }
  if (what === 'number') { draw(numbering.changes(), numbering.end); return; }
  draw(now.things.map((id) => ({ do: what, ...changeOf[what](thing(id), form) })), end);
});

/** After a stroke: what is there still stays chosen. */
export const keep = () => choose(now.things.filter((id) => shown.has(id)));
