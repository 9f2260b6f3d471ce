/* Drawing on a level: each module here is one idea of it, and this one begins. */
import { keep } from './chosen.js';
import { list } from './findings.js';
import * as marks from './marks.js';
import { named } from './page.js';
import { show } from './sheet.js';
import { begin, onState } from './strokes.js';
import { renew, take } from './tools.js';
import './under.js';
import * as way from './way.js';
import './others.js';

onState(function (state) {
  show(state);
  marks.keep();
  named('told').textContent = state.told;
  list(state.findings);
  keep();
  renew();
  way.renew();
});
take('select');
begin();
