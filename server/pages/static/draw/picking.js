/* Points that somebody is asked to click on, one after the other. */
import { source } from './sheet.js';
const ol = window.ol;

/** How many are asked for, those so far, and who waits for them.
 * @type {?{count: number, points: number[][], done: (points: ?number[][]) => void}} */
let asked = null;

/** @param {?number[][]} points all of them, or null if somebody does something else instead */
export const end = function (points) {
  const waiting = asked;
  asked = null;
  if (waiting) { waiting.done(points); }
};

/** @param {number} count @returns {Promise<?number[][]>} */
export const begin = (count) => new Promise(function (done) { asked = { count, points: [], done }; });

/** One more. @param {number[]} point @returns {boolean} whether all are there now */
export const at = function (point) {
  if (!asked) { return true; }
  asked.points.push(point);
  source.measured.addFeature(new ol.Feature(new ol.geom.Point(point)));
  if (asked.points.length < asked.count) { return false; }
  end(asked.points);
  return true;
};
