/* Draws a scene onto a 2D context. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./look.js'), require('./geometry.js'), require('./lens.js'), require('./layout.js')
    );
  } else {
    root.navkitMapDraw = make(
      root.navkitMapLook, root.navkitMapGeometry, root.navkitMapLens, root.navkitMapLayout
    );
  }
})(this, /**
 * @param {typeof import('./look.js')} mapLook
 * @param {typeof import('./geometry.js')} mapGeometry
 * @param {typeof import('./lens.js')} mapLens
 * @param {typeof import('./layout.js')} mapLayout
 */ function (mapLook, mapGeometry, mapLens, mapLayout) {
  'use strict';

  const { FLOORS, LINES, SQUARE } = mapLook;
  const { boundsOf, cornersOf, touch, contains, away, boxAround } = mapGeometry;
  const { lens, through, toMetres } = mapLens;
  const { LEADING_EM, RISE_EM, DOORS_FROM, SIGN_EM, Layout, plateIcons } = mapLayout;

  /** Draws a scene through a view. Afterwards `hit` knows what was shown. `moment` tells of a view
   * that is not at rest: `isTurning`, then rooms go without names; `walked`, the share of the way to
   * the next move that somebody is seen to have walked. */
  function draw(ctx, scene, view, theme, moment) {
    const { isTurning, walked } = moment || { isTurning: false, walked: -1 };
    const paints = theme.paints;
    const by = lens(view);
    ctx.save();
    ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    ctx.fillStyle = paints.page;
    ctx.fillRect(0, 0, view.width, view.height);
    // Round corners of hundreds of rooms are invisible, but take time.
    ctx.lineJoin = 'bevel';
    drawFloors(ctx, scene, view, theme, by);
    ctx.lineJoin = 'round';
    ctx.lineCap = 'round';
    drawPaths(ctx, scene, view, theme, by);
    drawStripes(ctx, scene, view, theme, by);
    drawDoors(ctx, scene, view, theme, by);
    Object.keys(LINES).forEach(function (name) {
      scene.lines[name].forEach((points) => drawLine(ctx, points.map((at) => through(by, at)),
        LINES[name], view, theme));
    });
    if (scene.ahead) drawTurn(ctx, scene.ahead, by, theme);
    if (walked >= 0) drawWalk(ctx, scene.ahead.way, walked, by, theme);
    scene.drawn = new Layout(ctx, scene, view, theme).run(isTurning);
    scene.drawn.filter((one) => one.sign).forEach((one) => drawSign(ctx, one, theme, scene.icons));
    scene.drawn.filter((one) => one.marker).reverse()
      .forEach((one) => drawMarker(ctx, one, view, theme, scene.icons));
    ctx.restore();
  }

  /** The part of the ground that a view shows, in metres. */
  function seenBounds(view) {
    return boundsOf(cornersOf([0, 0, view.width, view.height])
      .map((pixel) => toMetres(view, pixel)));
  }

  /** Rooms in one path: with longer paths canvases get slower per room. Measured in Chromium. */
  const AT_ONCE = 32;

  function drawFloors(ctx, scene, view, theme, by) {
    const seen = seenBounds(view);
    const goals = new Set(scene.goalSpaces);
    const layers = {};
    FLOORS.forEach(function (name) { layers[name] = []; });
    scene.ground.spaces.forEach(function (space) {
      const paint = goals.has(space.space) ? 'goalRoom' : space.paint;
      if (touch(space.box, seen)) layers[paint].push(space);
    });
    ctx.strokeStyle = theme.paints.wall;
    ctx.lineWidth = Math.min(theme.wall_px, 0.2 * view.scale * theme.wall_px);
    FLOORS.forEach(function (name) {
      ctx.fillStyle = theme.paints[name];
      for (let i = 0; i < layers[name].length; i += AT_ONCE) {
        ctx.beginPath();
        layers[name].slice(i, i + AT_ONCE).forEach(
          (space) => space.rings.forEach((ring) => trace(ctx, by, ring, true)));
        ctx.fill();
        ctx.stroke();
      }
    });
  }

  /** Adds a line in metres to the path. */
  function trace(ctx, by, points, closed) {
    for (let i = 0; i < points.length; i++) {
      const x = by.a * points[i][0] + by.b * points[i][1] + by.e;
      const y = by.b * points[i][0] - by.a * points[i][1] + by.f;
      if (i) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
    }
    if (closed) ctx.closePath();
  }

  /** Width of a drawn path if none is known, in metres. A guess. */
  const PATH_M = 1.6;

  function drawPaths(ctx, scene, view, theme, by) {
    const wide = Math.max(PATH_M * view.scale, 4 * theme.wall_px);
    const seen = seenBounds(view);
    const paths = scene.ground.paths.filter((path) => touch(boundsOf(path.line), [
      seen[0] - PATH_M, seen[1] - PATH_M, seen[2] + PATH_M, seen[3] + PATH_M]));
    [['wall', wide + 2 * theme.wall_px], ['path', wide]].forEach(function (layer) {
      ctx.beginPath();
      paths.forEach((path) => trace(ctx, by, path.line, false));
      ctx.strokeStyle = theme.paints[layer[0]];
      ctx.lineWidth = layer[1];
      ctx.stroke();
    });
  }

  /** Width of a coloured line on the floor, in metres, and how much of its colour shows: it must not
   * be taken for the route. Guesses. */
  const STRIPE_M = 0.15;
  const STRIPE_ALPHA = 0.55;

  function drawStripes(ctx, scene, view, theme, by) {
    if (!scene.ground.stripes.length) return;
    ctx.globalAlpha = STRIPE_ALPHA;
    ctx.lineWidth = Math.max(STRIPE_M * view.scale, 1.5 * theme.wall_px);
    scene.ground.stripes.forEach(function (stripe) {
      ctx.beginPath();
      trace(ctx, by, stripe.line, false);
      ctx.strokeStyle = stripe.drawn;
      ctx.stroke();
    });
    ctx.globalAlpha = 1;
  }

  function drawDoors(ctx, scene, view, theme, by) {
    if (view.scale < DOORS_FROM) return;
    const seen = seenBounds(view);
    ctx.lineCap = 'butt';
    [false, true].forEach(function (entrance) {
      ctx.beginPath();
      scene.ground.doors.forEach(function (door) {
        if (door.entrance === entrance && contains(seen, door.line[0])) {
          trace(ctx, by, door.line, false);
        }
      });
      ctx.strokeStyle = entrance ? theme.paints.way : theme.paints.door;
      ctx.lineWidth = (entrance ? 3 : 2) * theme.wall_px;
      ctx.stroke();
    });
    ctx.lineCap = 'round';
  }

  /** A line of the route in pixels, with arrowheads that show the direction. */
  function drawLine(ctx, points, look, view, theme) {
    const wide = look.wide * theme.route_px;
    ctx.beginPath();
    points.forEach((at, i) => (i ? ctx.lineTo(at[0], at[1]) : ctx.moveTo(at[0], at[1])));
    if (look.edge) {
      ctx.strokeStyle = theme.paints.routeEdge;
      ctx.lineWidth = wide + look.edge * theme.route_px;
      ctx.stroke();
    }
    ctx.setLineDash(look.dashes.map((part) => part * theme.route_px));
    ctx.strokeStyle = theme.paints[look.paint];
    ctx.lineWidth = wide;
    ctx.stroke();
    ctx.setLineDash([]);
    if (look.arrows) drawArrows(ctx, points, wide, view, theme);
  }

  /** The first part of a line, of a length in pixels. */
  function cut(points, length) {
    const found = points.slice(0, 1);
    let left = length;
    for (let i = 1; i < points.length && left > 0; i++) {
      const far = away(points[i - 1], points[i]);
      const part = far > left ? left / far : 1;
      found.push([
        points[i - 1][0] + (points[i][0] - points[i - 1][0]) * part,
        points[i - 1][1] + (points[i][1] - points[i - 1][1]) * part,
      ]);
      left -= far;
    }
    return found;
  }

  /** How far the arrow of a turn reaches before and behind it, in widths of the route. */
  const TURN = 5;

  /** The arrow of the turn that comes next, over the route. */
  function drawTurn(ctx, ahead, by, theme) {
    if (!['left', 'right', 'back'].includes(ahead.sign)) return;
    const px = (points) => points.map((at) => through(by, at));
    const wide = theme.route_px;
    const come = cut(px(ahead.arrow.before).reverse(), TURN * wide).reverse();
    const go = cut(px(ahead.arrow.behind), TURN * wide);
    const line = come.concat(go.slice(1));
    if (go.length < 2) return;
    const tip = go[go.length - 1];
    const from = go[go.length - 2];
    const far = away(from, tip) || 1;
    const dx = (tip[0] - from[0]) / far * wide;
    const dy = (tip[1] - from[1]) / far * wide;
    [[theme.paints.turnEdge, 1.5], [theme.paints.turn, 0.9]].forEach(function (layer) {
      ctx.strokeStyle = layer[0];
      ctx.fillStyle = layer[0];
      ctx.lineWidth = layer[1] * wide;
      ctx.beginPath();
      line.forEach((at, i) => (i ? ctx.lineTo(at[0], at[1]) : ctx.moveTo(at[0], at[1])));
      ctx.stroke();
      ctx.lineWidth = (layer[1] - 0.9) * wide + 1;
      ctx.beginPath();
      ctx.moveTo(tip[0] + 1.8 * dx, tip[1] + 1.8 * dy);
      ctx.lineTo(tip[0] - 0.5 * dx - 1.5 * dy, tip[1] - 0.5 * dy + 1.5 * dx);
      ctx.lineTo(tip[0] - 0.5 * dx + 1.5 * dy, tip[1] - 0.5 * dy - 1.5 * dx);
      ctx.closePath();
      ctx.fill();
      ctx.stroke();
    });
  }

  /** Somebody seen walking along a line, a share of it done. */
  function drawWalk(ctx, way, share, by, theme) {
    const points = way.map((at) => through(by, at));
    const length = points.slice(1).reduce((sum, at, i) => sum + away(at, points[i]), 0);
    const [x, y] = cut(points, share * length).pop();
    const r = 0.32 * theme.icon_px;
    disc(ctx, x, y, r, theme.paints.turnEdge);
    disc(ctx, x, y, 0.7 * r, theme.paints.turn);
  }

  function drawArrows(ctx, points, wide, view, theme) {
    const size = 0.3 * wide;
    ctx.beginPath();
    along(points, 4 * wide, 1.5 * wide).forEach(function (spot) {
      const x = spot[0];
      const y = spot[1];
      const dx = spot[2] * size;
      const dy = spot[3] * size;
      if (!contains([0, 0, view.width, view.height], [x, y])) return;
      ctx.moveTo(x - dx - dy, y - dy + dx);
      ctx.lineTo(x + dx, y + dy);
      ctx.lineTo(x - dx + dy, y - dy - dx);
    });
    ctx.strokeStyle = theme.paints.routeArrow;
    ctx.lineWidth = 0.22 * wide;
    ctx.stroke();
  }

  /** [x, y, dx, dy] along a line, evenly on each piece and clear of its ends. */
  function along(points, every, clear) {
    const found = [];
    for (let i = 1; i < points.length; i++) {
      const a = points[i - 1];
      const b = points[i];
      const length = away(a, b);
      const count = Math.floor((length - 2 * clear) / every) + 1;
      for (let k = 0; length > 2 * clear && k < count; k++) {
        const part = (k + 0.5) / count * (1 - 2 * clear / length) + clear / length;
        found.push([
          a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part,
          (b[0] - a[0]) / length, (b[1] - a[1]) / length,
        ]);
      }
    }
    return found;
  }

  /** Lines of text in the middle of a box. */
  function drawText(ctx, one, box, paint, halo) {
    const em = one.letters.size_px;
    const x = (box[0] + box[2]) / 2;
    const top = (box[1] + box[3]) / 2 - (one.lines.length - 1) * LEADING_EM * em / 2;
    ctx.font = one.letters.font;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'alphabetic';
    one.lines.forEach(function (line, i) {
      const y = top + i * LEADING_EM * em + RISE_EM * em;
      if (halo) {
        ctx.strokeStyle = halo;
        ctx.lineWidth = 0.25 * em;
        ctx.strokeText(line, x, y);
      }
      ctx.fillStyle = paint;
      ctx.fillText(line, x, y);
    });
  }

  function drawSign(ctx, one, theme, icons) {
    const sign = one.sign;
    const paints = theme.paints;
    if (one.icon) {
      drawBadge(ctx, one.icon, SQUARE.includes(sign.badge), paints[sign.badge], paints.onSign);
      drawIcon(ctx, icons[sign.icon], inset(one.icon, 0.17), paints.onSign);
    }
    if (one.plate) {
      const ink = sign.quiet ? paints.quiet : paints.ink;
      drawText(ctx, one, one.plate, ink, one.over ? paints.halo : '');
    }
  }

  function inset(box, part) {
    const by = part * (box[2] - box[0]);
    return [box[0] + by, box[1] + by, box[2] - by, box[3] - by];
  }

  /** A disc, or a square with round corners. */
  function drawBadge(ctx, box, square, paint, edge) {
    const radius = (box[2] - box[0]) / 2;
    plate(ctx, inset(box, 0.04), square ? 0.35 * radius : 0.92 * radius);
    ctx.fillStyle = paint;
    ctx.fill();
    ctx.strokeStyle = edge;
    ctx.lineWidth = 0.1 * radius;
    ctx.stroke();
  }

  /** The path of a box with round corners. */
  function plate(ctx, box, radius) {
    ctx.beginPath();
    ctx.moveTo(box[0] + radius, box[1]);
    ctx.arcTo(box[2], box[1], box[2], box[3], radius);
    ctx.arcTo(box[2], box[3], box[0], box[3], radius);
    ctx.arcTo(box[0], box[3], box[0], box[1], radius);
    ctx.arcTo(box[0], box[1], box[2], box[1], radius);
    ctx.closePath();
  }

  /** A pictogram of the bundle's `icons`, in a box; nothing if there is none with that name. */
  function drawIcon(ctx, icon, box, paint) {
    if (!icon) return;
    const side = box[2] - box[0];
    const point = (numbers, i) => [box[0] + numbers[i] * side, box[1] + numbers[i + 1] * side];
    const walk = function (numbers) {
      for (let i = 0; i < numbers.length; i += 2) {
        const at = point(numbers, i);
        if (i) ctx.lineTo(at[0], at[1]);
        else ctx.moveTo(at[0], at[1]);
      }
    };
    const round = function (numbers) {
      const at = point(numbers, 0);
      ctx.moveTo(at[0] + numbers[2] * side, at[1]);
      ctx.arc(at[0], at[1], numbers[2] * side, 0, 2 * Math.PI);
    };
    if (icon.areas || icon.dots) {
      ctx.beginPath();
      (icon.areas || []).forEach(function (area) { walk(area); ctx.closePath(); });
      (icon.dots || []).forEach(round);
      ctx.fillStyle = paint;
      ctx.fill();
    }
    if (icon.lines || icon.rings) {
      ctx.beginPath();
      (icon.lines || []).forEach(walk);
      (icon.rings || []).forEach(round);
      ctx.strokeStyle = paint;
      ctx.lineWidth = 0.11 * side;
      ctx.stroke();
    }
  }

  const MARKERS = {
    goal: drawGoal, start: drawStart, position: drawPosition, change: drawChange,
    closed: drawClosed, landmark: drawLandmark,
  };

  function drawMarker(ctx, one, view, theme, icons) {
    MARKERS[one.marker.kind](ctx, one, theme, view, icons);
  }

  /** A pin whose tip is the goal. */
  function drawGoal(ctx, one, theme) {
    const r = 0.4 * theme.icon_px;
    const x = one.at[0];
    const y = one.at[1];
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.arc(x, y - 2.1 * r, r, Math.PI - 0.6, 0.6);
    ctx.closePath();
    ctx.fillStyle = theme.paints.goal;
    ctx.fill();
    ctx.strokeStyle = theme.paints.mark;
    ctx.lineWidth = 0.25 * r;
    ctx.stroke();
    disc(ctx, x, y - 2.1 * r, 0.4 * r, theme.paints.mark);
    if (one.plate) drawText(ctx, one, one.plate, theme.paints.ink, theme.paints.halo);
  }

  /** A ring at the start. */
  function drawStart(ctx, one, theme) {
    const r = 0.36 * theme.icon_px;
    disc(ctx, one.at[0], one.at[1], 1.25 * r, theme.paints.mark);
    disc(ctx, one.at[0], one.at[1], r, theme.paints.route);
    disc(ctx, one.at[0], one.at[1], 0.5 * r, theme.paints.mark);
    if (one.plate) drawText(ctx, one, one.plate, theme.paints.ink, theme.paints.halo);
  }

  /** An arrowhead in the viewing direction, else a dot, on a disc. */
  function drawPosition(ctx, one, theme, view) {
    const r = 0.5 * theme.icon_px;
    const x = one.at[0];
    const y = one.at[1];
    disc(ctx, x, y, 1.15 * r, theme.paints.mark);
    disc(ctx, x, y, r, theme.paints.route);
    if (one.marker.heading_deg === undefined) {
      disc(ctx, x, y, 0.4 * r, theme.paints.mark);
      return;
    }
    const turn = (one.marker.heading_deg + (view.rotation || 0)) * Math.PI / 180;
    const at = (deg, far) => [
      x + far * r * Math.sin(turn + deg * Math.PI / 180),
      y - far * r * Math.cos(turn + deg * Math.PI / 180),
    ];
    ctx.beginPath();
    [at(0, 0.8), at(145, 0.75), at(180, 0.3), at(-145, 0.75)].forEach(function (p, i) {
      if (i) ctx.lineTo(p[0], p[1]);
      else ctx.moveTo(p[0], p[1]);
    });
    ctx.closePath();
    ctx.fillStyle = theme.paints.mark;
    ctx.fill();
  }

  /** The icon of the shaft, and a plate that says where to; both can be tapped. */
  function drawChange(ctx, one, theme, view, icons) {
    const marker = one.marker;
    const paints = theme.paints;
    drawBadge(ctx, one.box, true, paints.shaft, paints.onSign);
    drawIcon(ctx, icons[marker.by || marker.way], inset(one.box, 0.17), paints.onSign);
    if (!one.plate) return;
    const em = one.letters.size_px;
    const middle = (one.plate[1] + one.plate[3]) / 2;
    plate(ctx, one.plate, 0.5 * em);
    ctx.fillStyle = marker.onward ? paints.shaft : paints.mark;
    ctx.fill();
    ctx.strokeStyle = marker.onward ? paints.onSign : paints.shaft;
    ctx.lineWidth = theme.wall_px;
    ctx.stroke();
    const ink = marker.onward ? paints.onSign : paints.shaft;
    let x = one.plate[0] + one.pad;
    plateIcons(marker).forEach(function (icon) {
      drawIcon(ctx, icons[icon], boxAround(x + 0.55 * em, middle, 1.1 * em, 1.1 * em), ink);
      x += SIGN_EM * em;
    });
    drawText(ctx, one, [x, one.plate[1], one.plate[2] - one.pad, one.plate[3]], ink, '');
  }

  /** What the step names: a dot, and its name on a plate. */
  function drawLandmark(ctx, one, theme) {
    const { ink, mark } = theme.paints;
    const r = 0.22 * theme.icon_px;
    disc(ctx, one.at[0], one.at[1], 1.5 * r, mark);
    disc(ctx, one.at[0], one.at[1], r, ink);
    if (!one.plate) return;
    plate(ctx, one.plate, 0.4 * one.letters.size_px);
    ctx.fillStyle = mark;
    ctx.fill();
    ctx.strokeStyle = ink;
    ctx.lineWidth = 2 * theme.wall_px;
    ctx.stroke();
    drawText(ctx, one, one.plate, ink, '');
  }

  function drawClosed(ctx, one, theme, view, icons) {
    drawBadge(ctx, one.box, false, theme.paints.urgent, theme.paints.onSign);
    drawIcon(ctx, icons.barred, one.box, theme.paints.onSign);
    if (one.plate) drawText(ctx, one, one.plate, theme.paints.ink, theme.paints.halo);
  }

  function disc(ctx, x, y, radius, paint) {
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = paint;
    ctx.fill();
  }

  return { draw, drawLine, drawBadge, drawIcon, drawGoal, drawStart };
});
