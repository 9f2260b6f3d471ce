/* Who else has the level open, and what they have drawn since. */
import { ask } from './asking.js';
import { named, now, page } from './page.js';
import { begin, isIdle } from './strokes.js';

const EVERY_MS = 5000;

const look = async function () {
  if (!document.hidden) {
    const { ok, said } = await ask(page.dataset.others);
    if (ok) {
      named('others').textContent = said.told;
      if (said.version !== now.version && isIdle() && !now.isDragging) { begin(); }
    }
  }
  setTimeout(look, EVERY_MS);
};
setTimeout(look, 500);
