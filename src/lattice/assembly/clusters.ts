// Cluster updates of one chain: a byte a site, 1 is up. `threshold` is 2^64 (1 - exp(-2 beta)),
// the probability of a bond between equal neighbours (Fortuin and Kasteleyn).
import { next } from "./random";

/** Independent random spins: bit 63 of one number for every site, in order. */
export function scatter(spins: usize, sites: i32, generator: usize): void {
  for (let i = 0; i < sites; i++) store<u8>(spins + i, <u8>(next(generator) >> 63));
}

/** Adds the site to the cluster if it is like the others and a bond forms. */
@inline
function visit(spins: usize, i: i32, spin: u8, threshold: u64, generator: usize): bool {
  if (load<u8>(spins + i) != spin || next(generator) >= threshold) return false;
  store<u8>(spins + i, spin ^ 1);
  return true;
}

/**
 * Flips `flips` clusters grown from random sites (Wolff, PRL 62, 361 (1989)); returns how many spins
 * were flipped in all. work: 4 bytes a site.
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
  let flipped: i64 = 0;
  for (let flip = 0; flip < flips; flip++) {
    const seed = <i32>(<f64>(next(generator) >> 11) * (1.0 / 9007199254740992.0) * <f64>sites);
    const spin = load<u8>(spins + seed);
    store<u8>(spins + seed, spin ^ 1);
    // The stack holds sites of the cluster whose neighbours are still to be visited.
    store<u32>(work, seed);
    let top = work + 4;
    while (top > work) {
      top -= 4;
      flipped++;
      const i = <i32>load<u32>(top);
      const x = i % size;
      const left = x ? i - 1 : i + last;
      if (visit(spins, left, spin, threshold, generator)) {
        store<u32>(top, left);
        top += 4;
      }
      const right = x == last ? i - last : i + 1;
      if (visit(spins, right, spin, threshold, generator)) {
        store<u32>(top, right);
        top += 4;
      }
      const above = i < size ? i + sites - size : i - size;
      if (visit(spins, above, spin, threshold, generator)) {
        store<u32>(top, above);
        top += 4;
      }
      const below = i + size >= sites ? i + size - sites : i + size;
      if (visit(spins, below, spin, threshold, generator)) {
        store<u32>(top, below);
        top += 4;
      }
    }
  }
  return <f64>flipped;
}

/** The least site of the cluster, halving the path on the way. */
@inline
function rootOf(labels: usize, i: u32): u32 {
  let parent = load<u32>(labels + (<usize>i << 2));
  while (parent != i) {
    const grand = load<u32>(labels + (<usize>parent << 2));
    store<u32>(labels + (<usize>i << 2), grand);
    i = grand;
    parent = load<u32>(labels + (<usize>i << 2));
  }
  return i;
}

@inline
function join(labels: usize, i: u32, j: u32): void {
  const a = rootOf(labels, i);
  const b = rootOf(labels, j);
  if (a < b) store<u32>(labels + (<usize>b << 2), a);
  else store<u32>(labels + (<usize>a << 2), b);
}

/**
 * `sweeps` times, draws all bonds (each site's to the right, then down) and gives every cluster a
 * random spin (Swendsen and Wang, PRL 58, 86 (1987)); returns the number of clusters in all.
 * work: 4 bytes a site.
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
  let clusters: i64 = 0;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let i = 0; i < sites; i++) store<u32>(work + (<usize>i << 2), i);
    for (let y = 0, i = 0; y < size; y++) {
      for (let x = 0; x < size; x++, i++) {
        const spin = load<u8>(spins + i);
        const right = x == size - 1 ? i + 1 - size : i + 1;
        if (load<u8>(spins + right) == spin && next(generator) < threshold) join(work, i, right);
        const below = i + size >= sites ? x : i + size;
        if (load<u8>(spins + below) == spin && next(generator) < threshold) join(work, i, below);
      }
    }
    // A root is the least site of its cluster, so its spin is drawn before the others ask for it.
    for (let i = 0; i < sites; i++) {
      const root = rootOf(work, i);
      if (root == i) {
        clusters++;
        store<u8>(spins + i, <u8>(next(generator) >> 63));
      } else {
        store<u8>(spins + i, load<u8>(spins + root));
      }
    }
  }
  return <f64>clusters;
}
