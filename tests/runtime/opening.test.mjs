// A bundle is checked before it is used, and opened in steps that no one notices.

import assert from 'node:assert';
import process from 'node:process';
import test from 'node:test';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import navkit from '../../exporter/runtime/core/navkit.js';
import { openFolder, reader } from './bundle.mjs';

const folder = process.env.NAVKIT_BUNDLE;
const skip = folder ? false : 'NAVKIT_BUNDLE names no bundle';

test('a newer bundle is refused in a sentence', () => {
  const index = { format: 'navkit-bundle', version: 2 };

  assert.throws(() => navkit.open(() => index),
    { code: 'bundle-too-new', message: /newer version of the app\. Update the app\.$/ });
});

test('something else is refused', () => {
  assert.throws(() => navkit.open(() => ({ format: 'cake', version: 1 })),
    { code: 'not-a-bundle' });
  assert.throws(() => navkit.open(() => '{"format":'), { code: 'bundle-damaged' });
  assert.throws(() => navkit.open(() => { throw new Error('no such file'); }),
    { code: 'bundle-damaged', where: 'index.json' });
});

test('only what is needed to navigate is read at first', { skip }, () => {
  const read = [];

  navkit.open((name) => {
    read.push(name.replace(/-.*/, ''));
    return reader(folder)(name);
  });

  assert.deepStrictEqual(read.sort(), [
    'details', 'directory', 'index.json', 'network', 'phrases', 'rules',
  ]);
});

/** Opens the bundle with its rules file, and what its index says of it, changed by `change`. */
function openedWith(change) {
  const read = reader(folder);
  const index = JSON.parse(read('index.json'));
  const rules = JSON.parse(read(index.rules));
  const name = index.rules;
  change(index, rules);
  const changed = { 'index.json': index, [name]: rules };
  return navkit.open((file) => (file in changed ? changed[file] : read(file)));
}

test('a bundle from before there were rules opens by those the app came with', { skip }, () => {
  const old = openedWith((index) => { delete index.rules; });
  const bundle = openFolder(folder);

  assert.deepStrictEqual(old.rules, bundle.rules);
  assert.deepStrictEqual(old.placesOf('toilet'), bundle.placesOf('toilet'));
});

test('kinds that an app knows otherwise are refused in a sentence', { skip }, () => {
  const swapped = (_, rules) => {
    const { room, corridor, ...others } = rules.kinds.spaces;
    rules.kinds.spaces = { corridor, room, ...others };
  };
  const added = (_, rules) => { rules.kinds.doors.curtain = {}; };

  assert.throws(() => openedWith(swapped), { code: 'bundle-too-new' });
  assert.throws(() => openedWith(added), { code: 'bundle-too-new' });
});

test('levels are outlines and doors in metres', { skip }, () => {
  const bundle = openFolder(folder);
  const spaces = bundle.levels.map((_, i) => bundle.level(i).spaces);

  assert.strictEqual(spaces.reduce((sum, some) => sum + some.length, 0), bundle.network.firstDoor);
  for (const space of [].concat(...spaces)) {
    assert.ok(space.rings.length >= 1 && space.rings[0].length >= 3, space.id);
    assert.ok(area(space.rings[0]) > 0, space.id);
  }
  for (const door of bundle.level(1).doors) {
    const [[ax, ay], [bx, by]] = door.line;
    assert.ok(Math.hypot(bx - ax, by - ay) > 0.3, door.id);
  }
});

function area(ring) {
  return ring.reduce((sum, [x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length];
    return sum + (x * ny - nx * y) / 2;
  }, 0);
}

test('without a compiler a query takes about a millisecond, a step of opening or a key little more',
  { skip }, (t) => {
    const script = fileURLToPath(new URL('timing.mjs', import.meta.url));
    const text = execFileSync(process.execPath, ['--jitless', script, folder],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const figures = JSON.parse(text);

    t.diagnostic('figure: without a compiler, ms: ' + JSON.stringify(figures));

    // Machines are shared: three times what is aimed at.
    assert.ok(figures.query_p50 < 3, text);
    assert.ok(figures.longest_step < 300, text);
    assert.ok(figures.touched_search < 60, text);
    assert.ok(figures.slowest_key < 60, text);
  });
