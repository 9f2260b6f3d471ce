/* Lifts and stairs that stop at other floors too, and this floor drawn again on others. */
import { named, now } from './page.js';
import { act, onState } from './strokes.js';

/** Of each stop, the floors of its shaft.
 * @type {Record<string, string[]>} */
let stops = {};
onState(function (state) { stops = state.stops; });

/** @param {any} form @returns {string[]} the floors that are ticked */
const ticked = (form) => [...form.querySelectorAll('input:checked')].map((box) => box.value);

/** Tick the floors at which the lift stops already: these cannot be taken away here. */
export const fill = function (one, form) {
  for (const box of form.querySelectorAll('input')) {
    box.checked = box.disabled = (stops[one.id] || []).includes(box.value);
  }
};
/** Say that the chosen lift stops at all floors that are ticked. */
export const stop = (form) => act({ stops: { id: now.things[0], levels: ticked(form) } });

const copy = named('copy');
if (copy) {
  copy.addEventListener('submit', function (event) {
    event.preventDefault();
    const to = ticked(copy);
    if (to.length) { act({ copy: to }, () => copy.reset()); }
  });
}
