/* Points, boxes and rings of the map, in metres or in pixels. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitMapGeometry = make();
  }
})(this, function () {
  'use strict';

  /** [left, bottom, right, top] of points; reversed if there are none. */
  function boundsOf(points) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < points.length; i++) {
      const x = points[i][0];
      const y = points[i][1];
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
    }
    return box;
  }

  function cornersOf(box) {
    return [[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[3]]];
  }

  function touch(one, other) {
    return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
  }

  function contains(box, point) {
    return box[0] <= point[0] && point[0] <= box[2] && box[1] <= point[1] && point[1] <= box[3];
  }

  /** Twice the area of a ring, positive anticlockwise. */
  function twiceArea(ring) {
    let sum = 0;
    for (let i = 0, k = ring.length - 1; i < ring.length; k = i++) {
      sum += ring[k][0] * ring[i][1] - ring[i][0] * ring[k][1];
    }
    return sum;
  }

  /** Rings with the outer one anticlockwise and holes clockwise, so that many can be filled
   * together. */
  function wound(rings) {
    return rings.map(function (ring, i) {
      return twiceArea(ring) > 0 === (i === 0) ? ring : ring.slice().reverse();
    });
  }

  /** Whether a point lies within rings. */
  function inside(rings, x, y) {
    let within = false;
    for (let r = 0; r < rings.length; r++) {
      const ring = rings[r];
      for (let i = 0, k = ring.length - 1; i < ring.length; k = i++) {
        const a = ring[i];
        const b = ring[k];
        if (a[1] > y !== b[1] > y &&
            x < a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1])) within = !within;
      }
    }
    return within;
  }

  /** Distance from a point to the walk from a to b, squared. */
  function offSegment2(x, y, a, b) {
    const dx = b[0] - a[0];
    const dy = b[1] - a[1];
    const whole = dx * dx + dy * dy;
    const along = whole ? ((x - a[0]) * dx + (y - a[1]) * dy) / whole : 0;
    const part = along < 0 ? 0 : along > 1 ? 1 : along;
    const ox = x - a[0] - part * dx;
    const oy = y - a[1] - part * dy;
    return ox * ox + oy * oy;
  }

  /** How far a point is from the nearest wall; negative outside. */
  function room(rings, x, y) {
    let least = Infinity;
    for (let r = 0; r < rings.length; r++) {
      const ring = rings[r];
      for (let i = 0, k = ring.length - 1; i < ring.length; k = i++) {
        const off = offSegment2(x, y, ring[k], ring[i]);
        if (off < least) least = off;
      }
    }
    return inside(rings, x, y) ? Math.sqrt(least) : -Math.sqrt(least);
  }

  const SAMPLES = 6;
  const CLOSER = 4;

  /** A roomy point for a label: the middle of a rectangle; else the best of a grid, improved in
   * ever smaller steps. */
  function roomiest(rings, box) {
    const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    const whole = (box[2] - box[0]) * (box[3] - box[1]);
    if (rings.length === 1 && Math.abs(twiceArea(rings[0])) / 2 > 0.98 * whole) return middle;
    let best = middle;
    let most = room(rings, middle[0], middle[1]);
    const attempt = function (x, y) {
      const found = room(rings, x, y);
      if (found > most + 1e-6) {
        most = found;
        best = [x, y];
      }
    };
    let dx = (box[2] - box[0]) / SAMPLES;
    let dy = (box[3] - box[1]) / SAMPLES;
    for (let i = 0; i < SAMPLES; i++) {
      for (let k = 0; k < SAMPLES; k++) attempt(box[0] + (i + 0.5) * dx, box[1] + (k + 0.5) * dy);
    }
    for (let k = 0; k < CLOSER; k++) {
      dx /= 2;
      dy /= 2;
      const at = best;
      attempt(at[0] - dx, at[1]);
      attempt(at[0] + dx, at[1]);
      attempt(at[0], at[1] - dy);
      attempt(at[0], at[1] + dy);
    }
    return best;
  }

  /** The free distance from a point to both sides of a direction: the nearer wall. */
  function clearance(rings, at, dx, dy) {
    let ahead = Infinity;
    let back = Infinity;
    for (let r = 0; r < rings.length; r++) {
      const ring = rings[r];
      for (let i = 0, k = ring.length - 1; i < ring.length; k = i++) {
        const ax = ring[k][0] - at[0];
        const ay = ring[k][1] - at[1];
        const bx = ring[i][0] - at[0];
        const by = ring[i][1] - at[1];
        const sideA = dx * ay - dy * ax;
        const sideB = dx * by - dy * bx;
        if (sideA > 0 === sideB > 0) continue;
        const part = sideA / (sideA - sideB);
        const along = dx * (ax + (bx - ax) * part) + dy * (ay + (by - ay) * part);
        if (along >= 0) ahead = Math.min(ahead, along);
        else back = Math.min(back, -along);
      }
    }
    return Math.min(ahead, back);
  }

  /** A line without the points at which it goes straight on. */
  function withoutStraights(points) {
    return points.filter(function (at, i) {
      if (i === 0 || i === points.length - 1) return true;
      const off = offSegment2(at[0], at[1], points[i - 1], points[i + 1]);
      return off > 1e-4;
    });
  }

  function middleOf(boxes) {
    const x = boxes.reduce((sum, box) => sum + box[0] + box[2], 0);
    const y = boxes.reduce((sum, box) => sum + box[1] + box[3], 0);
    return [x / 2 / boxes.length, y / 2 / boxes.length];
  }

  function away(one, other) {
    const dx = one[0] - other[0];
    const dy = one[1] - other[1];
    return Math.sqrt(dx * dx + dy * dy);
  }

  function boxAround(x, y, width, height) {
    return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
  }

  /** How far a point is from a box; 0 inside. */
  function offBox(box, point) {
    const dx = Math.max(box[0] - point[0], 0, point[0] - box[2]);
    const dy = Math.max(box[1] - point[1], 0, point[1] - box[3]);
    return Math.sqrt(dx * dx + dy * dy);
  }

  return {
    boundsOf, cornersOf, touch, contains, twiceArea, wound, inside, room, roomiest, clearance,
    withoutStraights, middleOf, away, boxAround, offBox,
  };
});
