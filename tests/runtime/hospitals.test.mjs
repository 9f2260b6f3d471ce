// Which hospital a code is of, and where its files are.

import assert from 'node:assert';
import test from 'node:test';
import hospitals from '../../exporter/runtime/client/app/hospitals.js';

const one = (id, address, more) => ({ id, names: {}, address, repository: '', root: '', ...more });
const ALL = [
  one('renmin', 'https://maps.example/h/renmin/'), one('east', 'https://maps.example/h/renmin/east'),
  one('xiehe', 'https://far.example/h/xiehe/index.html'), one('nowhere', ''),
];

test('a link is of the hospital whose page it opens, of nested addresses the longest', () => {
  const said = {
    'https://maps.example/h/renmin/#a=A101': 'renmin',
    'http://MAPS.example/h/renmin?desk#a=A101': 'renmin',
    'https://maps.example/h/renmin/index.html#to=rad': 'renmin',
    'https://maps.example/h/renmin/east/#a=A101': 'east',
    'https://far.example/h/xiehe/#a=A101': 'xiehe',
    'https://maps.example/h/renmin2/#a=A101': null,
    'https://maps.example/': null,
    A101: null,
    '#a=A101': null,
    '': null,
  };
  for (const [link, id] of Object.entries(said)) {
    const found = hospitals.ofLink(ALL, link);
    assert.strictEqual(found && found.id, id, link);
  }
});

test('a hospital is in this repository, beside it or at another host, with its own root there', () => {
  const home = { text: 'own', hospital: 'renmin', from: '../..' };
  const place = (more) => hospitals.placeOf(home, one('xiehe', '', more));

  assert.deepStrictEqual(place({}), {
    text: 'own', hospital: 'xiehe', from: '../..', page: '../../h/xiehe/', bundle: '../../h/xiehe/bundle',
  });
  assert.deepStrictEqual(place({ repository: '../far/', root: 'other' }), {
    text: 'other', hospital: 'xiehe', from: '../../../far',
    page: '../../../far/h/xiehe/', bundle: '../../../far/h/xiehe/bundle',
  });
  assert.strictEqual(
    place({ repository: 'https://far.example', root: 'other' }).bundle,
    'https://far.example/h/xiehe/bundle');
});
