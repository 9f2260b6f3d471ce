/* A bridge to another building: its floor is shown beside this one while the tool is in hand. */
import { ask } from './asking.js';
import { boxOf } from './lay.js';
import { named, now, rounded } from './page.js';
import { beside, fit, source } from './sheet.js';
import { act } from './strokes.js';

const choice = named('crossing-to');

/** The floor over there as it is now, with all of this one in sight. */
const look = async function () {
  const chosen = choice.selectedOptions[0];
  const { ok, said } = await ask(chosen.dataset.state);
  if (now.tool !== 'crossing' || chosen !== choice.selectedOptions[0]) { return; }
  const rings = ok ? said.spaces.map((one) => one.ring) : [];
  beside(rings);
  const here = source.spaces.getFeatures().flatMap((one) => one.getGeometry().getCoordinates()[0]);
  const points = [...rings.flat(), ...here];
  if (points.length) { fit(boxOf(points)); }
};

/** Another tool, or this one. @param {boolean} isHeld */
export const hold = function (isHeld) {
  if (!choice) { return; }
  named('crossing').hidden = !isHeld;
  beside([]);
  if (isHeld) { look(); }
};
/** From a wall here to a wall there. @param {number[][]} ends @param {(state: any) => void} then */
export const draw = (ends, then) => act({ crossing: { ends: ends.map(rounded), level: choice.value } }, then);

if (choice) { choice.addEventListener('change', look); }
