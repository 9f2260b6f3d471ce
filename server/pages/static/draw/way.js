/* A way between two clicked points, as the level is now: drawn, and told as a walker is told. */
import { ask } from './asking.js';
import { all, named, now, page, rounded } from './page.js';
import { source } from './sheet.js';

const ol = window.ol;
/** @type {number[][]} */
let ends = [];

const clear = function () {
  source.measured.clear();
  named('steps').replaceChildren();
  named('way-told').textContent = '';
};

/** What is asked last is shown, however late the others come. */
let asking = 0;
const show = async function () {
  const number = ++asking, profile = named('profile').value;
  const { ok, said } = await ask(page.dataset.way, { ends, profile });
  if (number !== asking || now.tool !== 'way') { return; }
  clear();
  named('way-told').textContent = ok ? said.overview : said.text;
  const line = ok ? said.line : ends;
  source.measured.addFeature(new ol.Feature(new ol.geom.LineString(line)));
  named('steps').replaceChildren(...(ok ? said.steps : []).map(function (text) {
    const row = document.createElement('li');
    row.textContent = text;
    return row;
  }));
};

/** One end, or the other. @param {number[]} at */
export const click = function (at) {
  ends = ends.length === 1 ? [ends[0], rounded(at)] : [rounded(at)];
  if (ends.length === 2) { show(); return; }
  clear();
  source.measured.addFeature(new ol.Feature(new ol.geom.Point(ends[0])));
};

/** Another tool, or this one. @param {boolean} isHeld */
export const hold = function (isHeld) {
  named('way').hidden = !isHeld;
  ends = [];
  clear();
};

/** After a stroke: the way may be another one. */
export const renew = function () {
  if (now.tool === 'way' && ends.length === 2) { show(); }
};
for (const choice of all('#profile')) { choice.addEventListener('change', renew); }
