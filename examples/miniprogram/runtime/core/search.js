/* What somebody who types or speaks may mean. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./asking.js'), require('./hits.js'), require('./keys.js'));
  } else {
    root.navkitSearch = make(root.navkitAsking, root.navkitHits, root.navkitKeys);
  }
})(this, /**
 * @param {typeof import('./asking.js')} asking
 * @param {typeof import('./hits.js')} hits
 * @param {typeof import('./keys.js')} keys
 */ function (asking, hits, keys) {
  'use strict';

  const { Asking } = asking;
  const {
    WHOLE, WORD, BEGINNING, SHORT, CONTAINED, SLIPPED, SAME_SOUND, SIMILAR_SOUND, MISWRITTEN, SAID,
    HINTED, FAR, Hits, isAlike,
  } = hits;
  const { HAN, namesOf, wordsOf, isLeftOut } = keys;

  /** In shorter words a different letter is not a typing mistake. */
  const FEWEST_LETTERS = 4;

  /** In shorter texts a different character means another thing. */
  const FEWEST_CHARACTERS = 3;

  /** Maximum number of readings of a name. */
  const MOST_SOUNDS = 8;

  /** How many times longer a name is than what is left of it, at most. */
  const MOST_LEFT_OUT = 4;

  /** Of how many places that a symptom leads to the wards are looked for. */
  const LED = 3;

  /** A later word of a name is so much farther from what was typed than its beginning. */
  const LATER = 20;

  /** Words of a name that nobody types. */
  const UNSAID = ['and', 'of', 'the', 'for'];

  /** Sounds that speakers of many dialects do not distinguish: z and zh, l and n, an and ang … */
  const SOFTENED = [[/^([zcs])h/, '$1'], [/^n/, 'l'], [/ng$/, 'n']];

  function softened(sound) {
    return SOFTENED.reduce((text, [hard, soft]) => text.replace(hard, soft), sound);
  }

  /** Everything that can be typed for the places of a bundle: names, and words of hints, which are
   * keys too, with the number of their `hint`. */
  class Search {
    constructor(bundle, file) {
      this._bundle = bundle;
      this._asking = new Asking(bundle, file);
      this._homophones = file.homophones || {};
      this._readings = new Map();
      for (let i = 0; i < file.characters.length; i++) {
        this._readings.set(file.characters[i], file.pinyin[i].split(' ').filter(Boolean));
      }
      const plain = (text) => this._asking.plain(text);
      this._names = namesOf(bundle, file, plain);
      const urgent = bundle.rules.urgent;
      this._hints = (file.hints || []).map(([words, places, isVague]) => {
        const isUrgent = places.some((one) => urgent.some((id) => bundle.isOf(one, id)));
        return [words, places, isUrgent ? 1 : isVague ? -1 : 0];
      });
      this._words = [];
      this._hints.forEach((hint, number) => {
        hint[0].forEach((word) => {
          const text = plain(word);
          const key = { text: text, han: HAN.test(word), hint: number, word: word };
          this._words.push(Object.assign(key, key.han
            ? { calm: this._asking.calm(text) } : { plain: plainly(word) }));
        });
      });
      this._keys = this._names.concat(this._words);
      this._absent = (file.absent || []).map(plain);
      this._sounds = new Map();
      this._heard = new Map();
      this._standing = new Map();
      this._numberedKeys = null;
    }

    /** Places that may be meant, `{place, rank, hint}`, the best first; `admits` is a filter; `far`
     * says how far a place is from where somebody stands, if that is known.
     * @param {string} typed
     * @param {(place: number) => boolean} admits
     * @param {((place: number) => number)|null} [far] */
    hits(typed, admits, far) {
      const query = this._asking.plain(typed);
      if (!query) return [];
      const sentence = plainly(typed);
      const intent = this._asking.intent(query);
      const hits = this._meant(query, sentence, admits, intent.stays);
      const isPlain = !intent.levels && !intent.stays;
      if (hits.best <= (isPlain ? BEGINNING : WORD)) return hits.sorted(far);
      const others = this._onFloor(intent, sentence, admits) ||
        this._numbered(query, admits, hits) || this._inWard(intent, sentence, admits) ||
        this._renamed(query, admits, hits);
      if (!others && !hits.has(CONTAINED) && this.absent(typed)) return [];
      return (others || hits).sorted(far);
    }

    /** A word in a query for something that the venue has not, '' if there is none.
     * @param {string} typed */
    absent(typed) {
      const query = this._asking.plain(typed);
      const said = this._absent.filter((word) => query.includes(word));
      return said.reduce((longest, word) => (word.length > longest.length ? word : longest), '');
    }

    /** How soon a place is meant among those that match alike: departments and what people ask for,
     * then numbered rooms, then what they pass by, and shafts. `last`: a ward, unless they ask for
     * one. */
    _standings(stays) {
      const bundle = this._bundle;
      return (place) => {
        if (!this._standing.has(place)) {
          const row = bundle.rules.category(bundle.placeCategory(place));
          const name = bundle.placeName(place, bundle.languages[0])[0];
          const isAsked = row.asked !== false;
          const standing = (isAsked ? 0 : 2) + (/\d/.test(name) ? 1 : 0);
          const isShaft = bundle.rules.isSpace(bundle.placeCategory(place), 'shaft');
          this._standing.set(place, { standing: standing, ward: Boolean(row.stays), shaft: isShaft });
        }
        const { standing, ward, shaft } = this._standing.get(place);
        if (ward && stays) return { standing: standing - 4, last: false };
        return { standing: standing + (shaft ? 4 : ward ? 1 : 0), last: ward };
      };
    }

    _meant(query, sentence, admits, stays) {
      const found = new Hits(this._hints, this._standings(stays), admits);
      this._byName(query, found);
      this._byLeftOut(query, found);
      this._bySpelling(query, found);
      const { isWord, said } = this._byHint(query, sentence, found);
      if (!isWord) this._byMistake(query, sentence, found);
      if (!found.named) this._withinQuery(query, said, found);
      return found;
    }

    /** By a part of a name, or by what only resembles it. */
    _byMistake(query, sentence, found) {
      this._byShortened(query, sentence, found);
      if (!found.has(CONTAINED)) this._byStem(query, found);
      this._bySlip(query, found);
      if (HAN.test(query)) this._byCharacter(query, found);
    }

    /** How far a text is from the name of a place that has it, or from an alias. */
    _apart(key, query) {
      const elsewhere = key.whole === WHOLE ? 0 : LATER;
      return (key.own ? elsewhere : FAR / 2) + key.text.length - query.length;
    }

    /** A name without its usual end is as good as the name: 骨 for 骨科. */
    _byName(query, found) {
      this._names.forEach((key) => {
        const at = key.text.indexOf(query);
        if (at < 0) return;
        const isStem = at === 0 && key.own && key.whole === WHOLE && key.text !== query &&
          this._asking.stem(key.text) === query;
        const rank = at > 0 ? CONTAINED : fit(key, query);
        this._add(found, key, isStem && rank > WORD ? WORD : rank, query);
      });
    }

    /** The places of a key; of those that an alias names, the one whose own name has it first. */
    _add(found, key, rank, query, more) {
      if (!key.places) {
        found.add(key, rank);
        return;
      }
      key.places.forEach((place) => {
        const apart = rank > WORD ? this._apart(key, query) : this._ownApart(place, query) - rank;
        found.addPlace(place, rank, apart + (more || 0));
      });
    }

    /** How much longer the shortest name of a place is than a text that it has; far if none has it. */
    _ownApart(place, query) {
      const rest = this._plainNames(place)
        .filter((name) => name.includes(query)).map((name) => name.length - query.length);
      return rest.length ? Math.min(...rest) : FAR / 2;
    }

    _plainNames(place) {
      return this._bundle._namesOf(place).map((name) => this._asking.plain(name));
    }

    /** By names with characters left out, as 神外 for 神经外科. */
    _byLeftOut(query, found) {
      if (!HAN.test(query) || query.length < 2 || found.has(WORD)) return;
      this._names.forEach((key) => {
        if (!key.han || key.text.length <= query.length ||
            key.text.length > MOST_LEFT_OUT * query.length) return;
        if (isLeftOut(query, key.text)) {
          this._add(found, key, Math.max(SHORT, fit(key, query)), query);
        }
      });
    }

    /** By shortened words of names, as GEN. DENT. for general dentistry. */
    _byShortened(query, sentence, found) {
      if (lettersOf(query) < FEWEST_LETTERS || found.has(BEGINNING)) return;
      const said = wordsOf(sentence).filter((word) => !UNSAID.includes(word));
      this._names.forEach((key) => {
        if (said.length && key.words && areShortened(key.words, said)) {
          this._add(found, key, SHORT, query);
        }
      });
    }

    /** By what is left of a name without its end: 骨科门诊, 生殖中心. */
    _byStem(query, found) {
      const stem = this._asking.stem(query);
      if (stem === query || stem.length < 2) return;
      this._names.forEach((key) => {
        if (key.text.startsWith(stem)) this._add(found, key, SHORT, stem);
      });
    }

    /** What is asked for on a floor, as in 一楼厕所: there, or anywhere if it has none; where nothing
     * else is said, all that is there. Null if no floor is named or nothing is found. */
    _onFloor(intent, sentence, admits) {
      if (!intent.levels) return null;
      const { levels, rest } = this._inBuilding(intent);
      const isThere = (place) => this._bundle.levelsOf(place).some((one) => levels.includes(one));
      const there = (place) => admits(place) && isThere(place);
      const asked = this._askedThere(Object.assign({}, intent, { rest: rest }), sentence, there);
      if (asked) return asked;
      const isAny = levels !== intent.levels || intent.stays || !this._asking.stem(intent.without);
      const found = isAny ? this._all(there, intent.stays)
        : this._meant(intent.rest, sentence, admits, intent.stays);
      return found.empty ? null : found;
    }

    /** What is asked for among the places of a floor: by a name there, in a ward, in a sentence. */
    _askedThere(intent, sentence, there) {
      const named = intent.without && this._named(intent.without, '', there, true);
      if (named && named.best <= CONTAINED) return named;
      const asked = this._inWard(intent, sentence, there) ||
        (intent.rest && this._named(intent.rest, sentence, there, true));
      return asked && !asked.empty ? asked : null;
    }

    /** All places that may be found, first those that a map names soonest, such as clinics. */
    _all(admits, stays) {
      const bundle = this._bundle;
      const found = new Hits(this._hints, this._standings(stays), admits);
      for (let place = 0; place < bundle.placeCount; place++) {
        const { corner } = bundle.rules.category(bundle.placeCategory(place));
        found.addPlace(place, SAID, corner ? 0 : 1);
      }
      return found;
    }

    /** Of the levels with the floor's number, those of a building that is named too; and the rest of
     * the query without that name. */
    _inBuilding(intent) {
      const { buildings, levels } = this._bundle;
      const named = (level) => {
        const names = buildings[levels[level].building] || {};
        return Object.keys(names)
          .map((tag) => this._asking.stem(this._asking.plain(names[tag][0])))
          .filter((stem) => stem.length > 1 && intent.rest.includes(stem))[0];
      };
      const own = intent.levels.filter(named);
      if (!own.length) return { levels: intent.levels, rest: intent.rest };
      return { levels: own, rest: intent.rest.replace(named(own[0]), '') };
    }

    /** What a sentence names, among places that `admits`: as it stands, by its number, or by the
     * longest name in it. */
    _named(rest, sentence, admits, stays) {
      const found = this._meant(rest, sentence, admits, stays);
      if (found.best <= BEGINNING) return found;
      const numbered = this._numbered(rest, admits, found);
      if (numbered) return numbered;
      const names = this._within(rest, () => true);
      for (const key of names) {
        const named = this._meant(this._called(key.text), '', admits, stays);
        if (named.has(CONTAINED)) return named;
      }
      return found;
    }

    /** Where somebody stays: the ward of a department, or all wards; null if nobody asks for that. */
    _inWard(intent, sentence, admits) {
      if (!intent.stays) return null;
      const { rules } = this._bundle;
      const isWard = (place) => admits(place) &&
        Boolean(rules.category(this._bundle.placeCategory(place)).stays);
      const { without } = intent;
      if (without) {
        const found = this._named(this._called(without), '', isWard, true);
        if (found.has(MISWRITTEN)) return found;
        const said = this._within(without, () => true).map((key) => [this._called(key.text), SHORT]);
        const led = this._meant(without, sentence, admits, false).sorted().slice(0, LED)
          .map((hit) => this._plainNames(hit.place)
            .filter((name) => HAN.test(name) === HAN.test(without)).map((name) => [name, BEGINNING]));
        for (const [text, least] of said.concat(...led)) {
          const ward = this._meant(text, '', isWard, true);
          if (ward.has(least)) return ward;
        }
      }
      if (!intent.levels) return null;
      const found = this._all(isWard, true);
      return found.empty ? null : found;
    }

    /** What a query means once a word for a department in it is that department's name, as in ICU
     * 探视; null if nothing is called so. */
    _renamed(query, admits, hits) {
      const called = hits.best > CONTAINED ? this._called(query) : query;
      if (called === query) return null;
      const found = this._meant(called, '', admits, false);
      return found.best <= CONTAINED ? found : null;
    }

    /** A text with an alias or another word for a department replaced by its name here. */
    _called(query) {
      const [longest] = this._names
        .filter((key) => key.whole <= WORD && !key.own && key.text.length > 1 &&
          query.startsWith(key.text) && key.text !== query)
        .sort((a, b) => b.text.length - a.text.length);
      if (!longest || this._names.some((key) => key.own && key.text.startsWith(query))) return query;
      const { languages } = this._bundle;
      const tag = languages.find((one) => (
        HAN.test(this._bundle.placeName(longest.places[0], one)[0]) === HAN.test(query)));
      if (!tag) return query;
      const name = this._asking.plain(this._bundle.placeName(longest.places[0], tag)[0]);
      return name + query.slice(longest.text.length);
    }

    /** Places by a number and what it is the number of, as in 601室, 骨科三号诊室 and room 601; null
     * if that is not what was typed or nothing is found. */
    _numbered(query, admits, hits) {
      const wanted = this._asking.parts(query);
      if (!wanted.numbers || (hits.has(BEGINNING) && /^\d/.test(query))) return null;
      if (!this._numberedKeys) {
        this._numberedKeys = this._names.filter((key) => key.whole === WHOLE)
          .map((key) => Object.assign({ parts: this._asking.parts(key.text) }, key))
          .filter((key) => key.parts.numbers);
      }
      const found = new Hits(this._hints, this._standings(false), admits);
      const other = this._asking.parts(this._called(query));
      const isSo = (place) => this._bundle._saidOf(place).some(
        (said) => this._asking.plain(said) === wanted.bare);
      this._numberedKeys.forEach((key) => {
        if (key.parts.numbers !== wanted.numbers) return;
        const rank = Math.min(likeness(wanted, key.parts), likeness(other, key.parts));
        if (rank <= HINTED) this._add(found, key, rank, query);
        else key.places.filter(isSo).forEach((place) => found.addPlace(place, SHORT, FAR));
      });
      return found.empty ? null : found;
    }

    /** By pinyin and initials. Letters from their middle do not count. */
    _bySpelling(query, found) {
      const letters = lettersOf(query);
      if (!letters) return;
      this._soundKeys(query[0]).forEach((key) => {
        if (key.text.startsWith(query) && (key.places || letters >= FEWEST_LETTERS)) {
          // A literal match goes before one that is only spelt so: CT is not 餐厅.
          this._add(found, key, fit(key, query), key.said.slice(0, query.length), FAR);
        }
      });
    }

    /** By letters with one mistake. */
    _bySlip(query, found) {
      if (found.has(CONTAINED) || lettersOf(query) < FEWEST_LETTERS) return;
      const among = (found.empty ? this._keys : this._names).concat(this._soundKeys(query[0]));
      among.forEach((key) => {
        if (slipped(query, key.text)) found.add(key, SLIPPED, apart(key.text, query));
      });
    }

    /** By words of hints: the one that was typed, else those in the sentence, unless it is a name,
     * else those being typed. Returns whether it is one or a beginning, and those in the sentence. */
    _byHint(query, sentence, found) {
      const calm = this._asking.calm(query);
      const typed = this._words.filter((key) => key.text === query);
      const said = found.has(CONTAINED) ? [] : this._saidWords(query, calm, sentence);
      // 小孩发烧 is not 发烧: if one word contains another, the longer one is meant.
      const meant = said.filter((key) => !said.some(
        (other) => other.text.length > key.text.length && other.text.includes(key.text)));
      const least = HAN.test(query) ? 1 : FEWEST_LETTERS - 1;
      const begun = query.length < least ? []
        : this._words.filter((key) => key.text.startsWith(query));
      const words = [typed, meant, begun].find((some) => some.length) || [];
      words.forEach((key) => found.add(key, key.text === query ? WORD : HINTED));
      return { isWord: words.some((key) => key.text.startsWith(query)), said: meant };
    }

    /** The words of hints in a sentence, and where in it they are. */
    _saidWords(query, calm, sentence) {
      const found = [];
      this._words.forEach(function (key) {
        const at = key.han ? Math.max(query.indexOf(key.text), calm.indexOf(key.calm))
          : sentence.indexOf(key.plain);
        if (at >= 0) found.push(Object.assign({ after: query.length - at - key.text.length }, key));
      });
      return found;
    }

    /** By the longest name in a sentence such as 放射科怎么走, unless it is part of a hint's word: 化验
     * in 取化验单. An alias is no more than a hint: the one that comes last is meant. */
    _withinQuery(query, said, found) {
      const isPart = (key) => said.some(
        (word) => word.text.length > key.text.length && word.text.includes(key.text));
      this._within(query, (key) => found.admits(key) && !isPart(key)).forEach(function (key) {
        const after = query.length - query.indexOf(key.text) - key.text.length;
        if (key.own || !said.length) found.add(key, SAID);
        else found.add(key, HINTED, FAR + after);
      });
    }

    _within(query, admits) {
      let longest = [];
      this._names.forEach(function (key) {
        const least = key.han ? 2 : FEWEST_LETTERS;
        const found = longest.length ? longest[0].text.length : least;
        // A number within a longer one is another number.
        if (key.text.length < found || !query.includes(key.text) || /\d/.test(key.text)) return;
        if (!admits(key)) return;
        if (key.text.length > found) longest = [];
        longest.push(key);
      });
      return longest;
    }

    /** By characters that sound like those of a name, or match a name's except one. */
    _byCharacter(query, found) {
      if (found.has(SHORT)) return;
      const isOpen = !found.named;
      const among = (found.empty ? this._keys : this._names)
        .filter((key) => key.han && (isOpen || key.text.length === query.length) &&
          found.admits(key));
      // Who writes a whole name by its sound means it, whatever contains these characters.
      const rank = isOpen ? SAME_SOUND : SHORT;
      const isHeard = this._bySound(among, query, (sound) => sound, rank, found) ||
        (isOpen && this._bySound(among, query, softened, SIMILAR_SOUND, found));
      if (isHeard || !isOpen || query.length < FEWEST_CHARACTERS) return;
      among.forEach((key) => {
        if (slipped(query, key.text)) {
          this._add(found, key, MISWRITTEN, query, 2 * apart(key.text, query));
        }
      });
    }

    /** By a pattern of characters that are `heard` alike. Returns whether there are any. */
    _bySound(among, query, heard, rank, found) {
      const long = among.filter((key) => key.text.length >= query.length);
      // A single character sounds like too many.
      if (query.length < 2 || !long.length) return false;
      const pattern = new RegExp(query.split('').map((one) => this._alike(one, heard)).join(''));
      let isHeard = false;
      long.forEach((key) => {
        const at = key.text.search(pattern);
        if (at < 0 || (at > 0 && !key.places)) return;
        isHeard = true;
        this._add(found, key, rank, query, at > 0 ? FAR : 0);
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
            if (text[0] === letter) {
              found.push(Object.assign({}, key, { text: text, said: key.text }));
            }
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

  /** How well what was said beside a number matches what a name has beside the same one. */
  function likeness(wanted, named) {
    if (wanted.about === named.about) return WORD;
    if (wanted.bare === named.bare) return BEGINNING;
    if (!wanted.about) return CONTAINED;
    if (!wanted.bare) return named.about.includes(wanted.about) ? SHORT : HINTED + 1;
    if (named.bare && isLeftOut(wanted.bare, named.about)) return SHORT;
    if (wanted.bare.length > 1 && named.about.includes(wanted.bare)) return CONTAINED;
    const isRoom = wanted.about !== wanted.bare && named.bare.length > 1;
    return isRoom && wanted.about.includes(named.bare) ? SAID : HINTED + 1;
  }

  /** Whether each word that was said is one of the `words` of a name, in their order, whole or
   * shortened: gen dent for general dentistry, trmt for treatment. */
  function areShortened(words, said) {
    let at = 0;
    return said.every(function (one) {
      while (at < words.length && !isShortened(words[at], one)) at++;
      return at++ < words.length;
    });
  }

  /** Whether a word of a name is the beginning of what was said, or its consonants. */
  function isShortened(word, said) {
    if (word === said || (word.length > 2 && said.startsWith(word))) return true;
    return /^[a-z][^aeiou\d]+$/.test(word) && word.length > 2 && isLeftOut(word, said);
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

  return { Search, isAlike };
});
