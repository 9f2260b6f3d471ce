/* Local times and weekly hours: see `navkit/plan/hours.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitHours = make();
  }
})(this, function () {
  'use strict';

  const WEEK_MIN = 7 * 24 * 60;
  const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?(?::\d{2}(?:\.\d+)?)?$/;

  /** White space around a time: Python and JavaScript strip different characters by default. */
  const BLANKS = /^[ \t\r\n]+|[ \t\r\n]+$/g;

  const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

  /** Minutes since 1970-01-01T00:00 of a local time `YYYY-MM-DD[THH:MM[:SS]]`; NaN: none.
   * @param {string} isoTime
   * @returns {number}
   */
  function localMinute(isoTime) {
    const match = ISO.exec(isoTime.replace(BLANKS, ''));
    if (!match) return NaN;
    const year = Number(match[1]);
    const month = Number(match[2]);
    const day = Number(match[3]);
    const hour = Number(match[4] || 0);
    const minute = Number(match[5] || 0);
    if (!(month >= 1 && month <= 12 && hour <= 23 && minute <= 59)) return NaN;
    if (day < 1 || day > lastDayOf(year, month)) return NaN;
    return (daysSince1970(year, month, day) * 24 + hour) * 60 + minute;
  }

  /**
   * @param {number} year
   * @param {number} month
   * @returns {number}
   */
  function lastDayOf(year, month) {
    const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    return MONTH_DAYS[month - 1] + (month === 2 && isLeap ? 1 : 0);
  }

  /** Days from 1970-01-01 to a date of the Gregorian calendar: years begin in March here, and 400 of
   * them are an era of 146,097 days.
   * @param {number} year
   * @param {number} month
   * @param {number} day
   * @returns {number}
   */
  function daysSince1970(year, month, day) {
    const y = year - (month <= 2 ? 1 : 0);
    const era = Math.floor(y / 400);
    const yearOfEra = y - era * 400;
    const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
    const dayOfEra =
      yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
    return era * 146097 + dayOfEra - 719468;
  }

  const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
  const RULE = /^([A-Za-z ,-]*?)\s*(off|closed|[\d:,\s-]+)$/;
  const TIME = /^(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})$/;

  /** The rules of hours, like `rules_of` of `navkit/plan/hours.py`: days as [first, last] or [day],
   * none for every day; times as [from, to], none for closed. null: they cannot be read. */
  function rulesOf(text) {
    const rules = text.split(';').map(function (part) {
      const match = RULE.exec(part.trim());
      if (!match) return null;
      const isOff = match[2] === 'off' || match[2] === 'closed';
      const times = isOff ? [] : split(match[2], ',').map(function (one) {
        const time = TIME.exec(one);
        return time && [time[1], time[2]];
      });
      const days = match[1].trim() ? split(match[1], ',').map(function (one) {
        return split(one, '-').filter(Boolean);
      }) : [];
      const isRead = times.every(Boolean) && days.every(areDays);
      return isRead ? { days: days, times: times } : null;
    });
    return rules.every(Boolean) ? rules : null;
  }

  /** Whether it is a day, the first and the last of a range, or public holidays. */
  function areDays(ends) {
    if (ends.length === 1 && ends[0] === 'PH') return true;
    const known = ends.filter(function (day) { return DAYS.indexOf(day) >= 0; });
    return known.length === ends.length && (ends.length === 1 || ends.length === 2);
  }

  function split(text, at) {
    return text.split(at).map(function (part) { return part.trim(); });
  }

  /** Minutes since Monday 00:00; 1970-01-01 was a Thursday.
   * @param {number} minute
   * @returns {number}
   */
  function minuteOfWeek(minute) {
    return modulo(minute + 3 * 1440, WEEK_MIN);
  }

  /** Whether `minute` (since 1970) lies in the weekly `spans`; no spans means always.
   * @param {?number[][]} spans
   * @param {number} minute
   * @returns {boolean}
   */
  function isOpen(spans, minute) {
    if (!spans || !spans.length) return true;
    const at = minuteOfWeek(minute);
    for (let i = 0; i < spans.length; i++) {
      if (spans[i][0] <= at && at < spans[i][1]) return true;
    }
    return false;
  }

  /** The remainder that is never negative.
   * @param {number} value
   * @param {number} by
   * @returns {number}
   */
  function modulo(value, by) {
    return value - Math.floor(value / by) * by;
  }

  return { localMinute, rulesOf, minuteOfWeek, isOpen, modulo };
});
