/* The page of a place: all that is known of it, before somebody goes there. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./kept.js'), require('./words.js'), require('./facts.js'), require('./find.js')
    );
  } else {
    root.navkitAppPlace = make(
      root.navkitAppKept, root.navkitAppWords, root.navkitAppFacts, root.navkitAppFind
    );
  }
})(this, /**
 * @param {typeof import('./kept.js')} appKept
 * @param {typeof import('./words.js')} appWords
 * @param {typeof import('./facts.js')} appFacts
 * @param {typeof import('./find.js')} appFind
 */ function (appKept, appWords, appFacts, appFind) {
  'use strict';

  const { changed } = appKept;
  const { languageTag, word } = appWords;
  const { hoursInWords, openText, moveText, shutText } = appFacts;
  const { linesOf } = appFind;

  /** @typedef {import('../types').State} State */

  /** What a telephone dials of a number as it is written: the digits, and a plus before them. */
  const UNDIALLED = /(?!^\+)[^\d]/g;

  /** Show the page of a place, by its number; the way back leads to where somebody looked.
   * @param {State} state */
  function look(state, place) {
    const now = state.bundle.inTurn(place, state.now());
    state.trail = state.trail.concat({ screen: 'place', place: now });
    state.screen = 'place';
    state.isOver = false;
    const { level } = state.bundle.place(now, languageTag(state));
    if (level >= 0) state.level = level;
    changed(state);
  }

  /** The place that is looked at, -1 for none.
   * @param {State} state */
  function lookedAt(state) {
    const last = state.trail[state.trail.length - 1];
    return state.screen === 'place' && last ? last.place : -1;
  }

  /** The part after # of a link to the page of a place.
   * @param {State} state */
  function placeLink(state, place) {
    return '#place=' + encodeURIComponent(state.bundle.placeId(place));
  }

  /** The first telephone number in a text, to dial; '' if there is none. */
  function dialled(text) {
    const number = text.split(/[;,/、；，]|转/)[0].trim().replace(UNDIALLED, '');
    return /\d{3}/.test(number) ? 'tel:' + number : '';
  }

  /** The photo of a place with its description.
   * @param {State} state */
  function photoOf(state, place) {
    const photo = state.bundle.photoOf(place);
    return photo && {
      file: photo.file, width: photo.width_px, height: photo.height_px,
      text: word(state, 'walk.photo', { what: photo.names[languageTag(state)] }),
    };
  }

  /** @param {State} state */
  function placeView(state) {
    const number = lookedAt(state);
    const place = state.bundle.place(number, languageTag(state));
    const [line] = linesOf(state, [number]);
    const facts = [
      place.ref && word(state, 'place.ref', { ref: place.ref }),
      place.sign && place.sign !== place.name && word(state, 'arrived.sign', { sign: place.sign }),
      place.hours
        && word(state, 'arrived.hours', { hours: hoursInWords(place.hours, word(state, 'hours')) }),
      place.entry,
    ];
    const address = state.address && state.address + placeLink(state, number);
    return {
      place: number,
      name: place.name,
      where: line.floor,
      open: openText(state, number),
      notes: [shutText(state, number), moveText(state, number)].filter(Boolean),
      facts: facts.filter(Boolean),
      phone: place.phone && word(state, 'place.call', { phone: place.phone }),
      dial: dialled(place.phone),
      photo: photoOf(state, number),
      favourite: line.favourite,
      keep: line.keep,
      address: address,
      mayStart: place.nodes.length > 0,
    };
  }

  return { look, lookedAt, placeView, placeLink, dialled };
});
