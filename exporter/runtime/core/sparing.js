/* What walkers are spared who have not asked for it: see `navkit/route/sparing.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./network.js'), require('./rules.js'));
  } else {
    root.navkitSparing = make(root.navkitNetwork, root.navkitRules);
  }
})(this, /**
 * @param {typeof import('./network.js')} network
 * @param {typeof import('./rules.js')} rules
 */ function (network, rules) {
  'use strict';

  const { SPACE_KINDS, STAIRS } = network;
  const { choices: CHOICES } = rules.KINDS;
  const OUTDOOR_SPACE = SPACE_KINDS.indexOf('outdoor');

  /** Cost factor of what is avoided: any way around it is cheaper. */
  const AVOIDED = 1000;

  /** By choice, how much of it there is on a way, where that is more than the profile is led over
   * unasked: storeys by stairs, times out of a building and in again.
   * @param {import('./types').Network} network
   * @param {number[]} darts
   * @param {import('./types').Profile} profile
   * @returns {Record<string, number>}
   */
  function unasked(network, darts, profile) {
    /** @type {Record<string, number>} */
    const found = {};
    const spared = profile.spared || {}; // Older bundles have none.
    Object.keys(spared).forEach(function (choice) {
      const much = MEASURES[choice](network, darts);
      if (much > spared[choice]) found[choice] = much;
    });
    return found;
  }

  /** Whether a way asks less of a walker than another, and more of nothing.
   * @param {Record<string, number>} some
   * @param {Record<string, number>} others
   */
  function asksLess(some, others) {
    const isNoMore = Object.keys(some).every((choice) => some[choice] <= (others[choice] || 0));
    return isNoMore && Object.keys(others).some((choice) => some[choice] !== others[choice]);
  }

  /** The profile as one that takes any way around these choices.
   * @param {import('./types').Profile} profile
   * @param {string[]} choices
   * @returns {import('./types').Profile}
   */
  function avoiding(profile, choices) {
    const factors = Object.assign({}, profile.factors);
    choices.forEach((choice) => CHOICES[choice].forEach((kind) => { factors[kind] = AVOIDED; }));
    return Object.assign({}, profile, { id: [profile.id].concat(choices).join('~'), factors: factors });
  }

  /** Up and down. */
  function storeysClimbed(network, darts) {
    const stairs = darts.map((dart) => dart >> 1).filter((edge) => network.kind[edge] === STAIRS);
    return stairs.reduce((sum, edge) => sum + network.floorsC(edge), 0) / 100;
  }

  /** How often a way leaves a building and comes into the same one again. */
  function comingsIn(network, darts) {
    let count = 0;
    let left = null;
    let isOut = false;
    darts.forEach(function (dart) {
      const here = buildingOf(network, network.endOf(dart ^ 1));
      const there = buildingOf(network, network.endOf(dart));
      if (there === null && here !== null) {
        left = here;
        isOut = true;
      } else if (isOut && there !== null) {
        if (there === left) count++;
        isOut = false;
      }
    });
    return count;
  }

  /** The building that a node is in, null outdoors: in such a space, or on a path of a level of no
   * building where others are of one. */
  function buildingOf(network, node) {
    const space = network.spaceOfNode[node];
    const building = network.levels[network.level[node]].building;
    if (space >= 0) return network.spaceKind[space] === OUTDOOR_SPACE ? null : building;
    return !building && network.levels.some((level) => level.building) ? null : building;
  }

  const MEASURES = { stairs: storeysClimbed, outdoor: comingsIn };

  return { AVOIDED, unasked, asksLess, avoiding };
});
