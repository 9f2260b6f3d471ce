/* What is still to be mended on the level, and what may be done about it. */
import { button, named, words } from './page.js';
import { go, shown } from './sheet.js';
import { choose } from './chosen.js';
import { draw } from './strokes.js';

/** What may be done about a finding: why, and a button for it. */
const answerOf = function (one) {
  const told = document.createElement('p');
  told.append(one.why + ' ', button(words.take, () => draw(one.changes)));
  if (one.refuse.length) { told.append(button(words.refuse, () => draw(one.refuse))); }
  return told;
};

export const list = function (findings) {
  named('count').textContent = findings.length;
  named('findings').replaceChildren(...findings.map(function (one) {
    const row = document.createElement('li'), mark = document.createElement('span');
    mark.className = 'mark ' + one.severity;
    mark.textContent = words[one.severity];
    row.append(mark, ' ' + one.text + ' ');
    if (shown.has(one.thing)) {
      row.append(button(words.show, function () { choose([one.thing]); go(one.thing); }));
    }
    row.append(...one.answers.map(answerOf));
    return row;
  }));
};
