/* What the page brings: its words, its parts, and what is chosen on it at this moment. */

export const page = /** @type {?HTMLElement} */ (document.getElementById('draw'));
/** Words of the screen by the script's own names for them. */
export const words = JSON.parse(page.dataset.words);

/** @param {string} id @returns {any} */
export const named = (id) => document.getElementById(id);

/** @param {string} key @param {Record<string, string | number>} slots */
export const word = (key, slots) => words[key].replace(/\{(\w+)\}/g, (_, name) => slots[name]);

/** The version of the corrections that is shown, the tool in hand, the ids of what is chosen in the
 * order of choosing, and by id what things are to be called if somebody agrees.
 * @type {{version: number, tool: string, things: string[], proposed: Map<string, string>,
 * isDragging: boolean}} */
export const now = { version: 0, tool: 'select', things: [], proposed: new Map(), isDragging: false };

export const button = function (text, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'plain';
  made.textContent = text;
  made.addEventListener('click', act);
  return made;
};

/** Metres as they are sent: whole millimetres. */
export const rounded = (point) => point.map((metres) => Number(metres.toFixed(3)));

/** The buttons and forms of the page that have a mark, such as `[data-tool]`.
 * @param {string} mark @returns {NodeListOf<any>} */
export const all = (mark) => page.querySelectorAll(mark);
