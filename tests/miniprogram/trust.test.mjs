// An app that came with a hospital's root goes by its signatures, and by nothing else.

import assert from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test from 'node:test';
import vm from 'node:vm';
import { ADDRESS, APP, Phone, published, settled } from './phone.mjs';

const folder = process.env.NAVKIT_SIGNED;
const skip = folder ? false : 'NAVKIT_SIGNED names no signed repository';
const REPOSITORY = ADDRESS.replace('/bundle', '');

/** What lies in a signed folder, at its address; the bundle besides. */
function online(name) {
  const public_ = path.join(folder, name);
  return new Map([...published, ...fs.readdirSync(public_, { recursive: true })
    .filter((file) => file.endsWith('.json'))
    .map((file) => [`${REPOSITORY}/${file}`, fs.readFileSync(path.join(public_, file))])]);
}

const root = skip ? null : {
  text: fs.readFileSync(path.join(folder, 'open', 'metadata', '1.root.json'), 'latin1'), hospital: 'renmin',
};
const config = { url: ADDRESS, repository: REPOSITORY, root };

/** Timers of a minute are set off by hand. */
function byHand(t) {
  const waiting = new Set();
  const real = globalThis.setTimeout;
  globalThis.setTimeout = (act, ms, ...more) => {
    // Requests wait for their answer by timers of their own, which end with it.
    if (ms < 1000 || String(act).includes("'timeout '")) return real(act, ms, ...more);
    const timer = { act, ms };
    waiting.add(timer);
    return timer;
  };
  const clear = globalThis.clearTimeout;
  globalThis.clearTimeout = (timer) => { if (!waiting.delete(timer)) clear(timer); };
  t.after(() => Object.assign(globalThis, { setTimeout: real, clearTimeout: clear }));
  return waiting;
}

/** The phone's clock stands at a Wednesday morning: at night other doors are open. */
function onWednesday(t) {
  const real = Date.now;
  const then = new Date(real());
  then.setDate(then.getDate() - ((then.getDay() + 4) % 7));
  then.setHours(10, 0, 0, 0);
  const clock = { now: Number(then) };
  Date.now = () => clock.now;
  t.after(() => { Date.now = real; });
  return clock;
}

async function until(holds) {
  for (let i = 0; i < 500 && !holds(); i++) await settled();
  assert.ok(holds());
}

test('what is closed is known within a minute, by a question that says what is known', { skip }, async (t) => {
  onWednesday(t);
  const waiting = byHand(t);
  const own = new Phone({ network: online('open') });
  const page = await own.use(config);
  await until(() => waiting.size === 1);
  const { guide } = own.app;

  const look = async () => {
    const [timer] = waiting;
    assert.ok(timer.ms >= 45000 && timer.ms <= 60000, `${timer.ms}`);
    waiting.delete(timer);
    own.asked.length = 0;
    timer.act();
    await until(() => waiting.size === 1);
  };
  await look();
  assert.deepStrictEqual([own.asked, own.same], [[`${REPOSITORY}/metadata/timestamp.json`], 1]);

  own.network = online('closed');
  await look();
  assert.deepStrictEqual(guide.bundle.published.map((one) => one.target), ['mz-L4']);
  guide.app.open('#from=mz-1F-D-main&to=r-mz-6F-605&p=wheelchair');
  await settled();
  assert.match(page.text, /4号直达电梯暂停使用：检修。/);
});

test('what is open again is said on the open screen, and the route is the first one', { skip }, async (t) => {
  onWednesday(t);
  const waiting = byHand(t);
  const own = new Phone({ network: online('open') });
  const page = await own.use(config);
  await until(() => waiting.size === 1);
  const look = async (name) => {
    own.network = online(name);
    const [timer] = waiting;
    waiting.delete(timer);
    timer.act();
    await until(() => waiting.size === 1);
    await settled();
  };
  own.app.guide.app.open('#from=mz-1F-D-main&to=r-mz-6F-605&p=wheelchair');
  await settled();
  const before = own.app.guide.app.view().route.steps;

  await look('closed');
  assert.match(page.text, /4号直达电梯暂停使用：检修。[^]*已换一条路。/);
  await look('again');

  assert.match(page.text, /4号直达电梯已恢复使用。已改回原路。/);
  assert.doesNotMatch(page.text, /暂停使用|已换一条路/);
  assert.deepStrictEqual(own.app.guide.app.view().route.steps, before);
});

test('a closure begins and ends by the clock on an open screen, without a network', { skip }, async (t) => {
  const clock = onWednesday(t);
  const waiting = byHand(t);
  const own = new Phone({ network: online('dated') });
  const page = await own.use(config);
  await until(() => waiting.size === 2);
  own.network = null;
  own.app.guide.app.open('#from=mz-1F-D-main&to=r-mz-6F-605&p=wheelchair');
  await settled();
  assert.doesNotMatch(page.text, /暂停使用/);
  const pass = async (minutes) => {
    for (let i = 0; i < minutes; i++) {
      clock.now += 60000;
      const due = [...waiting];
      waiting.clear();
      due.forEach((timer) => timer.act());
      await settled();
    }
  };

  await pass(4);
  assert.doesNotMatch(page.text, /暂停使用/);
  await pass(1);
  assert.match(page.text, /4号直达电梯暂停使用：检修。[^]*已换一条路。/);
  await pass(5);

  assert.match(page.text, /4号直达电梯已恢复使用。已改回原路。/);
  assert.doesNotMatch(page.text, /暂停使用|已换一条路/);
});

/** Looks at what is signed under another name now; timers of the clock are left alone. */
async function lookAt(own, waiting, name) {
  own.network = online(name);
  const { guide } = own.app;
  await guide._look();
  await settled();
  assert.ok(waiting.size >= 1);
}

test('an emergency is shown above everything, and a walker returns to the same step when it is over', { skip }, async (t) => {
  onWednesday(t);
  const waiting = byHand(t);
  const own = new Phone({ network: online('dated') });
  const page = await own.use(config);
  await until(() => waiting.size === 2);
  const { guide } = own.app;
  guide.app.open('#from=mz-1F-D-main&to=r-mz-6F-605');
  guide.app.go();
  guide.app.next();
  await settled();
  const before = guide.app.view().walk.text;
  const settings = await own.page('pages/settings/settings');

  await lookAt(own, waiting, 'alarm');

  assert.match(page.text, /紧急情况\s*请听从工作人员安排。\s*不要乘电梯。\s*医院已发布紧急通知，导航暂停。\s*2026-03-02 09:12 发布/);
  assert.doesNotMatch(page.text, /下一步|⚙|←|整层|搜索/);
  assert.ok(!page.text.includes(before));
  assert.strictEqual(page.data.hasMap, false);
  assert.deepStrictEqual(own.opened.filter((one) => one === 'back'), ['back'], 'from the settings');
  settings.close();

  await lookAt(own, waiting, 'calm');
  assert.ok(page.text.includes(before));
  assert.match(page.text, /医院已解除紧急通知/);
  await page.tap('下一步');
  assert.doesNotMatch(page.text, /医院已解除紧急通知/);
});

test('an emergency is there at the next start without a network; after hours one may go on, warned', { skip }, async (t) => {
  const clock = onWednesday(t);
  byHand(t);
  const first = new Phone({ network: online('alarm') });
  const seen = await first.use(config);
  await until(() => /请听从工作人员安排/.test(seen.text));
  await settled();

  const open = async () => {
    const later = new Phone({ disk: first.disk, kept: first.kept });
    return [await later.use(config), later];
  };
  clock.now += 62 * 60000;
  const [page] = await open();
  assert.match(page.text, /不要乘电梯。[^]*已经1小时没有收到新消息/);
  assert.doesNotMatch(page.text, /继续使用|您要去哪里/);
  clock.now += 180 * 60000;
  const [again, phone] = await open();
  assert.doesNotMatch(again.text, /您要去哪里/);
  await again.tap('我已问过工作人员，继续使用');

  assert.match(again.text, /还没有收到解除的消息[^]*您要去哪里/);
  assert.strictEqual(phone.app.guide.app.screen, 'find');
});

test('who installs the app during an emergency is told before the map is there', { skip }, async (t) => {
  byHand(t);
  const network = new Map([...online('alarm')].filter(([name]) => !name.includes('/level-')));
  const own = new Phone({ network, packaged: new Map() });

  const page = await own.use(config);

  await until(() => /请听从工作人员安排/.test(page.text));
  assert.match(page.text, /紧急情况[^]*不要乘电梯/);
  assert.doesNotMatch(page.text, /%|↻/);
});

test('nobody is asked while nobody sees the app', { skip }, async (t) => {
  const waiting = byHand(t);
  const own = new Phone({ network: online('open') });
  await own.use(config);
  await until(() => waiting.size === 1);

  own.app.onHide();
  assert.strictEqual(waiting.size, 0);
  own.app.onShow({ query: {} });
  assert.strictEqual(waiting.size, 1);
});

test('a newer release that nobody has signed is not taken', { skip }, async (t) => {
  byHand(t);
  const network = online('open');
  const own = new Phone({ network });
  network.set(`${ADDRESS}/release.json`, Buffer.from('{}'));

  await own.use(config);
  await until(() => own.app.guide.installed.told !== '');

  assert.ok(!own.asked.includes(`${ADDRESS}/release.json`));
  assert.match(own.app.guide.installed.told, /已经是最新|已更新/);
});

test('a signature that does not hold is said, and the map stays', { skip }, async (t) => {
  byHand(t);
  const network = online('closed');
  const name = `${REPOSITORY}/metadata/timestamp.json`;
  network.set(name, Buffer.from(network.get(name).toString('latin1').replace('"version":', '"version":1')));
  const own = new Phone({ network });

  const page = await own.use(config);
  await until(() => own.app.guide.installed.told !== '');

  assert.match(page.text, /您要去哪里/);
  assert.match(own.app.guide.installed.told, /不能确认是医院发布的/);
  assert.deepStrictEqual(own.app.guide.bundle.published, []);
});

test('closures are there at the next start without a network; old ones say their age', { skip }, async (t) => {
  byHand(t);
  const first = new Phone({ network: online('closed') });
  await first.use(config);
  await until(() => first.app.guide.installed.told !== '');

  const later = new Phone({ disk: first.disk, kept: first.kept });
  const real = Date.now;
  Date.now = () => real() + 31.5 * 86400000;
  t.after(() => { Date.now = real; });
  const page = await later.use(config);

  assert.deepStrictEqual(later.app.guide.bundle.published.map((one) => one.target), ['mz-L4']);
  later.app.guide.app.open('#from=mz-1F-D-main&to=r-mz-6F-605');
  await settled();
  assert.match(page.text, /31天没有更新/);
  assert.doesNotMatch(page.text, /开始走/);
  await page.tap('我知道了');
  await page.tap('开始走');
  assert.strictEqual(later.app.guide.app.screen, 'walk');
});

test('tweetnacl works where there is no platform, and asks for no module', () => {
  const source = fs.readFileSync(path.join(APP, 'runtime/nacl.js'), 'utf8');
  const module = { exports: {} };
  const require = () => { throw new Error('no such module'); };
  const context = vm.createContext(
    { module, require }, { codeGeneration: { strings: false, wasm: false } });

  vm.runInContext(source, context, { filename: 'nacl.js' });

  const hash = vm.runInContext('Array.from(module.exports.hash(new Uint8Array([97, 98, 99]))).slice(0, 4)', context);
  assert.deepStrictEqual([...hash], [0xdd, 0xaf, 0x35, 0xa1]);
});
