/* Questions to the server, answered as JSON. */
import { page, words } from './page.js';

/** @param {string} address @param {object} [asked] sent as JSON; nothing: only read
 * @returns {Promise<{ok: boolean, said: any}>} what is said, or why not as `text` */
export const ask = async function (address, asked) {
  const options = asked && { method: 'POST', body: JSON.stringify(asked),
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': page.dataset.token } };
  try {
    const answer = await fetch(address, { credentials: 'same-origin', ...options });
    return { ok: answer.ok, said: await answer.json() };
  } catch (error) {
    return { ok: false, said: { text: words.offline } };
  }
};
