/* Drawing on a level. A stroke is sent as a correction, and the answer is the level as it is then:
 * nothing is kept here but what one has changed, so that it can be taken back after a reload. */
(function () {
  'use strict';
  const page = /** @type {?HTMLElement} */ (document.getElementById('draw'));
  if (!page) { return; }
  const words = JSON.parse(page.dataset.words);
  const named = (id) => document.getElementById(id);
  const sheet = named('sheet');

  /** @typedef {{back: number, made: number}} Stroke versions before and after it */
  const KEY = 'navkit-drawn:' + page.dataset.state;
  /** @type {{past: Stroke[], future: Stroke[]}} */
  const kept = JSON.parse(localStorage.getItem(KEY) || '{"past":[],"future":[]}');
  const now = { version: 0, tool: 'select', thing: '' };
  /** Strokes are sent one after the other, in the order in which they were drawn. */
  let sent = Promise.resolve();
  const inTurn = function (act) { sent = sent.then(act); };
  /** @type {Map<string, any>} features by id */
  const shown = new Map();

  // ---------------------------------------------------------------- the sheet

  const ol = window.ol;
  const INK = '#16202b', RED = '#a32614', AMBER = '#8a4b00', GREEN = '#1d6b35', LEAD = '#0b4f6c';
  const source = { spaces: new ol.source.Vector(), doors: new ol.source.Vector(),
    walls: new ol.source.Vector(), measured: new ol.source.Vector() };
  const stroke = (color, width, lineDash) => new ol.style.Stroke({ color, width, lineDash });

  /** A line that is `metres` wide, but never too thin or too thick to be seen well. */
  const thick = (metres, resolution) => Math.max(2, Math.min(7, metres / resolution));
  const lookOfSpace = function (feature) {
    const one = feature.get('one'), chosen = one.id === now.thing;
    const shut = one.unreached.includes('walk'), steps = one.unreached.length > 0;
    const edge = chosen ? stroke(LEAD, 5) : shut ? stroke(RED, 3, [8, 4])
      : steps ? stroke(AMBER, 2, [2, 4]) : stroke(INK, 1);
    return new ol.style.Style({
      fill: new ol.style.Fill({ color: shut ? '#f7d4cc' : one.paint }),
      stroke: edge,
      zIndex: chosen ? 3 : shut ? 2 : steps ? 1 : 0,
      text: new ol.style.Text({ text: (shut ? '⚠ ' : '') + one.label, font: '13px system-ui, sans-serif',
        fill: new ol.style.Fill({ color: INK }), stroke: stroke('#fff', 3) }),
    });
  };
  const lookOfDoor = function (feature, resolution) {
    const one = feature.get('one'), chosen = one.id === now.thing;
    const color = chosen ? LEAD : one.guessed ? AMBER : one.entrance ? GREEN : INK;
    const width = thick(0.3, resolution) + (chosen ? 3 : 0);
    return [new ol.style.Style({ stroke: stroke('#fff', width + 3) }),
      new ol.style.Style({ stroke: stroke(color, width, one.guessed ? [4, 4] : undefined) })];
  };
  const layer = (from, style) => new ol.layer.Vector({ source: from, style, declutter: true });
  const view = new ol.View({ projection: new ol.proj.Projection({ code: 'metres', units: 'm',
    extent: [-1e6, -1e6, 1e6, 1e6] }), constrainResolution: false, enableRotation: false });
  const map = new ol.Map({
    target: sheet, view,
    controls: [new ol.control.Zoom({ zoomInTipLabel: words.zoom_in, zoomOutTipLabel: words.zoom_out }),
      new ol.control.ScaleLine()],
    layers: [layer(source.spaces, lookOfSpace),
      layer(source.walls, new ol.style.Style({ stroke: stroke('#5c6975', 1.5) })),
      layer(source.doors, lookOfDoor),
      layer(source.measured, new ol.style.Style({ stroke: stroke(LEAD, 3, [6, 6]) }))],
  });

  /** For tests and developers. */
  window.navkitDraw = map;

  const put = function (from, list, geometry) {
    from.clear();
    from.addFeatures(list.map(function (one) {
      const feature = new ol.Feature({ geometry: geometry(one), one });
      if (one.id) { shown.set(one.id, feature); }
      return feature;
    }));
  };

  /** @param {any} state as the server answers */
  const show = function (state) {
    const isFirst = !now.version && !shown.size;
    shown.clear();
    now.version = state.version;
    put(source.spaces, state.spaces, (one) => new ol.geom.Polygon([one.ring, ...one.holes]));
    put(source.doors, state.doors, (one) => new ol.geom.LineString(one.line));
    put(source.walls, state.walls, (one) => new ol.geom.LineString(one));
    const box = source.spaces.getExtent();
    if (isFirst && Number.isFinite(box[0])) { view.fit(box, { size: map.getSize(), padding: [20, 20, 20, 20] }); }
    named('told').textContent = state.told;
    list(state.findings);
    choose(shown.has(now.thing) ? now.thing : '');
    offer();
  };

  const button = function (text, act) {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'plain';
    made.textContent = text;
    made.addEventListener('click', act);
    return made;
  };

  /** What may be done about a finding: why, and a button for it. */
  const answerOf = function (one) {
    const told = document.createElement('p');
    told.append(one.why + ' ', button(words.take, () => draw(one.changes)));
    if (one.refuse.length) { told.append(button(words.refuse, () => draw(one.refuse))); }
    return told;
  };

  const list = function (findings) {
    named('count').textContent = findings.length;
    named('findings').replaceChildren(...findings.map(function (one) {
      const row = document.createElement('li'), mark = document.createElement('span');
      mark.className = 'mark ' + one.severity;
      mark.textContent = words[one.severity];
      row.append(mark, ' ' + one.text + ' ');
      if (shown.has(one.thing)) {
        row.append(button(words.show, function () { choose(one.thing); go(one.thing); }));
      }
      row.append(...one.answers.map(answerOf));
      return row;
    }));
  };

  const go = function (thing) {
    const extent = shown.get(thing).getGeometry().getExtent();
    view.fit(ol.extent.buffer(extent, 8), { size: map.getSize(), duration: 0 });
    sheet.scrollIntoView({ block: 'nearest' });
  };

  // ---------------------------------------------------------------- what is chosen

  const fieldsOf = {
    rename: (one, form) => {
      for (const input of form.querySelectorAll('input')) {
        input.value = input.name === 'ref' ? one.ref || '' : (one.names || {})[input.name] || '';
      }
    },
    'set-kind': (one, form) => { form.kind.value = one.kind; },
    restrict: (one, form) => { form.access.value = one.access; },
    'set-door': (one, form) => {
      form.entrance.checked = one.entrance;
      form.kind.value = one.kind;
      form.width_m.value = one.width_m || '';
    },
  };
  /** Which forms fit what is chosen. */
  const FORMS = {
    space: ['rename', 'set-kind', 'restrict', 'remove'], door: ['set-door', 'remove'],
    guess: ['add-door', 'no-door'],
  };
  const kindOf = (one) => (one.line ? (one.guessed ? 'guess' : 'door') : 'space');

  const choose = function (thing) {
    now.thing = thing;
    const one = thing ? shown.get(thing).get('one') : null;
    named('chosen').textContent = !one ? words.nothing : one.line ? words[kindOf(one)] : one.label || one.id;
    for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (page.querySelectorAll('form[data-do]'))) {
      const fits = Boolean(one) && FORMS[kindOf(one)].includes(form.dataset.do);
      form.hidden = !fits;
      if (fits && fieldsOf[form.dataset.do]) { fieldsOf[form.dataset.do](one, form); }
    }
    const more = /** @type {HTMLAnchorElement} */ (named('more')), to = new URL(more.href);
    to.searchParams.set('thing', thing);
    to.hash = 'mend';
    more.href = to.href;
    more.hidden = !(one && one.built);
    source.spaces.changed();
    source.doors.changed();
  };

  const middle = (line) => [0, 1].map((axis) => Number(((line[0][axis] + line[1][axis]) / 2).toFixed(3)));
  /** The change that a form asks for. */
  const changeOf = {
    rename: (one, form) => {
      const names = {};
      for (const input of form.querySelectorAll('input')) {
        if (input.name !== 'ref' && input.value.trim()) { names[input.name] = input.value.trim(); }
      }
      const ref = form.querySelector('[name=ref]').value.trim();
      return { id: one.id, names, ...(ref ? { ref } : {}) };
    },
    'set-kind': (one, form) => ({ id: one.id, kind: form.kind.value }),
    restrict: (one, form) => ({ id: one.id, access: form.access.value }),
    'set-door': (one, form) => ({ id: one.id, kind: form.kind.value, entrance: form.entrance.checked,
      ...(form.width_m.value ? { width_m: Number(form.width_m.value) } : {}) }),
    remove: (one) => ({ id: one.id }),
    'add-door': (one) => ({ spaces: one.spaces.filter(Boolean), point: middle(one.line) }),
    'no-door': (one) => ({ spaces: one.spaces.filter(Boolean) }),
  };
  page.addEventListener('submit', function (event) {
    const form = /** @type {HTMLFormElement} */ (event.target), what = form.dataset.do;
    event.preventDefault();
    draw([{ do: what, ...changeOf[what](shown.get(now.thing).get('one'), form) }]);
  });

  // ---------------------------------------------------------------- strokes

  /** @param {object} asked @returns {Promise<any>} the level then; null if it was refused */
  const send = async function (asked) {
    const trouble = named('trouble');
    const options = asked && { method: 'POST', body: JSON.stringify(asked),
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': page.dataset.token } };
    trouble.hidden = true;
    try {
      const answer = await fetch(page.dataset.state, { credentials: 'same-origin', ...options });
      const said = await answer.json();
      if (answer.ok) { show(said); return said; }
      trouble.textContent = said.text;
    } catch (error) {
      trouble.textContent = words.offline;
    }
    trouble.hidden = false;
    return null;
  };

  /** @param {any[]} changes that belong together */
  const draw = (changes) => inTurn(async function () {
    const back = now.version, known = new Set(shown.keys());
    const said = await send({ version: back, changes });
    if (!said) { await refresh(); return; }
    // A new room is to be named next.
    if (changes[0].do === 'add-space') { choose([...shown.keys()].find((id) => !known.has(id)) || ''); }
    kept.past.push({ back, made: said.version });
    kept.future = [];
    keep();
  });

  /** After a refusal: the level as it is, and the sentence stays. */
  const refresh = async function () {
    const told = named('trouble').textContent;
    if (await send(null)) { named('trouble').textContent = told; named('trouble').hidden = false; }
  };

  const keep = function () {
    localStorage.setItem(KEY, JSON.stringify(kept));
    offer();
  };
  const offer = function () {
    /** @type {HTMLButtonElement} */ (named('undo')).disabled = !kept.past.length;
    /** @type {HTMLButtonElement} */ (named('redo')).disabled = !kept.future.length;
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

  // ---------------------------------------------------------------- tools

  const ringOf = (geometry) => geometry.getCoordinates()[0].slice(0, -1)
    .map((point) => point.map((metres) => Number(metres.toFixed(3))));
  const snap = () => new ol.interaction.Snap({ source: source.spaces, pixelTolerance: 12 });
  const drawing = function (options, end) {
    const pen = new ol.interaction.Draw(options);
    pen.on('drawend', (event) => end(event.feature.getGeometry()));
    return [pen, snap()];
  };
  const newRoom = (geometry) => draw([{ do: 'add-space', outline: ringOf(geometry), kind: 'room' }]);
  /** The interactions of each tool. */
  const TOOLS = {
    select: () => [],
    room: () => drawing({ type: 'Polygon' }, newRoom),
    box: () => drawing({ type: 'Circle', geometryFunction: ol.interaction.Draw.createBox() }, newRoom),
    door: () => [],
    shape: () => {
      const feature = shown.get(now.thing);
      const isSpace = feature && !feature.get('one').line;
      const pen = new ol.interaction.Modify({ features: new ol.Collection(isSpace ? [feature] : []) });
      pen.on('modifyend', () => draw([{ do: 'reshape', id: now.thing, outline: ringOf(feature.getGeometry()) }]));
      return [pen, snap()];
    },
    measure: () => drawing({ type: 'LineString', source: source.measured }, function (geometry) {
      named('told').textContent = words.metres.replace('{metres}', geometry.getLength().toFixed(2));
    }),
  };
  let held = [];
  const take = function (tool) {
    now.tool = tool;
    held.forEach((one) => map.removeInteraction(one));
    source.measured.clear();
    held = TOOLS[tool]();
    held.forEach((one) => map.addInteraction(one));
    named('hint').textContent = words['hint_' + tool];
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll('[data-tool]'))) {
      button.setAttribute('aria-pressed', String(button.dataset.tool === tool));
    }
  };
  page.addEventListener('click', function (event) {
    const chosen = /** @type {?HTMLElement} */ (/** @type {Element} */ (event.target).closest('[data-tool]'));
    if (chosen) { take(chosen.dataset.tool); }
  });

  const point = (coordinate) => coordinate.map((metres) => Number(metres.toFixed(3)));
  const click = function (coordinate) {
    if (now.tool === 'door') { draw([{ do: 'add-door', point: point(coordinate) }]); return; }
    if (now.tool !== 'select' && now.tool !== 'shape') { return; }
    const found = map.getFeaturesAtPixel(map.getPixelFromCoordinate(coordinate), { hitTolerance: 8 })
      .map((feature) => feature.get('one')).filter((one) => one && one.id);
    const door = found.find((one) => one.line);
    choose((door || found[0] || { id: '' }).id);
    if (now.tool === 'shape') { take('shape'); }
  };
  map.on('singleclick', (event) => click(event.coordinate));

  // With the keyboard the middle of the sheet is the pen's point: arrows move the sheet under it.
  sheet.addEventListener('keydown', function (event) {
    const pen = held.find((one) => one instanceof ol.interaction.Draw), centre = view.getCenter();
    if (event.key === 'Enter' && pen && now.tool !== 'box') {
      pen.appendCoordinates([centre]);
    } else if (event.key === 'Enter') {
      click(centre);
    } else if (event.key === ' ' && pen) {
      pen.finishDrawing();
    } else if (event.key === 'Backspace' && pen) {
      pen.removeLastPoint();
    } else if (event.key === 'Escape') {
      take('select');
    } else {
      return;
    }
    event.preventDefault();
  });

  inTurn(() => send(null));
})();
