/* Numbers and names for many rooms at once: what each would get is shown before it is taken. */
import { named, now, word } from './page.js';
import { along, numbers } from './pattern.js';
import { middleOf, repaint, source, thing } from './sheet.js';

const form = named('number');

/** The chosen rooms in the order in which they are numbered. */
const inOrder = function () {
  const ids = now.things.slice();
  if (form.order.value === 'clicked') { return ids; }
  const sorted = along(ids.map(middleOf)).map((n) => ids[n]);
  return form.order.value === 'back' ? sorted.reverse() : sorted;
};

/** What each would be called: its number, and names in which a # stands for it.
 * @returns {{id: string, ref: string, names: Record<string, string>}[]} */
const proposed = function () {
  const ids = inOrder(), given = numbers(form.first.value, form.every.value, ids.length);
  return given.map(function (ref, n) {
    /** @type {Record<string, string>} */
    const names = {};
    for (const input of form.querySelectorAll('[lang]')) {
      const text = input.value.trim();
      if (text) { names[input.name] = text.replace(/#/g, ref); }
    }
    return { id: ids[n], ref, names };
  });
};

const rowOf = function (one, taken) {
  const row = document.createElement('li'), was = thing(one.id);
  const after = [one.ref, Object.values(one.names)[0]].filter(Boolean).join(' ');
  row.textContent = word('becomes', { before: was.label || was.title, after });
  if (taken.has(one.ref)) { row.append(' ', word('taken', {})); }
  return row;
};

/** Show what each would be called, in the list and on the sheet. */
export const preview = function () {
  const isMany = now.things.length > 1 && !form.hidden;
  const found = isMany ? proposed() : [];
  const others = source.spaces.getFeatures().map((feature) => feature.get('one'))
    .filter((one) => !now.things.includes(one.id));
  const taken = new Set(others.map((one) => one.ref).filter(Boolean));
  now.proposed = new Map(found.map((one) => [one.id, one.ref]));
  named('preview').replaceChildren(...found.map((one) => rowOf(one, taken)));
  const isOdd = isMany && !found.length && Boolean(form.first.value.trim());
  named('unnumbered').textContent = isOdd ? word('unnumbered', {}) : '';
  form.querySelector('button').disabled = !found.length;
  repaint();
};

form.addEventListener('input', preview);

/** Once they have their numbers. */
export const end = function () {
  form.reset();
  preview();
};

export const changes = () => proposed().map((one) => ({ do: 'rename', ...one }));
