/* When something may be used, by whom and in which direction: see `navkit/route/limits.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./hours.js'));
  } else {
    root.navkitLimits = make(root.navkitHours);
  }
})(this, /** @param {typeof import('./hours.js')} hours */ function (hours) {
  'use strict';

  const { stateAt } = hours;

  /** What stops one kind of walker at one moment. */
  class Limited {
    /**
     * @param {import('./types').Network} network
     * @param {import('./types').Profile} profile
     * @param {?number} minute
     */
    constructor(network, profile, minute) {
      this._network = network;
      this._minute = minute;
      this._isOpen = minute === null ? null
        : network.hours.map((one) => stateAt(one, minute, network.calendar).isOpen);
      const rows = network.limits.map((limit) => this._reasonOf(limit, profile));
      /** For each thing the reason, '' for none; null if nothing is limited. */
      this._reasons = null;
      if (rows.some(Boolean) || (this._isOpen && this._isOpen.includes(false))) {
        this._reasons = Array.from(network.thingLimit, (row, thing) => (
          rows[row] || (this._isNow(network.thingHours[thing]) ? '' : 'hours')));
      }
      this._holds = network.limits.map((limit) => this._isHeld(limit.oneway_hours || 0));
    }

    /** Whether a dart leads against the direction in which its edge is walked.
     * @param {number} dart
     * @returns {boolean}
     */
    isAgainst(dart) {
      const network = this._network;
      const edge = dart >> 1;
      return network.oneway[edge] === 2 - dart % 2 &&
        this._holds[network.thingLimit[network.thing[edge]]];
    }

    /** `hours` or `group` if what a dart uses or enters is limited by that, else ''.
     * @param {number} dart
     * @returns {string}
     */
    reason(dart) {
      const thing = this.thingAt(dart);
      return thing < 0 ? '' : this._reasons[thing];
    }

    /** The number of the thing that a dart may not use or enter; -1 if there is none.
     * @param {number} dart
     * @returns {number}
     */
    thingAt(dart) {
      if (!this._reasons) return -1;
      const network = this._network;
      const thing = network.thing[dart >> 1];
      if (this._reasons[thing] && thing >= network.firstDoor) return thing;
      const space = network.entered(dart);
      return space >= 0 && this._reasons[space] ? space : -1;
    }

    /** @param {import('./types').Limit} limit
     * @param {import('./types').Profile} profile
     * @returns {string}
     */
    _reasonOf(limit, profile) {
      const group = profile.group || '';
      const own = (limit.only || []).filter((row) => row[0] === group);
      // Who walks with staff and names no group passes everywhere that staff may pass.
      if (limit.only && !own.length && (group || profile.access === 'public')) return 'group';
      const isBarred = (limit.barred || []).some(
        (row) => row[0] === group && this._isHeld(row[1]));
      if (isBarred) return 'group';
      return own.every((row) => this._isNow(row[1])) ? '' : 'hours';
    }

    /** Whether hours, by number from 1, are open now; if the time is unknown they are ignored.
     * @param {number} number
     * @returns {boolean}
     */
    _isNow(number) {
      return !number || !this._isOpen || this._isOpen[number - 1];
    }

    /** Whether something that holds at some hours holds now.
     * @param {number} number
     * @returns {boolean}
     */
    _isHeld(number) {
      if (!number || !this._network.hours[number - 1]) return true;
      return this._isOpen !== null && this._isOpen[number - 1];
    }
  }

  return { Limited };
});
