// outlook.mjs BUNDLE COUNT SIZES: walks COUNT routes on screens such as 320x568, and says at how many
// moves what matters was not in the free part of the map, or a side was not the side that is said.

import process from 'node:process';
import navkitMap from '../../exporter/runtime/client/map.js';
import { openFolder } from './bundle.mjs';
import { canvas } from './map-stage.mjs';
import chances from '../../exporter/runtime/core/position/chance.js';

const [folder, count, sizes] = process.argv.slice(2);
const bundle = openFolder(folder);
const lots = chances.chance(18);
const PROFILES = ['walk', 'elderly', 'wheelchair'];
const THEMES = Object.values(navkitMap.themes);
/** A walk's own way of looking: so far back and ahead, in metres, and the least that tells. */
const [FAR_M, LEAST_M] = [4, 0.8];
/** Turns below this many degrees are bends of a corridor. */
const SLIGHT_DEG = 12;

const SAID = /^(?:turn|keep|fork|find|arrive|arrive-anchor|way-in)-(left|right)$/;

const result = { moves: 0, sides: 0, named: 0, wrong: [] };
for (let i = 0; i < Number(count); i++) {
  const route = aRoute(PROFILES[i % 3]);
  const language = bundle.languages[i % bundle.languages.length];
  for (const step of bundle.tell(route, language).instructions) {
    for (const move of step.moves) {
      for (const size of sizes.split(',')) tried(route, step, move, language, size);
    }
  }
}
console.log(JSON.stringify({ ...result, wrong: result.wrong.length, such: result.wrong.slice(0, 5) }));

function aRoute(profile) {
  for (;;) {
    const [from, to] = [0, 1].map(() => bundle.placeIds[Math.floor(lots.uniform() * bundle.placeCount)]);
    try {
      const route = bundle.route(from, to, { profile });
      if (route.darts.length > 2) return route;
    } catch (error) {
      if (!error.code) throw error;
    }
  }
}

/** Header, card, sheet and buttons as a page lays them out, the card and the sheet of some height. */
function covering(width, height) {
  const card = 90 + Math.floor(lots.uniform() * 0.28 * height);
  const sheet = 76 + Math.floor(lots.uniform() * 0.2 * height);
  const isWide = width > height && width >= 600;
  const aside = Math.min(416, 0.45 * width);
  const low = isWide ? height : height - sheet;
  const buttons = [0, 1, 2, 3].map((n) => [width - 66, low - 66 * (n + 1), width - 6, low - 66 * n - 6]);
  return [
    [0, 0, width, 60],
    isWide ? [0, 60, aside, height] : [0, 60, width, 60 + card],
    isWide ? [0, 60, aside, height] : [0, height - sheet, width, height],
    ...buttons.filter((box) => box[1] > (isWide ? 60 : 60 + card)),
  ];
}

function tried(route, step, move, language, size) {
  const [width, height] = size.split('x').map(Number);
  const covered = covering(width, height);
  const level = route.network.level[route.nodes[move.first]];
  const scene = navkitMap.scene(bundle, level, {
    language, route, step, move, changeText: (change) => change.label,
  });
  const theme = THEMES[result.moves++ % THEMES.length];
  const view = navkitMap.stand(scene, theme, { width, height, ratio: 1 }, covered, false);
  navkitMap.draw(canvas().ctx, scene, view, theme);
  const isFree = (box) => box[0] >= 0 && box[1] >= 0 && box[2] <= width && box[3] <= height &&
    !covered.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] &&
      other[1] < box[3]);
  const wrong = (what) => result.wrong.push([what, size, step.text, move.text, bundle.placeIds[
    route.start.places[0]], bundle.placeIds[route.goal.places[0]]]);
  const isSeen = (node) => {
    const [x, y] = navkitMap.toPixels(view, metres(node));
    return isFree([x, y, x, y]);
  };
  if (!isSeen(route.nodes[move.first])) wrong('position');
  if (route.network.level[route.nodes[move.at]] === level && !isSeen(route.nodes[move.at])) wrong('move');
  const goal = route.nodes[route.nodes.length - 1];
  if (route.network.level[goal] === level && !isSeen(goal)) wrong('goal');
  named(scene, move, language, level, (plate) => isFree(plate)).forEach(wrong);
  sides(route, move, view).forEach(wrong);
}

function metres(node) {
  const { x, y } = bundle.at(node);
  return [x, y];
}

/** The names of a move that have no label in the free part of the map. */
function named(scene, move, language, level, isFree) {
  const missing = [];
  const goalPlace = scene.goal;
  for (const { family, slots } of move.names) {
    const { place } = slots;
    const isElsewhere = ['start', 'start-entrance', 'sign', 'enter', 'too-far'].includes(family);
    if (place === undefined || isElsewhere || place === goalPlace) continue;
    const isHere = bundle.placeSpaces(place).some((one) => bundle.network.spaceLevel[one] === level) ||
      bundle.placeNodes(place).some((node) => bundle.network.level[node] === level);
    if (!isHere) continue;
    result.named++;
    const text = bundle.placeName(place, language)[0].replace(/\s/g, '');
    const shown = scene.drawn.find((one) => one.marker && one.lines.join('').replace(/\s/g, '') === text);
    if (!shown || !shown.plate || !isFree(shown.plate)) missing.push(`label ${text}`);
  }
  return missing;
}

/** The point of a route some metres from one of its nodes, forwards or back, on its level. */
function some(route, from, by) {
  const level = route.network.level[route.nodes[from]];
  let far = 0;
  let at = from;
  while (far < FAR_M) {
    const next = at + by;
    if (!(next in route.nodes) || route.network.level[route.nodes[next]] !== level) break;
    const [a, b] = [metres(route.nodes[at]), metres(route.nodes[next])];
    far += Math.hypot(b[0] - a[0], b[1] - a[1]);
    at = next;
  }
  return far >= LEAST_M ? metres(route.nodes[at]) : null;
}

/** Whether who comes to a move, as the network lies, turns to the side that is said; and whether
 * that is the side of the screen. */
function sides(route, move, view) {
  const said = move.names.map((one) => SAID.exec(one.kind)).filter(Boolean).map((one) => one[1])[0];
  if (!said) return [];
  const last = Math.max(move.last, move.at);
  const before = some(route, move.at, -1);
  const here = metres(route.nodes[move.at]);
  const onward = some(route, last, 1);
  const [gone, after] = onward ? [metres(route.nodes[last]), onward] : [here, metres(route.nodes[last])];
  const [ux, uy] = before ? [here[0] - before[0], here[1] - before[1]] : [0, 0];
  const [vx, vy] = [after[0] - gone[0], after[1] - gone[1]];
  if (!before || Math.hypot(vx, vy) < LEAST_M) return [];
  const turned = Math.atan2(uy * vx - ux * vy, ux * vx + uy * vy) * 180 / Math.PI;
  if (Math.abs(turned) < SLIGHT_DEG) return [];
  const side = turned > 0 ? 'right' : 'left';
  if (side !== said) return []; // A jog, which the words take as a whole.
  result.sides++;
  const [from, to] = [gone, after].map((at) => navkitMap.toPixels(view, at));
  const [low, high] = [before, here].map((at) => navkitMap.toPixels(view, at));
  const found = [];
  if ((to[0] > from[0] ? 'right' : 'left') !== said && Math.abs(turned) < 168) found.push(`side ${said}`);
  if (low[1] <= high[1]) found.push('not up');
  return found;
}
