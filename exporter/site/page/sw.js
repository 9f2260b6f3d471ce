/* Stores the page itself, so that it opens with no network. The bundle is not its task: the page
 * installs the files in `bundle/` by itself.
 *
 * `VERSION`, `SHELL`, the files of the page with their SHA-256, and `GONE`, the message if some are
 * missing and there is no network, are inserted above: a changed page is another service worker. It
 * is installed beside the old one and takes over when the last page of that one is closed, so that
 * no page is made of two versions.
 *
 * A browser that needs room evicts files without notice. Each visit checks, and fetches missing
 * files again while the page is open already.
 */
'use strict';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

const BEFORE = 'navkit ' + worker.registration.scope + ' ';
const CACHE = BEFORE + VERSION;

/** Files without which a page cannot start; it can do without the others for a while. */
const START = ['index.html', 'page.css', 'address.js', 'root.js', 'page.js', 'later.js',
  'vendor/nacl-fast.js'];

/** Names of missing files, null before the first check. */
let gone = null;

/** A file as the browser has it from the page's own start, so that a first visit downloads nothing
 * twice; else past every cache. */
async function fetched(name) {
  const kept = await expected(name, await fetch(name, { cache: 'force-cache' }));
  if (kept) return kept;
  const address = name + '?' + SHELL[name].slice(0, 16);
  const fresh = await expected(name, await fetch(address, { cache: 'no-store' }));
  if (fresh) return fresh;
  throw new Error(name + ' is not the file that this page was made with');
}

/** An answer, if it is the expected file; else null. Rebuilt, because a redirected one must not be
 * given to a page. */
async function expected(name, answer) {
  const bytes = await answer.arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex !== SHELL[name]) return null;
  return new Response(bytes, { headers: { 'content-type': answer.headers.get('content-type') } });
}

async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(Object.keys(SHELL).map(async (name) => cache.put(name, await fetched(name))));
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names
    .filter((name) => name.startsWith(BEFORE) && name !== CACHE)
    .map((name) => caches.delete(name)));
}

async function look(cache) {
  const kept = new Set((await cache.keys()).map((request) => request.url));
  return Object.keys(SHELL).filter((name) => !kept.has(worker.registration.scope + name));
}

/** Fetches missing files, as far as the host still has the same ones. */
async function refill(cache) {
  await Promise.all(gone.map(async (name) => {
    try {
      await cache.put(name, await fetched(name));
    } catch (error) {
      return; // At the next visit.
    }
  }));
  gone = await look(cache);
}

/** The offline message, in every language: the reader's own is not known here. */
function told() {
  const lines = Object.keys(GONE).map((tag) => '<p lang="' + tag + '">' + GONE[tag] + '</p>');
  const head = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">';
  return new Response(head + lines.join('') + '<p><a href="./">↻</a></p>', {
    status: 503, headers: { 'content-type': 'text/html; charset=utf-8' },
  });
}

async function answer(event, name) {
  const cache = await caches.open(CACHE);
  const isVisit = event.request.mode === 'navigate';
  if (isVisit || !gone) {
    gone = await look(cache);
    if (gone.length) event.waitUntil(refill(cache));
  }
  const kept = await cache.match(name);
  const canStart = !START.some((part) => gone.includes(part));
  if (canStart) return kept || fetched(name);
  // All of it from the host: stored and new files may be of two versions.
  try {
    return await fetch(event.request);
  } catch (error) {
    if (isVisit) return told();
    if (kept) return kept;
    throw error;
  }
}

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  const path = url.origin + url.pathname;
  if (event.request.method !== 'GET' || !path.startsWith(worker.registration.scope)) return;
  const name = path.slice(worker.registration.scope.length) || 'index.html';
  if (Object.prototype.hasOwnProperty.call(SHELL, name)) {
    event.respondWith(answer(event, name));
  }
});
