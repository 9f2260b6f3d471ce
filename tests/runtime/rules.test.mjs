// Rules that Python and JavaScript share, with the same examples for both.

import assert from 'node:assert';
import test from 'node:test';
import navkit from '../../exporter/runtime/core/navkit.js';
import { readJson } from './bundle.mjs';

const rules = readJson(new URL('../conformance/rules.json', import.meta.url));

test('local times as minutes since 1970', () => {
  for (const [text, minute] of rules.local_minute) {
    assert.deepStrictEqual(navkit.localMinute(text), minute === null ? NaN : minute, text);
  }
});

test('minutes of the week', () => {
  for (const [minute, ofWeek] of rules.minute_of_week) {
    assert.strictEqual(navkit.minuteOfWeek(minute), ofWeek);
  }
});

test('opening hours', () => {
  for (const [, spans, minute, isOpen] of rules.hours) {
    assert.strictEqual(navkit.isOpen(spans, minute), isOpen, `${spans} ${minute}`);
  }
});

test('metres as they are told', () => {
  for (const [lengthCm, metres] of rules.rounded_m) {
    assert.strictEqual(navkit.roundedM(lengthCm), metres);
  }
});

test('minutes as they are told', () => {
  for (const [durationMs, minutes] of rules.rounded_min) {
    assert.strictEqual(navkit.roundedMin(durationMs), minutes);
  }
});

test('rules of opening hours', () => {
  for (const [text, read] of rules.rules_of) {
    const rows = navkit.rulesOf(text)?.map(({ days, times }) => [days, times]) ?? null;
    assert.deepStrictEqual(rows, read, text);
  }
});

test('numbers in names as they are said', () => {
  for (const [language, digits, words] of rules.say_digits) {
    const book = readJson(new URL(`../../navkit/words/${language}/guidance.json`, import.meta.url));
    const spoken = JSON.stringify(book.spoken).replace(/<(\w+)>/g, (_, name) => book.spoken.choices[name][0]);
    assert.strictEqual(navkit.sayDigits(digits, JSON.parse(spoken)), words);
  }
});

test('turns: right is positive, back is 180', () => {
  for (const [before, after, deg] of rules.turn_between) {
    const heading = (towards) => Math.atan2(towards[1], towards[0]);
    assert.strictEqual(navkit.turnBetween(heading(before), heading(after)), deg);
  }
});
