/* Local times and weekly hours, as `navkit/venue/hours.py` has them. */
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

  /** What may stand around a time: Python and JavaScript strip different characters by themselves. */
  const BLANKS = /^[ \t\r\n]+|[ \t\r\n]+$/g;

  const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

  /** Minutes since 1970-01-01T00:00 of a local time `YYYY-MM-DD[THH:MM[:SS]]`; NaN: none. */
  function localMinute(isoTime) {
    const match = ISO.exec(isoTime.replace(BLANKS, ''));
    if (!match) return NaN;
    const year = Number(match[1]);
    const month = Number(match[2]);
    const day = Number(match[3]);
    const hour = Number(match[4] || 0);
    const minute = Number(match[5] || 0);
    if (!(month >= 1 && month <= 12 && hour <= 23 && minute <= 59)) return NaN;
    const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    const lastDay = MONTH_DAYS[month - 1] + (month === 2 && isLeap ? 1 : 0);
    if (day < 1 || day > lastDay) return NaN;
    const y = year - (month <= 2 ? 1 : 0);
    const era = Math.floor(y / 400);
    const yearOfEra = y - era * 400;
    const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
    const dayOfEra =
      yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
    const days = era * 146097 + dayOfEra - 719468;
    return (days * 24 + hour) * 60 + minute;
  }

  const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
  const RULE = /^([A-Za-z ,-]*?)\s*(off|closed|[\d:,\s-]+)$/;
  const TIME = /^(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})$/;

  /** The rules of hours, as `rules_of` of `navkit/venue/hours.py` reads them: days as [first, last] or
   * [day], none for every day; times as [from, to], none for closed. null: they cannot be read. */
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

  /** Whether it is a day, the first and the last of some days, or public holidays. */
  function areDays(ends) {
    if (ends.length === 1 && ends[0] === 'PH') return true;
    const known = ends.filter(function (day) { return DAYS.indexOf(day) >= 0; });
    return known.length === ends.length && (ends.length === 1 || ends.length === 2);
  }

  function split(text, at) {
    return text.split(at).map(function (part) { return part.trim(); });
  }

  /** Minutes since Monday 00:00; 1970-01-01 was a Thursday. */
  function minuteOfWeek(minute) {
    return modulo(minute + 3 * 1440, WEEK_MIN);
  }

  /** Whether `minute` (since 1970) lies in the weekly `spans`; no spans means always. */
  function isOpen(spans, minute) {
    if (!spans || !spans.length) return true;
    const at = minuteOfWeek(minute);
    for (let i = 0; i < spans.length; i++) {
      if (spans[i][0] <= at && at < spans[i][1]) return true;
    }
    return false;
  }

  /** The remainder that is never negative. */
  function modulo(value, by) {
    return value - Math.floor(value / by) * by;
  }

  return { localMinute, rulesOf, minuteOfWeek, isOpen, modulo };
});
