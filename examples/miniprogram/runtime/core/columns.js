/* Columns of a bundle's files, decoded: differences, runs, columns that are nearly constant, texts
 * with numbers in them (docs/bundle-format.md). */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitColumns = make();
  }
})(this, function () {
  'use strict';

  /** Values of differences.
   * @param {ArrayLike<number>} steps
   * @returns {Int32Array}
   */
  function undelta(steps) {
    const values = new Int32Array(steps.length);
    let last = 0;
    for (let i = 0; i < steps.length; i++) {
      last += steps[i];
      values[i] = last;
    }
    return values;
  }

  /** Values of `[value, length, …]`.
   * @param {number[]} runs
   * @returns {Int32Array}
   */
  function unrun(runs) {
    let count = 0;
    for (let i = 1; i < runs.length; i += 2) count += runs[i];
    const values = new Int32Array(count);
    let at = 0;
    for (let i = 0; i < runs.length; i += 2) {
      values.fill(runs[i], at, at + runs[i + 1]);
      at += runs[i + 1];
    }
    return values;
  }

  /** A column of `count` values that is nearly always `usual`.
   * @param {{at: number[], value: number[]}} column
   * @param {number} count
   * @param {number} usual
   * @returns {Int32Array}
   */
  function unsparse(column, count, usual) {
    const values = new Int32Array(count);
    if (usual) values.fill(usual);
    let at = 0;
    for (let i = 0; i < column.at.length; i++) {
      at += column.at[i];
      values[at] = column.value[i];
    }
    return values;
  }

  /** The n-th column of a table of types.
   * @param {{type: number[], types: number[][]}} data
   * @returns {function(number): Int32Array}
   */
  function columnsOf(data) {
    return function (number) {
      const values = new Int32Array(data.type.length);
      for (let i = 0; i < values.length; i++) values[i] = data.types[data.type[i]][number];
      return values;
    };
  }

  /** A text table: templates split at their placeholders, numbers of all rows. */
  class Table {
    constructor(data, languages) {
      const count = data.template.length;
      this.count = count;
      this._template = data.template;
      this._first = new Int32Array(count);
      this._numbers = new Float64Array(data.numbers.length);
      this._pieces = wholeTemplates(data, languages).map(function (texts) {
        return texts.map(pieces);
      });
      const places = this._pieces.map(function (texts) {
        let highest = 0;
        texts.forEach(function (cut) {
          for (let k = 1; k < cut.length; k += 2) highest = Math.max(highest, cut[k] + 1);
        });
        return highest;
      });
      const last = places.map(function (n) { return new Array(n).fill(0); });
      let at = 0;
      for (let row = 0; row < count; row++) {
        const template = data.template[row];
        const before = last[template];
        this._first[row] = at;
        for (let k = 0; k < places[template]; k++, at++) {
          before[k] += data.numbers[at];
          this._numbers[at] = before[k];
        }
      }
    }

    /** The text of a row in a column; `say` turns a run of digits into words.
     * @param {number} row
     * @param {number} column
     * @param {?function(string): string} say
     * @returns {string}
     */
    text(row, column, say) {
      const cut = this._pieces[this._template[row]][column];
      let text = cut[0];
      for (let k = 1; k < cut.length; k += 2) {
        const digits = String(this._numbers[this._first[row] + cut[k]]);
        text += (say ? say(digits) : digits) + cut[k + 1];
      }
      return text;
    }

    /** All texts of the first column.
     * @returns {string[]}
     */
    texts() {
      const all = new Array(this.count);
      for (let row = 0; row < this.count; row++) all[row] = this.text(row, 0, null);
      return all;
    }
  }

  /** The texts of all templates: some are stored as another one's number and an ending. In a table
   * of names, given its `languages`, empty texts are filled in. */
  function wholeTemplates(data, languages) {
    const unpacked = languages ? unpacker(data, languages) : function (texts) {
      return texts;
    };
    const endings = data.endings.map(unpacked);
    const whole = new Array(data.templates.length);
    const texts = function (number) {
      if (!whole[number]) {
        const told = data.templates[number];
        if (typeof told[0] === 'number') {
          const ending = endings[told[1]];
          whole[number] = texts(told[0]).map(function (start, i) { return start + ending[i]; });
        } else {
          whole[number] = unpacked(told);
        }
      }
      return whole[number];
    };
    for (let number = 0; number < whole.length; number++) texts(number);
    return whole;
  }

  /** The speech of what is only shown. */
  const SILENT = ' ';

  /** Fills in what names leave empty: speech equal to its text, traditional from simplified, and a
   * variety from the language it varies. */
  function unpacker(data, languages) {
    const script = data.script;
    const like = data.like || [];
    const hans = 2 * languages.indexOf('zh-Hans');
    const hant = script.length ? 2 * languages.indexOf('zh-Hant') : -1;
    const other = new Map();
    for (let i = 0; script.length && i < script[0].length; i++) {
      other.set(script[0][i], script[1][i]);
    }
    return function (texts) {
      const whole = texts.slice();
      for (let i = 0; i < whole.length; i += 2) {
        whole[i + 1] = whole[i + 1] === SILENT ? '' : whole[i + 1] || whole[i];
      }
      if (hant >= 0 && !whole[hant]) {
        whole[hant] = rewritten(whole[hans], other);
        whole[hant + 1] = rewritten(whole[hans + 1], other);
      }
      for (const [own, base] of like) {
        if (whole[2 * own]) continue;
        whole[2 * own] = whole[2 * base];
        whole[2 * own + 1] = whole[2 * base + 1];
      }
      return whole;
    };
  }

  /** `text` with every character of a script replaced. */
  function rewritten(text, script) {
    let other = '';
    for (let i = 0; i < text.length; i++) other += script.get(text[i]) || text[i];
    return other;
  }

  /** [text, place, text, place …, text] of a template. */
  function pieces(template) {
    const cut = [];
    const mark = /\{\{|\{(\d+)\}/g;
    let text = '';
    let from = 0;
    for (let found = mark.exec(template); found; found = mark.exec(template)) {
      text += template.slice(from, found.index);
      from = found.index + found[0].length;
      if (found[1] === undefined) {
        text += '{';
      } else {
        cut.push(text, Number(found[1]));
        text = '';
      }
    }
    cut.push(text + template.slice(from));
    return cut;
  }

  return { undelta, unrun, unsparse, columnsOf, Table };
});
