/* Where a picture lies: its corners in metres, moved by points that somebody clicks on. A point is
 * [x, y]; a map of the plane is 9 numbers, row by row. */

export const minus = (a, b) => [a[0] - b[0], a[1] - b[1]];
export const length = (a) => Math.hypot(a[0], a[1]);

/** The map of the plane, as 9 numbers, that takes the corners of a unit square to four points. */
export const onto = function (quad) {
  const [p, q, r, s] = quad, d1 = minus(q, r), d2 = minus(s, r);
  const sum = [p[0] - q[0] + r[0] - s[0], p[1] - q[1] + r[1] - s[1]];
  const over = d1[0] * d2[1] - d2[0] * d1[1];
  const g = (sum[0] * d2[1] - d2[0] * sum[1]) / over, h = (d1[0] * sum[1] - sum[0] * d1[1]) / over;
  return [q[0] - p[0] + g * q[0], s[0] - p[0] + h * s[0], p[0],
    q[1] - p[1] + g * q[1], s[1] - p[1] + h * s[1], p[1], g, h, 1];
};
const times = (a, b) => [0, 1, 2, 3, 4, 5, 6, 7, 8].map(function (n) {
  const row = n - n % 3, column = n % 3;
  return a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6];
});
const inverse = function (m) {
  const [a, b, c, d, e, f, g, h, i] = m;
  return [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f,
    d * h - e * g, b * g - a * h, a * e - b * d];
};
const moved = function (m, point) {
  const w = m[6] * point[0] + m[7] * point[1] + m[8];
  return [(m[0] * point[0] + m[1] * point[1] + m[2]) / w, (m[3] * point[0] + m[4] * point[1] + m[5]) / w];
};
/** The picture with its first point moved onto the second one, its third onto the fourth: moved,
 * turned and scaled, its shape kept. */
export const similar = function (from, to, otherFrom, otherTo) {
  const was = minus(otherFrom, from), is = minus(otherTo, to), over = was[0] ** 2 + was[1] ** 2;
  const a = (was[0] * is[0] + was[1] * is[1]) / over, b = (was[0] * is[1] - was[1] * is[0]) / over;
  return (point) => {
    const d = minus(point, from);
    return [to[0] + a * d[0] - b * d[1], to[1] + b * d[0] + a * d[1]];
  };
};
/** What takes four clicked corners of something rectangular to a rectangle: its first side keeps
 * its place, the others are at right angles. */
export const straight = function (four) {
  const side = minus(four[1], four[0]), wide = (length(side) + length(minus(four[2], four[3]))) / 2;
  const high = (length(minus(four[3], four[0])) + length(minus(four[2], four[1]))) / 2;
  const turn = upright(side);
  const x = [Math.cos(turn) * wide, Math.sin(turn) * wide];
  const other = minus(four[3], four[0]), isLeft = side[0] * other[1] - side[1] * other[0] > 0;
  const up = isLeft ? [-Math.sin(turn), Math.cos(turn)] : [Math.sin(turn), -Math.cos(turn)];
  const y = [up[0] * high, up[1] * high], o = four[0];
  const square = [o, [o[0] + x[0], o[1] + x[1]], [o[0] + x[0] + y[0], o[1] + x[1] + y[1]], [o[0] + y[0], o[1] + y[1]]];
  const map9 = times(onto(square), inverse(onto(four)));
  return (point) => moved(map9, point);
};

/** @param {number[][]} points @returns {number[]} the box around them */
export const boxOf = function (points) {
  const xs = points.map((p) => p[0]), ys = points.map((p) => p[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
};

/** The angle nearest to that of a line at which a wall runs across or straight up, in radians. */
export const upright = (side) => Math.round(Math.atan2(side[1], side[0]) / (Math.PI / 2)) * (Math.PI / 2);
