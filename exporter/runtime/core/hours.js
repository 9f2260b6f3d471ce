/* Local times, hours and dates: see `navkit/plan/hours.py`. */
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

  const DAY_MIN = 24 * 60;

  /** Days that a calendar names: public and school holidays. */
  const SPECIAL = ['PH', 'SH'];

  const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
  const RULE = /^([A-Za-z ,-]*?)\s*(off|closed|unknown|[\d:,\s-]+)$/;
  const TIME = /^(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})$/;

  /** The rules of hours, like `rules_of` of `navkit/plan/hours.py`: days as [first, last] or [day],
   * none for every day; times as [from, to], none for closed or if `isKnown` is false. null: they cannot
   * be read. */
  function rulesOf(text) {
    const rules = text.split(';').map(function (part) {
      const match = RULE.exec(part.trim());
      if (!match) return null;
      const times = /^[a-z]+$/.test(match[2]) ? [] : split(match[2], ',').map(function (one) {
        const time = TIME.exec(one);
        return time && [time[1], time[2]];
      });
      const days = match[1].trim() ? split(match[1], ',').map(function (one) {
        return split(one, '-').filter(Boolean);
      }) : [];
      const isRead = times.every(Boolean) && days.every(areDays);
      return isRead ? { days: days, times: times, isKnown: match[2] !== 'unknown' } : null;
    });
    return rules.every(Boolean) ? rules : null;
  }

  /** Whether it is a day, the first and the last of a range, or holidays. */
  function areDays(ends) {
    if (ends.length === 1 && SPECIAL.includes(ends[0])) return true;
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

  /** Hours of a text: spans by weekday, and by holiday if it names any; null means always.
   * @param {string} text
   * @returns {?import('./types').Hours}
   */
  function hoursOf(text) {
    if (text.trim() === '' || text.trim() === '24/7') return null;
    /** @type {Object<string, number[][]>} */
    const days = {};
    /** @type {Object<string, boolean>} */
    const unknown = {};
    DAYS.forEach(function (day) { days[day] = []; });
    rulesOf(text).forEach(function (rule) {
      const spans = rule.isKnown ? rule.times.map(minutesOf) : [[0, DAY_MIN]];
      (rule.days.length ? rule.days : [['Mo', 'Su']]).forEach(function (ends) {
        (SPECIAL.includes(ends[0]) ? [ends[0]] : daysFrom(ends)).forEach(function (day) {
          days[day] = spans;
          unknown[day] = !rule.isKnown;
        });
      });
    });
    const all = Object.keys(days).map((day) => JSON.stringify(days[day]));
    const isDaily = all.length === DAYS.length && all.every((one) => one === all[0]) &&
      !Object.keys(days).some((day) => unknown[day]);
    return { days: days, isDaily: isDaily, unknown: unknown, week: [] };
  }

  /** Hours of bundles that have no texts: the same every week.
   * @param {number[][]} spans
   * @returns {import('./types').Hours}
   */
  function weeklyHours(spans) {
    return { days: null, isDaily: true, unknown: {}, week: spans };
  }

  /** The days from the first to the last of a range, over the weekend too. */
  function daysFrom(ends) {
    const first = DAYS.indexOf(ends[0]);
    const last = DAYS.indexOf(ends[ends.length - 1]);
    const count = (last >= first ? last : last + 7) - first + 1;
    return Array.from({ length: count }, (_, i) => DAYS[(first + i) % 7]);
  }

  /** Minutes of the day; if the time spans midnight, the end is on the next day. */
  function minutesOf(time) {
    const [start, end] = time.map(function (clock) {
      const parts = clock.split(':');
      return 60 * Number(parts[0]) + Number(parts[1]);
    });
    return [start, end > start ? end : end + DAY_MIN];
  }

  /** Whether it is open at a minute since 1970, and whether that is certain, as `is_open` and
   * `is_known` of `navkit/plan/hours.py` say; without a calendar as in a usual week.
   * @param {?import('./types').Hours} hours
   * @param {number} minute
   * @param {?import('./types').Calendar} calendar
   * @returns {{isOpen: boolean, isKnown: boolean}}
   */
  function stateAt(hours, minute, calendar) {
    if (!hours) return { isOpen: true, isKnown: true };
    if (!hours.days) return { isOpen: isOpen(hours.week, minute), isKnown: true };
    const day = Math.floor(minute / DAY_MIN);
    const at = minute - day * DAY_MIN;
    const today = hoursOn(hours, day, calendar);
    if (isWithin(today.spans, at)) return { isOpen: true, isKnown: today.isKnown };
    // A night's hours end on the day after.
    const yesterday = hoursOn(hours, day - 1, calendar);
    const isLate = isWithin(yesterday.spans, at + DAY_MIN);
    return { isOpen: isLate, isKnown: isLate ? yesterday.isKnown : today.isKnown };
  }

  /** How far ahead `changeAt` looks: longer than any run of holidays. */
  const AHEAD_DAYS = 14;

  /** The first minute after this one from which something else holds, and what: it opens, closes, or
   * that is not certain any more. null: nothing changes within two weeks, or nobody can say.
   * @param {?import('./types').Hours} hours
   * @param {number} minute
   * @param {?import('./types').Calendar} calendar
   * @returns {?{minute: number, isOpen: boolean, isKnown: boolean}}
   */
  function changeAt(hours, minute, calendar) {
    if (!hours || !hours.days) return null;
    const now = stateAt(hours, minute, calendar);
    const today = Math.floor(minute / DAY_MIN);
    const ends = [];
    for (let day = today - 1; day <= today + AHEAD_DAYS; day++) {
      [0].concat(...hoursOn(hours, day, calendar).spans).forEach(
        (end) => ends.push(day * DAY_MIN + end));
    }
    for (const end of ends.filter((one) => one > minute).sort((a, b) => a - b)) {
      const then = stateAt(hours, end, calendar);
      if (then.isOpen !== now.isOpen || then.isKnown !== now.isKnown) {
        return Object.assign({ minute: end }, then);
      }
    }
    return null;
  }

  function isWithin(spans, at) {
    return spans.some((span) => span[0] <= at && at < span[1]);
  }

  /** Hours of a day, and whether they are certain. */
  function hoursOn(hours, day, calendar) {
    const said = (calendar && calendar.days.get(day)) || '';
    if (said && hours.days[said]) return { spans: hours.days[said], isKnown: !hours.unknown[said] };
    const weekday = DAYS[modulo(day + 3, 7)];
    const usual = hours.days[weekday];
    if (said && !SPECIAL.includes(said)) {
      const own = said === 'off' ? [] : said.split(',').map((time) => minutesOf(time.split('-')));
      return { spans: own, isKnown: true };
    }
    if (hours.unknown[weekday]) return { spans: usual, isKnown: false };
    if (!calendar || hours.isDaily) return { spans: usual, isKnown: true };
    const isDated = calendar.first <= day && day <= calendar.last;
    const isKnown = !said && isDated && (!hours.days.SH || calendar.knowsSchool);
    return { spans: usual, isKnown: isKnown };
  }

  /** The calendar of a bundle; null of one that has none.
   * @param {{from: string, to: string, days: Object<string, string>}} [data]
   * @returns {?import('./types').Calendar}
   */
  function calendarOf(data) {
    if (!data) return null;
    const dayOf = (date) => localMinute(date) / DAY_MIN;
    const dates = Object.keys(data.days);
    return {
      first: dayOf(data.from),
      last: dayOf(data.to),
      days: new Map(dates.map((date) => [dayOf(date), data.days[date]])),
      knowsSchool: dates.some((date) => data.days[date] === 'SH'),
    };
  }

  /** The remainder that is never negative.
   * @param {number} value
   * @param {number} by
   * @returns {number}
   */
  function modulo(value, by) {
    return value - Math.floor(value / by) * by;
  }

  return {
    localMinute, rulesOf, minuteOfWeek, isOpen, modulo, hoursOf, weeklyHours, stateAt, changeAt, calendarOf,
  };
});
