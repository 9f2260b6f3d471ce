// People type initials, pinyin, old names and wrong letters; they still find the place.

import assert from 'node:assert';
import process from 'node:process';
import test from 'node:test';
import { openFolder } from './bundle.mjs';

const folder = process.env.NAVKIT_BUNDLE;
const skip = folder ? false : 'NAVKIT_BUNDLE names no bundle';
const bundle = folder && openFolder(folder);

function names(text, language = 'zh-Hans') {
  return bundle.search(text, { limit: 10, language }).map((hit) => hit.name);
}

test('a name in any language, the whole before its beginning before its middle', { skip }, () => {
  assert.strictEqual(names('放射科')[0], '放射科');
  assert.strictEqual(names('Radiology', 'en')[0], 'Radiology');
  assert.deepStrictEqual(names('掛號收費'), names('挂号收费'));
  const ranks = bundle.search('放射', { limit: 100 }).map((hit) => hit.rank);
  assert.deepStrictEqual(ranks, ranks.slice().sort());
});

test('initials and pinyin', { skip }, () => {
  assert.strictEqual(names('fsk')[0], '放射科');
  assert.strictEqual(names('FangShe Ke')[0], '放射科');
  assert.ok(names('yaof').some((name) => name.includes('药房')));
});

test('letters out of the middle of pinyin mean nothing', { skip }, () => {
  assert.ok(!names('angsheke').includes('放射科'));
});

test('an alias', { skip }, () => {
  assert.ok(names('取药')[0].includes('药房'));
});

test('the number on the door', { skip }, () => {
  const hit = bundle.search('1213', { limit: 1 })[0];

  assert.strictEqual(hit.ref, '1213');
});

test('one wrong, missing, doubled or swapped letter, in words of four letters or more',
  { skip }, () => {
    for (const typed of ['radiolgy', 'rediology', 'raddiology', 'raidology']) {
      assert.ok(names(typed, 'en').includes('Radiology'), typed);
    }
    assert.deepStrictEqual(names('xzq'), []);
  });

test('other characters of the same sound', { skip }, () => {
  assert.ok(names('放设科').includes('放射科') || !bundle._readings().has('设'));
});

test('a later word of a name', { skip }, () => {
  assert.ok(names('pharmacy', 'en').every((name) => /pharmacy/i.test(name)));
  assert.ok(names('pharmacy', 'en').length > 1);
});

test('nothing typed finds nothing, and ties go by number', { skip }, () => {
  assert.deepStrictEqual(names('  '), []);
  const hits = bundle.search('a', { limit: 1000 });
  for (let i = 1; i < hits.length; i++) {
    const [one, next] = [hits[i - 1], hits[i]];
    assert.ok(one.rank < next.rank || (one.rank === next.rank && one.place < next.place));
  }
});
