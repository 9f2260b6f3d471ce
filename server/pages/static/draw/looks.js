/* How signs, codes and lines on the floor look on the sheet. */
import { now } from './page.js';

const ol = window.ol;
const INK = '#16202b', SIGN = '#1b5e9b', CHOSEN = '#0b4f6c', PAPER = '#fff';
/** How far from a mark its handle is, in pixels of the screen. */
const HANDLE_PX = 46;
/** Nearer than so many metres a pixel, what is written on marks is shown. */
const READ_M = 0.07;
const ARROWS = { ahead: '↑', left: '←', right: '→', back: '↓' };

const stroke = (color, width) => new ol.style.Stroke({ color, width });
const fill = (color) => new ol.style.Fill({ color });

/** Where the handle of a mark is by which it is turned. @param {any} one @param {number} resolution */
export const tipOf = function (one, resolution) {
  const angle = (one.bearing_deg || 0) * Math.PI / 180, far = HANDLE_PX * resolution;
  return [one.point[0] + far * Math.sin(angle), one.point[1] + far * Math.cos(angle)];
};

/** What is written on a mark. @param {any} one */
export const writtenOn = (one) => (one.text === undefined ? one.code : one.text + ' ' + ARROWS[one.arrow]);

const isSign = (one) => one.text !== undefined;
const iconOf = function (one, isChosen) {
  const turned = typeof one.bearing_deg === 'number';
  const rotation = (one.bearing_deg || 0) * Math.PI / 180;
  return new ol.style.RegularShape({
    points: isSign(one) ? 3 : 4, radius: 9, rotation, rotateWithView: true,
    angle: isSign(one) || !turned ? 0 : Math.PI / 4, scale: isSign(one) ? [0.8, 1.2] : 0.9,
    fill: fill(isChosen ? CHOSEN : isSign(one) ? SIGN : INK), stroke: stroke(PAPER, 2),
  });
};
const textOf = (one) => new ol.style.Text({ text: writtenOn(one), font: '12px system-ui, sans-serif', offsetY: 18,
  fill: fill(isSign(one) ? PAPER : INK), backgroundFill: fill(isSign(one) ? SIGN : PAPER), padding: [1, 4, 0, 4] });
/** By what one is turned: a line to where its reader looks, and a dot to drag. */
const handleOf = function (one, resolution) {
  const tip = tipOf(one, resolution);
  return [
    new ol.style.Style({ geometry: new ol.geom.LineString([one.point, tip]), stroke: stroke(CHOSEN, 3) }),
    new ol.style.Style({ geometry: new ol.geom.Point(tip),
      image: new ol.style.Circle({ radius: 8, fill: fill(PAPER), stroke: stroke(CHOSEN, 3) }) })];
};
/** A tick on the side to which the reader of a code looks. */
const tickOf = (one, resolution) => new ol.style.Style({ stroke: stroke(INK, 3),
  geometry: new ol.geom.LineString([one.point, [0, 1].map((axis) =>
    one.point[axis] + (tipOf(one, resolution)[axis] - one.point[axis]) * 0.35)]) });

export const lookOfMark = function (feature, resolution) {
  const one = feature.get('one'), isChosen = now.things.includes(one.id);
  const looks = [new ol.style.Style({ image: iconOf(one, isChosen),
    text: resolution < READ_M || isChosen ? textOf(one) : undefined })];
  if (!isSign(one) && typeof one.bearing_deg === 'number') { looks.unshift(tickOf(one, resolution)); }
  return isChosen && now.things.length === 1 ? [...handleOf(one, resolution), ...looks] : looks;
};

const WIDE_M = 0.15;
export const lookOfLine = function (feature, resolution) {
  const one = feature.get('one'), width = Math.max(3, Math.min(8, WIDE_M / resolution));
  const edge = now.things.includes(one.id) ? stroke(CHOSEN, width + 6) : stroke(PAPER, width + 2);
  return [new ol.style.Style({ stroke: edge }), new ol.style.Style({ stroke: stroke(one.paint, width) })];
};
