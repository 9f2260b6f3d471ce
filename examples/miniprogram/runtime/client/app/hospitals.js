/* Other hospitals that this client can open: from the signed catalogue. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./words.js'));
  } else {
    root.navkitAppHospitals = make(root.navkitAppWords);
  }
})(this, /** @param {typeof import('./words.js')} appWords */ function (appWords) {
  'use strict';

  const { named, shortened, word } = appWords;

  /** @typedef {import('../types').State} State */

  /** A link without what differs between codes of one hospital. */
  function bare(link) {
    return link.trim().replace(/^https?:\/\//i, '').replace(/[?#].*$/, '')
      .replace(/index\.html$/, '').replace(/\/+$/, '').toLowerCase();
  }

  /** The hospital whose page has the address of a link, null for none: of addresses within each
   * other the longest.
   * @param {import('../types').Hospital[]} all
   * @param {string} link */
  function ofLink(all, link) {
    const asked = bare(link);
    const fits = all.filter(function (one) {
      const own = bare(one.address);
      return own && (asked === own || asked.startsWith(own + '/'));
    });
    return fits.sort((a, b) => bare(b.address).length - bare(a.address).length)[0] || null;
  }

  /** Where the signed files of a hospital are, for navkitTrust: `text`, `hospital`, `from`, like
   * the root that came with the client, `home`; and the folder of its bundle.
   * @param {{text: string, hospital: string, from: string}} home
   * @param {import('../types').Hospital} one */
  function placeOf(home, one) {
    const isHere = !one.repository;
    const isWhole = /^https:/.test(one.repository);
    const from = isHere ? home.from : isWhole ? one.repository : home.from + '/' + one.repository;
    const folder = from.replace(/\/+$/, '');
    return {
      text: isHere ? home.text : one.root, hospital: one.id, from: folder,
      page: folder + '/h/' + one.id + '/', bundle: folder + '/h/' + one.id + '/bundle',
    };
  }

  /** Whether a code is one of another hospital, which is then opened.
   * @param {State} state
   * @param {string} text */
  function wentElsewhere(state, text) {
    const own = state.hospitals;
    const other = own && ofLink(own.list(), text);
    if (!other || other.id === own.here) return false;
    own.open(other.id, text.replace(/^[^#]*/, ''));
    return true;
  }

  /** Open the map of another hospital of the list.
   * @param {State} state
   * @param {string} id */
  function openHospital(state, id) {
    if (state.hospitals && id !== state.hospitals.here) state.hospitals.open(id, '');
  }

  /** The hospitals to choose from, in words; null where there is nothing to choose.
   * @param {State} state */
  function hospitalsView(state) {
    const own = state.hospitals;
    const list = own ? own.list() : [];
    if (!own || (list.length < 2 && !own.missing)) return null;
    const nameOf = (id) => {
      const one = list.find((other) => other.id === id);
      return (one && named(state, one.names)) || id;
    };
    const isAway = own.here !== own.home;
    const slots = { name: nameOf(own.here), text: shortened(own.missing) };
    const told = own.missing ? 'unknown' : own.isSwitched ? 'switched' : isAway ? 'here' : '';
    const why = own.reason();
    const isRefused = why && why !== 'offline' && why !== 'unpublished';
    return {
      title: word(state, 'hospitals.title'),
      told: told && word(state, 'hospitals.' + told, slots),
      back: isAway && {
        id: own.home, text: word(state, 'hospitals.back', { name: nameOf(own.home) }),
      },
      all: list.map((one) => ({ id: one.id, name: nameOf(one.id), chosen: one.id === own.here })),
      refused: isRefused
        ? word(state, 'hospitals.' + (why === 'expired' ? 'expired' : 'refused')) : '',
    };
  }

  return { ofLink, placeOf, wentElsewhere, openHospital, hospitalsView };
});
