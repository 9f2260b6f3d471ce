/* Places found by a query: how well each matches, and in which order they are shown. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitHits = make();
  }
})(this, function () {
  'use strict';

  /** How well a place matches, the best first. */
  const WHOLE = 0;
  const WORD = 1; // a hint's whole word, or another word for the department
  const BEGINNING = 2; // of a name, or of a later word of it
  const SHORT = 3; // a name with characters or letters left out
  const CONTAINED = 4; // within a name, or in what its category is called
  const SLIPPED = 5; // a letter wrong
  const SAME_SOUND = 6; // other characters
  const SIMILAR_SOUND = 7; // that many people say alike
  const MISWRITTEN = 8; // a character wrong
  const SAID = 9; // a name within a sentence
  const HINTED = 10; // where one asks for what one feels or wants

  /** Whether a place was found by something that only resembles its name. */
  function isAlike(rank) {
    return rank >= SLIPPED && rank <= MISWRITTEN;
  }

  /** What is added to how far a text is from a name if nobody wrote that text: it is only said so,
   * or it is a name of something else. */
  const FAR = 100;

  /** Places found so far with the best match of each, and the hints. */
  class Hits {
    /** `hints`: words, places, and whether one is urgent (1) or vague (-1); `standings`: how soon each place is meant among equals. */
    constructor(hints, standings, admits) {
      this._hints = hints;
      this._standings = standings;
      this._admits = admits;
      this._best = new Map();
      this._hinted = new Map();
    }

    /** The best rank of a place, also by a hint; beyond all ranks if there is none. */
    get best() {
      return Math.min(HINTED + 1, ...this.sorted().map((hit) => hit.rank));
    }

    get named() {
      return this._best.size > 0;
    }

    get empty() {
      return !this._best.size && !this._hinted.size;
    }

    /** Whether any place is matched at least so well. */
    has(rank) {
      return Array.from(this._best.values()).some((hit) => hit.rank <= rank);
    }

    /** Whether any of a key's places may be found. */
    admits(key) {
      return (key.places || this._hints[key.hint][1]).some(this._admits);
    }

    /** The places of a key; among those of one rank `apart` sorts, the smallest first. */
    add(key, rank, apart) {
      if (!key.places) {
        this._addHint(key, rank);
        return;
      }
      key.places.forEach((place) => this.addPlace(place, rank, apart || 0));
    }

    addPlace(place, rank, apart) {
      if (!this._admits(place)) return;
      const { standing, last } = this._standings(place);
      // What hardly anybody looks for by a part of its name comes after other names.
      const least = last && rank > WORD ? Math.max(rank, CONTAINED) : rank;
      const hit = { place: place, rank: least, standing: standing, apart: apart };
      const known = this._best.get(place);
      if (known && known.rank <= WORD && least <= WORD) {
        known.rank = Math.min(known.rank, least);
        known.apart = Math.min(known.apart, apart);
      } else if (!known || byFit(hit, known) < 0) {
        this._best.set(place, hit);
      }
    }

    /** Of several words in a sentence the one that comes last is meant. */
    _addHint(key, rank) {
      const known = this._hinted.get(key.hint);
      const after = rank === WORD ? -1 : key.after || 0;
      if (!this.admits(key) || (known && known.after <= after)) return;
      this._hinted.set(
        key.hint, { word: key.word, rank: rank === WORD ? WORD : HINTED, after: after });
    }

    /** A hint never goes before a name, but its whole word goes before a part of a name. `far` says
     * how far away a place is, to sort those that are equal in all else. */
    sorted(far) {
      const best = new Map(this._best);
      const weight = (number) => this._hints[number][2];
      const numbers = Array.from(this._hinted.keys()).sort((a, b) => (
        weight(b) - weight(a) || this._hinted.get(a).after - this._hinted.get(b).after || a - b));
      numbers.forEach((number) => {
        const { word, rank, after } = this._hinted.get(number);
        this._hints[number][1].forEach((place, k) => {
          const known = best.get(place);
          if (!this._admits(place) || (known && known.rank <= rank)) return;
          // In the order of the hints, after places with such a name.
          const typed = rank === WORD ? FAR : 0;
          const apart = typed + FAR * (1 - weight(number)) + after + (number + k / 10) / FAR;
          best.set(place, { place: place, rank: rank, standing: 0, apart: apart, hint: word });
        });
      });
      const hits = Array.from(best.values());
      if (far) hits.forEach((hit) => { hit.far = far(hit.place); });
      return hits.sort(byFit);
    }
  }

  /** Names first, then what is called so and departments that are; there, and in all else, what
   * people ask for goes before what they pass. */
  function tier(hit) {
    if (hit.rank > WORD) return hit.rank;
    return hit.rank === WHOLE && hit.apart === 0 ? WHOLE : WORD;
  }

  function byFit(a, b) {
    return tier(a) - tier(b) || Number(a.apart >= FAR) - Number(b.apart >= FAR) ||
      a.standing - b.standing || a.apart - b.apart ||
      (a.far || 0) - (b.far || 0) || a.place - b.place;
  }

  return {
    WHOLE, WORD, BEGINNING, SHORT, CONTAINED, SLIPPED, SAME_SOUND, SIMILAR_SOUND, MISWRITTEN, SAID,
    HINTED, FAR, Hits, isAlike,
  };
});
