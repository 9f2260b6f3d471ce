// timing.mjs BUNDLE: milliseconds that opening, routing, telling and searching take.

import process from 'node:process';
import navkit from '../../exporter/runtime/core/navkit.js';
import { reader } from './bundle.mjs';

const read = reader(process.argv[2]);
const texts = new Map();
const opening = navkit.begin((name) => {
  if (!texts.has(name)) texts.set(name, read(name));
  return texts.get(name);
});

const steps = [];
for (let more = true; more;) steps.push(took(() => { more = opening.step(); }));
const { bundle } = opening;
const places = [];
for (let i = 0; i < bundle.placeCount; i++) if (bundle.placeIsPublic(i)) places.push(i);

let state = 1;
function dice(sides) {
  state = (state * 48271) % 2147483647;
  return state % sides;
}

function took(act) {
  const before = process.hrtime.bigint();
  act();
  return Number(process.hrtime.bigint() - before) / 1e6;
}

/** What a search takes at the slowest of the keys pressed one after the other, its field touched. */
function slowestKey(texts) {
  const fresh = navkit.open(read);
  fresh.search('');
  const keys = texts.flatMap((text) => Array.from(text, (_, i) => text.slice(0, i + 1)));
  return Math.max(...keys.map((typed) => took(() => fresh.search(typed, { limit: 30 }))));
}

/** The least of some tries: a machine has other things to do now and then. */
function least(act) {
  return Math.min(act(), act(), act());
}

const TYPED = [
  'jzhen', 'xiaohuaneike', 'Obstetrics Ward', 'my child has a fever and a headache', '方射可',
  '请问缴废处在哪里', '我头藤得厉害', '浆水蓝田', '1213',
];

function middle(values, share) {
  return values.sort((a, b) => a - b)[Math.floor(values.length * share)];
}

const spot = () => ({ places: [places[dice(places.length)]], anchor: -1 });
const first = took(() => bundle.route(spot(), spot(), {}));
const queries = [];
const tellings = [];
for (let i = 0; i < 400; i++) {
  let route = null;
  const [start, goal] = [spot(), spot()];
  queries.push(took(() => { route = bundle.route(start, goal, {}); }));
  tellings.push(took(() => bundle.tell(route, 'zh-Hans')));
}
const figures = {
  opening: steps.reduce((sum, ms) => sum + ms, 0),
  longest_step: Math.max(...steps),
  first_query: first,
  query_p50: middle(queries, 0.5),
  query_p99: middle(queries, 0.99),
  telling_p50: middle(tellings, 0.5),
  first_search: took(() => bundle.search('fsk', { limit: 10 })),
  search: took(() => bundle.search('radiolgy', { limit: 10 })),
  touched_search: least(() => {
    const fresh = navkit.open(read);
    return took(() => fresh.search(''));
  }),
  slowest_key: least(() => slowestKey(TYPED)),
};
for (const name of Object.keys(figures)) figures[name] = Math.round(figures[name] * 100) / 100;
console.log(JSON.stringify(figures));
