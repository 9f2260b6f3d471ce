/* Errors that say what, where and what next: see `navkit/words/findings.py`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitFindings = make();
  }
})(this, function () {
  'use strict';

  /** The language of programs and logs; `LOG_LANGUAGE` of `navkit/words/findings.py`. */
  const LOG_LANGUAGE = 'en';
  /** English sentences of the errors; a phrase book may have its own `errors`. */
  const MESSAGES = {
    'not-a-bundle': 'this is no navkit bundle. Export it again with navkit bundle.',
    'bundle-too-new': 'this map was made for a newer version of the app. Update the app.',
    'bundle-damaged': 'this file is missing or damaged. Download the map again.',
    'unknown-language': 'this map has no such language. Known: {known}.',
    'unknown-profile': 'there is no such profile. Known: {known}.',
    'bad-time': 'write the time like 2026-03-02T09:30.',
    'unknown-closure': 'no door, connector, space or path has this id. Take one from venue.json.',
    'no-such-place': 'there is no such place. Try another name, the number on the door or an id.',
    'no-such-category': 'there are no places of this category. Known, nearest first: {known}.',
    'several-places': 'several places fit; say which by id: {hits}.',
    'no-script': 'no route is scripted between these two.',
    'no-route': 'no way joins these two. Check doors, lifts and stairs in the drawing, or ask at the information desk.',
    'no-route-closed': '{named} is closed and there is no other way. Ask at the information desk or wait until it opens.',
    'no-route-hours': '{named} is not open at this time and there is no other way. Come within its hours or ask at the information desk.',
    'no-route-group': '{named} is for some people only, such as fever patients or visitors, and there is no other way. Choose the group you belong to, or ask at the information desk.',
    'no-route-oneway': '{named} is passed in the other direction only, and there is no other way. Ask at the information desk.',
    'no-route-stairs': '{profile} takes no stairs, and only stairs lead there: {named}. Ask at the information desk for help.',
    'no-route-escalator': '{profile} takes no escalator, and only an escalator leads there: {named}. Ask at the information desk for help.',
    'no-route-steps': '{named} has steps, which {profile} cannot pass. Ask at the information desk for help.',
    'no-route-slope': '{named} is too steep for {profile}. Ask at the information desk for help.',
    'no-route-narrow-door': '{named} is too narrow for {profile}. Ask at the information desk, or have its width checked.',
    'no-route-narrow-passage': '{named} is too narrow for {profile}. Ask at the information desk for help.',
    'no-route-small-cabin': 'the cabin of {named} is too small for {profile}. Take a bed lift.',
    'no-route-door-kind': '{named} is a revolving door, which {profile} cannot pass. Ask at the information desk for help.',
    'no-route-access': 'the way leads through {named}, which is for staff only. Ask at the information desk to be taken there.',
  };

  /** What a thing without a name is called in them; `things` of `navkit/words/en/places.json`. */
  const THINGS = {
    room: 'a room on {level}',
    corridor: 'a corridor on {level}',
    hall: 'a hall on {level}',
    outdoor: 'an outdoor area on {level}',
    closed: 'an area on {level}',
    door: 'a door on {level}',
    'door-of': 'the door of {name}',
    footway: 'a way',
    stairs: 'stairs',
    elevator: 'a lift',
    escalator: 'an escalator',
    ramp: 'a ramp',
  };

  /** An error that says what, where and what next: `code`, `where`, `slots`, `message`.
   * @param {string} code
   * @param {string} [where]
   * @param {Object<string, string|number>} [slots]
   */
  function failure(code, where, slots) {
    const sentence = fill(MESSAGES[code] || code, slots || {});
    return Object.assign(new Error(where ? where + ': ' + sentence : sentence), {
      code: code, where: where || '', slots: slots || {},
    });
  }

  /** `template` with `{name}` replaced by the slots.
   * @param {string} template
   * @param {Object<string, string|number>} slots
   */
  function fill(template, slots) {
    return template.replace(/\{(\w+)\}/g, function (whole, name) {
      return Object.prototype.hasOwnProperty.call(slots, name) ? String(slots[name]) : whole;
    });
  }

  return { failure, fill, LOG_LANGUAGE, THINGS };
});
