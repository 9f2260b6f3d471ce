// asked.mjs BUNDLE ASKED VENUE: of what people ask for on a venue, where the wanted place comes:
// {groups: {group: [asked, first, among three]}, missed: [[typed, wanted, what comes], …], ms: […]}.

import process from 'node:process';
import { performance } from 'node:perf_hooks';
import { openFolder, readJson } from './bundle.mjs';

const bundle = openFolder(process.argv[2]);
const rows = readJson(process.argv[3])[process.argv[4]];
const shown = process.argv[4] === 'clinic' ? 'en' : 'zh-Hans';

function isLike(pattern, name) {
  const literally = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp('^' + literally.join('.*') + '$', 'i').test(name);
}

function isWanted(place, wanted, where) {
  const name = bundle.placeName(place, shown)[0];
  if (!wanted.split('|').some((pattern) => isLike(pattern, name))) return false;
  return !where || bundle.levelsOf(place).some((level) => bundle.levels[level].label === where);
}

const groups = {};
const missed = [];
const ms = [];
bundle.search('');
for (const [typed, language, wanted, where, group] of rows) {
  const began = performance.now();
  const hits = bundle.search(typed, { limit: 30, access: 'public', language });
  ms.push(performance.now() - began);
  const none = hits.length ? -1 : 0;
  const at = wanted === '-' ? none : hits.findIndex((hit) => isWanted(hit.place, wanted, where));
  const counted = groups[group] || (groups[group] = [0, 0, 0]);
  counted[0]++;
  if (at === 0) counted[1]++;
  if (at >= 0 && at < 3) counted[2]++;
  if (at) missed.push([typed, wanted, hits.slice(0, 3).map((hit) => hit.name).join(' / ')]);
}

console.log(JSON.stringify({ groups, missed, ms }));
