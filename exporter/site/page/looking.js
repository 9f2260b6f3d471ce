/* The screens on which somebody looks around before a trip: the page of a place. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitLooking = make();
  }
})(this, function () {
  'use strict';

  /** `tools` make elements as the page does: `h`, `button`, `heading`, `picture`, `hand`; `app()` is
   * the client. */
  function screens(tools) {
    const { h, button, heading, picture, hand, app } = tools;

    /** What one can do with a place. */
    function deeds(one, words) {
      return h('div', { class: 'row' },
        one.dial && h('a', { class: 'button', href: one.dial, id: 'call' }, '☎ ', one.phone),
        one.mayStart && button(words.from, function () { app().startAt(one.place); }, { id: 'from' }),
        button([one.favourite ? '★ ' : '☆ ', one.keep],
          function () { app().favourite(one.place); }, { 'aria-pressed': String(one.favourite), id: 'keep' }),
        one.address && button(words.share, function () {
          hand({ label: words.share, scan: words.shared, picture: words.code, line: one.name,
            address: one.address });
        }, { id: 'share' }));
    }

    return {
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

  return { screens: screens };
});
