/* What is nicer with JavaScript: a build's progress as it comes; where exactly somebody clicked on
 * a map. Every page works without. */
(function () {
  'use strict';
  const map = /** @type {?SVGSVGElement} */ (/** @type {?Element} */ (document.getElementById('map')));
  if (map) {
    map.addEventListener('click', function (event) {
      const target = /** @type {Element} */ (event.target);
      const link = /** @type {?SVGAElement} */ (/** @type {?Element} */ (target.closest('a')));
      if (!link) { return; }
      const at = new DOMPoint(event.clientX, event.clientY)
        .matrixTransform(map.getScreenCTM().inverse());
      const to = new URL(link.href.baseVal, location.href);
      to.searchParams.set('px', at.x.toFixed(1));
      to.searchParams.set('py', at.y.toFixed(1));
      event.preventDefault();
      location.assign(to);
    });
  }
  const told = /** @type {?HTMLElement} */ (document.querySelector('[data-progress]'));
  if (!told) { return; }
  const bar = /** @type {HTMLProgressElement} */ (document.getElementById('bar'));
  const ask = async function () {
    try {
      const answer = await fetch(told.dataset.progress, { credentials: 'same-origin' });
      const said = await answer.json();
      if (said.state !== 'waiting' && said.state !== 'running') { location.reload(); return; }
      if (told.textContent !== said.text) { told.textContent = said.text; }
      if (said.all) { bar.max = said.all; bar.value = said.done; } else { bar.removeAttribute('value'); }
    } catch (error) { /* The network may be back at the next try. */ }
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 500);
})();
