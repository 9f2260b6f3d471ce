/* What somebody looks at before a trip: the directory, the page of a place; and cards over both. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitLooking = make();
  }
})(this, function () {
  'use strict';

  /** The buttons of what helps who cannot speak or hear, and who is not in the hospital yet. */
  function aids(tools) {
    const { h, button, over, app } = tools;

    function helps() {
      const { card, outside } = app().view().words;
      return [
        button(card.button, showCard, { id: 'card' }),
        app().view().isOnEarth && button(outside.button, showOutside, { id: 'outside' }),
      ];
    }

    /** The card for staff, in large letters. */
    function showCard() {
      over(app().view().words.card.button, app().card().map((side) => h('section', {
        lang: side.language, class: 'told' },
      h('p', null, side.hello), h('p', null, side.wish),
      side.name && h('p', { class: 'wish' }, side.name), side.where && h('p', null, side.where),
      side.from && h('p', null, side.from), h('p', null, side.please))));
    }

    /** The entrance for the goal, and maps of the city that lead there. */
    function showOutside() {
      const words = app().view().words.outside;
      const told = app().outside();
      if (!told) return;
      over(words.title, [
        h('p', { class: 'wish' }, told.hospital),
        h('p', null, app().word('outside.entrance', { entrance: told.entrance }), ' ', told.where),
        h('div', { class: 'row' }, told.links.map((link) => h('a', {
          class: 'button', href: link.url, rel: 'noreferrer', id: 'to-' + link.id }, link.name))),
        h('p', { class: 'soft' }, words.note)]);
    }

    return helps;
  }

  /** `tools` make elements as the page does; `hand` hands a link to another phone, `helps` are the buttons
   * of `aids`; `app()` is the client. */
  function screens(tools) {
    const { h, button, choices, heading, places, picture, hand, helps, app } = tools;

    /** What one can do with a place. */
    function deeds(one, words) {
      return h('div', { class: 'row' },
        one.dial && h('a', { class: 'button', href: one.dial, id: 'call' }, '☎ ', one.phone),
        one.mayStart && button(words.from, function () { app().startAt(one.place); }, { id: 'from' }),
        button([one.favourite ? '★ ' : '☆ ', one.keep],
          function () { app().favourite(one.place); }, { 'aria-pressed': String(one.favourite), id: 'keep' }),
        helps(),
        one.address && button(words.share, function () {
          hand({ label: words.share, scan: words.shared, picture: words.code, line: one.name,
            address: one.address });
        }, { id: 'share' }));
    }

    return {
      browse: function (view) {
        const words = view.words.browse;
        const one = view.browse;
        const choose = function (place) { app().choose(place); };
        return {
          parts: [heading(words.title),
            choices(one.ways, function (is) { app().browse(is.id); }, words.way),
            one.by === 'floor' && [
              choices(view.map.buildings, function (is) { app().showLevel(is.level); },
                view.words.map.building),
              choices(view.map.levels, function (is) { app().showLevel(is.level); },
                view.words.map.floor)],
            one.groups.map((group) => h('section', { 'aria-labelledby': 'in-' + group.id },
              h('h2', { id: 'in-' + group.id }, group.name),
              places(group.places, choose, 'known'))),
            one.none && h('p', { class: 'soft', id: 'none' }, one.none)],
        };
      },

      place: function (view) {
        const words = view.words.place;
        const one = view.place;
        return {
          parts: [heading(one.name),
            one.notes.map((text) => h('p', { class: 'warn' }, text)),
            one.where && h('p', { class: 'at' }, one.where),
            one.open && h('p', { class: 'open' }, one.open),
            h('div', { class: 'row' },
              button(words.go, function () { app().choose(one.place); },
                { class: 'main grow', id: 'go' })),
            one.facts.map((text) => h('p', null, text)),
            !one.dial && one.phone && h('p', null, one.phone),
            picture(one.photo),
            deeds(one, words)],
        };
      },
    };
  }

  return { aids: aids, screens: screens };
});
