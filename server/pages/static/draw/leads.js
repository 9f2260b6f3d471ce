/* Where a sign or a line on the floor leads: places, found by their names. */
import { button, named, word, words } from './page.js';
import { onState } from './strokes.js';

/** Of the house as it was built, by id. @type {Record<string, string>} */
const house = JSON.parse(named('goals').textContent);
/** And of the floor as it is now. @type {Record<string, string>} */
let goals = house;
onState(function (state) { goals = { ...house, ...state.goals }; });

/** Names that are offered at once. */
const MOST = 40;
const listOf = (form) => form.querySelector('.leads');

const add = function (form, id, label) {
  const row = document.createElement('li'), drop = button('×', function () {
    row.remove();
    form.elements.goal.dispatchEvent(new Event('input', { bubbles: true }));
    form.elements.goal.focus();
  });
  drop.setAttribute('aria-label', word('not_to', { name: label }));
  row.dataset.id = id;
  row.append(label + ' ', drop);
  listOf(form).append(row);
};

/** @param {any} form @param {{id: string, label: string}[]} leads */
export const fill = function (form, leads) {
  listOf(form).replaceChildren();
  form.elements.goal.value = '';
  form.elements.goal.setCustomValidity('');
  leads.forEach(({ id, label }) => add(form, id, label));
};

/** The place with this name, with its floor or without, or the only one whose name has this part.
 * @returns {string | undefined} */
const meant = function (text) {
  const ids = Object.keys(goals), part = text.toLowerCase();
  const only = (fits) => {
    const fitting = ids.filter(fits);
    return fitting.length === 1 ? fitting[0] : undefined;
  };
  return only((id) => goals[id] === text) || only((id) => goals[id].split(' · ')[0].toLowerCase() === part) ||
    only((id) => goals[id].toLowerCase().includes(part));
};

/** Take the typed name into the list, if it is one. @returns {boolean} whether nothing is left */
const take = function (form) {
  const input = form.elements.goal, text = input.value.trim();
  if (!text) { return true; }
  const found = meant(text);
  input.setCustomValidity(found ? '' : words.no_such_goal);
  if (!found) { return false; }
  if (!idsOf(form).includes(found)) { add(form, found, goals[found]); }
  input.value = '';
  return true;
};

/** @param {any} form @returns {string[]} the ids of a form */
const idsOf = (form) => [...listOf(form).children].map((row) => row.dataset.id);

/** What a form says; none if that cannot be, and then it says why. @returns {string[]} */
export const said = function (form) {
  const input = form.elements.goal, ids = take(form) ? idsOf(form) : [];
  if (!ids.length) {
    if (!input.value.trim()) { input.setCustomValidity(words.leads_nowhere); }
    input.reportValidity();
  }
  return ids;
};

/** Names that have what is typed. */
const offer = function (text) {
  const part = text.trim().toLowerCase();
  const fitting = Object.values(goals).filter((label) => label.toLowerCase().includes(part)).slice(0, MOST);
  named('goal-names').replaceChildren(...fitting.map(function (label) {
    const option = document.createElement('option');
    option.value = label;
    return option;
  }));
};

for (const input of document.querySelectorAll('input[name=goal]')) {
  const field = /** @type {HTMLInputElement} */ (input);
  field.addEventListener('input', function () { field.setCustomValidity(''); offer(field.value); });
  field.addEventListener('focus', () => offer(field.value));
  field.addEventListener('change', () => take(field.form));
  field.addEventListener('keydown', function (event) {
    if (event.key === 'Enter' && field.value.trim()) {
      event.preventDefault();
      if (!take(field.form)) { field.reportValidity(); }
    }
  });
}
