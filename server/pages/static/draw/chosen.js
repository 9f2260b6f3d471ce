/* What is chosen, and the forms that fit it. */
import { all, named, now, page, word, words } from './page.js';
import * as marks from './marks.js';
import * as numbering from './numbering.js';
import { isSpace, shown, thing } from './sheet.js';
import * as floors from './floors.js';
import { writtenOn } from './looks.js';
import { draw } from './strokes.js';

const fillNames = function (one, form) {
  for (const input of form.querySelectorAll('[lang]')) { input.value = (one.names || {})[input.name] || ''; }
};
/** How a form is filled with what is known of a thing. */
const fieldsOf = {
  facts: (one, form) => {
    const isMany = now.things.length > 1;
    form.querySelector('[data-of=one]').hidden = isMany;
    form.querySelector('[data-of=place]').hidden = isMany || !one.place;
    form.querySelector('[data-of=ramp]').hidden = isMany || one.kind !== 'ramp';
    form.slope.value = one.slope ? String(Number((one.slope * 100).toFixed(1))) : '';
    form.landmark.value = one.landmark;
    fillNames(one, form);
    form.ref.value = one.ref || '';
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
    fillNames(one, form);
  },
  ...marks.fill,
};
/** Which forms fit what is chosen. */
const FORMS = {
  space: ['facts', 'remove'], shaft: ['stops', 'facts', 'remove'], door: ['set-door', 'remove'],
  guess: ['add-door', 'no-door'], crossing: ['remove'], board: ['board', 'remove'], stripe: ['stripe', 'remove'], anchor: ['anchor', 'remove'],
  many: ['number', 'facts', 'merge', 'remove'],
};
const kindOf = function (one) {
  if (one.to) { return 'crossing'; }
  if (one.line) { return one.guessed ? 'guess' : 'door'; }
  if (one.course) { return 'stripe'; }
  if (one.point) { return one.text === undefined ? 'anchor' : 'board'; }
  return one.shaft ? 'shaft' : 'space';
};
const MARKED = (kind, of) => (one) => word(kind, { what: one.id === marks.NEW ? words.is_new : of(one) });
const TITLES = {
  door: (one) => one.title || words.door,
  guess: () => words.guess,
  crossing: (one) => word('crossing', { what: one.to }),
  board: MARKED('board', writtenOn), stripe: MARKED('stripe', (one) => one.label), anchor: MARKED('anchor', writtenOn),
  space: (one) => one.title,
};
const titleOf = function (things) {
  if (things.length > 1) { return word('several', { count: things.length }); }
  if (!things.length) { return words.nothing; }
  const one = thing(things[0]);
  return (TITLES[kindOf(one)] || TITLES.space)(one);
};

/** Forms in which somebody has typed since they were filled: what is typed stays until it is taken.
 * @type {Set<HTMLFormElement>} */
const typed = new Set();
page.addEventListener('input', function (event) {
  const form = /** @type {HTMLElement} */ (event.target).closest('form');
  if (form) { typed.add(form); }
});

named('facts').elements.kind.addEventListener('change', function (event) {
  const form = named('facts');
  form.querySelector('[data-of=ramp]').hidden = now.things.length > 1 || event.target.value !== 'ramp';
});

/** Whether something else is chosen than before, and not only more or fewer of many. */
const areOthers = (things) => (things.length > 1) !== (now.things.length > 1)
  || (things.length < 2 && things[0] !== now.things[0]);

/** The forms that fit a thing, filled. @param {any} one @param {string[]} fitting */
const open = function (one, fitting) {
  for (const form of all('form[data-do]')) {
    const fits = fitting.includes(form.dataset.do), wasHidden = form.hidden;
    form.hidden = !fits;
    // What somebody has typed for many stays while they choose more.
    if (fits && fieldsOf[form.dataset.do] && (wasHidden || !typed.has(form))) { fieldsOf[form.dataset.do](one, form); }
  }
};
/** The way to the page with all that the sheet cannot do. @param {any} one a room or a door, or null */
const lead = function (one) {
  const more = named('more'), to = new URL(more.href);
  to.searchParams.set('thing', one ? one.id : '');
  to.hash = 'mend';
  more.href = to.href;
  more.hidden = !(one && one.built);
};
const fittingOf = function (one, isMany) {
  const fitting = one ? FORMS[isMany ? 'many' : kindOf(one)] : [];
  return one && one.id === marks.NEW ? fitting.slice(0, 1) : fitting;
};

/** @param {string[]} things their ids, in the order of choosing */
export const choose = function (things) {
  if (areOthers(things)) { typed.clear(); }
  if (!things.includes(marks.NEW)) { marks.drop(); }
  now.things = things;
  const isMany = things.length > 1, one = things.length ? thing(things[0]) : null;
  named('chosen').textContent = titleOf(things);
  open(one, fittingOf(one, isMany));
  lead(isMany ? null : one);
  numbering.preview();
};

/** One more, or one less: many are rooms only. @param {string} id */
export const toggle = function (id) {
  if (!isSpace(id)) { return; }
  const spaces = now.things.filter(isSpace);
  choose(spaces.includes(id) ? spaces.filter((one) => one !== id) : [...spaces, id]);
};

const middle = (line) => [0, 1].map((axis) => Number(((line[0][axis] + line[1][axis]) / 2).toFixed(3)));
/** The names of a form, without those that are empty. @returns {Record<string, string>} */
const namesIn = function (form) {
  const filled = [...form.querySelectorAll('[lang]')].filter((input) => input.value.trim());
  return Object.fromEntries(filled.map((input) => [input.name, input.value.trim()]));
};
/** A new name, if a form says one. */
const renamed = function (one, form) {
  const names = namesIn(form), ref = form.ref ? form.ref.value.trim() : '';
  const isNew = (ref && ref !== one.ref) || Object.keys(names).some((tag) => names[tag] !== one.names[tag]);
  return isNew ? [{ do: 'rename', id: one.id, names, ...(ref ? { ref } : {}) }] : [];
};
/** What a form says of a thing that is not so yet: names, kind and use, and who may go in. */
const factsOf = function (one, form) {
  const isOne = now.things.length === 1;
  /** @type {any[]} */
  const made = isOne ? renamed(one, form) : [];
  const differs = (fact) => form[fact].value && form[fact].value !== one[fact];
  const slope = isOne && form.kind.value === 'ramp' && form.slope.value ? { slope: Number(form.slope.value) / 100 } : {};
  if (differs('kind') || differs('category') || (slope.slope && slope.slope !== one.slope)) {
    made.push({ do: 'set-kind', id: one.id, kind: form.kind.value || one.kind, ...slope,
      ...(form.category.value ? { category: form.category.value } : {}) });
  }
  if (isOne && one.place && differs('landmark')) {
    made.push({ do: 'landmark', id: one.place, landmark: form.landmark.value === 'yes' });
  }
  if (differs('access')) { made.push({ do: 'restrict', id: one.id, access: form.access.value }); }
  return made;
};
/** The change of each thing that a form asks for. */
const changeOf = {
  remove: (one) => ({ id: one.id }),
  'add-door': (one) => ({ spaces: one.spaces.filter(Boolean), point: middle(one.line) }),
  'no-door': (one) => ({ spaces: one.spaces.filter(Boolean) }),
};
/** Forms that say more, or something else, than one change of each thing. */
const SAYS = {
  merge: () => draw([{ do: 'merge', spaces: now.things }]),
  stops: floors.stop,
  number: () => draw(numbering.changes(), numbering.end),
  facts: function (form, end) {
    const made = now.things.flatMap((id) => factsOf(thing(id), form));
    if (made.length) { draw(made, end); } else { end(); }
  },
  'set-door': function (form, end) {
    const [one] = now.things.map(thing);
    const facts = { do: 'set-door', id: one.id, kind: form.kind.value, entrance: form.entrance.checked,
      ...(form.width_m.value ? { width_m: Number(form.width_m.value) } : {}) };
    draw([facts, ...renamed(one, form)], end);
  },
  ...marks.save,
};
page.addEventListener('submit', function (event) {
  const form = /** @type {HTMLFormElement} */ (event.target), what = form.dataset.do;
  event.preventDefault();
  // What was saved is shown as it is now.
  const end = () => { typed.delete(form); keep(); };
  if (SAYS[what]) { SAYS[what](form, end); return; }
  draw(now.things.map((id) => ({ do: what, ...changeOf[what](thing(id), form) })), end);
});

/** After a stroke: what is there still stays chosen. */
export const keep = () => choose(now.things.filter((id) => shown.has(id)));
