/* Layout: which names, icons and markers are shown, and where. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./look.js'), require('./geometry.js'), require('./lens.js'));
  } else {
    root.navkitMapLayout = make(root.navkitMapLook, root.navkitMapGeometry, root.navkitMapLens);
  }
})(this, /**
 * @param {typeof import('./look.js')} mapLook
 * @param {typeof import('./geometry.js')} mapGeometry
 * @param {typeof import('./lens.js')} mapLens
 */ function (mapLook, mapGeometry, mapLens) {
  'use strict';

  const { THEMES, LINES, DEPARTMENT, LOUD } = mapLook;
  const { boundsOf, cornersOf, touch, contains, inside, clearance, away, boxAround } = mapGeometry;
  const { lens, through, toMetres } = mapLens;

  /** Units that stay together on a line: a character that is a word by itself, or a word of
   * letters; brackets and stops with their neighbours. */
  const PIECES = new RegExp('\\s*[\\uff08\\u300a\\u300c\\u201c]*' +
    '(?:[\\ud800-\\udbff][\\udc00-\\udfff]|[\\u2e80-\\uffef]|[^\\s\\u2e80-\\uffef]+)' +
    '[\\uff09\\u300b\\u300d\\u201d\\u3001\\u3002\\uff0c\\uff1a]*', 'g');

  const MOST_LINES = 3;
  const LEADING_EM = 1.2;

  /** Middle of the letters above the base line. */
  const RISE_EM = 0.36;

  /** Measures and breaks text in one font; caches its measurements. */
  class Letters {
    constructor(font, size_px) {
      this.font = font;
      this.size_px = size_px;
      this.ctx = null; // That of the latest draw.
      this._widths = new Map();
      this._broken = new Map();
    }

    width(text) {
      let width = this._widths.get(text);
      if (width === undefined) {
        this.ctx.font = this.font;
        width = this.ctx.measureText(text).width;
        this._widths.set(text, width);
      }
      return width;
    }

    /** A text on one line, on two, on three, as evenly as possible: `[{lines, width}]`. */
    broken(text) {
      let ways = this._broken.get(text);
      if (ways === undefined) {
        ways = [];
        const words = (text.match(PIECES) || []).map((word) => ({
          text: word, width: this.width(word),
        }));
        for (let count = 1; count <= Math.min(MOST_LINES, words.length); count++) {
          const lines = evenLines(words, count);
          const width = lines.reduce((most, line) => Math.max(most, this.width(line)), 0);
          // A single character on a line is hard to read.
          const isWhole = count === 1 || lines.every((line) => line.length > 1);
          if (lines.length === count && isWhole) ways.push({ lines: lines, width: width });
        }
        this._broken.set(text, ways);
      }
      return ways;
    }
  }

  /** Words on `count` lines of which the longest is as short as possible. */
  function evenLines(words, count) {
    let low = words.reduce((sum, word) => sum + word.width, 0) / count;
    let high = low * count;
    for (let k = 0; count > 1 && k < 6; k++) {
      const middle = (low + high) / 2;
      if (filled(words, middle).length > count) low = middle;
      else high = middle;
    }
    return filled(words, high + 0.01);
  }

  /** Lines filled up to a width. */
  function filled(words, most) {
    const lines = [];
    let width = 0;
    words.forEach(function (word) {
      if (lines.length && width + word.width <= most) {
        lines[lines.length - 1] += word.text;
        width += word.width;
      } else {
        lines.push(word.text.trim());
        width = word.width;
      }
    });
    return lines;
  }

  function lettersFor(ctx, ground, theme, factor, weight) {
    const size_px = theme.letter_px * factor;
    const font = weight + ' ' + size_px + 'px ' + theme.font;
    let letters = ground.letters.get(font);
    if (!letters) {
      letters = new Letters(font, size_px);
      ground.letters.set(font, letters);
    }
    letters.ctx = ctx;
    return letters;
  }

  /** A box moved into another, if it fits there. */
  function moved(box, into) {
    const dx = Math.max(into[0] - box[0], Math.min(0, into[2] - box[2]));
    const dy = Math.max(into[1] - box[1], Math.min(0, into[3] - box[3]));
    return [box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy];
  }

  function isWithinBox(box, other) {
    return box[0] >= other[0] && box[1] >= other[1] && box[2] <= other[2] && box[3] <= other[3];
  }

  const CELL_PX = 48;

  /** Occupied boxes, by cells of the screen. */
  class Taken {
    constructor(width, height) {
      this._across = Math.ceil(width / CELL_PX) + 2;
      this._down = Math.ceil(height / CELL_PX) + 2;
      this._cells = new Array(this._across * this._down);
    }

    add(box) {
      this._each(box, (cell) => {
        if (this._cells[cell]) this._cells[cell].push(box);
        else this._cells[cell] = [box];
        return true;
      });
    }

    isFree(box) {
      return this._each(box, (cell) => !this._cells[cell] ||
        !this._cells[cell].some((other) => touch(box, other)));
    }


    _each(box, holds) {
      const left = cellOf(box[0], this._across);
      const right = cellOf(box[2], this._across);
      const bottom = cellOf(box[3], this._down);
      for (let y = cellOf(box[1], this._down); y <= bottom; y++) {
        for (let x = left; x <= right; x++) if (!holds(y * this._across + x)) return false;
      }
      return true;
    }
  }

  /** Off the screen there is one cell at either side. */
  function cellOf(pixel, count) {
    return Math.min(Math.max(Math.floor(pixel / CELL_PX) + 1, 0), count - 1);
  }

  /** Boxes below, above, beside and at the corners of a box. */
  function boxesBeside(box, width, height, gap) {
    const x = (box[0] + box[2]) / 2;
    const y = (box[1] + box[3]) / 2;
    const [left, right] = [box[0] - gap - width / 2, box[2] + gap + width / 2];
    const [above, below] = [box[1] - gap - height / 2, box[3] + gap + height / 2];
    return [
      [x, below], [x, above], [right, y], [left, y],
      [right, below], [left, below], [right, above], [left, above],
    ].map((at) => boxAround(at[0], at[1], width, height));
  }

  /** How far words are from their marker, in their letters, the nearest first. */
  const GAPS_EM = [0, 1.6, 3.2, 5, 8, 12];

  /** How large markers are, in halves of an icon; the goal is a pin. */
  const SIZES = { start: 2.2, position: 2.2, change: 2.2, closed: 2.2, landmark: 1 };

  /** Markers whose words are on a plate. */
  const PLATED = ['change', 'landmark'];

  /** Room between labels, in pixels. */
  const GAP_PX = 2;

  /** Door numbers are shown from this scale on, names beside icons, doors; pixels per metre, for
   * the letters of the normal theme. A room of 3 m is then as wide as a short number. */
  const NUMBERS_FROM = 9;

  const NAMES_FROM = 7;
  const DOORS_FROM = 4;

  /** From here on rooms are named before the department that they belong to. */
  const ROOMS_FIRST_FROM = 14;

  /** An icon before the words of a plate, with the gap after it. */
  const SIGN_EM = 1.35;

  /** Decides what is shown where; draws nothing. In the layout no text covers other text, an icon,
   * a marker or the route. */
  class Layout {
    constructor(ctx, scene, view, theme) {
      this.scene = scene;
      this.view = view;
      this.theme = theme;
      this.lens = lens(view);
      this.taken = new Taken(view.width, view.height);
      /** Words of markers: on a screen with hardly any free part, names cover marks, not words. */
      this.words = new Taken(view.width, view.height);
      this.route = new Taken(view.width, view.height);
      this.plain = lettersFor(ctx, scene.ground, theme, 1, theme.weight);
      this.bold = lettersFor(ctx, scene.ground, theme, 1.08, 'bold');
      this.screen = [0, 0, view.width, view.height];
      /** The part of the screen that no control covers. */
      this.free = view.free || this.screen;
      this.shown = [];
      // Larger letters need more room.
      this.zoom = view.scale * THEMES.normal.letter_px / theme.letter_px;
    }

    /** Of a map that turns only the markers: names would jump from place to place. */
    run(isTurning) {
      const marks = this.scene.markers.map((marker) => this._mark(marker)).filter(Boolean);
      Object.keys(LINES).forEach((name) => {
        this.scene.lines[name].forEach(
          (line) => this._takeLine(this.route, line, LINES[name].wide));
      });
      marks.forEach((mark) => this._caption(mark));
      if (isTurning) return this.shown;
      const signs = this.scene.ground.signs.filter((sign) => this._isWanted(sign));
      const isLate = (sign) => sign.rank === DEPARTMENT && !sign.rings &&
        this.zoom >= ROOMS_FIRST_FROM;
      signs.filter((sign) => !isLate(sign)).concat(signs.filter(isLate))
        .forEach((sign) => this._sign(sign));
      return this.shown;
    }

    /** Whether a sign is on the screen, and no marker says the same. */
    _isWanted(sign) {
      const isPinned = this.scene.markers.some((marker) => marker.place === sign.place &&
        (marker.kind === 'goal' || marker.kind === 'landmark'));
      return !isPinned && contains(this.screen, through(this.lens, sign.at));
    }

    _isFree(box) {
      return this.taken.isFree(box) && this.route.isFree(box);
    }

    /** Occupies the area of a marker's shape. */
    _mark(marker) {
      const at = through(this.lens, marker.at);
      const r = this.theme.icon_px / 2;
      const box = marker.kind === 'goal'
        ? [at[0] - 0.8 * r, at[1] - 2.5 * r, at[0] + 0.8 * r, at[1] + 0.3 * r]
        : boxAround(at[0], at[1], SIZES[marker.kind] * r, SIZES[marker.kind] * r);
      if (!touch(box, this.screen)) return null;
      const mark = { marker: marker, at: at, box: box, lines: [], boxes: [] };
      this.taken.add(box);
      this.shown.push(mark);
      return mark;
    }

    /** Finds a place for a marker's words, in the free part of the screen if the marker is there: on
     * a plate at a change of level, which can be tapped, and at what the step names. */
    _caption(mark) {
      const marker = mark.marker;
      const letters = this.bold;
      const isPlate = PLATED.includes(marker.kind);
      const signs = marker.kind === 'change' ? plateIcons(marker).length : 0;
      const em = letters.size_px;
      const pad = isPlate ? 0.5 * em : GAP_PX;
      const within = contains(this.free, mark.at) ? this.free : this.screen;
      const spots = [];
      const sizes = [];
      letters.broken(marker.text).slice(0, signs ? 1 : MOST_LINES).forEach((way) => {
        const width = way.width + signs * SIGN_EM * em + 2 * pad;
        const height = way.lines.length * LEADING_EM * em + (isPlate ? 0.6 * em : GAP_PX);
        sizes.push({ way: way, width: width, height: height });
        GAPS_EM.forEach((gap) => {
          boxesBeside(mark.box, width, height, GAP_PX + gap * em).forEach((beside) => {
            const box = moved(beside, within);
            const isClear = isWithinBox(box, within) && this.taken.isFree(box);
            if (isClear) spots.push({ box: box, way: way, gap: gap });
          });
        });
      });
      // The nearest beside the route; over it rather than not at all.
      spots.sort((one, other) => one.gap - other.gap);
      const spot = spots.find((one) => this.route.isFree(one.box)) || spots[0] ||
        (marker.kind === 'landmark' && (this._anywhere(mark, sizes, within, this.taken) ||
          this._anywhere(mark, sizes, within, this.words)));
      if (!spot) return;
      this.taken.add(spot.box);
      this.words.add(spot.box);
      Object.assign(mark, { plate: spot.box, letters: letters, lines: spot.way.lines, pad: pad });
    }

    /** The nearest spot for words of some sizes anywhere in a box, clear of what is taken; null if
     * there is none. */
    _anywhere(mark, sizes, within, taken) {
      let found = null;
      sizes.forEach((size) => {
        for (let x = within[0]; x + size.width <= within[2]; x += STRIDE_PX) {
          for (let y = within[1]; y + size.height <= within[3]; y += STRIDE_PX) {
            const box = [x, y, x + size.width, y + size.height];
            const off = away(mark.at, [x + size.width / 2, y + size.height / 2]);
            if ((!found || off < found.off) && taken.isFree(box)) {
              found = { box: box, way: size.way, off: off };
            }
          }
        }
      });
      return found;
    }

    /** Occupies the boxes along a line. */
    _takeLine(into, points, wide) {
      const half = wide * this.theme.route_px / 2 + 1;
      for (let i = 1; i < points.length; i++) {
        const a = through(this.lens, points[i - 1]);
        const b = through(this.lens, points[i]);
        const box = boundsOf([a, b]);
        const seen = [box[0] - half, box[1] - half, box[2] + half, box[3] + half];
        if (!touch(seen, this.screen)) continue;
        const count = Math.ceil(away(a, b) / STRIDE_PX);
        for (let k = 0; k <= count; k++) {
          const part = k / Math.max(count, 1);
          into.add(boxAround(
            a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, 2 * half, 2 * half));
        }
      }
    }

    /** How far a sign may extend to either side before it meets a wall, in pixels. */
    _reach(sign) {
      if (!sign.rings) return [Infinity, Infinity];
      if (sign.turned !== this.view.rotation) {
        const a = this.lens.a / this.view.scale;
        const b = this.lens.b / this.view.scale;
        sign.reach = [clearance(sign.rings, sign.at, a, b), clearance(sign.rings, sign.at, b, -a)];
        sign.turned = this.view.rotation;
      }
      return [sign.reach[0] * this.view.scale, sign.reach[1] * this.view.scale];
    }

    /** Shows the parts of a sign for which there is room. */
    _sign(sign) {
      const at = through(this.lens, sign.at);
      const reach = this._reach(sign);
      if (sign.icon) this._withIcon(sign, at, reach);
      else this._textOnly(sign, at, reach);
    }

    /** An icon with its name in the room, else the icon with the name beside it, else alone. */
    _withIcon(sign, at, reach) {
      const px = this.theme.icon_px;
      if (sign.rank > LOUD && Math.min(reach[0], reach[1]) < 0.3 * px) return;
      const ways = this.zoom >= NAMES_FROM ? this._ways(sign) : [];
      for (let k = 0; k < ways.length; k++) {
        const whole = px + GAP_PX + ways[k].height;
        const icon = boxAround(at[0], at[1] - whole / 2 + px / 2, px, px);
        const words = boxAround(
          at[0], at[1] + whole / 2 - ways[k].height / 2, ways[k].width, ways[k].height);
        const fits = ways[k].width <= 2 * reach[0] && whole <= 2 * reach[1];
        if (fits && this._isFree(icon) && this._isFree(words)) {
          this._show(sign, icon, words, ways[k]);
          return;
        }
      }
      const icon = boxAround(at[0], at[1], px, px);
      if (!this._isFree(icon)) return;
      for (let k = 0; sign.rank <= LOUD && k < ways.length; k++) {
        const words = boxesBeside(icon, ways[k].width, ways[k].height, GAP_PX)
          .find((box) => isWithinBox(box, this.screen) && this._isFree(box));
        if (words) {
          this._show(sign, icon, words, ways[k]);
          return;
        }
      }
      this._show(sign, icon, null, null);
    }

    /** The first form of a sign that fits into its room, or over its rooms. */
    _textOnly(sign, at, reach) {
      const spread = sign.rings ? Infinity : 0.8 * Math.sqrt(sign.m2) * this.view.scale;
      const across = 2 * Math.min(reach[0], spread);
      const up = 2 * Math.min(reach[1], spread);
      const ways = this._ways(sign);
      for (let k = 0; k < ways.length; k++) {
        const box = boxAround(at[0], at[1], ways[k].width, ways[k].height);
        if (ways[k].width <= across && ways[k].height <= up && this._isFree(box) &&
            this._isWithin(sign, box)) {
          this._show(sign, null, box, ways[k]);
          return;
        }
      }
    }

    /** Whether the corners of a box are in a sign's room, if it has one. */
    _isWithin(sign, box) {
      return !sign.rings || cornersOf(box).every((pixel) => {
        const at = toMetres(this.view, pixel);
        return inside(sign.rings, at[0], at[1]);
      });
    }

    /** Forms of a sign: with the door's number, without it, and the number alone. */
    _ways(sign) {
      const letters = sign.rank <= DEPARTMENT ? this.bold : this.plain;
      const broken = letters.broken(sign.text);
      const ways = broken.map((way) => wayOf(letters, way.lines, way.width));
      if (!sign.number || this.zoom < NUMBERS_FROM) return ways;
      const number = letters.broken(sign.number)[0];
      return broken.map((way) => wayOf(
        letters, way.lines.concat(number.lines), Math.max(way.width, number.width)))
        .concat(ways, wayOf(letters, number.lines, number.width));
    }

    /** Places a sign's icon and words, some of which may be missing. */
    _show(sign, icon, words, way) {
      if (icon) this.taken.add(icon);
      if (words) this.taken.add(words);
      this.shown.push({
        sign: sign, icon: icon, plate: words, lines: way ? way.lines : [],
        letters: way ? way.letters : null,
        // Letters need an edge only over walls and lines.
        over: words && (!sign.rings || !this._isWithin(sign, words)),
      });
    }
  }

  const STRIDE_PX = 8;

  function wayOf(letters, lines, width) {
    return {
      letters: letters,
      lines: lines,
      width: width + 2 * GAP_PX,
      height: lines.length * LEADING_EM * letters.size_px + GAP_PX,
    };
  }

  /** The direction in which the route continues; none where it came from. */
  function plateIcons(marker) {
    return [marker.by, marker.onward || !marker.by ? marker.way : ''].filter(Boolean);
  }

  return { LEADING_EM, RISE_EM, DOORS_FROM, SIGN_EM, Layout, plateIcons };
});
