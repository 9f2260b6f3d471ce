// Who walks hears the latest instruction, once, in one voice; and never waits for a dead sound.

import assert from 'node:assert';
import test from 'node:test';
import navkitVoice from '../../exporter/runtime/client/voice.js';
import { INDEX, Stage, TEXTS, blob, dice, instruction } from './voice-stage.mjs';

const by = (stage) => stage.begun.map((sound) => sound.by);
const only = (wanted) => (one) => (one === wanted ? 'ends' : 'error');

test('clips are joined with pauses and played as one sound', () => {
  const stage = new Stage();
  const player = stage.player();
  const slices = [[400, 500], [0, 400], [900, 600]];

  player.say(instruction('一', '七'));

  assert.deepStrictEqual(by(stage), ['clips']);
  assert.deepStrictEqual(stage.begun[0].said, navkitVoice.joined(blob(), slices));
  stage.pass(1500 / 4);
  assert.strictEqual(player.counters.played, 1);
  assert.strictEqual(player.means, '');
});

test('one missing clip: the phone says all of it', () => {
  const stage = new Stage();
  const player = stage.player();

  player.say(instruction('一', '右转'));

  assert.deepStrictEqual(stage.begun, [{ by: 'voice', said: '一，右转。', rate: 1 }]);
  assert.strictEqual(player.counters.missing, 1);
});

test('one missing clip and no voice: nothing is said in part, text and a vibration', () => {
  const stage = new Stage({ voice: false });
  const player = stage.player();

  player.say(instruction('一', '右转'));

  assert.deepStrictEqual(stage.begun, []);
  assert.strictEqual(stage.vibrations, 1);
  assert.deepStrictEqual(stage.states.pop(),
    { means: 'text', text: '一，右转。', rate: 1, muted: false });
  const { missing, shown } = player.counters;
  assert.deepStrictEqual({ missing, shown }, { missing: 1, shown: 1 });
});

test('clips that are hard to understand come after the own voice, if there is one', () => {
  const clips = navkitVoice.clips({ ...INDEX, preferred: false });
  const withVoice = new Stage();
  const without = new Stage({ voice: false });

  withVoice.player({ clips }).say(instruction('一'));
  without.player({ clips }).say(instruction('一'));

  assert.deepStrictEqual([by(withVoice), by(without)], [['voice'], ['clips']]);
});

test('a language without clips is spoken by the phone, else shown, and lacks no clip', () => {
  for (const [voice, means] of [[true, 'voice'], [false, 'text']]) {
    const player = new Stage({ voice }).player({ clips: null, blob: null, language: 'en' });

    player.say(instruction('turn left'));

    assert.strictEqual(player.means, means);
    assert.strictEqual(player.counters.missing, 0);
    assert.strictEqual(player.isTextOnly(), means === 'text');
  }
});

test('clips of another length than their index says are not trusted', () => {
  for (const other of [null, blob().subarray(1), new Uint8Array([...blob(), 0])]) {
    const stage = new Stage();
    const player = stage.player({ blob: other });

    player.say(instruction('一'));

    assert.deepStrictEqual([by(stage), player.counters.missing], [['voice'], 1]);
  }
});

test('with a screen reader on, nothing sounds or shakes: the screen is read', () => {
  const stage = new Stage({ reader: true });
  const player = stage.player();

  player.say(instruction('一'));

  assert.deepStrictEqual([stage.begun, stage.vibrations, player.means], [[], 0, 'text']);
});

test('the latest wins, and news of the one before it is nothing to it', () => {
  const stage = new Stage();
  const player = stage.player();
  player.say(instruction('一'));
  stage.pass(100);

  player.say(instruction('二', '左转'));
  stage.pass(30);

  assert.strictEqual(stage.sounding.size, 1);
  assert.strictEqual(player.means, 'clips');
  stage.pass(1000);
  const { said, played, interrupted } = player.counters;
  assert.deepStrictEqual({ said, played, interrupted }, { said: 2, played: 1, interrupted: 1 });
});

test('several are said as one', () => {
  const stage = new Stage();

  stage.player().say([{ text: '一', speech: '一' }, instruction('七', '三')]);

  assert.strictEqual(stage.begun[0].said.length, 500 + 400 + 600 + 400 + 700);
  assert.strictEqual(stage.states.pop().text, '一\n七，三。');
});

test('repeat says the last again, and nothing where nothing was said', () => {
  const stage = new Stage();
  const player = stage.player();

  player.repeat();
  assert.strictEqual(player.counters.said, 0);
  player.say(instruction('一'));
  player.say(instruction('七'));
  stage.pass(1000);
  player.repeat();

  assert.deepStrictEqual(stage.begun.map((sound) => sound.said.length), [500, 600, 600]);
});

test('slower begins anew at 0.8, then at 1; in silence it only sets the rate', () => {
  const stage = new Stage();
  const player = stage.player();

  assert.strictEqual(player.slower(), 0.8);
  player.say(instruction('左转'));
  assert.strictEqual(player.slower(), 1);
  stage.pass(10000);
  player.slower();

  assert.deepStrictEqual(stage.begun.map((sound) => sound.rate), [0.8, 1]);
  assert.strictEqual(stage.states.pop().rate, 0.8);
});

test('mute cuts off, shows and vibrates from then on; unmuted, clips again', () => {
  const stage = new Stage();
  const player = stage.player();
  player.say(instruction('一'));

  player.mute(true);
  assert.strictEqual(stage.sounding.size, 0);
  player.say(instruction('七', '右转'));
  assert.deepStrictEqual([player.means, stage.vibrations, player.counters.missing], ['text', 1, 0]);
  player.say(instruction('七'));
  player.mute(false);
  player.repeat();
  player.mute(false);

  assert.deepStrictEqual(by(stage), ['clips', 'clips']);
  assert.strictEqual(player.means, 'clips');
});

test('stop takes a text away, too', () => {
  const stage = new Stage({ reader: true });
  const player = stage.player();
  player.say(instruction('一'));

  player.stop();

  assert.strictEqual(stage.states.pop().means, '');
});

test('stop is silence; repeat speaks again', () => {
  const stage = new Stage();
  const player = stage.player();
  player.say(instruction('一'));

  player.stop();
  assert.deepStrictEqual([stage.sounding.size, player.means], [0, '']);
  stage.pass(10000);
  assert.strictEqual(stage.begun.length, 1);
  player.repeat();

  assert.strictEqual(stage.begun.length, 2);
});

test('a sound that never ends is stopped after 1.5 times its length and 2 s; the next means', () => {
  const stage = new Stage({ fate: (one) => (one === 'clips' ? 'never' : 'ends') });
  const player = stage.player();
  player.slower();
  player.say(instruction('一'));
  const limitMs = 1.5 * (500 * 8 / 32) / 0.8 + 2000;

  stage.pass(limitMs - 1);
  assert.deepStrictEqual(by(stage), ['clips']);
  stage.pass(1);
  assert.deepStrictEqual([by(stage), stage.sounding.size], [['clips', 'voice'], 1]);
  assert.strictEqual(stage.states.pop().means, 'voice');
  stage.pass(10000);

  const { stalled, spoken, played } = player.counters;
  assert.deepStrictEqual({ stalled, spoken, played }, { stalled: 1, spoken: 1, played: 0 });
});

test('a voice that never ends is stopped too, and then there is text', () => {
  const stage = new Stage({ fate: () => 'never' });
  const player = stage.player();

  player.say(instruction('一'));
  stage.pass(60000);

  assert.deepStrictEqual(by(stage), ['clips', 'voice']);
  assert.deepStrictEqual([stage.sounding.size, player.means, stage.vibrations], [0, 'text', 1]);
  assert.strictEqual(player.counters.stalled, 2);
});

test('a long sentence of the own voice is not taken for a stall', () => {
  const stage = new Stage();
  const player = stage.player({ clips: null });

  player.say(instruction('往前走约六十米，经过门诊大厅，靠右走'.repeat(10)));
  stage.pass(600000);

  assert.deepStrictEqual([player.counters.spoken, player.counters.stalled], [1, 0]);
});

test('what fails is followed by the next means at once', () => {
  for (const fate of ['error-at-once', 'throws', 'nothing']) {
    const stage = new Stage({ fate: (one) => (one === 'clips' ? fate : 'ends') });
    const player = stage.player();

    player.say(instruction('一'));

    assert.deepStrictEqual([player.means, player.counters.failed], ['voice', 1], fate);
    assert.strictEqual(stage.states.length, 1, fate);
  }
});

test('clips that fail halfway are followed by the voice, and the voice by clips', () => {
  for (const [preferred, works, means] of [
    [true, 'voice', ['clips', 'voice']], [false, 'clips', ['voice', 'clips']],
  ]) {
    const stage = new Stage({ fate: only(works) });
    const player = stage.player({ clips: navkitVoice.clips({ ...INDEX, preferred }) });

    player.say(instruction('一'));
    stage.pass(10000);

    assert.deepStrictEqual(by(stage), means);
    assert.deepStrictEqual([player.counters.failed, player.means], [1, '']);
  }
});

test('a sound that cannot be stopped does not keep the next from being said', () => {
  const stage = new Stage({ fate: () => 'stop-throws' });
  const player = stage.player();

  player.say(instruction('一'));
  player.say(instruction('七'));

  assert.strictEqual(stage.begun.length, 2);
});

test('whoever listens to states may say the next at once', () => {
  const stage = new Stage();
  const next = [instruction('七'), instruction('三')];
  const player = stage.player({
    onState: ({ means }) => { if (means === '' && next.length) player.say(next.shift()); },
  });

  player.say(instruction('一'));
  stage.pass(10000);

  assert.deepStrictEqual(stage.begun.map((sound) => sound.said.length), [500, 600, 700]);
  assert.strictEqual(player.counters.played, 3);
});

// ---------------------------------------------------------------------- laws

const FATES = ['ends', 'ends', 'ends', 'never', 'error', 'error-at-once', 'end-at-once', 'throws',
  'nothing', 'stop-throws'];

/** A random hour of a player, checked after every move. */
function live(seed, check) {
  const roll = dice(seed);
  const stage = new Stage({ fate: () => FATES[roll(FATES.length)] });
  const player = stage.player({
    clips: navkitVoice.clips({ ...INDEX, preferred: roll(2) === 1 }),
  });
  let last = -1; // Number of the text said last; a number says which.
  const moves = [];
  const move = {
    say: () => {
      last = roll(TEXTS.length);
      player.say(instruction(TEXTS[last], ...(roll(4) ? [] : ['缺'])));
    },
    repeat: () => player.repeat(),
    slower: () => player.slower(),
    mute: () => player.mute(roll(2) === 1),
    stop: () => player.stop(),
    pass: () => stage.pass(roll(3000)),
    wait: () => stage.pass(20000),
    voice: () => { stage.voice = roll(3) > 0; },
    reader: () => { stage.reader = roll(4) === 0; },
  };
  const names = Object.keys(move);
  for (let k = 0; k < 120; k++) {
    const name = roll(3) ? 'say' : names[roll(names.length)];
    const heard = stage.begun.length;
    moves.push(name);
    move[name]();
    check({ stage, player, move: name, last, heard, place: `seed ${seed}: ${moves.join(' ')}` });
  }
}

/** The number of the text that a sound says. */
function textOf(sound) {
  return sound.by === 'clips' ? sound.said[0] - 1 : TEXTS.findIndex((text) => sound.said.startsWith(text));
}

const SEEDS = Array.from({ length: 300 }, (_, seed) => seed + 1);

test('law: never two sounds at once, and one only while the player says so', () => {
  for (const seed of SEEDS) {
    live(seed, ({ stage, player, place }) => {
      assert.ok(stage.most <= 1, place);
      const sounds = player.means === 'clips' || player.means === 'voice';
      assert.strictEqual(stage.sounding.size === 1, sounds, place);
    });
  }
});

test('law: what begins to sound is what was said last, and nothing older after it', () => {
  let sounds = 0;
  for (const seed of SEEDS) {
    live(seed, ({ stage, last, heard, place }) => {
      for (const sound of stage.begun.slice(heard)) {
        sounds++;
        assert.strictEqual(textOf(sound), last, place);
      }
    });
  }
  assert.ok(sounds > 10000, String(sounds));
});

test('law: muted, stopped or with a screen reader nothing begins to sound', () => {
  for (const seed of SEEDS) {
    live(seed, ({ stage, player, move, heard, place }) => {
      if (player.muted) assert.strictEqual(stage.sounding.size, 0, place);
      const silent = player.muted || move === 'stop' || (stage.reader && move === 'say');
      if (silent) assert.strictEqual(stage.begun.length, heard, place);
    });
  }
});

test('law: everything said was played, spoken, shown or interrupted, or is sounding', () => {
  const sums = {};
  for (const seed of SEEDS) {
    live(seed, ({ stage, player, place }) => {
      const { said, played, spoken, shown, interrupted } = player.counters;
      assert.strictEqual(said, played + spoken + shown + interrupted + stage.sounding.size, place);
    });
    live(seed, ({ player }) => { sums[seed] = player.counters; });
  }
  const total = (name) => Object.values(sums).reduce((sum, one) => sum + one[name], 0);
  for (const name of Object.keys(sums[1])) assert.ok(total(name) > 100, name);
});

test('law: after all limits together nothing is under way, whatever the phone does', () => {
  for (const seed of SEEDS) {
    live(seed, ({ stage, player, move, place }) => {
      if (move !== 'wait') return;
      assert.ok(player.means === '' || player.means === 'text', place);
      assert.strictEqual(stage.timers.filter((one) => one.at > stage.nowMs + 5000).length, 0, place);
    });
  }
});

test('law: what the client was told last is what is', () => {
  for (const seed of SEEDS) {
    live(seed, ({ stage, player, last, place }) => {
      if (!stage.states.length) return;
      const { means, rate, muted, text } = stage.states[stage.states.length - 1];
      assert.deepStrictEqual({ means, rate, muted }, {
        means: player.means, rate: player.rate, muted: player.muted }, place);
      if (last >= 0) assert.ok(text.startsWith(TEXTS[last]), place);
    });
  }
});
