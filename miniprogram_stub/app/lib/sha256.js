// SHA-256 and HMAC (FIPS 180-4, RFC 2104) over arrays of bytes: WeChat has no digest of its own.

const BLOCK = 64;
const { START, ROUND } = constants();

/** The first bits of the fractional parts of roots of primes, as the standard defines them. */
function constants() {
  const [start, round] = [[], []];
  for (let n = 2; round.length < 64; n += 1) {
    if (isPrime(n)) {
      if (start.length < 8) {
        start.push(fraction(Math.sqrt(n)));
      }
      round.push(fraction(Math.cbrt(n)));
    }
  }
  return { START: start, ROUND: round };
}

function isPrime(n) {
  for (let by = 2; by * by <= n; by += 1) {
    if (n % by === 0) {
      return false;
    }
  }
  return true;
}

function fraction(root) {
  return Math.floor((root - Math.floor(root)) * 0x100000000);
}

/** The bytes of a text in UTF-8. */
function bytesOf(text) {
  return Array.from(unescape(encodeURIComponent(text)), (letter) => letter.charCodeAt(0));
}

/** The bytes that hexadecimal digits stand for. */
function fromHex(digits) {
  return (digits.match(/../g) || []).map((pair) => Number.parseInt(pair, 16));
}

function toHex(bytes) {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The 32 bytes of the digest. */
function sha256(bytes) {
  const state = START.slice();
  const padded = padding(bytes);
  const w = new Array(64);
  for (let at = 0; at < padded.length; at += BLOCK) {
    for (let i = 0; i < 16; i += 1) {
      w[i] = word(padded, at + 4 * i);
    }
    for (let i = 16; i < 64; i += 1) {
      const [two, fifteen] = [w[i - 2], w[i - 15]];
      const s1 = turned(two, 17) ^ turned(two, 19) ^ (two >>> 10);
      const s0 = turned(fifteen, 7) ^ turned(fifteen, 18) ^ (fifteen >>> 3);
      w[i] = (s1 + w[i - 7] + s0 + w[i - 16]) >>> 0;
    }
    mix(state, w);
  }
  return [].concat(...state.map((value) => bytesOfWord(value)));
}

function padding(bytes) {
  const bits = bytes.length * 8;
  const zeros = (BLOCK + 55 - (bytes.length % BLOCK)) % BLOCK;
  return bytes.concat(
    [0x80],
    new Array(zeros).fill(0),
    bytesOfWord(Math.floor(bits / 0x100000000)),
    bytesOfWord(bits >>> 0),
  );
}

function mix(state, w) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[i] + w[i]) >>> 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) >>> 0, c, b, a, (first + second) >>> 0];
  }
  [a, b, c, d, e, f, g, h].forEach((value, at) => {
    state[at] = (state[at] + value) >>> 0;
  });
}

function turned(value, bits) {
  return (value >>> bits) | (value << (32 - bits));
}

/** Four bytes as a number, the highest first. */
function word(bytes, at) {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

function bytesOfWord(value) {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

/** The 32 bytes of HMAC-SHA-256. */
function hmac(key, bytes) {
  const short = key.length > BLOCK ? sha256(key) : key;
  const whole = short.concat(new Array(BLOCK - short.length).fill(0));
  const inner = sha256(whole.map((byte) => byte ^ 0x36).concat(bytes));
  return sha256(whole.map((byte) => byte ^ 0x5c).concat(inner));
}

module.exports = { bytesOf, bytesOfWord, fromHex, hmac, sha256, toHex, word };
