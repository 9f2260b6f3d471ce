// People type initials, pinyin, old names, wrong letters and characters, and how they feel; they
// still find the place.

import assert from 'node:assert';
import process from 'node:process';
import test from 'node:test';
import { openFolder, readJson, reader } from './bundle.mjs';

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
  assert.ok(names('掛號收費').length > 1);
  const ranks = bundle.search('放射', { limit: 100 }).map((hit) => hit.rank);
  assert.deepStrictEqual(ranks, ranks.slice().sort());
});

test('M11: initials and pinyin', { skip }, () => {
  assert.strictEqual(names('fsk')[0], '放射科');
  assert.strictEqual(names('FangShe Ke')[0], '放射科');
  assert.ok(names('yaof').some((name) => name.includes('药房')));
});

test('letters out of the middle of pinyin mean nothing', { skip }, () => {
  assert.ok(!names('angsheke').includes('放射科'));
});

test('M11: an alias', { skip }, () => {
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

test('M11: other characters of the same or a similar sound', { skip }, () => {
  const rank = (text) => bundle.search(text, { limit: 1 })[0].rank;

  assert.strictEqual(names('方射科')[0], '放射科');
  assert.ok(names('缴废').includes('挂号收费处'));
  assert.strictEqual(names('急珍')[0], '急诊科');
  assert.strictEqual(names('急疹')[0], '急诊科');
  assert.strictEqual(names('急症')[0], '急诊科');
  assert.strictEqual(names('急争')[0], '急诊科');
  assert.ok(rank('方射科') < rank('方色科'));
  assert.ok(names('挂耗收费').includes('挂号收费处'), 'within a name');
  assert.deepStrictEqual(names('盐'), [], 'one character sounds like too much');
});

test('one wrong character of three, but not of two, nor the first, which tells departments apart',
  { skip }, () => {
    assert.strictEqual(names('放肚科')[0], '放射科');
    assert.deepStrictEqual(names('放肚'), []);
    assert.ok(!names('肚射科').includes('放射科'));
  });

test('a name within a sentence, the longest; no number within a longer one', { skip }, () => {
  assert.deepStrictEqual(names('请问放射科怎么走'), ['放射科']);
  assert.deepStrictEqual(names('how do I get to radiology, please', 'en'), ['Radiology']);
  assert.deepStrictEqual(names('88812138'), []);
});

/** The search file, as the bundle has it. */
function searchFile() {
  return JSON.parse(reader(folder)(bundle.index.search));
}

test('every word of a hint leads to its places: after all that is so called, before what is partly',
  { skip }, () => {
    let words = 0;
    const { hints, also, variants: [from, to] } = searchFile();
    const plain = (text) => Array.from(
      text, (one) => Array.from(to)[Array.from(from).indexOf(one)] || one).join('').toLowerCase();
    /** Whether a place has that name but for its end, or its department is called so elsewhere. */
    const isCalled = (place, word) => bundle.languages.some(
      (tag) => plain(bundle.placeName(place, tag)[0]).startsWith(plain(word))) || also.some(
      ([others, there]) => there.includes(place) && others.map(plain).includes(plain(word)));
    hints.forEach(([typed, places]) => typed.forEach((word) => {
      const hits = bundle.search(word, { limit: 1000 });
      words++;

      assert.ok(places.every((place) => hits.some((hit) => hit.place === place)), word);
      assert.ok(places.every((place) => hits.find((hit) => hit.place === place).rank <= 1), word);
      assert.ok(hits.every((hit) => !hit.hint || hit.rank === 1), word);
      const unhinted = hits.filter((hit) => hit.rank === 1 && !hit.hint);
      assert.ok(unhinted.every((hit) => isCalled(hit.place, word)), word);
    }));
    assert.ok(words > 500, String(words));
  });

test('what one feels, in a sentence, by pinyin, with a slip or other characters', { skip }, () => {
  for (const text of ['头疼', '我头疼得厉害', '头疼挂哪个科', '頭疼', '头腾', 'touteng']) {
    assert.ok(names(text).includes('神经内科'), text);
  }
  for (const text of ['headache', 'I have a bad headache.', 'hedache', 'heada']) {
    assert.ok(names(text, 'en').includes('Neurology'), text);
  }
  assert.strictEqual(bundle.search('我头疼', { limit: 1 })[0].hint, '头疼');
  assert.ok(!names('headmaster', 'en').includes('Neurology'));
});

test('of a word within a longer one the longer is meant', { skip }, () => {
  assert.deepStrictEqual(names('女儿发烧了'), ['儿科', '急诊科']);
  assert.ok(names('发烧').includes('感染性疾病科'));
  assert.ok(!names('发烧').includes('儿科'));
});

test('what cannot wait leads to the emergency department first', { skip }, () => {
  const urgent = [
    '胸痛', '呼吸困难', '昏迷', '大出血', '中风', '胸悶', '我爸爸突然晕倒了', '牙疼还胸痛',
    'chest pain', 'my father had a stroke', 'cannot breathe',
  ];
  for (const text of urgent) {
    const [first] = bundle.search(text, { access: 'public' }).filter((hit) => hit.hint);
    assert.strictEqual(first.category, 'emergency', text);
  }
  for (const text of urgent.slice(0, 5)) assert.strictEqual(names(text)[0], '急诊科', text);
});

const TABLE = readJson(new URL('../conformance/searches.json', import.meta.url)).rows;

test('what people type has first what they mean', { skip }, () => {
  const missed = TABLE.filter(([text, language, name, where]) => {
    const [hit] = bundle.search(text, { limit: 1, language, access: 'public' });
    const wanted = new RegExp('^' + name.replace(/\*/g, '.*') + '$');
    return !hit || !wanted.test(bundle.placeName(hit.place, 'zh-Hans')[0]) ||
      (where && hit.where !== where);
  });

  console.log(`figure: ${TABLE.length - missed.length} of ${TABLE.length} queries first`);
  assert.deepStrictEqual(missed, []);
});

test('a floor keeps to that floor, unless it has no such place; a longer number is another floor',
  { skip }, () => {
    const floors = (text) => Array.from(new Set(
      bundle.search(text, { limit: 1000, access: 'public' }).map((hit) => hit.where))).sort();

    assert.deepStrictEqual(floors('三楼厕所'), ['3F']);
    assert.deepStrictEqual(floors('toilet on the 12th floor'), ['12F']);
    assert.deepStrictEqual(floors('三楼药房'), floors('药房'));
    assert.deepStrictEqual(floors('九十一楼厕所'), floors('厕所'), 'no first floor');
    assert.strictEqual(names('一楼大厅')[0], '门诊大厅', 'a name that has a floor in it');
  });

test('a number is found whatever stands around it, and no longer number', { skip }, () => {
  const rooms = (text) => bundle.search(text, { limit: 100 }).map((hit) => hit.place);

  for (const text of ['601室', '诊室601', '601号', '601號診室', 'Room 601', 'no. 601']) {
    assert.deepStrictEqual(rooms(text), rooms('601'), text);
  }
  const third = names('3号诊室');
  assert.ok(third.length > 5 && third.every((name) => /(^|\D)3诊室/.test(name)), String(third));
});

test('lifts and stairs come after all else that begins alike', { skip }, () => {
  const hits = bundle.search('住院', { limit: 100 }).filter((hit) => hit.rank === 2);
  const isShaft = hits.map((hit) => ['elevator', 'stairs'].includes(hit.category));

  assert.ok(isShaft.includes(true) && isShaft.includes(false));
  assert.ok(isShaft.indexOf(true) > isShaft.lastIndexOf(false));
});

test('places of another access are left out', { skip }, () => {
  const all = bundle.search('科', { limit: 1000 });
  const open = bundle.search('科', { limit: 1000, access: 'public' });

  assert.ok(open.length < all.length);
  assert.deepStrictEqual(open, all.filter((hit) => hit.access === 'public'));
});

test('a later word of a name', { skip }, () => {
  const found = names('pharmacy', 'en');
  const named = found.filter((name) => /pharmacy/i.test(name));

  assert.ok(named.length > 1);
  assert.deepStrictEqual(found.slice(0, named.length), named, 'before others of that category');
});

test('nothing typed finds nothing; of one rank the shorter name comes first', { skip }, () => {
  assert.deepStrictEqual(names('  '), []);
  const hits = bundle.search('神经', { limit: 1000, access: 'public' });
  const ranks = hits.map((hit) => hit.rank);

  assert.deepStrictEqual(ranks, ranks.slice().sort((a, b) => a - b));
  assert.deepStrictEqual(hits.slice(0, 2).map((hit) => hit.name).sort(), ['神经内科', '神经外科']);
});

test('of places that match alike the nearest comes first', { skip }, () => {
  for (const id of ['mz-1F-D-main', 'r-zy-10F-nurse-station', 'r-mz-5F-ROOF']) {
    const from = bundle.find(id);
    const [here] = bundle.placeNodes(from.places[0]);
    const hits = bundle.search('男卫生间', { from, access: 'public' });
    const levels = hits.map((hit) => bundle.levels[hit.level].ordinal);

    assert.ok(hits.length > 5);
    assert.strictEqual(levels[0], bundle.levels[bundle.at(here).level].ordinal, id);
  }
});

test('what the venue has not is said, and nothing else is offered for it', { skip }, () => {
  assert.strictEqual(bundle.absent('停车场在哪'), '停车');
  assert.deepStrictEqual(names('停车场'), []);
  assert.strictEqual(bundle.absent('骨科'), '');
});
