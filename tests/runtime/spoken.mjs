// spoken.mjs BUNDLE: clauses of many ways that no clips say, scripted and not, in all its voices.

import process from 'node:process';
import navkitVoice from '../../exporter/runtime/client/voice.js';
import { openFolder, reader } from './bundle.mjs';

const bundle = openFolder(process.argv[2]);
const index = JSON.parse(reader(process.argv[2])('index.json'));
const scripts = JSON.parse(reader(process.argv[2])(index.scripts));
const ids = JSON.parse(process.argv[3]);
let seed = 7;
const pick = (list) => list[(seed = (seed * 48271) % 2147483647) % list.length];

const found = {};
for (const language of Object.keys(index.voice)) {
  const clips = navkitVoice.clips(bundle.voice(language));
  const missing = new Set();
  let instructions = 0;
  let longest_s = 0;
  const hear = (told) => told.instructions.concat(told.notices || []).forEach((one) => {
    const slices = clips.slices(one);
    instructions++;
    longest_s = Math.max(longest_s, slices.duration_ms / 1000);
    slices.missing.forEach((speech) => missing.add(speech));
  });
  for (let i = 0; i < 1500; i++) {
    const way = [pick(scripts.starts), pick(ids), pick(scripts.profiles)];
    try { hear(bundle.script(...way, language)); } catch (error) { if (error.code !== 'no-script') throw error; }
    try { hear(bundle.tell(bundle.route(pick(ids), pick(ids), { profile: way[2] }), language)); } catch (error) {
      if (!/^no-route|^same/.test(error.code)) throw error;
    }
  }
  found[language] = { instructions, longest_s, missing: [...missing] };
}
console.log(JSON.stringify(found));
