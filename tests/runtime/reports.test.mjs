// What was found wrong waits on the phone until a server took it, and counts once.

import assert from 'node:assert';
import { createRequire } from 'node:module';
import test from 'node:test';

const require = createRequire(import.meta.url);
const navkitReports = require('../../exporter/runtime/client/reports.js');

const SAID = {
  bundle: 'abcdef01', level: '1F', from: [1, 2], to: [3, 4], text: '右转。',
  language: 'zh-Hans', profile: 'walk',
};

/** A phone whose storage outlives its queue, and a server that answers with what it is told to. */
function phone(answers) {
  const kept = {};
  const sent = [];
  const make = () => navkitReports.queue({
    keep: { get: (name) => kept[name] || null, set: (name, text) => { kept[name] = text; } },
    chance: Math.random,
    send: async (report) => {
      sent.push(report);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === 'offline') throw new Error('no network');
      return answer;
    },
  });
  return { make: make, sent: sent, kept: kept, answers: answers };
}

test('a report waits without a network and goes when there is one, over a restart too', async () => {
  const one = phone(['offline']);
  const before = one.make();
  before.add(SAID);
  await before.flush();
  assert.equal(before.waiting(), 1);

  one.answers.splice(0, 1, 204);
  const after = one.make();
  await after.flush();

  assert.equal(after.waiting(), 0);
  assert.equal(one.sent.length, 2);
  assert.equal(one.sent[0].id, one.sent[1].id, 'sent twice, it is the same');
  assert.match(one.sent[0].id, /^[0-9a-f]{32}$/);
  assert.deepEqual(Object.assign({}, one.sent[1], { id: 0 }), Object.assign({ id: 0 }, SAID));
});

test('what a busy server does not take is kept, what nobody takes is given up', async () => {
  for (const [status, left] of [[500, 1], [503, 1], [429, 1], [408, 1], [404, 0], [400, 0], [403, 0]]) {
    const one = phone([status]);
    const reports = one.make();
    reports.add(SAID);
    await reports.flush();
    assert.equal(reports.waiting(), left, String(status));
  }
});

test('two flushes at once send each report once', async () => {
  const one = phone([204]);
  const reports = one.make();
  for (let i = 0; i < 5; i++) reports.add(SAID);
  await Promise.all([reports.flush(), reports.flush()]);
  assert.equal(one.sent.length, 5);
  assert.equal(new Set(one.sent.map((report) => report.id)).size, 5);
});

test('one that is added while others are sent is sent too, and is not lost', async () => {
  const one = phone([204]);
  const reports = one.make();
  reports.add(SAID);
  const going = reports.flush();
  reports.add(SAID);
  await going;
  assert.equal(one.sent.length, 2);
  assert.equal(reports.waiting(), 0);
});

test('a phone keeps no more than so many, and what is no list is none', async () => {
  const one = phone(['offline']);
  one.kept['navkit.reports'] = '{"not": "a list"}';
  const reports = one.make();
  for (let i = 0; i < navkitReports.MOST + 7; i++) reports.add(SAID);
  assert.equal(reports.waiting(), navkitReports.MOST);
});
