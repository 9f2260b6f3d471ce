/* Corners: those that rooms share move together, and what is drawn nearly square is square. */

const NEAR_M = 0.005;
/** Corners off the line by less say nothing: whole millimetres. */
const FLAT_M = 0.002;
/** How far from a right angle somebody may draw who means one. A guess. */
const ABOUT_DEG = 4;

const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const offLine = function (point, from, to) {
  const long = apart(from, to);
  if (!long) { return { off: apart(point, from), part: 0 }; }
  const along = [(to[0] - from[0]) / long, (to[1] - from[1]) / long];
  const [dx, dy] = [point[0] - from[0], point[1] - from[1]];
  return { off: Math.abs(dx * along[1] - dy * along[0]), part: (dx * along[0] + dy * along[1]) / long };
};

/** A closed ring with those of the `points` that lie on its edges as corners of their own.
 * @param {number[][]} ring @param {number[][]} points */
export const withCorners = function (ring, points) {
  const found = [ring[0]];
  for (let n = 1; n < ring.length; n++) {
    const from = ring[n - 1], to = ring[n];
    const inside = points.map((point) => ({ point, ...offLine(point, from, to) }))
      .filter((one) => one.off < NEAR_M && one.part > 0 && one.part < 1
        && apart(one.point, from) > NEAR_M && apart(one.point, to) > NEAR_M)
      .sort((a, b) => a.part - b.part);
    for (const one of inside) {
      if (apart(one.point, found[found.length - 1]) > NEAR_M) { found.push(one.point); }
    }
    found.push(to);
  }
  return found;
};

/** An open ring without corners at which it goes straight on. @param {number[][]} ring */
export const plain = function (ring) {
  const left = ring.filter(function (point, n) {
    const { off, part } = offLine(point, ring[(n + ring.length - 1) % ring.length], ring[(n + 1) % ring.length]);
    return off > FLAT_M || part < 0 || part > 1;
  });
  return left.length > 2 ? left : ring;
};

/** Move the last point of a line so that its last edge is at a right angle to the one before, or to
 * the axes of the sheet if it is the first, where it nearly is. @param {number[][]} points */
export const square = function (points) {
  const count = points.length;
  if (count < 2) { return; }
  const last = points[count - 1], from = points[count - 2], before = points[count - 3];
  const base = before ? Math.atan2(from[1] - before[1], from[0] - before[0]) : 0;
  const turned = Math.atan2(last[1] - from[1], last[0] - from[0]) - base;
  const right = Math.round(turned / (Math.PI / 2)) * (Math.PI / 2);
  if (Math.abs(turned - right) > ABOUT_DEG * Math.PI / 180) { return; }
  const long = apart(last, from) * Math.cos(turned - right);
  last[0] = from[0] + long * Math.cos(base + right);
  last[1] = from[1] + long * Math.sin(base + right);
};
