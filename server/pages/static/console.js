/* What is nicer with JavaScript: a build's progress as it comes; where exactly somebody clicked on
 * a map; what takes a moment to compute, in its place on the page. Every page works without. */
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
  const late = /** @type {?HTMLElement} */ (document.querySelector('[data-load]'));
  if (late) {
    const load = async function () {
      late.setAttribute('aria-busy', 'true');
      try {
        const answer = await fetch(late.dataset.load, { credentials: 'same-origin' });
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const found = page.getElementById('loaded');
        if (answer.ok && found) { late.replaceChildren(found); }
      } catch (error) { /* The link to the same page stays. */ }
      late.removeAttribute('aria-busy');
    };
    load();
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
