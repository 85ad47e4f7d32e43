// Local updates of 128 chains at once: one 128-bit word a site, bit k is the spin of chain k (set:
// up), and random bits of its own for every chain (multi-spin coding over replicas).
//
// All chains decide "u < p" together, u uniform on 64 bits: u and p are compared from the most
// significant bit on, a random word for each bit, until no chain is equal to its p so far. Half of
// those that are still equal drop out at each bit, so ten words nearly always do. Two sites that are
// no neighbours share the later words: what is open at one site is seldom open at the other, and no
// bit of a word serves both.
import { rotateLeft } from "./random";

/** Words that each site draws for itself, and then at least for both; tuned. */
const OWN: i32 = 5;
const SHARED: i32 = 6;

/** Where an odd number of neighbours points up. */
@inline
function oddOf(up: v128, down: v128, left: v128, right: v128): v128 {
  return v128.xor(v128.xor(up, down), v128.xor(left, right));
}

/** Where three or four neighbours point up. */
@inline
function majorityOf(up: v128, down: v128, left: v128, right: v128): v128 {
  const pairs = v128.and(v128.and(up, down), v128.and(left, right));
  const pair = v128.or(v128.and(up, down), v128.and(left, right));
  return v128.or(pairs, v128.and(oddOf(up, down, left, right), pair));
}

/**
 * Where nothing is compared: Metropolis accepts what does not cost energy, heat bath tosses a coin
 * where two neighbours point up and two down.
 */
@inline
function closedOf(
  isMetropolis: bool,
  spin: v128,
  up: v128,
  down: v128,
  left: v128,
  right: v128,
): v128 {
  const mixed1 = v128.xor(up, down);
  const mixed2 = v128.xor(left, right);
  const crossed = v128.andnot(v128.xor(up, left), v128.or(mixed1, mixed2));
  const balanced = v128.or(v128.and(mixed1, mixed2), crossed);
  if (!isMetropolis) return balanced;
  return v128.or(balanced, v128.xor(spin, majorityOf(up, down, left, right)));
}

/** A bit of p for every chain, by what the first kind (`odd`) and the second have there. */
@inline
function bitOf(bits: u8, odd: v128): v128 {
  if (bits == 3) return i64x2.splat(-1);
  return bits == 1 ? odd : v128.not(odd);
}

@inline
function countOnes(word: v128): u64 {
  return popcnt(i64x2.extract_lane(word, 0)) + popcnt(i64x2.extract_lane(word, 1));
}

/**
 * `sweeps` sweeps over all sites; returns how many spins changed, over all chains. With `stride` 2
 * the even sublattice goes before the odd one, a site of an even row together with its neighbour in
 * diagonal below; with 1 the sites go in order.
 *
 * Metropolis flips with probability min(1, exp(-beta dE)); heat bath draws the spin from its
 * conditional distribution. thresholds: for bits 63 to 0 of p, a byte with what the two kinds have
 * there: 1 for the first, plus 2 for the second. Kinds are dE = 4, 8 of Metropolis and |field| = 2, 4
 * of heat bath, p then being the probability of pointing against the field.
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
  if (isMetropolis) return sweepMetropolis(spins, size, stride, sweeps, thresholds, generator);
  return sweepHeatBath(spins, size, stride, sweeps, thresholds, generator);
}

// A function for each rule: half as long, it keeps more in registers.

function sweepMetropolis(
  spins: usize,
  size: i32,
  stride: i32,
  sweeps: i32,
  thresholds: usize,
  generator: usize,
): f64 {
  return sweep(spins, size, stride, sweeps, true, thresholds, generator);
}

function sweepHeatBath(
  spins: usize,
  size: i32,
  stride: i32,
  sweeps: i32,
  thresholds: usize,
  generator: usize,
): f64 {
  return sweep(spins, size, stride, sweeps, false, thresholds, generator);
}

@inline
function sweep(
  spins: usize,
  size: i32,
  stride: i32,
  sweeps: i32,
  isMetropolis: bool,
  thresholds: usize,
  generator: usize,
): f64 {
  // The generator stays in registers: a function of its own could not keep it there.
  let a = v128.load(generator);
  let b = v128.load(generator, 16);
  let c = v128.load(generator, 32);
  let d = v128.load(generator, 48);
  let word = a;
  let changed: u64 = 0;
  const none = i64x2.splat(0);
  const inPairs = stride == 2;
  const line = (<usize>size) << 4;
  const end = spins + line * size;
  const step = (<usize>stride) << 4;
  for (let pass = 0; pass < stride * sweeps; pass++) {
    for (let row = spins; row < end; row += line * stride) {
      const above = row == spins ? end - line : row - line;
      const below = row + line == end ? spins : row + line;
      const belowNext = below + line == end ? spins : below + line;
      for (let x: usize = inPairs ? (pass & 1) << 4 : 0; x < line; x += step) {
        const east = x + 16 == line ? 0 : x + 16;
        const west = (x ? x : line) - 16;

        // The first site. Its new spin is `base`, reversed where u < p.
        const spin1 = v128.load(row + x);
        const south = v128.load(below + x);
        const beside = v128.load(row + east);
        const up1 = v128.load(above + x);
        const left1 = v128.load(row + west);
        const odd1 = oddOf(up1, south, left1, beside);
        const closed1 = closedOf(isMetropolis, spin1, up1, south, left1, beside);
        const base1 = isMetropolis ? spin1 : majorityOf(up1, south, left1, beside);
        let reversed1 = isMetropolis ? closed1 : none;
        let open1 = v128.not(closed1);
        for (let bit = thresholds; bit < thresholds + OWN; bit++) {
          word = i64x2.add(rotateLeft(i64x2.add(a, d), 23), a);
          const t = i64x2.shl(b, 17);
          c = v128.xor(c, a);
          d = v128.xor(d, b);
          b = v128.xor(b, c);
          a = v128.xor(a, d);
          c = v128.xor(c, t);
          d = rotateLeft(d, 45);
          const bits = load<u8>(bit);
          // No p has a 1 here: a word with one is greater. Half of the first bits are such.
          if (bits == 0) {
            open1 = v128.andnot(open1, word);
          } else {
            const p = bitOf(bits, odd1);
            const decided = v128.and(open1, v128.xor(word, p));
            reversed1 = v128.or(reversed1, v128.and(decided, p));
            open1 = v128.xor(open1, decided);
          }
        }
        if (!isMetropolis) reversed1 = v128.or(reversed1, v128.and(closed1, word));

        // The second one, right and below. Sites in order are alone.
        let odd2 = none;
        let base2 = none;
        let spin2 = none;
        let reversed2 = none;
        let open2 = none;
        if (inPairs) {
          spin2 = v128.load(below + east);
          const down2 = v128.load(belowNext + east);
          const right2 = v128.load(below + (east + 16 == line ? 0 : east + 16));
          odd2 = oddOf(beside, down2, south, right2);
          const closed2 = closedOf(isMetropolis, spin2, beside, down2, south, right2);
          base2 = isMetropolis ? spin2 : majorityOf(beside, down2, south, right2);
          reversed2 = isMetropolis ? closed2 : none;
          open2 = v128.not(closed2);
          for (let bit = thresholds; bit < thresholds + OWN; bit++) {
            word = i64x2.add(rotateLeft(i64x2.add(a, d), 23), a);
            const t = i64x2.shl(b, 17);
            c = v128.xor(c, a);
            d = v128.xor(d, b);
            b = v128.xor(b, c);
            a = v128.xor(a, d);
            c = v128.xor(c, t);
            d = rotateLeft(d, 45);
            const bits = load<u8>(bit);
            if (bits == 0) {
              open2 = v128.andnot(open2, word);
            } else {
              const p = bitOf(bits, odd2);
              const decided = v128.and(open2, v128.xor(word, p));
              reversed2 = v128.or(reversed2, v128.and(decided, p));
              open2 = v128.xor(open2, decided);
            }
          }
          if (!isMetropolis) reversed2 = v128.or(reversed2, v128.and(closed2, word));
        }

        // What is open at either, and then, seldom, what was open at both.
        let late = v128.and(open1, open2);
        open1 = v128.andnot(open1, late);
        while (true) {
          const odd = v128.or(v128.and(odd1, open1), v128.and(odd2, open2));
          let open = v128.or(open1, open2);
          let less = none;
          for (let i = OWN; i < OWN + SHARED || (i < 64 && v128.any_true(open)); i++) {
            word = i64x2.add(rotateLeft(i64x2.add(a, d), 23), a);
            const t = i64x2.shl(b, 17);
            c = v128.xor(c, a);
            d = v128.xor(d, b);
            b = v128.xor(b, c);
            a = v128.xor(a, d);
            c = v128.xor(c, t);
            d = rotateLeft(d, 45);
            const bits = load<u8>(thresholds + <usize>i);
            if (bits == 0) {
              open = v128.andnot(open, word);
            } else {
              const p = bitOf(bits, odd);
              const decided = v128.and(open, v128.xor(word, p));
              less = v128.or(less, v128.and(decided, p));
              open = v128.xor(open, decided);
            }
          }
          reversed1 = v128.or(reversed1, v128.and(less, open1));
          reversed2 = v128.or(reversed2, v128.and(less, open2));
          if (!v128.any_true(late)) break;
          open1 = late;
          open2 = none;
          late = none;
        }
        const next1 = v128.xor(base1, reversed1);
        changed += countOnes(v128.xor(spin1, next1));
        v128.store(row + x, next1);
        if (inPairs) {
          const next2 = v128.xor(base2, reversed2);
          changed += countOnes(v128.xor(spin2, next2));
          v128.store(below + east, next2);
        }
      }
    }
  }
  v128.store(generator, a);
  v128.store(generator, b, 16);
  v128.store(generator, c, 32);
  v128.store(generator, d, 48);
  return <f64>changed;
}
