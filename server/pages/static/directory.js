/* The directory with JavaScript: cells are changed in the table, and a row says how it is
 * understood while somebody types. Every page works without. */
(function () {
  'use strict';

  // ---------------------------------------------------------------- what a row means

  const form = /** @type {?HTMLFormElement} */ (document.getElementById('row-form'));
  const meaning = document.getElementById('meaning');
  let asked = 0;
  const look = async function () {
    const number = ++asked;
    const address = new URL(form.dataset.meaning, location.href);
    for (const cell of form.querySelectorAll('[name=cell]')) {
      address.searchParams.append('cell', /** @type {HTMLInputElement} */ (cell).value);
    }
    try {
      const answer = await fetch(address, { credentials: 'same-origin' });
      const said = await answer.text();
      // A slow answer to an older question is not shown over a newer one.
      if (answer.ok && number === asked) { meaning.innerHTML = said; }
    } catch (error) { /* Saving says what is wrong with the network. */ }
  };
  if (form && meaning) {
    let timer = 0;
    form.addEventListener('input', function () {
      clearTimeout(timer);
      timer = setTimeout(look, 300);
    });
  }

  // ---------------------------------------------------------------- cells in the table

  const table = /** @type {?HTMLTableElement} */ (document.getElementById('rows'));
  if (!table || !table.dataset.save || !table.tBodies[0].rows.length) { return; }
  const told = document.getElementById('cell-told');
  const hint = document.getElementById('how-to-edit');
  hint.hidden = false;
  table.setAttribute('role', 'grid');
  table.setAttribute('aria-describedby', hint.id);
  table.parentElement.removeAttribute('tabindex');

  /** @param {Element} row @returns {HTMLTableCellElement[]} */
  const cellsOf = (row) => [.../** @type {any} */ (row).querySelectorAll('td')];
  const first = cellsOf(table.tBodies[0].rows[0])[0];
  for (const row of table.tBodies[0].rows) { cellsOf(row).forEach((cell) => { cell.tabIndex = -1; }); }
  first.tabIndex = 0;

  /** @param {HTMLTableCellElement} [cell] */
  const go = function (cell) {
    if (!cell) { return; }
    for (const one of table.querySelectorAll('td[tabindex="0"]')) {
      /** @type {HTMLElement} */ (one).tabIndex = -1;
    }
    cell.tabIndex = 0;
    cell.focus();
  };

  /** @param {HTMLTableCellElement} cell @param {number} down @param {number} right */
  const beside = function (cell, down, right) {
    const row = /** @type {HTMLTableRowElement} */ (cell.parentElement);
    const to = table.tBodies[0].rows[row.sectionRowIndex + down];
    return to && cellsOf(to)[cellsOf(row).indexOf(cell) + right];
  };

  /** @param {HTMLTableCellElement} cell @param {string} text */
  const write = function (cell, text) {
    cell.dataset.cell = text;
    cell.textContent = text;
  };

  /** @param {HTMLTableCellElement} cell @param {string} text @returns {Promise<boolean>} */
  const save = async function (cell, text) {
    const row = cell.closest('tr'), cells = cellsOf(row);
    const seen = cells.map((one) => one.dataset.cell);
    const changed = seen.slice();
    changed[cells.indexOf(cell)] = text;
    try {
      const answer = await fetch(table.dataset.save, { method: 'POST', credentials: 'same-origin',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': table.dataset.token },
        body: JSON.stringify({ number: Number(row.dataset.number), seen, cells: changed }) });
      const said = await answer.json();
      told.className = answer.ok && !said.findings.length ? 'done' : 'trouble';
      told.textContent = answer.ok ? [said.told, ...said.findings].join(' ') : said.text;
      return answer.ok;
    } catch (error) {
      told.className = 'trouble';
      told.textContent = table.dataset.offline;
      return false;
    }
  };

  /** @param {HTMLTableCellElement} cell @param {string} [text] what was typed to begin with */
  const edit = function (cell, text) {
    if (cell.firstElementChild) { return; }
    const before = cell.dataset.cell;
    const input = /** @type {HTMLInputElement} */ (document.createElement(before.includes('\n') ? 'textarea' : 'input'));
    const heading = table.tHead.rows[0].cells[cell.cellIndex];
    input.value = text === undefined ? before : text;
    input.setAttribute('aria-label', heading.textContent);
    cell.replaceChildren(input);
    input.focus();
    let isOver = false;
    const end = async function (isSaved, to) {
      if (isOver) { return; }
      isOver = true;
      const said = input.value;
      if (!isSaved || said === before) { write(cell, before); go(to); return; }
      if (await save(cell, said)) { write(cell, said); go(to); return; }
      isOver = false;
      input.focus();
    };
    input.addEventListener('keydown', function (event) {
      event.stopPropagation();
      if (event.isComposing || event.altKey) { return; }
      if (event.key === 'Escape') { end(false, cell); return; }
      if (event.key !== 'Enter' && event.key !== 'Tab') { return; }
      event.preventDefault();
      const step = event.shiftKey ? -1 : 1;
      end(true, (event.key === 'Tab' ? beside(cell, 0, step) : beside(cell, step, 0)) || cell);
    });
    input.addEventListener('blur', () => end(true));
  };

  const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  table.addEventListener('keydown', function (event) {
    const cell = /** @type {HTMLTableCellElement} */ (/** @type {Element} */ (event.target).closest('td'));
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) { return; }
    const cells = cellsOf(cell.parentElement), move = MOVES[event.key];
    if (move) { go(beside(cell, move[0], move[1])); } else if (event.key === 'Home') {
      go(cells[0]);
    } else if (event.key === 'End') { go(cells[cells.length - 1]); } else if (event.key === 'Enter'
      || event.key === 'F2') { edit(cell); } else if (event.key === 'Delete') {
      edit(cell, '');
    } else { return; }
    event.preventDefault();
  });
  table.addEventListener('dblclick', function (event) {
    const cell = /** @type {HTMLTableCellElement} */ (/** @type {Element} */ (event.target).closest('td'));
    if (cell) { edit(cell); }
  });
})();
