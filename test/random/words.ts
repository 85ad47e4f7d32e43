/** The reference implementation of xoshiro256++ (prng.di.unimi.it), in BigInt: slow and obvious. */

const mask = (1n << 64n) - 1n;
const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (64n - k))) & mask;

/** The next 64 bits of the stream with state `s`, which moves on. */
export function nextWord(s: BigUint64Array): bigint {
  const result = (rotate((s[0]! + s[3]!) & mask, 23n) + s[0]!) & mask;
  const t = (s[1]! << 17n) & mask;
  s[2]! ^= s[0]!;
  s[3]! ^= s[1]!;
  s[1]! ^= s[2]!;
  s[0]! ^= s[3]!;
  s[2]! ^= t;
  s[3] = rotate(s[3]!, 45n);
  return result;
}
