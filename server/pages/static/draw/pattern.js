/* Numbers of many rooms by one pattern, and the order in which they get them. */

/** @typedef {'all' | 'even' | 'odd'} Every which numbers are given */

/** The numbers of `count` rooms: the last digits in `first` count up, whatever stands around them
 * stays, and so does their length (A401, A402 …; 07 室, 08 室 …). None if it has no digit.
 * @param {string} first @param {Every} every @param {number} count @returns {string[]} */
export const numbers = function (first, every, count) {
  const parts = /^(.*?)(\d{1,9})(\D*)$/.exec(first.trim());
  if (!parts) { return []; }
  const [, before, digits, after] = parts, step = every === 'all' ? 1 : 2;
  const isOff = every === 'even' ? Number(digits) % 2 : every === 'odd' ? 1 - Number(digits) % 2 : 0;
  return Array.from({ length: count }, (_, n) =>
    before + String(Number(digits) + isOff + n * step).padStart(digits.length, '0') + after);
};

/** Places in `points` in the order in which one passes them along the line that they lie on, from
 * left to right, or from bottom to top where that is longer.
 * @param {number[][]} points @returns {number[]} */
export const along = function (points) {
  const mean = [0, 1].map((axis) => points.reduce((sum, one) => sum + one[axis], 0) / points.length);
  const apart = points.map(([x, y]) => [x - mean[0], y - mean[1]]);
  const sum = (of) => apart.reduce((total, one) => total + of(one), 0);
  const angle = Math.atan2(2 * sum(([x, y]) => x * y), sum(([x, y]) => x * x - y * y)) / 2;
  const line = [Math.cos(angle), Math.sin(angle)];
  const turned = line[0] + line[1] < 0 ? -1 : 1;
  const far = apart.map(([x, y]) => turned * (x * line[0] + y * line[1]));
  return points.map((_, n) => n).sort((a, b) => far[a] - far[b] || a - b);
};
