// Cluster updates of one chain: a byte a site, 1 is up. `threshold` is 2^64 (1 - exp(-2 beta)),
// the probability of a bond between equal neighbours (Fortuin and Kasteleyn). What is random is taken
// without a branch, since no processor could predict it. Generators: see bonds.ts.
import { bonds, draw, FOURS, fourBonds, keepTaken, renewBonds, takenOf } from "./bonds";

/** Independent random spins: site i is bit i of the words that are drawn. */
export function scatter(spins: usize, sites: i32, generator: usize): void {
  let word = i64x2.splat(0);
  for (let i = 0; i < sites; i++) {
    if ((i & 127) == 0) word = draw(generator);
    store<u8>(spins + i, <u8>bitOf(word, i));
  }
}

@inline
function bitOf(word: v128, i: i32): u32 {
  const half = i & 64 ? i64x2.extract_lane(word, 1) : i64x2.extract_lane(word, 0);
  return <u32>(<u64>half >> (i & 63)) & 1;
}

/** Adds the site to the cluster, behind `end`, if it is like the others and has the bond. */
@inline
function visit(spins: usize, site: i32, spin: u32, bond: i32, end: usize): usize {
  const found = <u32>load<u8>(spins + site);
  const joins = (found ^ spin ^ 1) & (bond & 1);
  store<u8>(spins + site, <u8>(found ^ joins));
  store<u32>(end, site);
  return end + (joins << 2);
}

/**
 * Flips `flips` clusters grown from random sites (Wolff, PRL 62, 361 (1989)); returns how many spins
 * were flipped in all. Neighbours are visited in the order in which their sites joined: left, right,
 * above, below. work: 4 bytes a site, and 4.
 */
export function wolff(
  spins: usize,
  size: i32,
  flips: i32,
  threshold: u64,
  generator: usize,
  work: usize,
): f64 {
  const last = size - 1;
  const sites = size * size;
  const down = sites - size;
  let taken = takenOf(generator);
  let flipped: i64 = 0;
  for (let flip = 0; flip < flips; flip++) {
    const u = <u64>i64x2.extract_lane(draw(generator), 0);
    const seed = <i32>(<f64>(u >> 11) * (1.0 / 9007199254740992.0) * <f64>sites);
    const spin = <u32>load<u8>(spins + seed);
    store<u8>(spins + seed, <u8>(spin ^ 1));
    store<u32>(work, seed);
    let end = work + 4;
    let at = work;
    for (; at < end; at += 4) {
      if (taken == FOURS) {
        renewBonds(generator, threshold);
        taken = 0;
      }
      const bonds = fourBonds(generator, taken);
      taken++;
      const i = <i32>load<u32>(at);
      const x = <i32>(<u32>i % <u32>size);
      end = visit(spins, x ? i - 1 : i + last, spin, bonds, end);
      end = visit(spins, x == last ? i - last : i + 1, spin, bonds >> 1, end);
      end = visit(spins, i < size ? i + down : i - size, spin, bonds >> 2, end);
      end = visit(spins, i >= down ? i - down : i + size, spin, bonds >> 3, end);
    }
    flipped += (at - work) >> 2;
  }
  keepTaken(generator, taken);
  return <f64>flipped;
}

/** The least label of the cluster, halving the path on the way. */
@inline
function rootOf(parents: usize, i: u32): u32 {
  let parent = load<u32>(parents + (<usize>i << 2));
  while (parent != i) {
    const grand = load<u32>(parents + (<usize>parent << 2));
    store<u32>(parents + (<usize>i << 2), grand);
    i = grand;
    parent = load<u32>(parents + (<usize>i << 2));
  }
  return i;
}

function join(parents: usize, i: u32, j: u32): void {
  const a = rootOf(parents, i);
  const b = rootOf(parents, j);
  if (a < b) store<u32>(parents + (<usize>b << 2), a);
  else store<u32>(parents + (<usize>a << 2), b);
}

@inline
function bitAt(bits: usize, i: i32): u32 {
  return (<u32>load<u8>(bits + (i >> 3)) >> (i & 7)) & 1;
}

/** Writes `sites` bonds, 128 at a time. */
function fillBonds(out: usize, sites: i32, generator: usize, threshold: u64): void {
  for (let i = 0; i < sites; i += 128, out += 16) v128.store(out, bonds(generator, threshold));
}

/**
 * Gives each site the label of a site that it is linked to, left or above, or a new one; `parents`
 * links labels of one cluster (Hoshen and Kopelman, PRB 14, 3438 (1976)). Returns how many labels.
 */
function label(
  spins: usize,
  size: i32,
  right: usize,
  below: usize,
  labels: usize,
  parents: usize,
): i32 {
  const sites = size * size;
  let fresh: u32 = 0;
  for (let start = 0; start < sites; start += size) {
    let before: u32 = 0;
    let link: u32 = 0;
    let previous: u32 = 0;
    for (let i = start; i < start + size; i++) {
      const spin = <u32>load<u8>(spins + i);
      const left = (previous ^ spin ^ 1) & link;
      let above: u32 = 0;
      let own = left ? before : fresh;
      if (start) {
        const upper = load<u32>(labels + (<usize>(i - size) << 2));
        above = (<u32>load<u8>(spins + i - size) ^ spin ^ 1) & bitAt(below, i - size);
        own = above ? upper : own;
        if (above & left & <u32>(upper != before)) join(parents, before, upper);
      }
      store<u32>(parents + (<usize>fresh << 2), fresh);
      fresh += 1 ^ (left | above);
      store<u32>(labels + (<usize>i << 2), own);
      before = own;
      previous = spin;
      link = bitAt(right, i);
    }
    // From the last site of the line to the first.
    if (link && load<u8>(spins + start) == previous) {
      join(parents, before, load<u32>(labels + (<usize>start << 2)));
    }
  }
  for (let x = 0, i = sites - size; x < size; x++, i++) {
    if (load<u8>(spins + i) != load<u8>(spins + x) || !bitAt(below, i)) continue;
    const one = load<u32>(labels + (<usize>i << 2));
    join(parents, one, load<u32>(labels + (<usize>x << 2)));
  }
  return fresh;
}

/**
 * `sweeps` times, draws the bonds (each site's to the right, then each one's down) and gives every
 * cluster a random spin (Swendsen and Wang, PRL 58, 86 (1987)), clusters in the order of their first
 * sites; returns the number of clusters in all. work: 8 bytes a site, and 4, and two bits a site, each
 * kind in whole words of 128.
 */
export function swendsenWang(
  spins: usize,
  size: i32,
  sweeps: i32,
  threshold: u64,
  generator: usize,
  work: usize,
): f64 {
  const sites = size * size;
  const right = work;
  const below = right + <usize>((sites + 127) >> 7 << 4);
  const labels = below + <usize>((sites + 127) >> 7 << 4);
  const parents = labels + (<usize>sites << 2);
  let clusters: i64 = 0;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    fillBonds(right, sites, generator, threshold);
    fillBonds(below, sites, generator, threshold);
    const count = label(spins, size, right, below, labels, parents);
    // A parent is less than its child. Each is replaced by its spin, so the child finds that there.
    let word = i64x2.splat(0);
    let coins = 0;
    for (let i = 0; i < count; i++) {
      const at = parents + (<usize>i << 2);
      const parent = load<u32>(at);
      if (parent == i) {
        if ((coins & 127) == 0) word = draw(generator);
        store<u32>(at, bitOf(word, coins));
        coins++;
      } else {
        store<u32>(at, load<u32>(parents + (<usize>parent << 2)));
      }
    }
    clusters += coins;
    for (let i = 0; i < sites; i++) {
      const own = load<u32>(labels + (<usize>i << 2));
      store<u8>(spins + i, <u8>load<u32>(parents + (<usize>own << 2)));
    }
  }
  return <f64>clusters;
}
