/* SHA-256 (FIPS 180-4) for platforms without one: mini-programs, and pages on plain http.
 *
 *   navkitSha256.hex(bytes)              // 64 hex digits of a Uint8Array
 *   const hasher = navkitSha256.hasher() // the same in chunks, so that a screen stays responsive:
 *   hasher.update(piece)                 // any number of times
 *   hasher.hex()                         // once, at the end
 *
 * One file for CommonJS and for <script> (global `navkitSha256`). ES2017, no platform.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitSha256 = make();
  }
})(this, function () {
  'use strict';

  const BLOCK = 64;

  /** The first 32 bits of the fractional parts of `root` of the first `count` primes. */
  function fractions(count, root) {
    const words = new Int32Array(count);
    for (let n = 2, found = 0; found < count; n++) {
      let isPrime = true;
      for (let d = 2; d * d <= n; d++) if (n % d === 0) isPrime = false;
      if (isPrime) words[found++] = (root(n) % 1) * 4294967296;
    }
    return words;
  }

  const ROUNDS = fractions(64, Math.cbrt);
  const START = fractions(8, Math.sqrt);

  /** Takes the block of `bytes` at `at` into `state`; `words` is room to work in. */
  function takeIn(state, words, bytes, at) {
    for (let i = 0, k = at; i < 16; i++, k += 4) {
      words[i] = bytes[k] << 24 | bytes[k + 1] << 16 | bytes[k + 2] << 8 | bytes[k + 3];
    }
    for (let i = 16; i < 64; i++) {
      const x = words[i - 15];
      const y = words[i - 2];
      words[i] = words[i - 16] + words[i - 7]
        + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
        + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
    }
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let e = state[4];
    let f = state[5];
    let g = state[6];
    let h = state[7];
    for (let i = 0; i < 64; i++) {
      const s = h + ROUNDS[i] + words[i] + (e & f ^ ~e & g)
        + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) | 0;
      const t = (a & b ^ a & c ^ b & c)
        + ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10));
      h = g;
      g = f;
      f = e;
      e = d + s | 0;
      d = c;
      c = b;
      b = a;
      a = s + t | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }

  function hasher() {
    const state = Int32Array.from(START);
    const words = new Int32Array(64);
    const rest = new Uint8Array(BLOCK); // bytes that do not fill a block yet
    let length = 0;

    function update(bytes) {
      const kept = length % BLOCK;
      let at = 0;
      length += bytes.length;
      if (kept) {
        at = Math.min(BLOCK - kept, bytes.length);
        rest.set(bytes.subarray(0, at), kept);
        if (kept + at < BLOCK) return;
        takeIn(state, words, rest, 0);
      }
      for (; at + BLOCK <= bytes.length; at += BLOCK) {
        takeIn(state, words, bytes, at);
      }
      rest.set(bytes.subarray(at));
    }

    return {
      update: update,

      hex: function () {
        const used = length % BLOCK;
        const end = new Uint8Array(used < 56 ? BLOCK - used : 2 * BLOCK - used);
        const view = new DataView(end.buffer);
        end[0] = 128;
        view.setUint32(end.length - 8, Math.floor(length / 536870912)); // length in bits
        view.setUint32(end.length - 4, length << 3);
        update(end);
        let text = '';
        for (let i = 0; i < 8; i++) text += ('0000000' + (state[i] >>> 0).toString(16)).slice(-8);
        return text;
      },
    };
  }

  return {
    hasher: hasher,

    hex: function (bytes) {
      const one = hasher();
      one.update(bytes);
      return one.hex();
    },
  };
});
