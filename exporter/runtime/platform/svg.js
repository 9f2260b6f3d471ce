/* The canvas interface that `navkitMap.draw` needs, as SVG: a map that prints sharply at any size.
 *
 *   const paper = navkitSvg.context(width_px, height_px, (text, font) => width_px_of_text);
 *   navkitMap.draw(paper, scene, view, theme);
 *   image.src = 'data:image/svg+xml,' + encodeURIComponent(paper.svg());
 *
 * Paths and plain text; anything that the map does not use is missing.
 * One file for CommonJS and for <script> (global `navkitSvg`). ES2017.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitSvg = make();
  }
})(this, function () {
  'use strict';

  const ANCHORS = { start: 'start', left: 'start', center: 'middle', end: 'end', right: 'end' };
  const ESCAPED = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  const TURN = 2 * Math.PI;

  function escaped(text) {
    return String(text).replace(/[&<>"]/g, (one) => ESCAPED[one]);
  }

  /** Hundredths of a pixel are enough for any printer. */
  function short(value) {
    return String(Math.round(value * 100) / 100);
  }

  class Context {
    constructor(width, height, measure) {
      this.fillStyle = '#000';
      this.strokeStyle = '#000';
      this.lineWidth = 1;
      this.lineCap = 'butt';
      this.lineJoin = 'miter';
      this.font = '10px sans-serif';
      this.textAlign = 'start';
      this.textBaseline = 'alphabetic';
      this._size = [width, height];
      this._measure = measure;
      this._matrix = [1, 0, 0, 1, 0, 0];
      this._dashes = [];
      this._kept = [];
      this._parts = [];
      this.beginPath();
    }

    // ------------------------------------------------------------------ state

    save() {
      this._kept.push({ matrix: this._matrix, dashes: this._dashes });
    }

    restore() {
      const kept = this._kept.pop();
      this._matrix = kept.matrix;
      this._dashes = kept.dashes;
    }

    setTransform(a, b, c, d, e, f) {
      this._matrix = [a, b, c, d, e, f];
    }

    setLineDash(dashes) {
      this._dashes = dashes;
    }

    measureText(text) {
      return { width: this._measure(text, this.font) };
    }

    // ------------------------------------------------------------------ paths

    beginPath() {
      this._path = [];
      this._at = null;
    }

    _go(command, x, y) {
      this._path.push(command + short(x) + ' ' + short(y));
      this._at = [x, y];
    }

    moveTo(x, y) {
      this._go('M', x, y);
    }

    lineTo(x, y) {
      this._go(this._at ? 'L' : 'M', x, y);
    }

    closePath() {
      this._path.push('Z');
    }

    /** Clockwise, as on a canvas, from one angle to another. */
    arc(x, y, radius, from, to) {
      const whole = to - from >= TURN;
      const sweep = whole ? TURN : (((to - from) % TURN) + TURN) % TURN;
      this.lineTo(x + radius * Math.cos(from), y + radius * Math.sin(from));
      // Two halves: an arc that ends where it begins is empty.
      [from + sweep / 2, from + sweep].forEach((angle) => {
        this._curve(radius, 1, x + radius * Math.cos(angle), y + radius * Math.sin(angle));
      });
    }

    /** Along the corner at (x1, y1) towards (x2, y2), rounded off. */
    arcTo(x1, y1, x2, y2, radius) {
      const before = unit(this._at[0] - x1, this._at[1] - y1);
      const after = unit(x2 - x1, y2 - y1);
      const cross = before[0] * after[1] - before[1] * after[0];
      const dot = before[0] * after[0] + before[1] * after[1];
      const away = radius * (1 + dot) / Math.abs(cross); // radius / tan(half the angle)
      this.lineTo(x1 + before[0] * away, y1 + before[1] * away);
      this._curve(radius, cross < 0 ? 1 : 0, x1 + after[0] * away, y1 + after[1] * away);
    }

    _curve(radius, clockwise, x, y) {
      const shape = short(radius) + ' ' + short(radius) + ' 0 0 ' + clockwise + ' ';
      this._go('A' + shape, x, y);
    }

    // --------------------------------------------------------------- painting

    fill() {
      this._draw('path', { d: this._path.join(''), fill: this.fillStyle, 'fill-rule': 'nonzero' });
    }

    stroke() {
      this._draw('path', Object.assign({ d: this._path.join('') }, this._line()));
    }

    fillRect(x, y, width, height) {
      this._draw('rect', {
        x: short(x), y: short(y), width: short(width), height: short(height), fill: this.fillStyle,
      });
    }

    fillText(text, x, y) {
      this._text(text, x, y, { fill: this.fillStyle });
    }

    strokeText(text, x, y) {
      this._text(text, x, y, this._line());
    }

    _line() {
      const line = {
        fill: 'none', stroke: this.strokeStyle, 'stroke-width': short(this.lineWidth),
        'stroke-linecap': this.lineCap, 'stroke-linejoin': this.lineJoin,
      };
      if (this._dashes.length) line['stroke-dasharray'] = this._dashes.map(short).join(' ');
      return line;
    }

    _text(text, x, y, paint) {
      this._draw('text', Object.assign({
        x: short(x), y: short(y), style: 'font:' + this.font, 'text-anchor': ANCHORS[this.textAlign],
      }, paint), escaped(text));
    }

    _draw(tag, attributes, content) {
      const matrix = this._matrix.join(' ');
      const own = matrix === '1 0 0 1 0 0' ? {} : { transform: 'matrix(' + matrix + ')' };
      const all = Object.assign({}, attributes, own);
      const said = Object.keys(all).map((name) => ' ' + name + '="' + escaped(all[name]) + '"');
      this._parts.push('<' + tag + said.join('') + (content ? '>' + content + '</' + tag + '>' : '/>'));
    }

    /** Everything that was drawn, as a document. */
    svg() {
      const size = this._size.map(short);
      return '<svg xmlns="http://www.w3.org/2000/svg" width="' + size[0] + '" height="' + size[1] +
        '" viewBox="0 0 ' + size.join(' ') + '">' + this._parts.join('') + '</svg>';
    }
  }

  function unit(x, y) {
    const length = Math.sqrt(x * x + y * y);
    return [x / length, y / length];
  }

  function context(width, height, measure) {
    return new Context(width, height, measure);
  }

  return { context: context };
});
