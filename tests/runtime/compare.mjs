// compare.mjs BUNDLE EXPECTED: whether each query of a JSON-lines file has the same answer.
//
// `node:17` as a start is the node of that number, `node:17<23` for who comes back from 23. A line is one set of closures with its queries; a query is [start, goal, code, sentence]
// (or [start, goal, 'no-route'], the reason left aside) where there is no route, else [start, goal, cost_ms, duration_ms, length_cm, digest].

import crypto from 'node:crypto';
import fs from 'node:fs';
import process from 'node:process';
import overview from '../../exporter/runtime/core/overview.js';
import { openFolder } from './bundle.mjs';

const { stops } = overview;
const bundle = openFolder(process.argv[2]);
const result = { compared: 0, routes: 0, sentences: 0, different: [] };

function toldLines(route) {
  const floors = stops(route, bundle.rules.guidance).map((one) => [one.level, one.how, one.thing]);
  const lines = [route.darts.join(','), route.unverified.join(','), floors.join(';')];
  const say = (clause) => lines.push(clause.kind, clause.text, clause.speech);
  for (const language of bundle.languages) {
    const told = bundle.tell(route, language);
    lines.push(language, told.overview.text, told.overview.speech);
    for (const one of told.instructions) {
      const numbers = [
        one.level, one.length_cm, one.duration_ms, one.turn_deg, one.first, one.last,
      ];
      lines.push(numbers.join(','), one.text, one.speech);
      one.clauses.forEach(say);
      result.sentences++;
    }
    told.notices.forEach(say);
  }
  return lines;
}

function answer(start, goal, group) {
  let route;
  try {
    const node = /^node:(\d+)(?:<(\d+))?$/.exec(start);
    const from = !node ? start
      : { places: [], anchor: -1, node: Number(node[1]), backFrom: Number(node[2] || -1) };
    route = bundle.route(from, goal, group);
  } catch (error) {
    if (!error.code) throw error;
    return { row: [start, goal, error.code, error.message], lines: [error.message] };
  }
  const lines = toldLines(route);
  const digest = crypto.createHash('sha256').update(lines.join('\n')).digest('hex');
  const figures = [route.cost_ms, route.duration_ms, route.length_cm];
  result.routes++;
  return { row: [start, goal, ...figures, digest], lines: [figures.join(' '), ...lines] };
}

for (const line of fs.readFileSync(process.argv[3], 'utf8').split('\n')) {
  if (!line) continue;
  const group = JSON.parse(line);
  for (const row of group.rows) {
    const ours = answer(row[0], row[1], group);
    result.compared++;
    const isSame = row.length === 3 ? String(ours.row[2]).startsWith(row[2])
      : JSON.stringify(ours.row) === JSON.stringify(row);
    if (isSame || result.different.length >= 3) continue;
    result.different.push({
      start: row[0], goal: row[1], profile: group.profile, group: group.group, depart: group.depart,
      closed: group.closed, answer: ours.lines.join('\n'),
    });
  }
}
console.log(JSON.stringify(result));
