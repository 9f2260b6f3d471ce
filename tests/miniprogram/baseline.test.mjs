// The map that came with the app: damaged, cut off at any moment, on a full phone, out of date.

import assert from 'node:assert';
import test from 'node:test';
import { ADDRESS, Phone, packaged, published, settled } from './phone.mjs';

const FIND = /您要去哪里/;

function damaged() {
  const files = new Map(packaged);
  const name = [...files.keys()].find((one) => one.includes('/network-'));
  const bytes = Buffer.from(files.get(name));
  bytes[bytes.length >> 1] ^= 1;
  return files.set(name, bytes);
}

test('a damaged file in the package is never opened; it is said, and can be tried again', async () => {
  const own = new Phone({ packaged: damaged() });

  const page = await own.use();

  assert.match(page.text, /地图打不开/);
  assert.strictEqual(own.app.guide.app, null);
  own.packaged = packaged;
  await page.tap('↻');
  for (let i = 0; i < 200 && !own.opened.length; i++) await settled();
  assert.deepStrictEqual(own.opened, ['redirect /pages/guide/guide']);
});

test('a damaged package on a phone with a map: the map stays', async () => {
  const before = new Phone();
  await before.use();

  const after = new Phone({ packaged: damaged(), disk: before.disk, kept: before.kept });

  assert.match((await after.use()).text, FIND);
});

test('a phone that is full opens the map where it lies in the package', async () => {
  for (const room of [0, 20000, 200000]) {
    const own = new Phone({ room });

    const page = await own.use();

    assert.match(page.text, FIND);
    await page.type('fsk');
    await page.tap('', '.entry');
    await page.tap('', '.entry');
    assert.match(page.text, /到放射科/);
    const settings = await own.page('pages/settings/settings');
    assert.match(settings.text, /手机空间不够/);
  }
});

test('the app dies at any file operation, and the next start has a map', async () => {
  const whole = new Phone();
  await whole.use();
  const acts = whole.acts;
  assert.ok(acts > 60, `${acts}`);

  for (let n = 0; n <= acts; n++) {
    const dying = new Phone();
    dying.diesAt = n;
    dying.start();
    const { guide } = dying.app;
    guide.open().then((isOpen) => isOpen || guide.installBaseline());
    for (let i = 0; i < 500 && dying.acts <= n && !guide.app; i++) await settled();

    const next = new Phone({ disk: dying.disk });

    assert.match((await next.use()).text, FIND, `at ${n}`);
  }
});

test('an address that never answers: the map is there all the same, and it is said', async () => {
  const own = new Phone();

  const page = await own.use({ url: ADDRESS });

  assert.match(page.text, FIND);
  assert.ok(own.asked.every((url) => url.startsWith(`${ADDRESS}/`)));
  assert.ok(own.asked.length > 0);
  const settings = await own.page('pages/settings/settings');
  assert.match(settings.text, /没有网络/);
});

test('what is lost or new is fetched from the address, clips too', async () => {
  const own = new Phone();
  await own.use();
  const [lost] = [...own.disk.keys()].filter((name) => name.includes('/level-'));
  own.disk.delete(lost);

  const next = new Phone({ disk: own.disk, network: published });
  const page = await next.use({ url: ADDRESS });

  assert.match(page.text, FIND);
  assert.ok(next.disk.has(lost));
  assert.ok([...next.disk.keys()].some((name) => /\/navkit\/voice-.*\.mp3$/.test(name)));
  assert.ok(![...next.disk.keys()].some((name) => name.includes('/scripts-')));
  const settings = await next.page('pages/settings/settings');
  assert.match(settings.text, /可离线使用/);
});

test('with no package and no network it says so', async () => {
  const own = new Phone({ packaged: new Map() });

  const page = await own.use();

  assert.match(page.text, /地图打不开：没有网络/);
});
