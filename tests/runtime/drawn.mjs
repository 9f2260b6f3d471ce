// node drawn.mjs asked.json: what the runtime says on drawn floors, in Chinese and in English.
import fs from 'node:fs';

import { openFolder } from './bundle.mjs';

const asked = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const said = asked.map(function (one) {
  const bundle = openFolder(one.folder);
  const spot = (start) => ({ places: [], anchor: -1, node: start[0], backFrom: start[1] });
  const start = typeof one.start === 'string' ? one.start : spot(one.start);
  const route = bundle.route(start, one.goal, one.at);
  return ['zh-Hans', 'en'].map(
    function (tag) {
      const told = bundle.tell(route, tag);
      return [told.overview.text].concat(told.instructions.map((step) => step.text)).join('\n');
    });
});
console.log(JSON.stringify(said));
