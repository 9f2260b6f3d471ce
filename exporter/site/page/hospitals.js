/* Which hospital's map the page opens: its own, or another one of its signed catalogue, which the
 * page's address names by `?h=ID`. Each has its own root, store and trips. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('../../runtime/client/app/hospitals.js'));
  } else {
    root.navkitHospitals = make(root.navkitAppHospitals);
  }
})(this, /**
 * @param {typeof import('../../runtime/client/app/hospitals.js')} appHospitals
 */ function (appHospitals) {
  'use strict';

  /** That the map was changed on purpose, for the page that opens next. */
  const SWITCHED = 'navkit.switched';
  /** Files that say nothing of the catalogue, so that it is not old if they are refused. */
  const OF_A_HOSPITAL = /-(map|closures)(\.json)?$|^h\/[^/]+\//;

  /** Whether this page was opened by `open`. */
  function wasSwitched(window) {
    try {
      const was = Boolean(window.sessionStorage.getItem(SWITCHED));
      window.sessionStorage.removeItem(SWITCHED);
      return was;
    } catch (error) {
      return false;
    }
  }

  function open(window, home, id, hash) {
    const { pathname } = window.location;
    try {
      window.sessionStorage.setItem(SWITCHED, '1');
    } catch (error) {
      // Then it is not said; the name of the hospital is on the page all the same.
    }
    window.location.assign(pathname + (id === home.hospital ? '' : '?h=' + id) + hash);
  }

  /** The hospital to open. `followerOf(root, folder)` makes a follower with a store of that folder,
   * '' for the page's own.
   *
   * `{root, isAway, follower, folder, bundle, address, hospitals, heed}`: `heed(told)` takes what
   * a follower of the page's own hospital reports; `hospitals` is for `navkitApp.create`. */
  async function begin(window, home, followerOf) {
    const asked = (/[?&]h=([a-z0-9-]+)/.exec(window.location.search) || [])[1] || home.hospital;
    const own = await followerOf(home, '');
    let told = await own.open();
    const listed = () => told.hospitals.find((one) => one.id === asked);
    const isForeign = asked !== home.hospital;
    if (isForeign && !listed()) told = await own.refresh(Date.now());
    const one = isForeign && listed();
    const hospitals = {
      home: home.hospital, here: one ? one.id : home.hospital,
      missing: isForeign && !one ? asked : '', isSwitched: wasSwitched(window),
      list: () => told.hospitals,
      reason: () => (OF_A_HOSPITAL.test(told.where) ? '' : told.reason),
      open: (id, hash) => open(window, home, id, hash),
    };
    const heed = function (news) { told = news; };
    if (!one) {
      return {
        root: home, isAway: false, follower: own, folder: '', bundle: 'bundle', address: '',
        hospitals: hospitals, heed: heed,
      };
    }
    const place = appHospitals.placeOf(home, one);
    const page = new URL(place.page, window.location.href);
    // The list may be newer; what is open does not wait for it.
    own.refresh(Date.now()).then(heed);
    return {
      root: place, isAway: true, follower: await followerOf(place, page.pathname),
      folder: page.pathname, bundle: place.bundle, address: one.address || page.href,
      hospitals: hospitals, heed: function () {},
    };
  }

  return { begin: begin };
});
