/* Two who have changed the same thing: both pictures, and what is to count. */
import { button, named, word, words } from './page.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDE = 320, HIGH = 220;

const pathOf = function (space, place) {
  const path = document.createElementNS(SVG, 'path');
  const line = (ring) => 'M' + ring.map(place).join('L') + 'Z';
  path.setAttribute('d', [space.ring, ...space.holes].map(line).join(''));
  path.setAttribute('fill', space.meant ? '#cfe6f2' : space.paint);
  path.setAttribute('fill-rule', 'evenodd');
  path.setAttribute('stroke', space.meant ? '#0b4f6c' : '#16202b');
  path.setAttribute('stroke-width', space.meant ? '3' : '1');
  return path;
};
const labelOf = function (space, place) {
  const text = document.createElementNS(SVG, 'text');
  const mean = [0, 1].map((axis) => space.ring.slice(1).reduce((sum, one) => sum + one[axis], 0) / (space.ring.length - 1));
  const [x, y] = place(mean).split(' ');
  text.setAttribute('x', x);
  text.setAttribute('y', y);
  text.setAttribute('text-anchor', 'middle');
  text.textContent = space.label || Object.values(space.names)[0] || '';
  return text;
};

/** One side as a picture, both in the same place. */
const picture = function (spaces, box, title) {
  const [left, bottom, right, top] = box;
  const scale = Math.min(WIDE / (right - left), HIGH / (top - bottom));
  const place = ([x, y]) => ((x - left) * scale).toFixed(1) + ' ' + ((top - y) * scale).toFixed(1);
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', [0, 0, WIDE, HIGH].join(' '));
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', title);
  const meant = spaces.filter((one) => one.meant);
  svg.append(...[...spaces.filter((one) => !one.meant), ...meant].map((one) => pathOf(one, place)),
    ...meant.map((one) => labelOf(one, place)));
  return svg;
};
const boxOf = function (spaces) {
  const points = spaces.filter((one) => one.meant).map((one) => one.ring).flat();
  const axis = (n) => points.map((one) => one[n]);
  return [Math.min(...axis(0)) - 2, Math.min(...axis(1)) - 2, Math.max(...axis(0)) + 2, Math.max(...axis(1)) + 2];
};

const sideOf = function (said, side, title) {
  const figure = document.createElement('figure'), caption = document.createElement('figcaption');
  caption.textContent = title + ': ' + said.said[side].join(', ');
  const all = [...said.theirs, ...said.mine];
  figure.append(caption);
  if (all.some((one) => one.meant)) { figure.append(picture(said[side], boxOf(all), title)); }
  return figure;
};

/** Ask what is to count. `take` is told with which version and instead of what the own changes are
 * sent again; null: they are not.
 * @param {any} said @param {(asked: object | null) => void} take */
export const settle = function (said, take) {
  const place = named('conflict'), buttons = document.createElement('p');
  const end = (asked) => function () {
    place.hidden = true;
    place.replaceChildren();
    take(asked);
  };
  const own = { version: said.version, changes: said.changes };
  buttons.append(button(words.mine, end({ ...own, instead: said.instead })),
    ...(said.both ? [button(words.both, end(own))] : []), button(words.theirs, end(null)));
  const told = document.createElement('p');
  told.textContent = said.text;
  const sides = document.createElement('div');
  sides.className = 'sides';
  sides.append(sideOf(said, 'theirs', word('of_other', { person: said.person })), sideOf(said, 'mine', words.of_mine));
  place.replaceChildren(told, sides, buttons);
  place.hidden = false;
  place.focus();
};
