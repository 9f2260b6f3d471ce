// columns.mjs BUNDLE EXPECTED: whether the network rebuilt from a bundle equals Python's.

import process from 'node:process';
import { openFolder, readJson } from './bundle.mjs';

const bundle = openFolder(process.argv[2]);
const expected = readJson(process.argv[3]);
const n = bundle.network;
const places = Array.from({ length: bundle.placeCount }, (_, i) => bundle.placeNodes(i));

const landmarks = [];
const past = [];
const ends = [];
const plain = [];
for (let node = 0; node < n.nodeCount; node++) {
  for (const before of new Set(Array.from(
    n.edgesAt.slice(n.edgesFrom[node], n.edgesFrom[node + 1]), (edge) => n.other(edge, node)))) {
    const seen = bundle.around.landmarks(node, before);
    if (bundle.around.past(node, before) >= 0) {
      past.push([node, before, bundle.around.past(node, before)]);
    }
    const rooms = bundle.around.plain(node, before);
    if (rooms.length) plain.push([node, before, ...rooms]);
    if (bundle.around.ends(node, before)) ends.push([node, before]);
    if (seen.length) landmarks.push([node, before, ...seen.flatMap((m) => [m.place, m.side])]);
  }
}
[landmarks, past, ends, plain].forEach((some) => some.sort((a, b) => a[0] - b[0] || a[1] - b[1]));

const found = {
  level: n.level, x_cm: n.x, y_cm: n.y, a: n.a, b: n.b, kind: n.kind, thing: n.thing,
  length_cm: n.length, width_cm: n.width, rise_cm: n.rise, oneway: n.oneway,
  space_of_node: n.spaceOfNode, anchor_nodes: bundle.anchors.map((anchor) => anchor.node),
  door_nodes: n.doorNodes, place_nodes: places, landmarks, past, ends, plain,
  openings: Array.from({ length: n.edgeCount }, (_, edge) =>
    bundle.around.openings(edge).map((o) => [o.at, o.wide, o.side, o.looks])),
  named: places.map((_, place) => bundle.around.named(place)),
  place_of_space: bundle.around.placeOfSpace,
  names: Array.from({ length: bundle.placeCount }, (_, place) =>
    bundle.languages.map((language) => [
      bundle.placeName(place, language), bundle.placeSign(place, language),
    ])),
  things: Array.from({ length: n.thingCount }, (_, i) => n.thingId(i)),
};

let same = Object.keys(found).length === Object.keys(expected).length;
for (const name of Object.keys(expected)) {
  const ours = Array.from(found[name], (value) => JSON.stringify(value));
  const theirs = expected[name].map((value) => JSON.stringify(value));
  const at = theirs.findIndex((value, i) => value !== ours[i]);
  if (at < 0 && ours.length === theirs.length) continue;
  same = false;
  console.log(`${name}[${at}]: phone ${ours[at]} of ${ours.length}, ` +
    `python ${theirs[at]} of ${theirs.length}`);
}
if (same) console.log('same');
