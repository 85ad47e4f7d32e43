// Local updates of 128 chains at once: one 128-bit word a site, bit k is the spin of chain k (set:
// up), and random bits of its own for every chain (multi-spin coding over replicas).
//
// All chains decide "u < p" together, u uniform on 64 bits: u and p are compared from the most
// significant bit on, a random word for each bit, until no chain is equal to its p so far. Half of
// those that are still equal drop out at each bit, so ten words nearly always do.
import { rotateLeft } from "./random";

/** Words drawn before the first look at whether all chains have decided; tuned. */
const WORDS: i32 = 10;

/**
 * `sweeps` sweeps over all sites; returns how many spins changed, over all chains. With `stride` 2
 * the even sublattice goes before the odd one, with 1 the sites go in order.
 *
 * Metropolis flips with probability min(1, exp(-beta dE)); heat bath draws the spin from its
 * conditional distribution. thresholds: for bits 63 to 0 of p, a word that holds the difference of
 * the two kinds' bits, spread over all chains, and one that holds the second kind's. Kinds are
 * dE = 4, 8 of Metropolis and |field| = 2, 4 of heat bath, p then being the probability of pointing
 * against the field.
 */
export function sweepLocal(
  spins: usize,
  size: i32,
  stride: i32,
  sweeps: i32,
  isMetropolis: bool,
  thresholds: usize,
  generator: usize,
): f64 {
  let a = v128.load(generator);
  let b = v128.load(generator, 16);
  let c = v128.load(generator, 32);
  let d = v128.load(generator, 48);
  let changed: u64 = 0;
  for (let pass = 0; pass < stride * sweeps; pass++) {
    for (let y = 0; y < size; y++) {
      const row = spins + ((<usize>(y * size)) << 4);
      const above = spins + ((<usize>((y ? y - 1 : size - 1) * size)) << 4);
      const below = spins + ((<usize>((y == size - 1 ? 0 : y + 1) * size)) << 4);
      for (let x = stride == 2 ? (y + pass) & 1 : 0; x < size; x += stride) {
        const at = (<usize>x) << 4;
        const spin = v128.load(row + at);
        const up = v128.load(above + at);
        const down = v128.load(below + at);
        const left = v128.load(row + ((<usize>(x ? x - 1 : size - 1)) << 4));
        const right = v128.load(row + ((<usize>(x == size - 1 ? 0 : x + 1)) << 4));
        // The number of neighbours that point up: odd + 2 (pair1 + pair2 + (half1 & half2)).
        const half1 = v128.xor(up, down);
        const half2 = v128.xor(left, right);
        const pair1 = v128.and(up, down);
        const pair2 = v128.and(left, right);
        const odd = v128.xor(half1, half2);
        const majority = v128.or(v128.and(pair1, pair2), v128.and(odd, v128.or(pair1, pair2)));
        // Neither odd nor all equal: two up, two down.
        const none = v128.or(v128.or(up, down), v128.or(left, right));
        const balanced = v128.andnot(v128.andnot(none, odd), v128.and(pair1, pair2));

        // The new spin is `fallback`, reversed where u < p (among `open`) or by a fair coin.
        let open: v128;
        let coin: v128;
        let fallback: v128;
        if (isMetropolis) {
          open = v128.andnot(v128.not(v128.xor(spin, majority)), balanced);
          coin = i64x2.splat(0);
          fallback = v128.xor(v128.not(spin), open);
        } else {
          open = v128.not(balanced);
          coin = balanced;
          fallback = majority;
        }
        let less = i64x2.splat(0);
        let word: v128 = less;
        let bit = thresholds;
        for (let i = 0; i < WORDS || (i < 64 && v128.any_true(open)); i++) {
          word = i64x2.add(rotateLeft(i64x2.add(a, d), 23), a);
          const t = i64x2.shl(b, 17);
          c = v128.xor(c, a);
          d = v128.xor(d, b);
          b = v128.xor(b, c);
          a = v128.xor(a, d);
          c = v128.xor(c, t);
          d = rotateLeft(d, 45);
          const p = v128.xor(v128.and(odd, v128.load(bit)), v128.load(bit, 16));
          const decided = v128.and(open, v128.xor(word, p));
          less = v128.or(less, v128.and(decided, p));
          open = v128.xor(open, decided);
          bit += 32;
        }
        const next = v128.xor(fallback, v128.or(less, v128.and(coin, word)));
        const change = v128.xor(spin, next);
        changed += popcnt(i64x2.extract_lane(change, 0)) + popcnt(i64x2.extract_lane(change, 1));
        v128.store(row + at, next);
      }
    }
  }
  v128.store(generator, a);
  v128.store(generator, b, 16);
  v128.store(generator, c, 32);
  v128.store(generator, d, 48);
  return <f64>changed;
}
