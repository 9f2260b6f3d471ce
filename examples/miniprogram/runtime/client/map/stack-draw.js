/* Draws a stack of floors onto a 2D context. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(
      require('./look.js'), require('./geometry.js'), require('./stack.js'), require('./draw.js')
    );
  } else {
    root.navkitMapStackDraw = make(
      root.navkitMapLook, root.navkitMapGeometry, root.navkitMapStack, root.navkitMapDraw
    );
  }
})(this, /**
 * @param {typeof import('./look.js')} mapLook
 * @param {typeof import('./geometry.js')} mapGeometry
 * @param {typeof import('./stack.js')} mapStack
 * @param {typeof import('./draw.js')} mapDraw
 */ function (mapLook, mapGeometry, mapStack, mapDraw) {
  'use strict';

  const { LINES } = mapLook;
  const { boundsOf, touch, boxAround } = mapGeometry;
  const { onScreen } = mapStack;
  const { drawLine, drawBadge, drawIcon, drawGoal, drawStart } = mapDraw;

  /** The least size of icons where floors are close, as a share of the usual. */
  const LEAST_ICON = 0.6;

  /** How thick a floor looks, in pixels. */
  const THICK_PX = 4;

  /** A way from floor to floor, from the lowest layer up; sizes in widths of the route. */
  const RISER = [
    { paint: 'routeEdge', wide: 1.3, dashes: [] },
    { paint: 'route', wide: 0.6, dashes: [1.1, 0.9] },
  ];

  /** Draws a stack as it is `seen`. `nameOf(level)` says which floor it is. */
  function drawStack(ctx, stack, seen, theme, nameOf) {
    ctx.save();
    ctx.setTransform(seen.ratio, 0, 0, seen.ratio, 0, 0);
    ctx.fillStyle = theme.paints.page;
    ctx.fillRect(0, 0, seen.width, seen.height);
    ctx.lineJoin = 'bevel';
    stack.plates.forEach((plate) => drawPlate(ctx, stack, plate, seen, theme));
    ctx.lineJoin = 'round';
    ctx.lineCap = 'round';
    const lines = linesOf(stack, seen);
    drawRisers(ctx, lines, theme);
    lines.filter((line) => line.length > 1)
      .forEach((line) => drawLine(ctx, line, LINES.now, seen, theme));
    drawMarks(ctx, stack, lines, Object.assign({}, theme, {
      icon_px: Math.min(theme.icon_px, Math.max(LEAST_ICON * theme.icon_px, seen.rise / 2)),
    }));
    drawNames(ctx, stack, seen, theme, nameOf);
    ctx.restore();
  }

  /** A floor: its edge below, then rooms and what people walk through. */
  function drawPlate(ctx, stack, plate, seen, theme) {
    const by = seen.planes[plate.plane];
    const { paints } = theme;
    const isChosen = plate.level === stack.level;
    const edge = Object.assign({}, by, { f: by.f + THICK_PX });
    fill(ctx, edge, plate.rooms, isChosen ? paints.route : paints.wall, '', 0);
    fill(ctx, edge, plate.open, isChosen ? paints.route : paints.wall, '', 0);
    const isWalked = stack.kind === 'route';
    // Walls of a whole building would take longer to draw than all the rest.
    fill(ctx, by, plate.rooms, isChosen && !isWalked ? paints.goalRoom : paints.room,
      isWalked || isChosen ? paints.wall : '', theme.wall_px);
    fill(ctx, by, plate.open, paints.corridor, '', 0);
  }

  /** Rings in one path: with longer paths canvases get slower per ring. */
  const AT_ONCE = 16;

  /** Fills rings in metres; with an `edge`, their outlines too. */
  function fill(ctx, by, rings, paint, edge, wide) {
    ctx.fillStyle = paint;
    ctx.strokeStyle = edge || paint;
    ctx.lineWidth = 0.5 * wide;
    for (let first = 0; first < rings.length; first += AT_ONCE) {
      ctx.beginPath();
      rings.slice(first, first + AT_ONCE).forEach((ring) => trace(ctx, by, ring));
      ctx.fill();
      if (edge) ctx.stroke();
    }
  }

  /** Adds a ring in metres to the path. */
  function trace(ctx, by, ring) {
    for (let i = 0; i < ring.length; i++) {
      const x = by.a * ring[i][0] + by.c * ring[i][1] + by.e;
      const y = by.b * ring[i][0] + by.d * ring[i][1] + by.f;
      if (i) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
    }
    ctx.closePath();
  }

  /** The parts of the route in pixels. */
  function linesOf(stack, seen) {
    return stack.parts.map((part) => part.points.map((at) => onScreen(seen.planes[part.plane], at)));
  }

  /** Lifts and stairs from floor to floor. */
  function drawRisers(ctx, lines, theme) {
    lines.slice(1).forEach(function (line, i) {
      const [from, to] = [lines[i][lines[i].length - 1], line[0]];
      RISER.forEach(function (layer) {
        ctx.beginPath();
        ctx.moveTo(from[0], from[1]);
        ctx.lineTo(to[0], to[1]);
        ctx.setLineDash(layer.dashes.map((part) => part * theme.route_px));
        ctx.strokeStyle = theme.paints[layer.paint];
        ctx.lineWidth = layer.wide * theme.route_px;
        ctx.stroke();
      });
      ctx.setLineDash([]);
    });
  }

  /** A ring at the start, the icon of each lift or stairs at both of its ends, a pin at the goal. */
  function drawMarks(ctx, stack, lines, theme) {
    if (!lines.length) return;
    const side = theme.icon_px;
    stack.parts.slice(0, -1).forEach(function (part, i) {
      [lines[i][lines[i].length - 1], lines[i + 1][0]].forEach(function (at) {
        const box = boxAround(at[0], at[1], side, side);
        drawBadge(ctx, box, true, theme.paints.shaft, theme.paints.onSign);
        drawIcon(ctx, stack.icons[part.by || 'across'],
          boxAround(at[0], at[1], 0.66 * side, 0.66 * side), theme.paints.onSign);
      });
    });
    const last = lines[lines.length - 1];
    drawStart(ctx, { at: lines[0][0] }, theme);
    drawGoal(ctx, { at: last[last.length - 1] }, theme);
  }

  /** The name of each floor at its front corner, of those that would cover each other the chosen
   * and the lower ones. */
  function drawNames(ctx, stack, seen, theme, nameOf) {
    const em = theme.letter_px;
    ctx.font = (theme.weight === 'bold' ? 'bold ' : '600 ') + em + 'px ' + theme.font;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    ctx.lineWidth = 0.3 * em;
    const taken = [];
    const order = stack.plates.slice().sort((one, other) => (
      Number(other.level === stack.level) - Number(one.level === stack.level)));
    order.forEach(function (plate) {
      const corners = plate.hull.map((at) => onScreen(seen.planes[plate.plane], at));
      const front = corners.reduce((low, at) => (at[1] > low[1] ? at : low));
      const text = nameOf(plate.level);
      const wide = ctx.measureText(text).width;
      const x = Math.min(Math.max(front[0] - wide / 2, 4), seen.width - wide - 4);
      const y = Math.min(front[1] - 0.2 * em, seen.height - em);
      const box = boundsOf([[x - 2, y - 0.55 * em], [x + wide + 2, y + 0.55 * em]]);
      if (taken.some((other) => touch(other, box))) return;
      taken.push(box);
      ctx.strokeStyle = theme.paints.halo;
      ctx.strokeText(text, x, y);
      ctx.fillStyle = plate.level === stack.level ? theme.paints.route : theme.paints.ink;
      ctx.fillText(text, x, y);
    });
  }

  return { drawStack };
});
