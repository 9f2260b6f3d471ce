// How long the map takes, in milliseconds.
//
//   node --jitless map-timing.mjs [BUNDLE]   preparing a level of 500 rooms, or each of a bundle
//   node map-timing.mjs --page               a page that draws 500 rooms and says how long it took

import fs from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { performance } from 'node:perf_hooks';
import navkitMap from '../../exporter/runtime/client/map.js';
import { openFolder, withRequired } from './bundle.mjs';
import { canvas, madeUp } from './map-stage.mjs';

const SIZE = { width: 1280, height: 800, ratio: 2 };

if (process.argv[2] === '--page') console.log(page());
else console.log(JSON.stringify(await preparing(process.argv[2])));

function took(act) {
  const before = performance.now();
  act();
  return Math.round((performance.now() - before) * 10) / 10;
}

/** The longest of the levels: preparing it, and again; drawing it onto nothing, and moved. */
async function preparing(folder) {
  let bundle = madeUp(20, 25);
  if (folder) bundle = openFolder(folder);
  const language = folder ? bundle.languages[0] : 'en';
  const { ctx } = canvas();
  const figures = { prepare: 0, again: 0, draw: 0, redraw: 0 };
  const longest = (name, act) => { figures[name] = Math.max(figures[name], took(act)); };
  bundle.levels.forEach((_, number) => {
    let scene = null;
    const { route } = bundle;
    const options = typeof route === 'object' ? { language, route } : { language };
    longest('prepare', () => { scene = navkitMap.scene(bundle, number, options); });
    longest('again', () => { scene = navkitMap.scene(bundle, number, options); });
    const view = navkitMap.fit(scene.bounds, SIZE, 24);
    longest('draw', () => navkitMap.draw(ctx, scene, view, navkitMap.themes.normal));
    const moved = navkitMap.panned(view, 9, 7);
    longest('redraw', () => navkitMap.draw(ctx, scene, moved, navkitMap.themes.normal));
  });
  return figures;
}

/** HTML that writes the median of 60 draws at four scales; reading a pixel waits for the last. */
function page() {
  const source = (name) => fs.readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8');
  const map = fileURLToPath(new URL('../../exporter/runtime/client/map.js', import.meta.url));
  const scripts = [...withRequired(map).values()];
  const stage = source('map-stage.mjs').replace(/^export /gm, '');
  return `<!doctype html><meta charset="utf-8"><body><script>
${scripts.join('\n')}
${stage}
const bundle = madeUp(20, 25);
const scene = navkitMap.scene(bundle, 0, { language: 'en', route: bundle.route });
const size = ${JSON.stringify(SIZE)};
const sheet = document.createElement('canvas');
sheet.width = size.width * size.ratio;
sheet.height = size.height * size.ratio;
const ctx = sheet.getContext('2d');
const whole = navkitMap.fit(scene.bounds, size, 24);
const lines = [1, 1.5, 2, 4].map((factor) => {
  const at = [size.width / 2, size.height / 2];
  const times = [];
  for (let i = 0; i < 60; i++) {
    const view = navkitMap.panned(navkitMap.zoomed(whole, factor, at), i, i);
    const before = performance.now();
    navkitMap.draw(ctx, scene, view, navkitMap.themes.normal);
    ctx.getImageData(0, 0, 1, 1);
    times.push(performance.now() - before);
  }
  times.sort((a, b) => a - b);
  const signs = scene.drawn.length;
  return [factor, signs, times[30].toFixed(1), times[59].toFixed(1)].join(' ');
});
document.body.textContent = 'zoom, signs, median ms, longest ms: ' + lines.join('; ');
</script>`;
}
