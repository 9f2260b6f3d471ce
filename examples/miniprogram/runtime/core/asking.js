/* How people ask: numbers and floors in words, words around a room's number, a bed, a ward. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./text.js'));
  } else {
    root.navkitAsking = make(root.navkitText);
  }
})(this, /** @param {typeof import('./text.js')} text */ function (text) {
  'use strict';

  const { folded, sayDigits } = text;

  /** A dash or a dot between a letter and a number is not said. */
  const JOINT = /([a-z])[-‐–.·]+(?=\d)/g;

  /** A letter with a tone or another mark. */
  const MARKED = /[\u00c0-\u024f]/;

  /** The words by which a bundle's languages ask, from its search file. */
  class Asking {
    constructor(bundle, file) {
      this._bundle = bundle;
      this._file = file;
      const from = Array.from((file.variants || ['', ''])[0]);
      const to = Array.from((file.variants || ['', ''])[1]);
      this._plainer = new Map(from.map((one, k) => [one, to[k]]));
      this._other = from.length ? new RegExp('[' + from.join('') + ']', 'g') : null;
      this._numerals = file.numerals || {};
      const figures = Object.keys(this._numerals).join('');
      this._figures = figures ? new RegExp('[' + figures + ']+', 'g') : null;
      this._nouns = this._pattern(file.nouns);
      this._fillers = this._pattern(file.fillers);
      this._degrees = this._pattern(file.degrees);
      this._stays = this._pattern(file.stays);
      const beds = this._words(file.beds);
      this._bed = beds ? new RegExp('\\d+(' + beds + ')|(' + beds + ')\\d+') : null;
      this._tails = this._words(file.tails);
    }

    /** A text as it is compared: folded, in one script, without marks of tones.
     * @param {string} typed */
    plain(typed) {
      const text = folded(MARKED.test(typed) ? unmarked(typed) : typed).replace(JOINT, '$1');
      return this._other ? text.replace(this._other, (one) => this._plainer.get(one)) : text;
    }

    /** A query without words of degree: 肚子好痛 is 肚子痛; itself, if it has not much else. */
    calm(query) {
      const calm = this._degrees ? query.replace(this._degrees, '') : query;
      return calm.length > 1 ? calm : query;
    }

    /** A query with its numbers in digits: 三号诊室, 一零零五, 十三楼. */
    counted(query) {
      if (!this._figures) return query;
      return query.replace(this._figures, (run) => String(this._number(run)));
    }

    _number(run) {
      const values = Array.from(run, (one) => this._numerals[one]);
      if (values.every((value) => value < 10)) return values.join('');
      let total = 0;
      let ones = -1;
      values.forEach(function (value) {
        if (value < 10) {
          ones = value;
        } else {
          total += (ones < 0 ? 1 : ones) * value;
          ones = -1;
        }
      });
      return total + Math.max(ones, 0);
    }

    /** What is asked for besides a name: `levels`, null if no floor is said; whether somebody
     * `stays`, by a ward, a bed or a word for it; and the `rest`.
     * @param {string} query */
    intent(query) {
      const floor = this._floorIn(query);
      let rest = floor ? query.replace(floor, '') : query;
      let stays = false;
      const counted = this._bed ? this.counted(rest) : rest;
      if (this._bed && this._bed.test(counted)) {
        stays = true;
        rest = counted.replace(this._bed, '');
      }
      const without = this._stays ? rest.replace(this._stays, '') : rest;
      stays = stays || without !== rest;
      return {
        levels: floor ? this._floors.get(floor) : null,
        stays: stays,
        rest: rest,
        without: without.replace(this._fillers || /^$/, ''),
      };
    }

    /** A name without what it ends with, as departments do: 门诊, 科; '' if that is all.
     * @param {string} query */
    stem(query) {
      if (!this._tails) return query;
      return query.replace(new RegExp('(' + this._tails + ')$'), '');
    }

    /** A text in two parts: its numbers, and the rest without words that only say what they number;
     * `bare` is also without those that say what kind of room it is.
     * @param {string} query */
    parts(query) {
      const counted = this.counted(query);
      const numbers = (counted.match(/\d+/g) || []).map(Number).join(' ');
      const about = (this._fillers ? counted.replace(this._fillers, '') : counted)
        .replace(/[\d-]+/g, '');
      return { numbers: numbers, about: about, bare: about.replace(this._nouns || /^$/, '') };
    }

    /** The longest name of a floor in a query, '' if there is none. */
    _floorIn(query) {
      if (!this._floors) this._floors = this._floorWords();
      let longest = '';
      this._floors.forEach((_, word) => {
        const at = query.indexOf(word);
        // A floor within a longer number is another floor.
        const [before, after] = [query.charAt(at - 1), query.charAt(at + word.length)];
        const isWhole = at >= 0 && !(this._isDigit(before) && this._isDigit(word[0])) &&
          !(this._isDigit(after) && this._isDigit(word[word.length - 1]));
        if (isWhole && word.length > longest.length) longest = word;
      });
      return longest;
    }

    _isDigit(one) {
      return Boolean(one) && this._digits.includes(one);
    }

    /** Levels by their label and by the ways to write their number: in digits and in each
     * language's words. */
    _floorWords() {
      const found = new Map();
      const bundle = this._bundle;
      const books = bundle.languages.map((tag) => bundle.books[tag]);
      const said = (number) => books.map((book) => sayDigits(String(number), book.spoken));
      const figures = Array.from({ length: 10 }, (_, k) => said(k + 1).join('')).join('');
      this._digits = '0123456789' + figures.replace(/[a-z\s-]/g, '');
      const add = (word, level) => {
        const text = this.plain(word);
        if (!found.has(text)) found.set(text, []);
        if (!found.get(text).includes(level)) found.get(text).push(level);
      };
      (this._file.floors || []).forEach((floor, level) => {
        const number = Math.abs(floor);
        if (!number) return;
        const ordinals = books.map((book) => book.ordinals[number - 1] || number);
        [String(number)].concat(said(number), ordinals).forEach((form) => {
          this._file[floor > 0 ? 'up' : 'down'].forEach(function (way) {
            add(way.replace('{n}', form), level);
          });
        });
      });
      return found;
    }

    _words(words) {
      return (words || []).map((word) => this.plain(word)).sort((a, b) => b.length - a.length)
        .map((word) => word.replace(/[.#*+?()|[\]\\]/g, '\\$&')).join('|');
    }

    _pattern(words) {
      const any = this._words(words);
      return any ? new RegExp(any, 'g') : null;
    }
  }

  /** Pinyin and other Latin letters without their marks; ü as it is typed. */
  function unmarked(typed) {
    return typed.normalize('NFD').replace(/([uU]\u0308)|u([\u0300\u0301\u0304\u030c])\u0308/g, 'v')
      .replace(/v[\u0300-\u036f]/g, 'v').replace(/[\u0300-\u036f]/g, '').normalize('NFC');
  }

  return { Asking };
});
