/* What somebody who types or speaks may mean. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./text.js'));
  } else {
    root.navkitSearch = make(root.navkitText);
  }
})(this, /** @param {typeof import('./text.js')} text */ function (text) {
  'use strict';

  const { folded, sayDigits } = text;

  /** How well a place matches, the best first. */
  const WHOLE = 0;
  const WORD = 1; // a hint's whole word
  const BEGINNING = 2; // of a name, or of a later word of it
  const CONTAINED = 3; // within a name, or in what its category is called
  const SLIPPED = 4; // a letter wrong
  const SAME_SOUND = 5; // other characters
  const SIMILAR_SOUND = 6; // that many people say alike
  const MISWRITTEN = 7; // a character wrong
  const SAID = 8; // a name within a sentence
  const HINTED = 9; // where one asks for what one feels or wants

  /** In shorter words a different letter is not a typing mistake. */
  const FEWEST_LETTERS = 4;

  /** In shorter texts a different character means another thing. */
  const FEWEST_CHARACTERS = 3;

  /** Maximum number of readings of a name. */
  const MOST_SOUNDS = 8;

  /** Sounds that speakers of many dialects do not distinguish: z and zh, l and n, an and ang … */
  const SOFTENED = [[/^([zcs])h/, '$1'], [/^n/, 'l'], [/ng$/, 'n']];

  const HAN = /[\u3400-\u9fff]/;

  /** Separators between the words of a name. */
  const APART = /[\s,，、()（）/-]+/;

  function softened(sound) {
    return SOFTENED.reduce((text, [hard, soft]) => text.replace(hard, soft), sound);
  }

  /** Everything that can be typed for the places of a bundle. A key is a folded `text` with its
   * `places` and how well they match if the `whole` of it is typed, or with the number of the
   * `hint` that it is a word of; `han` says which script. */
  class Search {
    constructor(bundle, file) {
      this._homophones = file.homophones || {};
      this._readings = new Map();
      for (let i = 0; i < file.characters.length; i++) {
        this._readings.set(file.characters[i], file.pinyin[i].split(' ').filter(Boolean));
      }
      this._bundle = bundle;
      this._file = file;
      this._names = namesOf(bundle, file.kinds || {});
      this._hints = file.hints || [];
      this._words = [];
      this._hints.forEach((hint, number) => {
        hint[0].forEach((word) => {
          const key = { text: folded(word), han: HAN.test(word), hint: number, word: word };
          if (!key.han) key.plain = plainly(word);
          this._words.push(key);
        });
      });
      this._keys = this._names.concat(this._words);
      this._sounds = new Map();
      this._heard = new Map();
    }

    /** Places that may be meant, `{place, rank, hint}`, the best first; `admits` is a filter. */
    hits(text, admits) {
      const query = folded(text);
      if (!query) return [];
      const sentence = plainly(text);
      const hits = this._meant(query, sentence, admits);
      if (hits.sure) return hits.sorted();
      const others = this._onFloor(query, sentence, admits) || this._numbered(query, admits);
      return (others || hits).sorted();
    }

    _meant(query, sentence, admits) {
      const hits = new Hits(this._hints, admits);
      this._byName(query, hits);
      this._bySpelling(query, hits);
      const isWord = this._byHint(query, sentence, hits);
      if (!isWord) this._bySlip(query, hits);
      if (!isWord && !hits.named && HAN.test(query)) this._byCharacter(query, hits);
      if (!hits.named) this._withinQuery(query, hits);
      return hits;
    }

    /** Among places with equal parts of names, lifts and stairs come last: few people look for
     * them. */
    _byName(query, hits) {
      const { rules } = this._bundle;
      const isShaft = (key) => key.places.every(
        (place) => rules.isSpace(this._bundle.placeCategory(place), 'shaft'));
      this._names.forEach(function (key) {
        const at = key.text.indexOf(query);
        if (at < 0) return;
        const rank = at > 0 ? CONTAINED : fit(key, query);
        hits.add(key, rank, rank > WHOLE && isShaft(key) ? 1 : 0);
      });
    }

    /** The rest of a query that names a floor, as in 一楼厕所: on that floor, or anywhere if it has
     * none; null if no floor is named or nothing is found. */
    _onFloor(query, sentence, admits) {
      const floor = this._floorIn(query);
      const rest = query.replace(floor, '');
      if (!floor || !rest) return null;
      const levels = this._floors.get(floor);
      const isThere = (place) => this._bundle.levelsOf(place).some((one) => levels.includes(one));
      const there = this._meant(rest, sentence, (place) => admits(place) && isThere(place));
      const found = there.empty ? this._meant(rest, sentence, admits) : there;
      return found.empty ? null : found;
    }

    /** The longest name of a floor in a query, '' if there is none. */
    _floorIn(query) {
      if (!this._floors) this._floors = this._floorWords();
      let longest = '';
      this._floors.forEach((_, word) => {
        const at = query.indexOf(word);
        // A floor within a longer number is another floor.
        const isWhole = at >= 0 && !this._figures.includes(query.charAt(at - 1) || ' ') &&
          !this._figures.includes(query.charAt(at + word.length) || ' ');
        if (isWhole && word.length > longest.length) longest = word;
      });
      return longest;
    }

    /** Levels by the ways to write their number: in digits and in each language's words. */
    _floorWords() {
      const found = new Map();
      const books = this._bundle.languages.map((tag) => this._bundle.books[tag]);
      const said = (number) => books.map((book) => sayDigits(String(number), book.spoken));
      const figures = Array.from({ length: 10 }, (_, k) => said(k + 1).join('')).join('');
      this._figures = '0123456789' + figures.replace(/[a-z\s-]/g, '');
      (this._file.floors || []).forEach((floor, level) => {
        const number = Math.abs(floor);
        if (!number) return;
        const ordinals = books.map((book) => book.ordinals[number - 1] || number);
        [String(number)].concat(said(number), ordinals).forEach((form) => {
          this._file[floor > 0 ? 'up' : 'down'].forEach(function (way) {
            const word = folded(way.replace('{n}', form));
            if (!found.has(word)) found.set(word, []);
            found.get(word).push(level);
          });
        });
      });
      return found;
    }

    /** Places by a number and what it is the number of, as in 601室 and room 601, whichever comes
     * first; null if that is not what was typed or nothing is found. */
    _numbered(query, admits) {
      const { nouns = [], fillers = [] } = this._file;
      const about = nouns.concat(fillers).map(folded).sort((a, b) => b.length - a.length)
        .map((word) => word.replace(/[.#]/g, '\\$&')).join('|');
      const around = '((?:' + about + ')*)';
      const typed = new RegExp('^' + around + '([a-z]?\\d+[a-z]?)' + around + '$').exec(query);
      if (!about || !typed || typed[2] === query) return null;
      const noun = fillers.map(folded).reduce(
        (text, filler) => text.replace(filler, ''), typed[1] + typed[3]);
      const alone = new RegExp('(^|\\D)' + typed[2] + '(\\D|$)');
      const hits = new Hits(this._hints, admits);
      this._names.forEach(function (key) {
        if (key.text === typed[2]) hits.add(key, key.whole);
        else if (alone.test(key.text)) hits.add(key, key.text.includes(noun) ? CONTAINED : SAID);
      });
      return hits.empty ? null : hits;
    }

    /** By pinyin and initials. Letters from their middle do not count. */
    _bySpelling(query, hits) {
      const letters = lettersOf(query);
      if (!letters) return;
      this._soundKeys(query[0]).forEach(function (key) {
        if (key.text.startsWith(query) && (key.places || letters >= FEWEST_LETTERS)) {
          // A literal match goes before one that is only spelt so: CT is not 餐厅.
          hits.add(key, fit(key, query), 1);
        }
      });
    }

    /** By letters with one mistake. */
    _bySlip(query, hits) {
      if (lettersOf(query) < FEWEST_LETTERS) return;
      const keys = (hits.empty ? this._keys : this._names).concat(this._soundKeys(query[0]));
      keys.forEach(function (key) {
        if (slipped(query, key.text)) hits.add(key, SLIPPED, apart(key.text, query));
      });
    }

    /** By words of hints: the one that was typed, else those in the sentence, unless it is a name,
     * else those being typed. Returns whether it is one or a beginning. */
    _byHint(query, sentence, hits) {
      const typed = this._words.filter((key) => key.text === query);
      const said = hits.named ? [] : this._words.filter((key) => (
        key.han ? query.includes(key.text) : sentence.includes(key.plain)));
      // 小孩发烧 is not 发烧: if one word contains another, the longer one is meant.
      const meant = said.filter((key) => !said.some(
        (other) => other.text.length > key.text.length && other.text.includes(key.text)));
      const least = HAN.test(query) ? 1 : FEWEST_LETTERS - 1;
      const begun = query.length < least ? []
        : this._words.filter((key) => key.text.startsWith(query));
      const found = [typed, meant, begun].find((keys) => keys.length) || [];
      found.forEach((key) => hits.add(key, key.text === query ? WORD : HINTED));
      return found.some((key) => key.text.startsWith(query));
    }

    /** By the longest name in a sentence such as 放射科怎么走. */
    _withinQuery(query, hits) {
      let longest = [];
      this._names.forEach(function (key) {
        const least = key.han ? 2 : FEWEST_LETTERS;
        const found = longest.length ? longest[0].text.length : least;
        // A number within a longer one is another number.
        if (key.text.length < found || !query.includes(key.text) || /\d/.test(key.text)) return;
        if (key.text.length > found) longest = [];
        longest.push(key);
      });
      longest.forEach((key) => hits.add(key, SAID));
    }

    /** By characters that sound like those of a name, or match a name's except one. */
    _byCharacter(query, hits) {
      const keys = (hits.empty ? this._keys : this._names)
        .filter((key) => key.han && hits.admits(key));
      const isHeard = this._bySound(keys, query, (sound) => sound, SAME_SOUND, hits) ||
        this._bySound(keys, query, softened, SIMILAR_SOUND, hits);
      if (isHeard || query.length < FEWEST_CHARACTERS) return;
      keys.forEach(function (key) {
        if (slipped(query, key.text)) hits.add(key, MISWRITTEN, apart(key.text, query));
      });
    }

    /** By a pattern of characters that are `heard` alike. Returns whether there are any. */
    _bySound(keys, query, heard, rank, hits) {
      const long = keys.filter((key) => key.text.length >= query.length);
      // A single character sounds like too many.
      if (query.length < 2 || !long.length) return false;
      const pattern = new RegExp(query.split('').map((one) => this._alike(one, heard)).join(''));
      let isHeard = false;
      long.forEach(function (key) {
        const at = key.text.search(pattern);
        if (at < 0 || (at > 0 && !key.places)) return;
        isHeard = true;
        hits.add(key, rank, at > 0 ? CONTAINED : fit(key, query));
      });
      return isHeard;
    }

    /** A pattern for a character, or for those in names that are `heard` like it. */
    _alike(character, heard) {
      if (!HAN.test(character)) return character.replace(/[^a-z0-9]/, '\\$&');
      if (!this._heard.has(heard)) this._heard.set(heard, this._charactersBy(heard));
      const alike = this._heard.get(heard);
      const sounds = this._readings.get(character) || Object.keys(this._homophones).filter(
        (sound) => this._homophones[sound].includes(character));
      return '[' + character + sounds.map((sound) => alike.get(heard(sound))).join('') + ']';
    }

    /** The characters of names by how they are `heard`. */
    _charactersBy(heard) {
      const found = new Map();
      this._readings.forEach(function (readings, character) {
        readings.forEach(function (sound) {
          found.set(heard(sound), (found.get(heard(sound)) || '') + character);
        });
      });
      return found;
    }

    /** Pinyin and initials that begin with a letter, as keys; for hints' words no initials. */
    _soundKeys(letter) {
      if (this._sounds.has(letter)) return this._sounds.get(letter);
      const found = [];
      this._keys.forEach((key) => {
        if (!key.han) return;
        const first = this._readings.get(key.text[0]) || [key.text[0]];
        if (!first.some((sound) => sound[0] === letter)) return;
        this._soundsOf(key.text).forEach(function (sound) {
          const texts = key.places ? [sound.whole, sound.initials] : [sound.whole];
          texts.forEach(function (text) {
            if (text[0] === letter) found.push(Object.assign({}, key, { text: text }));
          });
        });
      });
      this._sounds.set(letter, found);
      return found;
    }

    /** Pinyin and initials of a text with Han characters, in each of its first readings; none if a
     * character has no reading. */
    _soundsOf(text) {
      let sounds = [{ whole: '', initials: '' }];
      for (let i = 0; i < text.length; i++) {
        const known = HAN.test(text[i]) ? this._readings.get(text[i]) : [text[i]];
        if (!known) return [];
        const longer = [];
        // The usual reading of every character comes first, and is always among them.
        known.forEach(function (reading) {
          sounds.forEach(function (sound) {
            longer.push({
              whole: sound.whole + reading,
              initials: sound.initials + reading[0],
            });
          });
        });
        sounds = longer.slice(0, MOST_SOUNDS);
      }
      return sounds;
    }
  }

  /** Places found so far with the best rank of each, and the hints. */
  class Hits {
    constructor(hints, admits) {
      this._hints = hints;
      this._admits = admits;
      this._best = new Map();
      this._hinted = new Map();
    }

    /** Whether the whole query is in a name, or is a hint's word. */
    get sure() {
      return this.sorted().some((hit) => hit.rank <= CONTAINED);
    }

    get named() {
      return this._best.size > 0;
    }

    get empty() {
      return !this._best.size && !this._hinted.size;
    }

    /** Whether any of a key's places may be found. */
    admits(key) {
      return (key.places || this._hints[key.hint][1]).some(this._admits);
    }

    /** `nearness` sorts within a rank, the smallest first. */
    add(key, rank, nearness) {
      if (!key.places) {
        if (this._hinted.has(key.hint) || !this.admits(key)) return;
        this._hinted.set(key.hint, { word: key.word, rank: rank === WORD ? WORD : HINTED });
        return;
      }
      key.places.forEach((place) => {
        const hit = { place: place, rank: rank, nearness: nearness || 0 };
        const known = this._best.get(place);
        const isBetter = !known || byFit(hit, known) < 0;
        if (isBetter && this._admits(place)) this._best.set(place, hit);
      });
    }

    /** A hint never goes before a name, but its whole word goes before a part of a name. */
    sorted() {
      const best = new Map(this._best);
      const numbers = Array.from(this._hinted.keys()).sort((a, b) => a - b);
      numbers.forEach((number) => {
        const { word, rank } = this._hinted.get(number);
        this._hints[number][1].forEach((place) => {
          const known = best.get(place);
          if (!this._admits(place) || (known && known.rank <= rank)) return;
          // In the order of the hints, after places with such a name.
          best.set(place, { place: place, rank: rank, nearness: HINTED + best.size, hint: word });
        });
      });
      return Array.from(best.values()).sort(byFit);
    }
  }

  function byFit(a, b) {
    return a.rank - b.rank || a.nearness - b.nearness || a.place - b.place;
  }

  function fit(key, query) {
    return key.text.length === query.length ? key.whole : Math.max(key.whole, BEGINNING);
  }

  function lettersOf(query) {
    return query.replace(/[^a-z]/g, '').length;
  }

  function apart(text, query) {
    return Math.abs(text.length - query.length);
  }

  /** A sentence with a blank before and after each of its words. */
  function plainly(text) {
    const plain = text.toLowerCase().replace(/\u2019/g, "'").replace(/[\s.,;:!?]+/g, ' ');
    return ' ' + plain.trim() + ' ';
  }

  /** Everything that people may call the places, also by their category, once each, as keys. */
  function namesOf(bundle, kinds) {
    const byText = new Map([WHOLE, BEGINNING, CONTAINED].map((rank) => [rank, new Map()]));
    const bySaid = new Map();
    const keyOf = function (said, rank) {
      const text = folded(said);
      const known = byText.get(rank);
      if (!known.has(text)) {
        known.set(text, { text: text, han: HAN.test(text), whole: rank, places: [] });
      }
      return known.get(text);
    };
    for (let place = 0; place < bundle.placeCount; place++) {
      bundle._saidOf(place).forEach(function (said) {
        if (!bySaid.has(said)) {
          const later = laterWords(said).map((words) => keyOf(words, BEGINNING));
          bySaid.set(said, [keyOf(said, WHOLE)].concat(later));
        }
        bySaid.get(said).forEach(function (key) {
          if (key.places[key.places.length - 1] !== place) key.places.push(place);
        });
      });
    }
    Object.keys(kinds).forEach(function (category) {
      const places = bundle._placesWhere((place) => bundle.isOf(place, category));
      kinds[category].forEach((word) => { keyOf(word, CONTAINED).places.push(...places); });
    });
    return [].concat(...Array.from(byText.values(), (known) => Array.from(known.values())));
  }

  /** The endings of a name, from each later word on: "department of radiology" is "radiology". */
  function laterWords(name) {
    const found = [];
    if (!APART.test(name)) return found;
    const words = name.split(APART);
    let rest = '';
    for (let k = words.length - 1; k > 0; k--) {
      rest = words[k] + rest;
      if (rest.length > 1) found.push(rest);
    }
    return found;
  }

  /** Whether `key` begins with `query` except for one letter: wrong, missing, extra, or swapped. */
  function slipped(query, key) {
    const count = query.length;
    if (key.length < count - 1) return false;
    let same = 0;
    while (same < count && query[same] === key[same]) same++;
    if (same >= count - 1) return true;
    if (same === 0) return false; // Hardly anybody gets the first letter wrong.
    const rest = query.slice(same + 1);
    return key.startsWith(rest, same + 1) || // another letter
      key.startsWith(query.slice(same), same + 1) || // one missing
      key.startsWith(rest, same) || // one too many
      (query[same] === key[same + 1] && query[same + 1] === key[same] &&
        key.startsWith(query.slice(same + 2), same + 2)); // two swapped
  }

  return { Search };
});
