/* Strokes. Each is sent as corrections, and the answer is the level as it is then: nothing is kept
 * here but what one has changed, so that it can be taken back after a reload. */
import { ask } from './asking.js';
import { settle } from './conflict.js';
import { named, now, page } from './page.js';

/** @typedef {{back: number, made: number}} Stroke versions before and after it */
const KEY = 'navkit-drawn:' + page.dataset.state;
/** @type {{past: Stroke[], future: Stroke[]}} */
const kept = JSON.parse(localStorage.getItem(KEY) || '{"past":[],"future":[]}');
/** Strokes are sent one after the other, in the order in which they were drawn. */
let sent = Promise.resolve();
const inTurn = function (act) { sent = sent.then(act); };

/** @type {((state: any) => void)[]} */
const followers = [];
/** Call `act` with each state of the level that the server answers. */
export const onState = (act) => followers.push(act);

/** Strokes that are under way. */
let waiting = 0;
export const isIdle = () => waiting === 0 && named('conflict').hidden;

/** @param {object} [asked] @returns {Promise<any>} the level then; null if it was refused */
const send = async function (asked) {
  const trouble = named('trouble');
  trouble.hidden = true;
  waiting += 1;
  const { ok, said } = await ask(page.dataset.state, asked);
  waiting -= 1;
  if (ok) {
    now.version = said.version;
    followers.forEach((act) => act(said));
    offer();
    return said;
  }
  if (said.instead) { return settled(said); }
  trouble.textContent = said.text;
  trouble.hidden = false;
  return null;
};

/** Until somebody has said what is to count, nothing else is sent. */
const settled = (said) => new Promise(function (resolve) {
  settle(said, async function (asked) {
    const state = await send(asked || undefined);
    resolve(state && { ...state, isTheirs: !asked });
  });
});

/** One stroke. @param {any[]} changes that belong together @param {(state: any) => void} [then] */
export const draw = (changes, then) => act({ changes }, then);

/** The same, in other words than changes: what the server makes changes of.
 * @param {object} asked @param {(state: any) => void} [then] */
export const act = (asked, then) => inTurn(async function () {
  const back = now.version;
  const said = await send({ version: back, ...asked });
  if (!said) { await refresh(); return; }
  if (said.version === back || said.isTheirs) { return; }
  if (then) { then(said); }
  kept.past.push({ back: said.version - 1, made: said.version });
  kept.future = [];
  keep();
});

/** After a refusal: the level as it is, and the sentence stays. */
const refresh = async function () {
  const told = named('trouble').textContent;
  if (await send()) { named('trouble').textContent = told; named('trouble').hidden = false; }
};

const keep = function () {
  localStorage.setItem(KEY, JSON.stringify(kept));
  offer();
};
const offer = function () {
  named('undo').disabled = !kept.past.length;
  named('redo').disabled = !kept.future.length;
};
/** @param {Stroke[]} from @param {Stroke[]} to @param {(one: Stroke) => object} asked */
const turn = (from, to, asked) => inTurn(async function () {
  if (!from.length) { return; }
  if (!await send(asked(from[from.length - 1]))) { await refresh(); return; }
  to.push(from.pop());
  keep();
});
named('undo').addEventListener('click', () => turn(kept.past, kept.future, (one) => one));
named('redo').addEventListener('click', () => turn(kept.future, kept.past,
  (one) => ({ made: one.back, back: one.made })));

/** The level as it is now. */
export const begin = () => inTurn(() => send());
