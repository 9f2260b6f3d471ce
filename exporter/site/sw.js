/* Keeps the page itself, so that it opens with no network. The bundle is not its business: what
 * lies in `bundle/` the page installs by itself.
 *
 * `VERSION` and `SHELL`, the files of the page with their SHA-256, stand above: a page that changes
 * is another service worker. It installs beside the old one and takes over when the last page of
 * that one is closed, so that no page is made of two versions.
 */
'use strict';

const BEFORE = 'navkit ' + self.registration.scope + ' ';
const CACHE = BEFORE + VERSION;

/** Fetches a file past every cache; refuses it unless it is the one that is meant. */
async function fetched(name) {
  const answer = await fetch(name + '?' + SHELL[name].slice(0, 16), { cache: 'no-store' });
  const bytes = await answer.arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex !== SHELL[name]) throw new Error(name + ' is not the file that this page was made with');
  // Made anew, for a redirected answer may not be given to a page.
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

async function answer(request, name) {
  const cache = await caches.open(CACHE);
  return (await cache.match(name)) || fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  const path = url.origin + url.pathname;
  if (event.request.method !== 'GET' || !path.startsWith(self.registration.scope)) return;
  const name = path.slice(self.registration.scope.length) || 'index.html';
  if (Object.prototype.hasOwnProperty.call(SHELL, name)) {
    event.respondWith(answer(event.request, name));
  }
});
