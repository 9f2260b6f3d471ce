// The mini-program as somebody uses it, with no network: what is typed, touched, read and heard.

import assert from 'node:assert';
import test from 'node:test';
import { ADDRESS, Phone, packaged, published, settled } from './phone.mjs';

/** Somebody who has just come in and wants to go there. */
async function goingTo(query, more, started) {
  const own = new Phone(more);
  const page = await own.use(started);
  await page.type(query);
  await page.tap('', '.entry');
  await page.tap('', '.entry');
  return { own, page };
}

test('the first start, with no network: the map of the package, verified and kept', async () => {
  const own = new Phone();

  const page = await own.use();

  assert.match(page.text, /您要去哪里/);
  assert.strictEqual(own.asked.length, 0);
  const kept = [...own.disk.keys()].filter((name) => !/pointer-\d+\.json$/.test(name));
  assert.strictEqual(kept.length, packaged.size - 1); // all but release.json
  assert.ok(own.title.length > 0);
});

test('somebody types initials, comes in by the door, walks and arrives', async () => {
  const { own, page } = await goingTo('fsk');
  assert.match(page.text, /到放射科/);
  const route = own.app.guide.app.view().route;
  for (const step of route.steps) assert.ok(page.text.includes(step.text), step.text);
  for (const other of route.others) assert.ok(page.text.includes(other.text), other.text);

  await page.tap('开始走');
  for (let i = 0; i < route.steps.length; i++) {
    assert.ok(page.text.includes(`第${i + 1}步，共${route.steps.length}步`));
    assert.strictEqual(page.data.walk.text, route.steps[i].text);
    await page.tap(i + 1 < route.steps.length ? '下一步' : '我到了');
  }

  assert.match(page.text, /您到了放射科/);
  await page.tap('原路返回');
  assert.match(page.text, /从放射科/);
});

test('a hit has a page with what is known of it, from which one goes there, calls and comes back', async () => {
  const own = new Phone();
  const page = await own.use();
  await page.type('骨科');
  await page.tap('ⓘ');
  assert.match(page.text, /门诊楼 3F/);
  assert.match(page.text, /开放时间：周一至周五/);
  await page.tap('打电话 027-5550-1301');
  assert.deepStrictEqual(own.called, ['02755501301']);
  await page.tap('去这里');
  assert.match(page.text, /要去：骨科/);
  await page.tap('←');
  assert.match(page.text, /去这里/);
});

test('a short code is typed, or the code on the wall is scanned', async () => {
  const own = new Phone();
  const page = await own.use();
  await page.type('fsk');
  await page.tap('', '.entry');
  await page.tap('扫墙上的二维码');
  assert.match(page.text, /不能用摄像头/);
  await page.type('XX99');
  await page.tap('→');
  assert.match(page.text, /没有「XX99」/);
  const code = own.app.guide.bundle.anchors[0].code;

  await page.type(code);
  await page.tap('→');
  assert.match(page.text, /到放射科/);
  await page.tap('改出发地');
  own.scanned = { result: `https://navkit.example/#a=${code}` };
  await page.tap('扫墙上的二维码');
  assert.match(page.text, /到放射科/);
});

/** Somebody at a desk who goes elsewhere by wheelchair, and the link on the screen there. */
async function atDesk() {
  const { own, page } = await goingTo('jz');
  await page.tap('轮椅');
  return { desk: page.data.route, link: `https://maps.hospital.example/${own.app.guide.app.link()}` };
}

test('the route on the screen of a desk is scanned, and it is the route here', async () => {
  const { desk, link } = await atDesk();
  assert.ok(desk.steps.length > 1);
  const { own, page } = await goingTo('fsk');
  await page.tap('改出发地');

  own.scanned = { result: link };
  await page.tap('扫墙上的二维码');

  assert.deepStrictEqual(page.data.route, desk);
  assert.ok(page.data.route.profiles.find((one) => one.id === 'wheelchair').chosen);
});

test('the route on the screen of a desk is scanned by WeChat, which opens the app', async () => {
  const { desk, link } = await atDesk();

  const page = await new Phone().use({ query: { q: encodeURIComponent(link) } });

  assert.deepStrictEqual(page.data.route, desk);
});

test('a mini-program\'s own code on a wall is scanned in the app', async () => {
  const { own, page } = await goingTo('fsk');
  const { bundle, app } = own.app.guide;
  await page.tap('改出发地');
  const number = bundle.anchors.length - 1;

  const scene = encodeURIComponent(`a=${bundle.anchors[number].code}`);
  own.scanned = { result: '', path: `pages/guide/guide?scene=${scene}` };
  await page.tap('扫墙上的二维码');

  assert.ok(page.data.route.from.includes(app.spotName({ places: [], anchor: number })));
});

test('of a code of something else it is said so; of going back from the camera nothing', async () => {
  const { own, page } = await goingTo('fsk');
  await page.tap('改出发地');

  own.scanned = { errMsg: 'scanCode:fail cancel' };
  await page.tap('扫墙上的二维码');
  assert.strictEqual(page.data.start.error, '');
  own.scanned = { result: 'https://shop.example/tea?a=1' };
  await page.tap('扫墙上的二维码');

  assert.match(page.data.start.error, /不认识/);
  assert.strictEqual(page.data.screen, 'start');
});

test('the app is opened by the code on a wall, and again by another one', async () => {
  const own = new Phone();
  const page = await own.use();
  const { app, bundle } = own.app.guide;
  const [one, other] = bundle.anchors.map((anchor) => anchor.code);
  const link = (code) => ({ query: { q: encodeURIComponent(`https://navkit.example/#a=${code}`) } });

  own.app.onShow(link(one));
  await page.type('fsk');
  await page.tap('', '.entry');
  const first = page.data.route.from;
  own.app.onShow({ query: { scene: encodeURIComponent(`a=${other}`) } });
  await settled();

  assert.strictEqual(app.screen, 'route');
  assert.notStrictEqual(page.data.route.from, first);
  await page.tap('开始走');
  own.app.onShow({ query: { scene: encodeURIComponent(`a=${other}`) } }); // back from a call
  own.app.onShow({ query: { q: '%E0%A4%A' } });
  own.app.onShow({ query: { q: encodeURIComponent('https://navkit.example/#a=%E0%A4%A') } });
  assert.strictEqual(app.screen, 'walk');
});

test('a wheelchair is taken by other ways, or told that there is none', async () => {
  const { own, page } = await goingTo('fsk');

  await page.tap('轮椅');

  assert.strictEqual(page.data.settings.profile, 'wheelchair');
  const parts = page.data.route.error ? page.data.route.error : page.data.route.parts.join();
  assert.doesNotMatch(parts, /楼梯/);
  assert.strictEqual(own.app.guide.app.view().settings.profile, 'wheelchair');
});

test('lost: the start is asked again; blocked: there is another way, or it is said', async () => {
  const { page } = await goingTo('fsk');
  await page.tap('开始走');

  await page.tap('这里走不通');
  assert.match(page.text, /已换一条路|没有别的路/);
  await page.tap('我迷路了');
  assert.match(page.text, /别着急/);
  await page.tap('', '.entry');
  assert.match(page.text, /到放射科/);
});

test('steps are said by clips, slower on demand; muted, the phone vibrates', async () => {
  const { own, page } = await goingTo('fsk', { network: published }, { url: ADDRESS });
  const last = () => own.sounds[own.sounds.length - 1];

  await page.tap('开始走');
  assert.strictEqual(own.sounds.length, 1);
  assert.match(last().src, /\.mp3$/);
  assert.doesNotMatch(page.text, /只有文字/);
  assert.deepStrictEqual(own.audioOption, { obeyMuteSwitch: false });
  await page.tap('说慢一点');
  assert.match(page.text, /正常语速/);
  await page.tap('再说一遍');
  assert.ok(last().rate < 1);
  await page.tap('下一步');
  assert.deepStrictEqual(own.sounds.map(({ sound }) => sound.isPlaying), [false, false, false, true]);
  await page.tap('静音');
  await page.tap('下一步');
  assert.strictEqual(own.sounds.length, 4);
  assert.ok(own.sounds.every(({ sound }) => !sound.isPlaying));
  assert.strictEqual(own.vibrations, 1);
});

test('the photo of a step is shown from this phone, once it has come', async () => {
  const { own, page } = await goingTo('fsk', { network: published }, { url: ADDRESS });
  await page.tap('开始走');

  const seen = [];
  while (page.data.screen === 'walk') {
    const photo = page.data.walk.photo;
    assert.strictEqual(page.made.dom.querySelectorAll('.main--photo').length, photo ? 1 : 0);
    if (photo) {
      assert.ok(own.disk.has(photo.path), photo.path);
      seen.push(photo.text);
    }
    await page.tap(page.data.walk.isLast ? '我到了' : '下一步');
  }

  assert.match(seen[seen.length - 1], /^照片：放射科的门/);
  assert.strictEqual(page.data.arrived.photo.text, seen[seen.length - 1]);

  const without = (await goingTo('fsk')).page;
  await without.tap('开始走');
  while (without.data.screen === 'walk') {
    assert.strictEqual(without.data.walk.photo, null);
    await without.tap(without.data.walk.isLast ? '我到了' : '下一步');
  }
});

test('before the clips are there, steps are read, and the phone vibrates', async () => {
  const { own, page } = await goingTo('fsk');

  await page.tap('开始走');

  assert.deepStrictEqual([own.sounds.length, own.vibrations], [0, 1]);
  assert.match(page.text, /只有文字/);
});

test('languages, large letters and a screen reader are set, and kept', async () => {
  const { own, page } = await goingTo('fsk');
  own.letters = 1.5;
  const settings = await own.page('pages/settings/settings');

  await settings.tap('English');
  await settings.tap('Large');
  await settings.tap('Dark');
  await settings.tap('A+');
  await settings.tap('I use a screen reader');

  assert.match(settings.text, /Ready offline/);
  assert.match(settings.text, /MB used/);
  assert.match(page.text, /Change destination/);
  assert.strictEqual(page.data.letters, '30px');
  assert.deepStrictEqual(
    [page.data.settings.elder, page.data.settings.theme, page.data.settings.reader],
    [true, 'dark', true]);
  settings.close();

  const again = new Phone({ disk: own.disk, kept: own.kept });
  const later = await again.use();
  assert.match(later.text, /Change destination/); // the trip that was under way, in English
});

test('directions change their language while one walks', async () => {
  const { own, page } = await goingTo('fsk');
  await page.tap('开始走');
  const settings = await own.page('pages/settings/settings');

  own.app.guide.app.set('language', 'en');
  await settled();

  assert.match(page.data.walk.text, /[a-z]{3}/);
  assert.match(settings.text, /设置/);
});

test('the map shows the floor of the step, another floor, and tells what was touched', async () => {
  const { own, page } = await goingTo('fsk');
  await page.tap('开始走');
  const map = await page.map();
  assert.ok(own.drawn.length > 5);
  const levels = own.app.guide.app.view().map.levels;
  const other = levels.find((one) => !one.chosen);

  await map.tap(other.name);
  await map.tap('+');
  await map.tap('整层');

  assert.strictEqual(own.app.guide.app.view().map.level, other.level);
  // The row scrolls to it: with thirteen floors not all are in sight.
  const { made } = map;
  const shown = made.querySelector(`#level-${made.instance.data.map.level}`);
  assert.strictEqual(shown.dom.textContent, other.name);
});

test('a tap on the map sets the position; two fingers and a drag move the map', async () => {
  const own = new Phone();
  const page = await own.use();
  await page.type('fsk');
  await page.tap('', '.entry');
  const { made: { instance } } = await page.map();
  const touch = (...touches) => ({ touches: touches.map(([x, y]) => ({ x, y })) });
  const before = Object.assign({}, instance._view);

  instance.press(touch([100, 100]));
  instance.move(touch([140, 130]));
  instance.lift(touch());
  assert.ok(instance._view.x < before.x && instance._view.y > before.y); // metres go up
  instance.press(touch([100, 100], [200, 100]));
  instance.move(touch([50, 100], [250, 100]));
  instance.lift(touch());
  assert.ok(instance._view.scale > before.scale);
  assert.strictEqual(page.data.screen, 'start');
  instance.whole();
  instance.press(touch([187, 200]));
  instance.lift(touch());
  await settled();

  assert.notStrictEqual(page.data.screen, 'find');
  assert.ok(page.data.route || page.data.start.error);
});

test('on the map the lift that one came out of says from where, not where it goes', async () => {
  const { own, page } = await goingTo('fsk');
  await page.tap('开始走');
  await page.map();
  const [first, next] = own.app.guide.app.view().map.levels.filter((one) => /^[12]F$/.test(one.name));
  assert.ok(own.drawn.some((text) => text.endsWith(`上${next.name}`)), own.drawn.join());
  own.drawn.length = 0;

  own.app.guide.app.showLevel(next.level);
  await settled();

  assert.ok(own.drawn.includes(`从${first.name}来`), own.drawn.join());
  assert.ok(!own.drawn.some((text) => text.endsWith(`下${first.name}`)));
});

test('a step that ends on another floor offers its map, under its words', async () => {
  const { own, page } = await goingTo('fsk');
  await page.tap('开始走');
  while (!page.data.walk.floors.length) await page.tap('下一步');
  const [, there] = page.data.walk.floors;

  await page.tap(there.name);

  assert.strictEqual(own.app.guide.app.view().map.level, there.level);
  assert.ok(page.data.walk.floors[1].chosen);
});

test('Find says where one starts from, and that a code on a wall is not known', async () => {
  const opened = (code) => new Phone().use({ query: { scene: encodeURIComponent(`a=${code}`) } });

  const right = await opened('A101');
  const wrong = await opened('WRONG');

  assert.match(right.text, /从.+出发/);
  assert.doesNotMatch(wrong.text, /出发/);
  assert.match(wrong.text, /没有「WRONG」这个短码/);
});

test('the app is in the language of the phone until another is chosen', async () => {
  const of = async (language) => {
    const own = new Phone();
    const base = own.wx.getAppBaseInfo;
    own.wx.getAppBaseInfo = () => ({ ...base(), language });
    return (await own.use()).text;
  };

  assert.match(await of('en'), /Where do you want to go/);
  assert.match(await of('zh_TW'), /您要去哪裡/);
  assert.match(await of('zh_CN'), /您要去哪里/);
});

test('after 我迷路了 one may go back to the walk', async () => {
  const { page } = await goingTo('fsk');
  await page.tap('开始走');
  await page.tap('下一步');
  const { text } = page.data.walk;
  await page.tap('我迷路了');

  await page.tap('←');

  assert.strictEqual(page.data.walk.text, text);
});

test('a map that nobody looks for grows old, and says so', async () => {
  const { own, page } = await goingTo('fsk');
  assert.strictEqual(page.data.age, null);
  const { now } = Date;
  Date.now = () => now() + 40 * 86400000;
  try {
    own.app.guide.app.search('');
    await settled();

    assert.match(page.text, /40天没有更新/);
    assert.strictEqual(page.data.route.mayGo, false);
  } finally {
    Date.now = now;
  }
});

test('a map that has not come whole says so, and not for ever that it comes', async () => {
  const own = new Phone({ network: new Map([...published].filter(([name]) => !name.endsWith('.mp3'))) });
  await own.use({ url: ADDRESS });
  await settled();

  const settings = await own.page('pages/settings/settings');

  assert.match(settings.text, /还没有下载完/);
  assert.doesNotMatch(settings.text, /正在下载/);
});

test('following along is off until it is tapped, and ends with a tap', async () => {
  const { own, page } = await goingTo('fsk');
  await page.tap('开始走');
  const { along } = own.app.guide.app.view().words;
  assert.ok(page.text.includes(along.note));
  assert.deepStrictEqual(own.takes, {});

  await page.tap(along.start);
  assert.ok(page.text.includes(along.waiting));
  await own.feel({ x: 0, y: 0, z: 1 });
  assert.ok(page.text.includes(along.begun), page.text);
  await page.tap(along.stop);

  assert.deepStrictEqual(own.takes, {});
  assert.ok(page.text.includes(along.start));
});
