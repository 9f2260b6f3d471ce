/* The page: draws the view of `navkitApp`, and reports touches to it.
 *
 * Words come from `exporter/words/`, decisions from `runtime/client/app.js`, the map from `runtime/client/map.js`.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('../../runtime/core/navkit.js'), require('../../runtime/client/app.js'),
      require('../../runtime/client/install.js'), require('../../runtime/client/trust.js'),
      require('../../runtime/client/follow.js'), require('../../runtime/client/reports.js'),
      () => require('../../runtime/client/voice.js'),
      require('../../runtime/platform/store-browser.js'),
      require('../../runtime/platform/voice-browser.js'),
      require('../../runtime/platform/motion-browser.js'), require('./load.js'),
      require('./map-view.js'), require('./qr.js'), require('./looking.js'),
      require('./awake.js'),
      require('./hospitals.js')
    );
  } else {
    make(
      root.navkit, root.navkitApp, root.navkitInstall, root.navkitTrust, root.navkitFollow,
      root.navkitReports, () => root.navkitVoice, root.navkitStoreBrowser, root.navkitVoiceBrowser,
      root.navkitMotionBrowser, root.navkitLoad, root.navkitMapView, root.navkitQr,
      root.navkitLooking, root.navkitAwake, root.navkitHospitals
    ).begin();
  }
})(this, /**
 * @param {typeof import('../../runtime/core/navkit.js')} navkit
 * @param {typeof import('../../runtime/client/app.js')} navkitApp
 * @param {typeof import('../../runtime/client/install.js')} navkitInstall
 * @param {typeof import('../../runtime/client/trust.js')} navkitTrust
 * @param {typeof import('../../runtime/client/follow.js')} navkitFollow
 * @param {typeof import('../../runtime/client/reports.js')} navkitReports
 * @param {() => typeof import('../../runtime/client/voice.js')} navkitVoice Late, as routes are.
 * @param {typeof import('../../runtime/platform/store-browser.js')} navkitStoreBrowser
 * @param {typeof import('../../runtime/platform/voice-browser.js')} navkitVoiceBrowser
 * @param {typeof import('../../runtime/platform/motion-browser.js')} navkitMotionBrowser
 * @param {typeof import('./load.js')} navkitLoad
 * @param {typeof import('./map-view.js')} navkitMapView
 * @param {typeof import('./qr.js')} navkitQr
 * @param {typeof import('./looking.js')} navkitLooking
 * @param {typeof import('./awake.js')} navkitAwake
 * @param {typeof import('./hospitals.js')} navkitHospitals
 */ function (
  navkit, navkitApp, navkitInstall, navkitTrust, navkitFollow, navkitReports, navkitVoice,
  navkitStoreBrowser, navkitVoiceBrowser, navkitMotionBrowser, navkitLoad, navkitMapView, navkitQr,
  navkitLooking, navkitAwake, navkitHospitals
) {
  'use strict';

  const TURN_MS = 40;
  const AGAIN_MS = 60000;
  /** The scripts that routes need, and maps do not. */
  const LATER = 'later.js';
  /** Timeout for the answer to a report, which stays queued on the phone. */
  const REPORT_MS = 20000;
  const IDLE_S = 90;
  const WARN_S = 15;
  const ARROWS = { left: '←', right: '→', back: '↩', ahead: '↑', change: '⇅' };
  const main = document.getElementById('main');
  const top = document.getElementById('top');
  const mapBox = document.getElementById('map');
  const paper = document.getElementById('paper');
  const live = document.getElementById('live');
  const status = document.getElementById('status');
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById('settings'));
  const hand = /** @type {HTMLDialogElement} */ (document.getElementById('hand'));
  const idle = document.getElementById('idle');
  /** The build of a draft, in the console's preview; '' on a page for patients. */
  const draft = window.navkitDraft || '';
  /** The local time that a preview shows, '' for the current one. */
  const draftAt = draft && (new URLSearchParams(location.search).get('at') || '');
  const draftBar = draft && document.createElement('p');
  const isDesk = /[?&]desk\b/.test(location.search);

  let app = null;
  let bundle = null;
  let release = null;
  let keptFile = null;
  let readMore = null;
  let follower = null;
  /** The hospital whose map is open: the page's own, or another of its catalogue. */
  let place = null;
  let reports = null;
  let signed = null;
  let map = null;
  let shown = {};
  let isGoing = false;
  let isWarned = false;
  const installed = { ready: false, state: 'loading', percent: 0, told: '', clips: '' };

  // ------------------------------------------------------------------ making

  /** An element: attributes, `on…` handlers, children (texts, elements, lists, nothing). */
  function h(tag, props) {
    const made = document.createElement(tag);
    Object.keys(props || {}).forEach(function (name) {
      const value = props[name];
      if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, '');
      else if (value !== false && value !== null && value !== undefined) {
        made.setAttribute(name, value);
      }
    });
    const add = function (child) {
      if (Array.isArray(child)) child.forEach(add);
      else if (child !== null && child !== undefined && child !== false && child !== '') {
        made.append(child);
      }
    };
    for (let i = 2; i < arguments.length; i++) add(arguments[i]);
    return made;
  }

  function button(text, act, props) {
    return h('button', Object.assign({ type: 'button', onclick: act }, props), text);
  }

  /** Buttons of which one is selected. */
  function choices(all, act, label) {
    return h('div', { class: 'row', role: 'group', 'aria-label': label }, all.map((one) => button(
      one.name, function () { act(one); },
      { 'aria-pressed': String(Boolean(one.chosen)), id: one.mark })));
  }

  function heading(text) {
    return h('h1', { tabindex: '-1' }, text);
  }

  /** A list of places; `act` gets the number of the chosen one. `more`: also what is known of each,
   * and in the list of favourites a way out of it. */
  function places(all, act, more) {
    return h('ul', { class: 'list' }, all.map((one) => h('li', null,
      button([one.name, h('small', null, [one.ref, one.where].filter(Boolean).join(' · '))],
        function () { act(one.place); }, { 'data-place': one.place }),
      more && button('ⓘ', function () { app.look(one.place); },
        { class: 'keep', 'aria-label': one.details, 'data-look': one.place }),
      more === 'kept' && button('★', function () { app.favourite(one.place); },
        { class: 'keep', 'aria-label': one.keep, 'aria-pressed': 'true' }))));
  }

  /** Enter takes the first result. */
  function takeFirst(results) {
    return function (event) {
      const first = results.querySelector('.list button');
      if (event.key === 'Enter' && first) first.click();
    };
  }

  // ----------------------------------------------------------------- screens

  const helps = navkitLooking.aids({ h: h, button: button, over: showOver, app: () => app });

  const SCREENS = Object.assign({
    find: function (view) {
      const words = view.words.find;
      const results = h('div', { id: 'results' });
      const notes = h('div');
      const state = h('p', { class: 'soft', id: 'state' });
      const box = h('input', {
        type: 'search', id: 'search', autocomplete: 'off', value: view.find.query,
        'aria-describedby': 'hint', oninput: function () { app.search(box.value); },
        onfocus: function () { app.touchSearch(); }, onkeydown: takeFirst(results),
      });
      return {
        parts: [heading(words.title), notes, h('label', { for: 'search' }, words.search), box,
          h('p', { id: 'hint', class: 'soft' }, words.hint), needs(view), results,
          button(view.words.browse.open, function () { app.browse(); }, { id: 'browse' }), state],
        update: function (now) {
          notes.replaceChildren(
            ...now.find.notices.map((text) => h('p', { class: 'warn', role: 'alert' }, text)),
            now.find.from && h('p', { class: 'good' }, now.find.from));
          fillResults(results, now);
          state.textContent = [readiness(), ...ages().slice(0, 2)].join(' · ');
        },
      };
    },

    start: function (view) {
      const words = view.words.start;
      const results = h('div');
      const error = h('p', { class: 'warn', role: 'alert', hidden: true });
      const code = h('input', {
        id: 'code', autocomplete: 'off', autocapitalize: 'characters',
        onkeydown: function (event) { if (event.key === 'Enter') begin(); },
      });
      const door = h('input', {
        id: 'door', type: 'search', autocomplete: 'off', value: view.start.query,
        oninput: function () { app.searchStart(door.value); },
        onfocus: function () { app.touchSearch(); }, onkeydown: takeFirst(results),
      });
      const begin = function () {
        if (code.value.trim()) app.startAtCode(code.value);
      };
      return {
        parts: [heading(view.start.title), view.start.going && h('p', null, view.start.going),
          button(words.scan, scan, { class: 'main', id: 'scan' }),
          h('div', { id: 'camera', hidden: true },
            h('video', { 'aria-label': words.camera, muted: true, playsinline: true }),
            button(words.stop, stopScan, { class: 'main' })),
          error,
          h('label', { for: 'code' }, words.code),
          h('div', { class: 'row' }, code, button('→', begin, { 'aria-label': words.code })),
          h('label', { for: 'door' }, words.door), door, results,
          h('div', { class: 'row' }, helps()),
          h('p', { class: 'soft' }, words.map),
          h('h2', null, words.entrances),
          places(view.start.entrances, function (place) { app.startAt(place); })],
        update: function (now) {
          error.hidden = !now.start.error;
          error.textContent = now.start.error;
          results.replaceChildren(
            places(now.start.results, function (place) { app.startAt(place); }));
        },
      };
    },

    route: function (view) {
      const words = view.words.route;
      const one = view.route;
      return {
        parts: [heading(one.to), h('p', null, one.from),
          one.error && h('p', { class: 'warn', role: 'alert' }, one.error),
          one.summary && h('p', { class: 'now' }, one.summary),
          one.overview && h('p', null, one.overview),
          glance(one.glance),
          one.parts.length > 1 && h('p', { class: 'soft' }, one.parts.join(' · ')),
          one.notices.map((text) => h('p', { class: 'warn' }, text)),
          !one.error && h('div', { class: 'row' },
            one.mayGo && button(words.go, function () { app.go(); }, { class: 'main grow' }),
            one.address && button(
              view.words.desk.hand, handRoute, { class: isDesk ? 'main grow' : null }),
            button(view.words.desk.print, print)),
          !one.error && offerBox(view),
          h('div', { class: 'row' }, helps()),
          h('h2', null, words.profile),
          choices(one.profiles, function (is) { app.set('profile', is.id); }, words.profile),
          one.groups.length > 0 && [h('h2', null, words.group),
            choices(one.groups, function (is) { app.chooseGroup(is.id); }, words.group)],
          one.others.length > 0 && [h('h2', null, words.others), h('ul', { class: 'list' },
            one.others.map((other) => h('li', null,
              button(other.text, function () { app.takeOther(other.number); }))))],
          one.steps.length > 0 && [h('h2', null, words.steps), steps(one.steps)],
          h('div', { class: 'row' },
            button(words['change-start'], function () { app.askStart(); }),
            button(words['change-goal'], function () { app.askGoal(); }))],
      };
    },

    emergency: function (view) {
      return { parts: emergency(view.emergency) };
    },

    walk: function (view) {
      const words = view.words.walk;
      const one = view.walk;
      return {
        parts: [heading(one.progress + ' · ' + one.where)],
        card: [
          one.notice && h('p', { class: 'warn', role: 'alert' }, one.notice),
          h('div', { class: 'next' }, moves(one.moves, words.moves), picture(one.photo)),
          h('div', { class: 'now' }, one.text)],
        sheet: [
          isLoud(one.along) && along(one.along, view.words.along),
          h('div', { class: 'row turning' },
            button('‹', function () { app.previous(); },
              { disabled: one.number === 0, 'aria-label': words.previous, id: 'previous' }),
            button(one.isLast ? words.arrived : words.next, function () { app.next(); },
              { class: 'main grow', id: 'next' }),
            moreButton(words)),
          h('div', { id: 'more', hidden: !isOpen },
            one.then && h('p', null, one.then),
            h('div', { class: 'row' },
              button(words.lost, function () { app.lost(); }),
              button(words.blocked, function () { app.blocked(); }),
              button(words.repeat, function () { app.speak(); }),
              button(one.pace, function () { app.slower(); }, { id: 'slower' }),
              button(view.settings.muted ? words.unmute : words.mute,
                function () { app.set('muted', !view.settings.muted); }),
              one.canReport && button(words.wrong, function () { app.report(); }, { id: 'wrong' }),
              button(words.end, function () { app.restart(); })),
            one.textOnly && h('p', { class: 'soft', id: 'text-only' }, one.textOnly),
            one.textOnly && offerBox(view),
            !isLoud(one.along) && along(one.along, view.words.along),
            h('h2', null, view.words.route.steps), steps(one.steps))],
        update: function (now) {
          const said = now.walk.along ? now.walk.along.text : '';
          if (status.textContent !== said) status.textContent = said;
        },
      };
    },

    arrived: function (view) {
      const words = view.words.arrived;
      const one = view.arrived;
      return {
        parts: [heading(words.title)],
        card: [
          h('p', { class: 'now' }, one.at), one.sign && h('p', { class: 'sign' }, one.sign),
          picture(one.photo)],
        sheet: [
          h('div', { class: 'row turning' },
            button(words.back, function () { app.turnBack(); }, { class: 'main grow' }),
            button(words.another, function () { app.restart(); }, { class: 'grow' })),
          one.facts.filter((fact) => fact !== one.sign).map((fact) => h('p', null, fact))],
      };
    },
  }, navkitLooking.screens({
    h: h, button: button, choices: choices, heading: heading, places: places, picture: picture,
    hand: handOver, helps: helps, app: () => app,
  }));

  /** Asked once on a phone of one's own: how somebody walks and sees. */
  function needs(view) {
    const words = view.words.needs;
    return view.needs && h('section', { class: 'needs', id: 'needs', 'aria-label': words.title },
      h('p', null, words.title),
      h('div', { class: 'row' }, view.needs.concat({ id: '', name: words.none }).map((one) => button(
        one.name, function () { app.answerNeed(one.id); }, { 'data-need': one.id }))));
  }

  /** Parts over the screen, with a heading and a button that closes them. */
  function showOver(label, parts) {
    hand.setAttribute('aria-label', label);
    hand.replaceChildren(...[
      h('div', { class: 'beside' },
        h('h1', { tabindex: '-1', autofocus: true }, label),
        button(app.view().words.settings.close, function () { hand.close(); })),
      parts].flat(3).filter(Boolean));
    hand.showModal();
  }

  /** Where there is room for the whole sheet beside the map. */
  const WIDE = '(orientation: landscape) and (min-width: 900px)';

  /** Whether the sheet of a walk is open. */
  let isOpen = false;

  /** Opens and closes the sheet; the rest of the screen stays as it is. */
  function moreButton(words) {
    const make = () => ({ 'aria-expanded': String(isOpen), 'aria-controls': 'more', id: 'open',
      'aria-label': isOpen ? words.less : words.more });
    const own = button(isOpen ? '▾' : '▴', function () {
      isOpen = !isOpen;
      document.getElementById('more').hidden = !isOpen;
      own.textContent = isOpen ? '▾' : '▴';
      Object.entries(make()).forEach(([name, value]) => own.setAttribute(name, value));
    }, make());
    return own;
  }

  /** What there is to do at a step: an arrow each, as one will see it, and how far it is. Of several
   * the map shows the one that was tapped. */
  function moves(all, label) {
    const parts = (one) => [direction(one), one.far && h('span', { class: 'far' }, one.far)];
    if (all.length === 1) return h('div', { class: 'moves' }, h('div', { class: 'move' }, parts(all[0])));
    return h('div', { class: 'moves', role: 'group', 'aria-label': label }, all.map((one) => button(
      [parts(one), h('span', { class: 'unseen' }, one.text)],
      function () { app.showMove(one.number); },
      { class: 'move', 'aria-pressed': String(one.chosen), id: 'move-' + one.number })));
  }

  const SVG = 'http://www.w3.org/2000/svg';
  /** From the middle of the arrow to its tip, in its own units. */
  const TIP = 11;
  const BACK = 'M16 30V13a6 6 0 0 0-12 0v9M-1 17l5 6 5-6';

  /** The arrow of a move: it comes from below and leaves as one turns; of a ride what one takes. */
  function direction(one) {
    const drawn = document.createElementNS(SVG, 'svg');
    drawn.setAttribute('viewBox', '0 0 32 32');
    drawn.setAttribute('class', 'direction');
    drawn.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', one.sign === 'change' ? RIDES[one.way] || RIDES.up : arrowOf(one));
    drawn.append(path);
    return drawn;
  }

  const RIDES = {
    up: 'M5 5h22v23h-22zM16 23V11M11 15l5-5 5 5',
    down: 'M5 5h22v23h-22zM16 10v12M11 18l5 5 5-5',
  };

  /** Its outline: a stem, a bend by the turn, a tip. */
  function arrowOf(one) {
    if (one.sign === 'back') return BACK;
    const least = { left: -40, right: 40 }[one.sign] || 0;
    const deg = least < 0 ? Math.max(-130, Math.min(one.deg, least))
      : (least > 0 ? Math.min(130, Math.max(one.deg, least)) : 0);
    const at = (turn, far) => {
      const radians = (deg + turn) * Math.PI / 180;
      return [far * Math.sin(radians), -far * Math.cos(radians)];
    };
    const [x, y] = [16 - at(0, TIP)[0] / 2, deg ? 17 : 14];
    const [dx, dy] = at(0, TIP);
    const barb = (turn) => [x + dx + at(turn, 7)[0], y + dy + at(turn, 7)[1]].join(' ');
    const tip = [x + dx, y + dy].join(' ');
    return `M${x} 30V${y}L${tip}M${barb(140)}L${tip}L${barb(-140)}`;
  }

  /** Following along: its button, what it says, and what can be answered to what it asks. */
  function along(one, words) {
    return one && h('div', { class: 'along', id: 'along' },
      one.text && h('p', null, one.text),
      one.answers.map((is) => button(is.text, function () { app.answer(is.id); },
        { class: 'main', id: 'answer-' + is.id })),
      h('div', { class: 'row' },
        one.mayScan && button(words.scan, function () { app.lost(); }),
        button(one.button, function () { app.followAlong(); }, { id: 'follow' })),
      one.note && h('p', { class: 'soft' }, one.note));
  }

  /** Whether it says something to somebody who walks. */
  function isLoud(one) {
    return Boolean(one) && (one.isOn || one.hasEnded);
  }

  /** Everything that is shown during an emergency. */
  function emergency(said) {
    return [
      h('div', { role: 'alert', class: 'emergency' }, heading(said.title),
        h('p', null, said.staff), h('p', null, said.lifts)),
      h('p', null, said.stopped), said.since && h('p', null, said.since),
      said.heard && h('p', { class: 'unheard' }, said.heard),
      said.goOn && button(said.goOn, function () { app.goOn(); }, { id: 'go-on' }),
    ];
  }

  /** An emergency is shown before there is a map. */
  function warnEarly() {
    const alarm = navkitFollow.emergency(signed, Date.now());
    isWarned = Boolean(alarm);
    if (!isWarned) return;
    const phone = Array.from(navigator.languages || [navigator.language]);
    document.documentElement.className = 'at-emergency';
    mapBox.hidden = true;
    main.replaceChildren(...emergency(
      navkitApp.stoppedEarly(window.navkitWords, phone, alarm)).filter(Boolean));
  }

  const pictures = {};

  /** A photo that is read when its step is shown; none if it has not arrived yet. */
  function picture(photo) {
    if (!photo) return null;
    const figure = h('figure', { class: 'photo', hidden: true });
    if (!pictures[photo.file]) pictures[photo.file] = keptFile(photo.file);
    pictures[photo.file].then(function (bytes) {
      if (!bytes) {
        delete pictures[photo.file]; // It may still arrive.
        return;
      }
      const url = URL.createObjectURL(new Blob([bytes], { type: 'image/webp' }));
      figure.append(h('img', {
        src: url, alt: photo.text, width: photo.width, height: photo.height,
        onload: function () { URL.revokeObjectURL(url); },
      }));
      figure.hidden = false;
    });
    return figure;
  }

  function fillResults(box, view) {
    const words = view.words.find;
    const find = view.find;
    const choose = function (place) { app.choose(place); };
    status.textContent = find.told;
    box.replaceChildren(...[
      find.query.trim() ? h('p', { class: 'soft' }, find.told) : null,
      find.query.trim() ? places(find.results, choose, 'known') : null,
      h('div', { class: 'row', role: 'group' }, find.chips.map((chip) => button(
        chip.name, function () { app.nearest(chip.id); }))),
      find.favourites.length && !find.query.trim()
        ? h('section', null, h('h2', null, words.favourites), places(find.favourites, choose, 'kept'))
        : null,
      find.recents.length && !find.query.trim()
        ? h('section', null, h('h2', null, words.recents), places(find.recents, choose, 'known'))
        : null,
    ].filter(Boolean));
  }

  function steps(all) {
    return h('ol', { class: 'list steps' }, all.map((one) => h('li',
      one.current ? { 'aria-current': 'step' } : null,
      button([one.text, h('small', null, one.where + ' · ' + one.time)],
        function () { app.screen === 'walk' ? app.show(one.number) : app.go(one.number); }))));
  }

  /** The direction of a step, beside its words. */
  function arrow(sign) {
    return h('span', { class: 'arrow', 'aria-hidden': 'true' }, ARROWS[sign]);
  }

  /** The floors of a route, one after the other. The overview says it in words. */
  function glance(floors) {
    return floors.length > 0 && h('ol', { class: 'glance', 'aria-hidden': 'true' },
      floors.map((one) => h('li', null,
        one.sign && h('span', { class: 'soft' }, arrow(one.sign), ' ', one.by),
        h('strong', null, one.floor))));
  }

  /** That an emergency is over, or that this is unconfirmed. */
  function newsNotice(news) {
    return news && h('p', { class: 'news ' + news.kind, role: 'alert' }, news.text);
  }

  /** That the map is old, once that matters; a very old one has to be confirmed. */
  function ageNotice(age) {
    return age && h('div', { class: 'age age-' + age.level, role: 'note' }, h('p', null, age.text),
      age.confirm && button(age.confirm, function () { app.confirmAge(); }, { id: 'confirm-age' }));
  }

  /** Whose map this is, where that is not the page's own or has just changed. */
  function hospitalNotice(view) {
    const one = ['find', 'place', 'start', 'route'].includes(view.screen) && view.hospitals;
    return one && one.told && h('div', { class: 'hospital', id: 'hospital', role: 'alert' },
      h('p', null, one.told), one.back && button(one.back.text, () => app.openHospital(one.back.id)));
  }

  // --------------------------------------------------------------- rendering

  /** That something is closed which this phone cannot read. */
  function unreadNotice(text) {
    return text && h('p', { class: 'age age-amber', id: 'unread', role: 'note' }, text);
  }

  /** On every screen, so that nobody mistakes a draft for what phones have. */
  function markDraft(told) {
    if (!draft) return;
    draftBar.textContent = told;
    if (draftBar.isConnected) return;
    draftBar.id = 'draft';
    document.body.classList.add('is-draft');
    top.before(draftBar);
  }

  function draftText(words) {
    const told = words.draft.replace('{build}', draft);
    return draftAt ? told + ' · ' + draftAt.replace('T', ' ') : told;
  }

  /** In a preview, what the duty desk has closed and will close. */
  async function followDesk() {
    const answer = await fetch('closures.json');
    if (answer.ok) app.follow((await answer.json()).closures);
  }

  /** Replaces the shown screen; the focus stays where it was on the same screen, else goes to the
   * heading. */
  function showScreen(view, kind) {
    const hadFocus = shown.screen === view.screen ? focusedId() : '';
    const screen = SCREENS[view.screen](view);
    const [first, ...others] = screen.parts;
    const all = [
      !screen.card && first, hospitalNotice(view), newsNotice(view.news), ageNotice(view.age),
      unreadNotice(view.unread), others,
    ];
    main.replaceChildren(...(screen.card ? [
      // In large letters it scrolls, by the keyboard too.
      h('section', { class: 'card', 'data-over': true, tabindex: '0', 'aria-label': view.title },
        all, screen.card),
      h('section', { class: 'sheet', 'data-over': true }, screen.sheet),
    ] : all.flat(4).filter(Boolean)));
    top.toggleAttribute('data-over', Boolean(screen.card));
    const title = screen.card ? first : h('p', null, view.title);
    // Messages about an emergency must not be read aloud once it is over.
    if (shown.screen === 'emergency' && view.screen !== 'emergency') live.textContent = '';
    shown = { kind: kind, screen: view.screen, update: screen.update, hadScreen: shown.screen };
    drawTop(view, title);
    const same = hadFocus && document.getElementById(hadFocus);
    if (same) same.focus();
    else if (shown.hadScreen && shown.hadScreen !== view.screen) {
      document.querySelector('h1').focus();
      window.scrollTo(0, 0);
    }
  }

  function render() {
    const view = app.view();
    markDraft(draftText(view.words));
    const kind = JSON.stringify([view.screen, view.settings, view.emergency, view.news, view.age,
      view.unread, view.hospitals, view.browse, view.needs, view.place, view.route, view.walk,
      view.arrived, view.start && view.start.going]);
    const root = document.documentElement;
    root.lang = view.settings.ui;
    root.className = [
      view.settings.elder ? 'elder' : '', view.settings.theme,
      'at-' + view.screen, ['walk', 'arrived'].includes(view.screen) ? 'on-map' : '', 'size-' + ['0.9', '1', '1.25', '1.5', '1.75'].indexOf(String(view.settings.size)),
    ].join(' ');
    document.title = view.title;
    document.querySelector('.skip').textContent = view.words.skip;
    if (shown.screen !== view.screen) isOpen = matchMedia(WIDE).matches;
    if (shown.kind !== kind) showScreen(view, kind);
    if (shown.update) shown.update(view);
    drawMap(view);
    keepAwake();
    navkitAwake.tell(window, view.walk ? view.walk.text : '', view.title);
    if (dialog.open && view.emergency) dialog.close();
    if (dialog.open) drawSettings(view);
    if (hand.open && !view.route && !view.place && !view.start) hand.close();
    keepDepth();
  }

  const keepAwake = navkitAwake.keeper(
    window, () => Boolean(app) && app.screen === 'walk' && !app.isStopped);

  // ---------------------------------------------------------------- back key

  function depthHere() {
    return (history.state && history.state.depth) || 0;
  }

  /** As many entries in the browser's history as steps back in the app, all with one address: a
   * phone's back key then leads from screen to screen, and the history does not reveal where
   * somebody went. */
  function keepDepth() {
    if (isGoing) return;
    const here = depthHere();
    isGoing = app.depth < here;
    if (isGoing) history.go(app.depth - here);
    for (let depth = here + 1; depth <= app.depth; depth++) history.pushState({ depth: depth }, '');
  }

  function cameBack(event) {
    if (!app) return;
    if (!event.state) history.replaceState({ depth: app.depth }, ''); // A link within the page.
    const isOwn = isGoing;
    isGoing = true;
    while (!isOwn && !app.isStopped && app.depth > depthHere()) app.back();
    isGoing = false;
    keepDepth();
  }

  function focusedId() {
    return document.activeElement && main.contains(document.activeElement)
      ? document.activeElement.id : '';
  }

  /** What is above the screen: a title between the ways back and to the settings. */
  function drawTop(view, title) {
    const parts = [title];
    if (view.emergency) {
      top.replaceChildren(...parts);
      return;
    }
    if (view.screen !== 'find') {
      parts.unshift(button('←', function () { app.back(); }, { 'aria-label': view.words.back }));
    }
    if (isDesk) parts.push(button(view.words.desk.again, again));
    parts.push(button('⚙', openSettings, { 'aria-label': view.words.menu }));
    top.replaceChildren(...parts);
  }

  function openSettings() {
    drawSettings(app.view());
    dialog.showModal();
  }

  function drawSettings(view) {
    const words = view.words.settings;
    const own = view.settings;
    const focused = dialog.contains(document.activeElement) ? document.activeElement.textContent : '';
    const set = (name) => function (one) { app.set(name, one.id); };
    dialog.setAttribute('aria-label', words.title);
    dialog.replaceChildren(
      h('h1', null, words.title),
      h('h2', null, words.interface), choices(own.uis, set('ui'), words.interface),
      h('h2', null, words.guidance), choices(own.languages, set('language'), words.guidance),
      ...(own.packs.length ? [h('h2', null, words.voice),
        choices(own.packs, function (one) { app.set('pack', one.id); }, words.voice)] : []),
      offerBox(view),
      h('h2', null, view.words.route.profile),
      choices(own.profiles, set('profile'), view.words.route.profile),
      h('h2', null, words.look),
      choices([{ name: words.normal, id: false, chosen: !own.elder },
        { name: words.elder, id: true, chosen: own.elder }], set('elder'), words.look),
      choices(own.themes, set('theme'), words.theme),
      h('div', { class: 'row', role: 'group', 'aria-label': words.size },
        button('A−', function () { app.resize(-1); }, { 'aria-label': 'A− ' + words.smaller }),
        button('A+', function () { app.resize(1); }, { 'aria-label': 'A+ ' + words.larger })),
      button(words.reader, function () { app.set('reader', !own.reader); },
        { 'aria-pressed': String(own.reader) }),
      hospitalChoices(view.hospitals),
      h('h2', null, words.data), h('div', { id: 'data' }, dataLines()),
      h('div', { class: 'row' },
        button(words.update, update), button(words['clear-history'], () => app.clearHistory())),
      h('div', { class: 'row' },
        button(words.close, function () { dialog.close(); }, { class: 'main grow' })));
    const again = Array.from(dialog.querySelectorAll('button'))
      .find((one) => focused && one.textContent === focused);
    if (again) again.focus();
  }

  function hospitalChoices(all) {
    return all ? h('div', { id: 'hospitals' }, h('h2', null, all.title),
      all.refused && h('p', { class: 'warn' }, all.refused),
      choices(all.all, (one) => app.openHospital(one.id), all.title)) : '';
  }

  /** Whether this page works offline yet. */
  function readiness() {
    if (draft) return draftText(app.view().words);
    return (installed.ready ? '✓ ' : '')
      + app.word('settings.' + installed.state, { percent: installed.percent });
  }

  /** How old the map is, and how much storage it uses. */
  function ages() {
    const bytes = Object.keys(bundle.index.files).filter((name) => !release.left.includes(name))
      .reduce((sum, name) => sum + bundle.index.files[name].bytes, 0);
    const about = Object.assign({}, release, { bytes: bytes });
    return draft ? [] : app.dataLines(about, now().slice(0, 10));
  }

  function dataLines() {
    const lines = [h('p', { class: installed.ready ? 'good' : '', id: 'ready' }, readiness()),
      ...ages().map((line) => h('p', null, line))];
    if (installed.told) lines.push(h('p', { class: 'warn' }, installed.told));
    return lines;
  }

  // --------------------------------------------------------------------- map

  function drawMap(view) {
    // On a phone what was found is worth more than a map.
    const isHidden = view.screen === 'find' && view.find.query.trim()
      && !matchMedia('(min-width: 900px)').matches;
    const isSeen = !view.emergency && !isHidden;
    mapBox.hidden = !isSeen;
    if (!isSeen) return;
    if (!map) map = navkitMapView.mapView(mapBox, { h: h, button: button, choices: choices });
    map.draw(app, bundle, view);
  }

  // ------------------------------------------------------------------- voice

  const blobs = {};

  /** The clips of a voice, if they are here; without them a voice uses the phone's own. */
  async function loadClips(index) {
    if (!index || blobs[index.file]) return;
    const bytes = await keptFile(index.file);
    if (!bytes) return;
    blobs[index.file] = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    app.silence(true);
    render(); // Something can be heard now.
  }

  /** The indexes of the voices that speak now, of those that are here: the hospital's own, if one is
   * chosen, and the usual. */
  function voices(language, pack) {
    return [
      areHere(packOf(pack)) && bundle.pack(pack),
      areHere((bundle.index.voice || {})[language]) && bundle.voice(language),
    ].filter(Boolean);
  }

  function packOf(id) {
    return (bundle.index.packs || []).find((one) => one.id === id);
  }

  /** Whether the files of a voice have been downloaded. */
  function areHere(files) {
    return Boolean(files) && ![files.index, files.clips].some((name) => release.left.includes(name));
  }

  /** The voice that would speak: its id, and its files; null if there are no clips of it. */
  function voiceMeant(own) {
    const pack = packOf(own.pack);
    if (pack && pack.language === own.language) return { id: pack.id, files: pack };
    const files = (bundle.index.voice || {})[own.language];
    return files ? { id: own.language, files: files } : null;
  }

  /** A voice comes when somebody wants it: how large it is, how much of it has come. */
  function offer(view) {
    const meant = voiceMeant(view.settings);
    if (!meant || areHere(meant.files)) return [];
    if (installed.clips === meant.id) {
      const told = app.word('settings.voice-coming', { percent: installed.percent });
      return [h('p', { class: 'soft' }, told), h('progress', {
        max: 100, value: installed.percent, 'aria-label': app.word('settings.voice') })];
    }
    const bytes = [meant.files.index, meant.files.clips]
      .reduce((sum, name) => sum + bundle.index.files[name].bytes, 0);
    const size = (bytes / 1e6).toFixed(1) + ' MB';
    const act = function () { bringVoice(meant.id); };
    return [button(app.word('settings.voice-get', { size: size }), act, { class: 'get-voice' })];
  }

  function offerBox(view) {
    return h('div', { class: 'offer' }, offer(view));
  }

  /** Where a voice is offered, its progress. The focus stays beside it. */
  function drawOffers() {
    const view = app.view();
    document.querySelectorAll('.offer').forEach(function (box) {
      const hadFocus = box.contains(document.activeElement);
      box.replaceChildren(...offer(view));
      const next = box.querySelector('button');
      if (hadFocus && next) next.focus();
    });
    if (dialog.open) document.getElementById('data').replaceChildren(...dataLines());
  }

  /** Downloads a voice, now and whenever there is a new one. */
  async function bringVoice(id) {
    const { clips } = app.view().settings;
    app.set('clips', clips.filter((one) => one !== id).concat(id));
    installed.clips = id;
    installed.percent = 0;
    drawOffers();
    const outcome = await bring();
    if (outcome.code === 'kept-old') status.textContent = installed.told;
  }

  function player(language, pack) {
    const all = voices(language, pack);
    all.forEach(loadClips);
    const here = all.map(function (index) { return { index: index, blob: blobs[index.file] }; });
    return navkitVoice().player(Object.assign({
      platform: voicePlatform, language: language,
      onState: function (state) {
        live.textContent = state.means === 'text' ? state.text : '';
      },
    }, navkitVoice().voiceOf(here)));
  }

  const voicePlatform = navkitVoiceBrowser.platform(window, {
    words: window.navkitWords,
    screenReader: function () { return app && app.view().settings.reader; },
    onVoices: function () { if (app) render(); },
  });

  // ------------------------------------------------------------------ camera

  /** Read a code, if there is a camera; else say to type it. */
  async function scan() {
    const box = document.getElementById('camera');
    const video = box.querySelector('video');
    const opener = document.getElementById('scan');
    box.hidden = false;
    opener.hidden = true;
    box.querySelector('button').focus();
    box.scrollIntoView({ block: 'center' });
    try {
      await navkitQr.scan(video, function (text) { return app.scanned(text); });
    } catch (error) {
      if (box.isConnected) {
        app.noCamera();
        document.getElementById('code').focus();
      }
    }
    box.hidden = true;
    opener.hidden = false;
    const again = document.getElementById('scan'); // Of the current screen.
    // The button that was hidden keeps the focus until the browser draws again.
    const focused = document.activeElement;
    if (again && (focused === document.body || box.contains(focused))) again.focus();
  }

  /** The camera's picture is no longer visible, which ends `scan`. */
  function stopScan() {
    document.getElementById('camera').hidden = true;
  }

  // -------------------------------------------------------------- handing over

  /** How this phone itself sends a link: nobody sends anything from a desk. */
  function sending(what, words) {
    if (isDesk || !(navigator.share || navigator.clipboard)) return '';
    const copy = function () {
      navigator.clipboard.writeText(what.address).then(function () {
        status.textContent = words.copied;
        hand.querySelector('#copy').textContent = words.copied;
      }, function () { /* The address is there to be selected. */ });
    };
    return h('div', { class: 'row' },
      navigator.share && button(words.send, function () {
        navigator.share({ title: what.line, text: what.line, url: what.address })
          .catch(function () { /* Nobody was chosen. */ });
      }, { class: 'main grow', id: 'send' }),
      navigator.clipboard && button(words.copy, copy, { id: 'copy' }));
  }

  /** The route, for another phone. */
  function handRoute() {
    const view = app.view();
    const words = view.words.desk;
    return handOver({
      label: words.hand, scan: words.scan, picture: words.picture, address: view.route.address,
      line: view.route.from + ' → ' + view.route.to,
    });
  }

  /** A link for another phone: a code to scan, its address, and the phone's own ways to send it. */
  async function handOver(what) {
    const words = app.view().words;
    const picture = await navkitQr.picture(what.address)
      .catch(function () { return ''; }); // The address can still be typed.
    showOver(what.scan, [
      picture && h('img', { class: 'code', src: picture, alt: what.picture }),
      h('p', null, what.line),
      sending(what, words.place),
      h('p', { class: 'soft' }, words.desk.address),
      h('p', { class: 'address' }, what.address)]);
    hand.setAttribute('aria-label', what.label);
  }

  // ------------------------------------------------------------------- print

  /** The route on paper: a card for each floor, with its map and its steps. */
  function print() {
    const view = app.view();
    const cards = view.route.floors;
    const urls = map ? map.pictures(app, bundle, cards.map((one) => one.level)) : {};
    paper.replaceChildren(h('div', null,
      h('h1', null, view.title), h('h2', null, view.route.from + ' → ' + view.route.to),
      h('p', null, view.route.summary), h('p', null, view.route.overview), glance(view.route.glance), view.route.notices.map((one) => h('p', null, one)),
      cards.map((card) => h('section', null, h('h3', null, card.name),
        urls[card.level] && h('img', { src: urls[card.level], alt: card.name }),
        h('ol', { start: card.steps[0].number + 1 }, card.steps.map((one) => h('li', null,
          arrow(one.sign), ' ', one.text)))))));
    window.print();
  }

  // ------------------------------------------------------------------- desk

  /** Start again for the next person: nothing of the previous one stays, on the screen or for
   * paper. A desk that is opened by a link, such as one with its own code, starts with it again. */
  function again() {
    dialog.close();
    hand.close();
    paper.replaceChildren();
    [status, live].forEach(function (one) { one.textContent = ''; });
    app.nextPerson();
    app.open(location.hash);
    clock.plan();
    shown = {}; // Typed text goes too.
    render();
    window.scrollTo(0, 0);
  }

  /** A desk resets when nobody has touched it for a while. */
  function watchDesk() {
    let last = Date.now();
    ['pointerdown', 'keydown'].forEach(function (name) {
      document.addEventListener(name, function () { last = Date.now(); });
    });
    setInterval(function () {
      const left = IDLE_S - Math.floor((Date.now() - last) / 1000);
      const isUsed = app.screen !== 'find' || app.view().find.query || dialog.open;
      const isTold = isUsed && !app.isStopped && left <= WARN_S && left > 0;
      idle.hidden = !isTold;
      idle.textContent = status.textContent = isTold ? app.word('desk.idle', { seconds: left }) : '';
      // Topmost: a dialog over the page hides the page.
      ([dialog, hand].find((one) => one.open) || document.body).append(idle);
      if (left > 0) return;
      last = Date.now();
      again();
    }, 1000);
  }

  // ----------------------------------------------------------------- opening

  // A draft is not stored: it would replace the hospital's own map on this machine.
  let store = navkitStoreBrowser[draft ? 'passing' : 'store'](window);
  let fetchFile = navkitStoreBrowser.fetch(window, 'bundle');
  /** @type {Promise<*>} */
  let bringing = Promise.resolve();
  /** @type {Promise<*>} */
  let early = Promise.resolve();
  /** Files by what their names begin with: search, sights and photos come once the map is shown,
   * those of voices when somebody wants to hear them; scripts are for clients that compute no
   * routes. */
  const isOf = (...roles) => (name) => roles.includes(name.slice(0, name.indexOf('-')));
  const isOfVoices = isOf('voice', 'pack');
  const isForEyes = (name) => !isOf('scripts')(name) && !isOfVoices(name);
  const isFirst = (name) => isForEyes(name) && !isOf('search', 'sights', 'photo', 'photos')(name);

  /** Names of the files of voices that somebody wants to hear here. A desk, which forgets what was
   * wanted, and a page from a disk have those of all languages. */
  function askedVoices() {
    const { clips } = app.view().settings;
    const isAsked = (id) => isDesk || location.protocol === 'file:' || clips.includes(id);
    const voices = Object.entries(bundle.index.voice || {}).filter(([tag]) => isAsked(tag));
    const packs = (bundle.index.packs || []).filter((one) => clips.includes(one.id));
    return voices.map(([, files]) => files).concat(packs)
      .flatMap((files) => [files.index, files.clips]);
  }

  /** A bundle, opened in steps: the page gets a turn in between, but not after every step, because
   * a browser delays each by some milliseconds. */
  async function opening(read) {
    const begun = navkit.begin(read);
    let since = performance.now();
    while (begun.step()) {
      if (performance.now() - since < TURN_MS) continue;
      await store.pause();
      since = performance.now();
    }
    return begun.bundle;
  }

  /** Installs the files that are wanted; of the release `offered` if it is known already. */
  function install(wanted, offered) {
    const known = follower ? signed.release : offered;
    return navkitInstall.install({
      store: store, wanted: wanted,
      fetch: known === undefined ? fetchFile : navkitTrust.fetching(fetchFile, known),
      onProgress: function (all) {
        if (!all.total_bytes) return;
        const before = installed.percent;
        installed.percent = Math.floor(100 * all.done_bytes / all.total_bytes);
        if (!app && !isWarned) main.textContent = installed.percent + ' %';
        else if (app && installed.percent !== before) drawOffers();
      },
    });
  }

  async function start() {
    markDraft(draftText(window.navkitWords[ownLanguage()]));
    await choosePlace(window.navkitRoot);
    if (follower) signed = await follower.open();
    warnEarly();
    const isKept = navigator.serviceWorker && navigator.serviceWorker.controller;
    // From the phone or a disk it takes nothing from a line.
    if (isKept || location.protocol === 'file:') navkitLoad.load(LATER).catch(function () {});
    const opened = await openKept() || await openFirst();
    if (!opened) return;
    create(opened);
    if (bundle.has('sights')) await navkitLoad.load(LATER);
    if (!history.state) history.replaceState({ depth: 0 }, '');
    if (isDesk) {
      again();
      watchDesk();
    } else if (!followLink()) app.resume();
    render();
    await mayTell();
    watchClock();
    if (draft) await followDesk();
    if (follower) {
      await look();
      watchNews();
    }
    await bring();
    keepPage();
    if (reports) reports.flush();
  }

  /** Which hospital's map is opened, and where it is stored. A page from a disk has its own only,
   * and is as old as the disk. */
  async function choosePlace(root) {
    if (!root || location.protocol === 'file:') return;
    place = await navkitHospitals.begin(window, root, followerOf);
    follower = place.follower;
    if (isDesk) place.hospitals = null;
    if (!place.isAway) return;
    store = navkitStoreBrowser.store(window, 'navkit', place.folder);
    fetchFile = navkitStoreBrowser.fetch(window, place.bundle);
  }

  /** Routes can be told once the rest of the page and of the map is here. */
  async function mayTell() {
    await early;
    await readMore();
    render(); // Now something can be found.
    await navkitLoad.load(LATER);
    if (!bundle.has('sights')) await install((name) => isForEyes(name) && !isOf('photo')(name));
    await readMore();
    app.complete();
  }

  /** Stores the page for use without a network, once it is shown: both would share a slow line. */
  function keepPage() {
    if (draft || !('serviceWorker' in navigator) || location.protocol === 'file:') return;
    navigator.serviceWorker.register('sw.js').catch(function () { /* Works online then. */ });
  }

  /** The map that this phone has, null if it has none. */
  async function openKept() {
    const opened = await navkitInstall.open({ store: store, make: opening });
    return opened.code === 'nothing' ? null : opened;
  }

  /** The first map on this phone; null, with a message, if none arrived. */
  async function openFirst() {
    if (follower) signed = await follower.refresh(Date.now());
    warnEarly();
    const offered = follower ? signed.release : await releaseHere();
    let outcome = await install(isFirst, offered);
    if (outcome.reason === 'storage-full') {
      store = navkitStoreBrowser.passing(window); // A map for as long as the page is open.
      outcome = await install(isFirst, offered);
    }
    early = install((name) => isFirst(name) || isOf('search')(name), offered);
    const opened = await navkitInstall.open({ store: store, make: opening });
    if (opened.bundle) return opened;
    fail((signed && signed.reason) || outcome.reason);
    return null;
  }

  /** The release beside the page, which a first visit asks for once; null if it does not come. */
  async function releaseHere() {
    return fetchFile('release.json', function () {}).catch(() => null);
  }

  /** Creates everything that shows an opened map. */
  function create(opened) {
    bundle = opened.bundle;
    keptFile = opened.bytes;
    readMore = opened.more;
    release = opened;
    reports = reportsTo(place && place.root, keep);
    app = navkitApp.create({
      bundle: bundle, words: window.navkitWords, keep: keep, now: now, player: player,
      phone: Array.from(navigator.languages || [navigator.language]), onChange: render,
      address: navkitApp.address(
        place && place.isAway ? place.address : window.navkitAddress, location.href),
      hospitals: place && place.hospitals,
      isShared: isDesk, motion: isDesk ? null : navkitMotionBrowser.motion(window),
      age: () => navkitFollow.age(signed, Date.now(), release.issued),
      unread: () => (signed ? signed.unread : 0),
      emergency: () => navkitFollow.emergency(signed, Date.now()),
      isElsewhere: () => now() !== timeIn(''),
      report: reports && function (said) {
        reports.add(Object.assign({ bundle: opened.version }, said));
        reports.flush();
      },
    });
    if (signed) app.follow(signed.closures);
    window.navkitPage = {
      app: app, bundle: bundle, voice: voicePlatform, signed: () => signed, map: () => map,
    };
    if (opened.code === 'fell-back') installed.told = app.outcome(opened);
  }

  function later(ms, act) {
    const timer = setTimeout(act, ms);
    return function () { clearTimeout(timer); };
  }

  /** Closures begin and end by the clock on an open page, with a network or without. */
  const clock = navkitFollow.clock({
    tick: function () { app.tick(); }, isNeeded: () => app.isChangeNear,
    later: later, now: Date.now,
  });

  function watchClock() {
    const turn = function () {
      if (document.visibilityState === 'visible') clock.wake();
      else clock.rest();
    };
    document.addEventListener('visibilitychange', turn);
    turn();
  }

  // --------------------------------------------------------------- following

  /** A follower of a hospital's signatures, with a store of a folder's page. */
  async function followerOf(root, folder) {
    await navkitLoad.load('vendor/nacl-fast.js');
    return navkitTrust.follower({
      nacl: window.nacl, root: root.text, hospital: root.hospital,
      store: navkitStoreBrowser.store(window, 'navkit trust', folder),
      fetch: navkitStoreBrowser.fetch(window, root.from, 'no-cache'),
    });
  }

  /** Sends reports to the server that this page came from; a page from a disk sends none. */
  function reportsTo(root, keep) {
    if (!root || location.protocol === 'file:') return null;
    return navkitReports.queue({
      keep: keep, chance: Math.random,
      send: async function (report) {
        const halt = new AbortController();
        const forget = later(REPORT_MS, function () { halt.abort(); });
        try {
          const answer = await fetch(root.from + '/api/v1/hospitals/' + root.hospital + '/reports', {
            method: 'POST', headers: { 'content-type': 'application/json' }, credentials: 'omit',
            body: JSON.stringify(report), signal: halt.signal,
          });
          return answer.status;
        } finally {
          forget();
        }
      },
    });
  }

  /** Checks for newly signed data; closures take effect at once. */
  async function look() {
    signed = await follower.refresh(Date.now());
    place.heed(signed);
    app.follow(signed.closures);
    clock.plan();
    render();
    return signed;
  }

  /** Checks again and again while the page is visible and there is a network. */
  function watchNews() {
    const watch = navkitFollow.watch({
      look: async function () {
        // Not awaited: closures must not wait until a map has arrived.
        if ((await look()).code === 'new') bring();
        if (signed.reason === 'offline') return false;
        // No browser announces that a network behind a sign-in page is open now.
        if (reports) reports.flush();
        return true;
      },
      later: later, chance: Math.random, now: Date.now,
    });
    const turn = function () {
      if (document.visibilityState === 'visible' && navigator.onLine) watch.wake();
      else watch.rest();
    };
    document.addEventListener('visibilitychange', turn);
    window.addEventListener('offline', turn);
    window.addEventListener('online', function () {
      turn();
      watch.hurry();
      reports.flush();
    });
    turn();
  }

  /** Follow the link by which this page was opened. Its request is stored from then on: opened
   * again, the page resumes it, and the address does not say where somebody went. */
  function followLink() {
    const { hash, pathname, search } = location;
    const rewrite = (address) => history.replaceState(history.state, '', address);
    // Before, so that no entry which this puts into the history follows the link again.
    if (!isDesk) rewrite(pathname + search);
    const led = app.open(hash);
    if (!led && !isDesk) rewrite(pathname + search + hash);
    return led;
  }

  /** Fetches updates, by the hospital's signature if there is one, and files left out before. */
  async function follow() {
    if (!follower || (await look()).code !== 'kept-old') return bring();
    await bring();
    installed.told = app.outcome(signed);
    if (dialog.open) drawSettings(app.view());
    return signed;
  }

  /** Files left out of the release, and newer ones; one after the other. */
  function bring() {
    const next = bringing.then(bringNow);
    bringing = next.catch(function () {});
    return next;
  }

  /** The same; then the clips can be used. */
  async function bringNow() {
    if (!installed.ready) installed.state = 'loading';
    const asked = askedVoices();
    const outcome = await install((name) => isForEyes(name) || asked.includes(name));
    if (outcome.version) release = outcome;
    await readMore();
    const isHere = !release.left.some(isForEyes);
    const isLasting = await store.lasting();
    installed.ready = isHere && isLasting;
    installed.state = installed.ready ? 'ready' : isLasting ? 'not-ready' : 'not-kept';
    if (outcome.code === 'kept-old') installed.told = app.outcome(outcome);
    if (outcome.code === 'installed' && outcome.fetched.files) installed.told = '';
    const own = app.view().settings;
    for (const index of voices(own.language, own.pack)) await loadClips(index);
    installed.clips = '';
    document.documentElement.dataset.ready = String(installed.ready);
    render();
    drawOffers();
    return outcome;
  }

  async function update() {
    const outcome = await follow();
    installed.told = app.outcome(outcome);
    status.textContent = installed.told;
    drawSettings(app.view());
  }

  /** The nearest of the page's languages, before anybody has chosen one. */
  function ownLanguage() {
    const all = window.navkitWords;
    return navkitApp.nearest(all, [navigator.language]) || Object.keys(all)[0];
  }

  function fail(why) {
    if (isWarned) {
      later(AGAIN_MS, function () { location.reload(); }); // Until it is over, or there is a map.
      return;
    }
    const all = window.navkitWords;
    const own = ownLanguage();
    document.documentElement.lang = own;
    main.replaceChildren(
      h('h1', null, navkitApp.failed(all, own, why)),
      button(all[own].settings.update, function () { location.reload(); }),
      place && place.isAway ? button(
        '← ' + all[own].back, function () { history.back(); }) : '');
  }

  /** Another hospital's trips and favourites are not those of the page's own; settings are. */
  function keyOf(name) {
    return place && place.isAway && name !== 'navkit.settings' ? name + ' ' + place.folder : name;
  }

  const keep = {
    get: function (name) {
      try { return localStorage.getItem(keyOf(name)); } catch (error) { return null; }
    },
    set: function (name, text) {
      try { localStorage.setItem(keyOf(name), text); } catch (error) { return; } // Not stored then.
    },
  };

  /** The hospital's time to the minute, as far as it is known; else that of this machine. */
  function now() {
    return draftAt || (signed && signed.zone && timeIn(signed.zone)) || timeIn('');
  }

  /** The time in a zone to the minute, '' for this machine's own; null for an unknown zone. */
  function timeIn(zone) {
    /** @type {Intl.DateTimeFormatOptions} */
    const form = {
      hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit',
      minute: '2-digit', calendar: 'gregory', numberingSystem: 'latn',
    };
    if (zone) form.timeZone = zone;
    try {
      const said = {};
      new Intl.DateTimeFormat(undefined, form)
        .formatToParts(new Date()).forEach(function (part) { said[part.type] = part.value; });
      return [said.year, said.month, said.day].join('-') + 'T' + said.hour + ':' + said.minute;
    } catch (error) {
      return null;
    }
  }

  /** Shows the map. */
  function begin() {
    document.addEventListener('click', voicePlatform.unlock);
    window.addEventListener('popstate', cameBack);
    const onWalk = (act) => function () { if (app && app.screen === 'walk') act(); };
    navkitAwake.buttons(window, {
      nexttrack: onWalk(() => app.next()), previoustrack: onWalk(() => app.previous()),
      play: onWalk(() => app.speak()), pause: onWalk(() => app.silence()),
    });
    window.addEventListener('hashchange', function () { if (app) followLink(); });
    window.addEventListener('resize', function () { if (app) render(); });
    if (!draft && navigator.storage && navigator.storage.persist) navigator.storage.persist();
    start().catch(function (error) {
      fail(String((error && error.message) || error));
      keepPage();
    });
  }

  return { begin: begin };
});
