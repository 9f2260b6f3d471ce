/* Lifts and stairs that stop at other floors too, and this floor drawn again on others. */
import { named, now, word } from './page.js';
import { act, onState } from './strokes.js';

/** Of each stop, the floors of its shaft.
 * @type {Record<string, string[]>} */
let stops = {};
/** Of each stop, by floor, with what of that floor it would be joined.
 * @type {Record<string, Record<string, {name: string, metres: string}>>} */
let joins = {};
onState(function (state) { ({ stops, joins } = state); });

/** @param {any} form @returns {string[]} the floors that are ticked, but for those that were so already */
const ticked = (form) => [...form.querySelectorAll('input:checked:enabled')].map((box) => box.value);

/** Tick the floors at which the lift stops already: these cannot be taken away here. At the others
 * it is said with what it would be joined. */
export const fill = function (one, form) {
  for (const box of form.querySelectorAll('input')) {
    const floor = box.value, label = box.dataset.label, there = (joins[one.id] || {})[floor];
    box.checked = box.disabled = (stops[one.id] || []).includes(floor);
    box.nextElementSibling.textContent = there ? word('stops_join', { level: label, ...there }) : label;
  }
};
/** Say that the chosen lift stops at all floors that are ticked. */
export const stop = function (form, then) {
  const levels = ticked(form);
  if (levels.length) { act({ stops: { id: now.things[0], levels } }, then); }
};

const copy = named('copy');
if (copy) {
  copy.addEventListener('submit', function (event) {
    event.preventDefault();
    const to = ticked(copy);
    if (to.length) { act({ copy: to }, () => copy.reset()); }
  });
}
