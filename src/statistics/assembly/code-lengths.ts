// Lengths of the codes of symbols that occur so often (Huffman's, cut to a longest length as fflate does it).
import { get, set } from "./int-table";

/** Symbols in the order of their keys: what sorts them, and 9 bits of the symbol. */
const keys: usize = memory.data(8 * 288);
/** Nodes of a tree: leaves in that order, then pairs. `queue` has the pairs in front. */
const symbolOf: usize = memory.data(4 * 288);
const weightOf: usize = memory.data(4 * 577);
const leftOf: usize = memory.data(4 * 577);
const rightOf: usize = memory.data(4 * 577);
const depthOf: usize = memory.data(4 * 577);
const queue: usize = memory.data(4 * 289);

/**
 * Writes the lengths of the codes of `symbols` symbols, none above `most`; returns how many lengths there are
 * up to the last one that is not 0. `counts` add up to 25000 at most.
 */
export function codeLengths(counts: usize, symbols: i32, most: i32, lengths: usize): i32 {
  memory.fill(lengths, 0, (<usize>symbols) << 2);
  let n = 0;
  let last = -1;
  for (let s = 0; s < symbols; s++) {
    if (!get(counts, s)) continue;
    setKey(n++, ((<i64>get(counts, s)) << 9) | s);
    last = s;
  }
  if (n == 1) set(lengths, last, 1);
  if (n < 2) return last + 1;
  sort(n);
  for (let k = 0; k < n; k++) {
    const symbol = <i32>(getKey(k) & 511);
    set(symbolOf, k, symbol);
    set(weightOf, k, get(counts, symbol));
  }
  const deepest = growTree(n);
  for (let k = 0; k < n; k++) set(lengths, get(symbolOf, k), get(depthOf, k));
  if (deepest > most) shorten(n, deepest, most, counts, lengths);
  return last + 1;
}

/** Pairs the two lightest nodes until one is left. Returns the largest depth of a leaf. */
function growTree(n: i32): i32 {
  // Behind the last leaf stands one that is heavier than all.
  const guard = 2 * n;
  set(weightOf, guard, 25001);
  for (let k = 0; k < n; k++) set(queue, k, k);
  set(queue, n, guard);
  let pairs = 0;
  let fresh = 0;
  let leaf = 0;
  for (let node = n; pairs < n - 1; node++) {
    const left = pairs > 0 && weightAt(fresh) < weightAt(leaf) ? fresh++ : leaf++;
    const a = get(queue, left);
    const right = pairs != fresh && weightAt(fresh) < weightAt(leaf) ? fresh++ : leaf++;
    const b = get(queue, right);
    set(weightOf, node, get(weightOf, a) + get(weightOf, b));
    set(leftOf, node, a);
    set(rightOf, node, b);
    set(queue, pairs++, node);
  }
  let deepest = 0;
  set(depthOf, 2 * n - 2, 0);
  for (let node = 2 * n - 2; node >= n; node--) {
    const depth = get(depthOf, node) + 1;
    set(depthOf, get(leftOf, node), depth);
    set(depthOf, get(rightOf, node), depth);
    deepest = max(deepest, depth);
  }
  return deepest;
}

@inline
function weightAt(place: i32): i32 {
  return get(weightOf, get(queue, place));
}

/** Codes that are too long get the longest length, and others pay for that. */
function shorten(n: i32, deepest: i32, most: i32, counts: usize, lengths: usize): void {
  for (let k = 0; k < n; k++) {
    const symbol = get(symbolOf, k);
    const weight = (<i64>get(counts, symbol)) << 9;
    setKey(k, ((<i64>(deepest - get(lengths, symbol))) << 32) | weight | symbol);
  }
  sort(n);
  const left = deepest - most;
  let debt = 0;
  let k = 0;
  for (; k < n; k++) {
    const length = get(lengths, symbolAt(k));
    if (length <= most) break;
    debt += (1 << left) - (1 << (deepest - length));
    set(lengths, symbolAt(k), most);
  }
  debt >>= left;
  while (debt > 0) {
    const length = get(lengths, symbolAt(k));
    if (length < most) {
      debt -= 1 << (most - length - 1);
      set(lengths, symbolAt(k), length + 1);
    } else k++;
  }
  for (; k >= 0 && debt; k--) {
    const length = get(lengths, symbolAt(k));
    if (length != most) continue;
    set(lengths, symbolAt(k), length - 1);
    debt++;
  }
}

@inline
function symbolAt(k: i32): i32 {
  return <i32>(getKey(k) & 511);
}

@inline
function getKey(k: i32): i64 {
  return load<i64>(keys + ((<usize>k) << 3));
}

@inline
function setKey(k: i32, key: i64): void {
  store<i64>(keys + ((<usize>k) << 3), key);
}

/** Shell's: no two keys are the same. */
function sort(n: i32): void {
  for (let gap = n > 40 ? 40 : n > 13 ? 13 : 4; gap > 0; gap = (gap - 1) / 3) {
    for (let k = gap; k < n; k++) {
      const key = getKey(k);
      let at = k;
      for (; at >= gap && getKey(at - gap) > key; at -= gap) setKey(at, getKey(at - gap));
      setKey(at, key);
    }
  }
}
