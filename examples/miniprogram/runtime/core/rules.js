/* A bundle's categories, kinds and icons: docs/bundle-format.md, "Rules file". */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./findings.js'), require('./shipped.js'));
  } else {
    root.navkitRules = make(root.navkitFindings, root.navkitShipped);
  }
})(this, /**
 * @param {typeof import('./findings.js')} findings
 * @param {typeof import('./shipped.js')} shipped
 */ function (findings, shipped) {
  'use strict';

  const { failure } = findings;
  const NONE = {};
  const NUMBERED = ['spaces', 'doors', 'access', 'edges'];
  const EDGES = Object.keys(shipped.kinds.edges);

  function has(table, key) {
    return Object.prototype.hasOwnProperty.call(table, key);
  }

  /** Tables of a rules file; for a missing member, or a bundle without the file, the tables shipped
   * with the runtime are used. */
  class Rules {
    constructor(file) {
      const given = file || NONE;
      this.kinds = Object.assign({}, shipped.kinds, given.kinds);
      checkKinds(this.kinds);
      this.categories = given.categories || shipped.categories;
      this.icons = Object.assign({}, shipped.icons, given.icons);
      /** Thresholds of guidance by name. */
      this.guidance = Object.assign({}, shipped.guidance, given.guidance);
      /** What is known of walkers' steps, by name. */
      this.position = Object.assign({}, shipped.position, given.position);
      const ids = Object.keys(this.categories);
      const rank = (id) => this.categories[id].chip;
      /** What people ask for without knowing a name, in the order of the chips. */
      this.chips = ids.filter(rank).sort((a, b) => rank(a) - rank(b));
      /** Categories that people in danger may look for. */
      this.urgent = ids.filter((id) => this.categories[id].urgent);
    }

    /** The row of a category; an empty one if there is none. */
    category(id) {
      return has(this.categories, id) ? this.categories[id] : NONE;
    }

    /** The row with an icon of a category, else of the part before its first hyphen, else null. */
    sign(id) {
      return [id, id.split('-')[0]].map((one) => this.category(one)).find((row) => row.icon) || null;
    }

    /** Whether a category is not for everybody. */
    isForSome(id) {
      return this.category(id).wider !== undefined;
    }

    /** Chips that are offered instead of one if a venue distinguishes them: nobody is guided to a
     * room for others. */
    finerChips(id) {
      return this.chips.filter((one) => this.category(one).wider === id);
    }

    /** Whether a place of a category is a shaft, which leads to another level. */
    isShaft(id) {
      return this.category(id).badge === 'shaft';
    }

    /** Whether a kind of space has a mark: `circulation`, `shaft`. */
    isSpace(kind, mark) {
      return Boolean((this.kinds.spaces[kind] || NONE)[mark]);
    }

    /** The kind of connector whose edges to another level are of that kind, or ''. */
    connectorBy(edge) {
      const { connectors } = this.kinds;
      return Object.keys(connectors).find((kind) => connectors[kind].edge === edge) || '';
    }

    /** Edges for which a walker has one word in `parts` or `choices`. */
    edgesOf(list, name) {
      return this.kinds[list][name].map((kind) => EDGES.indexOf(kind));
    }
  }

  /** Bundles number kinds in the order of their lists: a bundle with other lists is refused. */
  function checkKinds(kinds) {
    NUMBERED.forEach(function (list) {
      const own = Object.keys(shipped.kinds[list]);
      Object.keys(kinds[list]).forEach(function (kind, number) {
        if (own[number] !== kind) throw failure('bundle-too-new', 'rules', { version: kind });
      });
    });
  }

  return { Rules, KINDS: shipped.kinds };
});
