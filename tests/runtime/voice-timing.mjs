// How long it takes to find clips: 1,500 texts, 200 clauses, in Chinese and in English.

import process from 'node:process';
import { performance } from 'node:perf_hooks';
import navkitVoice from '../../exporter/runtime/client/voice.js';
import { dice } from './voice-stage.mjs';

const HAN = '内外儿妇产眼耳鼻喉口腔皮肤神经心血消化呼吸肾泌尿骨科诊室检验放射药房收费挂号急住院部';
const SOUNDS = ['car', 'di', 'ol', 'ogy', 'ra', 'neu', 'ro', 'pae', 'der', 'ma', 'to', 'gas', 'tro'];

/** Different names of two to eight characters or syllables. */
function names(count, letters, gap) {
  const roll = dice(count);
  const found = new Set();
  while (found.size < count) {
    const word = () => Array.from({ length: 2 + roll(3) }, () => letters[roll(letters.length)]).join('');
    found.add(roll(2) ? word() : word() + gap + word());
  }
  return [...found];
}

function timed(clips, clauses) {
  const start = performance.now();
  const covered = clauses.filter((clause) => clips.find(clause)).length;
  return { ms: (performance.now() - start) / clauses.length, covered };
}

const zhNames = names(400, HAN, '');
const enNames = names(400, SOUNDS, ' ');
const zh = [].concat(...zhNames.map((name) => [name, `到${name}`, `${name}在`, `往前走，会经过${name}`]))
  .slice(0, 1490).concat('往前走，会经过', '到', '后', '到了', '在您左手边', '看到', '就走过头了', '从', '出发', '在');
const en = [].concat(...enNames.map((name) => [name, `at ${name}`, `past ${name}`, `${name} is`]))
  .slice(0, 1490).concat('go on past', 'at', 'you have arrived', 'is on your left', 'if you see',
    'you have gone too far', 'go on', 'past', 'is', 'walk');
const index = (texts) => ({ texts, bytes: texts.map(() => 2000), pause_bytes: 960, kbit_s: 32 });

const began = performance.now();
const zhClips = navkitVoice.clips(index(zh));
const enClips = navkitVoice.clips(index(en));
const opened = (performance.now() - began) / 2;
const inZh = timed(zhClips, zhNames.slice(0, 200).map((name, i) => [
  `往前走，会经过${name}`, `到了，${name}在您左手边`, `看到${name}就走过头了`, `从${name}出发`][i % 4]));
const inEn = timed(enClips, enNames.slice(0, 200).map((name, i) => [
  `go on past ${name}`, `you have arrived, ${name} is on your left`,
  `if you see ${name} you have gone too far`, `at ${name}`][i % 4]));

const round = (ms) => Math.round(ms * 1000) / 1000;
process.stdout.write(JSON.stringify({
  texts: Math.min(new Set(zh).size, new Set(en).size), open: round(opened),
  clause_zh: round(inZh.ms), clause_en: round(inEn.ms), covered: inZh.covered + inEn.covered,
}));
