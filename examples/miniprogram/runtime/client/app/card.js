/* A card to show to staff, for who cannot speak or hear: in the hospital's language, and the reader's. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./state.js'), require('./words.js'), require('./place.js')
    );
  } else {
    root.navkitAppCard = make(root.navkitAppState, root.navkitAppWords, root.navkitAppPlace);
  }
})(this, /**
 * @param {typeof import('./state.js')} appState
 * @param {typeof import('./words.js')} appWords
 * @param {typeof import('./place.js')} appPlace
 */ function (appState, appWords, appPlace) {
  'use strict';

  const { whereFrom } = appState;
  const { fill, nearestTag, uiTag } = appWords;
  const { lookedAt } = appPlace;

  /** @typedef {import('../types').State} State */

  /** Name, building, floor and number of a place in a language of the map.
   * @param {State} state */
  function placed(state, place, tag, own) {
    const { bundle } = state;
    const one = bundle.place(place, tag);
    const level = bundle.levels[one.level];
    if (!level) return { name: one.name, where: one.ref };
    const building = ((bundle.buildings[level.building] || {})[tag] || [''])[0];
    const floor = fill(own.where, { building: building, level: level.label }).trim();
    return { name: one.name, where: [floor, one.ref].filter(Boolean).join(' · ') };
  }

  /** What somebody wants: the place that is looked at, else the goal; null for neither.
   * @param {State} state */
  function wanted(state, tag, own) {
    const looked = lookedAt(state);
    const goal = looked >= 0 ? { places: [looked], category: '' } : state.trip.goal;
    if (!goal) return null;
    if (goal.category) return { name: own.categories[goal.category] || '', where: '' };
    return goal.places.length === 1 ? placed(state, goal.places[0], tag, own) : null;
  }

  /** The words of a card in a language of the map.
   * @param {State} state */
  function side(state, tag) {
    const own = state.words[nearestTag(state.words, [tag]) || uiTag(state)];
    const goal = wanted(state, tag, own);
    const start = whereFrom(state);
    const from = start && start.places && start.places.length === 1
      ? fill(own.card.from, { place: placed(state, start.places[0], tag, own).name }) : '';
    return Object.assign({ name: '', where: '' }, goal, {
      language: tag, hello: own.card.hello, wish: goal ? own.card.wish : own.card.lost,
      from: from, please: own.card.please,
    });
  }

  /** The card for now: of the place that is looked at, else of the goal; without either it asks
   * where one is. The hospital's language comes first, because staff read it.
   * @param {State} state */
  function card(state) {
    const { languages } = state.bundle;
    const reader = nearestTag(state.words, [uiTag(state)], languages) || languages[0];
    return Array.from(new Set([languages[0], reader])).map((tag) => side(state, tag));
  }

  return { card };
});
