// The product of two float32 matrices, either of them transposed or not.
//
// Every number is a sum over k in order, each product rounded before it is added, so the bits do not
// depend on how the work is cut up. Four rows by eight columns of sums fit the 16 registers of a machine.
// The matrices are packed block by block into such rows and columns, so that the inner loop reads memory
// in order; a block of the right one fits the cache of a core.

/** Bytes of eight columns, or of four rows, at one k. */
const columnBytes: usize = 32;
const rowBytes: usize = 16;

/** Largest blocks: this many of k, by so many columns of the right matrix and rows of the left one. */
const blockOfK = 256;
const blockOfN = 256;
const blockOfM = 64;

/** Where in the room to work the rows of the left matrix lie, a tile of the result, and zeros. */
const rowsAt: usize = blockOfK * blockOfN * 4;
const tileAt: usize = rowsAt + blockOfK * blockOfM * 4;
const zerosAt: usize = tileAt + 4 * columnBytes;

/** Bytes that `product` needs to work in. */
export function workBytes(): i32 {
  return <i32>(zerosAt + columnBytes);
}

/**
 * c (m x n) = a (m x k) b (k x n) + bias (n; at 0, there is none), or c + a b. A transposed matrix lies in
 * memory as (k x m) or (n x k). `work`: room for `workBytes()`.
 */
export function product(
  a: usize,
  b: usize,
  bias: usize,
  c: usize,
  m: i32,
  n: i32,
  k: i32,
  aTransposed: bool,
  bTransposed: bool,
  adds: bool,
  work: usize,
): void {
  const n4 = <usize>n << 2;
  memory.fill(work + zerosAt, 0, columnBytes);
  for (let j = 0; j < n; j += blockOfN) {
    const width = min(blockOfN, n - j);
    const start = bias ? bias + (<usize>j << 2) : 0;
    // Without any k the sums still begin somewhere.
    for (let at = 0; at == 0 || at < k; at += blockOfK) {
      const depth = min(blockOfK, k - at);
      const goesOn = adds || at > 0;
      packColumns(b, n, k, bTransposed, j, width, at, depth, work);
      for (let i = 0; i < m; i += blockOfM) {
        const height = min(blockOfM, m - i);
        packRows(a, m, k, aTransposed, i, height, at, depth, work + rowsAt);
        const to = c + <usize>i * n4 + (<usize>j << 2);
        blockProduct(goesOn ? to : start, goesOn ? n4 : 0, to, n4, height, width, depth, work);
      }
    }
  }
}

/** A block of the right matrix, in columns of eight. */
function packColumns(
  b: usize,
  n: i32,
  k: i32,
  transposed: bool,
  j: i32,
  width: i32,
  at: i32,
  depth: i32,
  to: usize,
): void {
  const n4 = <usize>n << 2;
  const k4 = <usize>k << 2;
  for (let column = j; column < j + width; column += 8) {
    const lanes = min(8, j + width - column);
    if (transposed) {
      packAcross(b + <usize>column * k4 + (<usize>at << 2), k4, lanes, depth, to, columnBytes);
    } else {
      packAlong(b + (<usize>column << 2) + <usize>at * n4, n4, lanes, depth, to, columnBytes);
    }
    to += <usize>depth * columnBytes;
  }
}

/** A block of the left matrix, in rows of four. */
function packRows(
  a: usize,
  m: i32,
  k: i32,
  transposed: bool,
  i: i32,
  height: i32,
  at: i32,
  depth: i32,
  to: usize,
): void {
  const m4 = <usize>m << 2;
  const k4 = <usize>k << 2;
  for (let row = i; row < i + height; row += 4) {
    const lanes = min(4, i + height - row);
    if (transposed) {
      packAlong(a + (<usize>row << 2) + <usize>at * m4, m4, lanes, depth, to, rowBytes);
    } else {
      packAcross(a + <usize>row * k4 + (<usize>at << 2), k4, lanes, depth, to, rowBytes);
    }
    to += <usize>depth * rowBytes;
  }
}

/**
 * A block of the result, in lines `stride` bytes apart. The sums begin with the lines at `first`,
 * `firstStride` bytes apart; if `first` is 0, with zeros. Eight columns stay in the nearest cache while
 * all rows pass.
 */
function blockProduct(
  first: usize,
  firstStride: usize,
  to: usize,
  stride: usize,
  height: i32,
  width: i32,
  k: i32,
  work: usize,
): void {
  const tile = work + tileAt;
  for (let j = 0; j < width; j += 8) {
    const lanes = min(8, width - j);
    const bytes = <usize>lanes << 2;
    const columns = work + (<usize>j >> 3) * columnBytes * <usize>k;
    let from = first ? first + (<usize>j << 2) : work + zerosAt;
    let out = to + (<usize>j << 2);
    let rows = work + rowsAt;
    for (let i = 0; i < height; i += 4) {
      const count = <usize>min(4, height - i);
      if (count == 4 && lanes == 8) {
        tileProduct(rows, columns, k, from, firstStride, out, stride);
      } else {
        for (let row: usize = 0; row < count; row++) {
          memory.copy(tile + row * columnBytes, from + row * firstStride, bytes);
        }
        tileProduct(rows, columns, k, tile, columnBytes, tile, columnBytes);
        for (let row: usize = 0; row < count; row++) {
          memory.copy(out + row * stride, tile + row * columnBytes, bytes);
        }
      }
      rows += <usize>k * rowBytes;
      from += 4 * firstStride;
      out += 4 * stride;
    }
  }
}

/** `k` runs of `width` numbers that lie `stride` bytes apart, one behind the other. */
function packAlong(from: usize, stride: usize, width: i32, k: i32, to: usize, step: usize): void {
  const end = to + <usize>k * step;
  if ((<usize>width << 2) == step) {
    if (step == columnBytes) {
      for (; to < end; to += 32, from += stride) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      }
    } else {
      for (; to < end; to += 16, from += stride) v128.store(to, v128.load(from));
    }
    return;
  }
  // Nobody reads what comes of the rest, but denormal numbers left there would be slow.
  for (; to < end; to += step, from += stride) {
    memory.fill(to, 0, step);
    for (let i: usize = 0; i < <usize>width; i++) {
      store<f32>(to + (i << 2), load<f32>(from + (i << 2)));
    }
  }
}

/** The k-th numbers of `width` runs that lie `stride` bytes apart, side by side. */
function packAcross(from: usize, stride: usize, width: i32, k: i32, to: usize, step: usize): void {
  const lanes = <i32>(step >> 2);
  for (let lane = 0; lane < lanes; lane += 4) {
    const target = to + (<usize>lane << 2);
    // What is past the last run repeats it; nobody reads what comes of it.
    const r0 = from + <usize>min(lane, width - 1) * stride;
    const r1 = from + <usize>min(lane + 1, width - 1) * stride;
    const r2 = from + <usize>min(lane + 2, width - 1) * stride;
    const r3 = from + <usize>min(lane + 3, width - 1) * stride;
    let at: usize = 0;
    let out = target;
    const whole = <usize>(k & ~3) << 2;
    for (; at < whole; at += 16) {
      const x0 = v128.load(r0 + at);
      const x1 = v128.load(r1 + at);
      const x2 = v128.load(r2 + at);
      const x3 = v128.load(r3 + at);
      const low0 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
      const low1 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
      const high0 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
      const high1 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
      v128.store(out, v128.shuffle<f32>(low0, low1, 0, 1, 4, 5));
      out += step;
      v128.store(out, v128.shuffle<f32>(low0, low1, 2, 3, 6, 7));
      out += step;
      v128.store(out, v128.shuffle<f32>(high0, high1, 0, 1, 4, 5));
      out += step;
      v128.store(out, v128.shuffle<f32>(high0, high1, 2, 3, 6, 7));
      out += step;
    }
    for (const all = <usize>k << 2; at < all; at += 4, out += step) {
      store<f32>(out, load<f32>(r0 + at));
      store<f32>(out, load<f32>(r1 + at), 4);
      store<f32>(out, load<f32>(r2 + at), 8);
      store<f32>(out, load<f32>(r3 + at), 12);
    }
  }
}

/**
 * 4 x 8 numbers of the result, from packed rows and columns. The sums begin with the lines at `first`;
 * lines lie `firstStride` and `stride` bytes apart.
 */
function tileProduct(
  rows: usize,
  columns: usize,
  k: i32,
  first: usize,
  firstStride: usize,
  to: usize,
  stride: usize,
): void {
  let s00 = v128.load(first);
  let s01 = v128.load(first, 16);
  first += firstStride;
  let s10 = v128.load(first);
  let s11 = v128.load(first, 16);
  first += firstStride;
  let s20 = v128.load(first);
  let s21 = v128.load(first, 16);
  first += firstStride;
  let s30 = v128.load(first);
  let s31 = v128.load(first, 16);
  const end = rows + <usize>k * rowBytes;
  let left: v128;
  let right: v128;
  let x: v128;
  // Two of k a turn. The way out between them keeps the compiler from loading all numbers first, for
  // which there are not enough registers.
  while (rows < end) {
    left = v128.load(columns);
    right = v128.load(columns, 16);
    x = v128.load32_splat(rows);
    s00 = f32x4.add(s00, f32x4.mul(x, left));
    s01 = f32x4.add(s01, f32x4.mul(x, right));
    x = v128.load32_splat(rows, 4);
    s10 = f32x4.add(s10, f32x4.mul(x, left));
    s11 = f32x4.add(s11, f32x4.mul(x, right));
    x = v128.load32_splat(rows, 8);
    s20 = f32x4.add(s20, f32x4.mul(x, left));
    s21 = f32x4.add(s21, f32x4.mul(x, right));
    x = v128.load32_splat(rows, 12);
    s30 = f32x4.add(s30, f32x4.mul(x, left));
    s31 = f32x4.add(s31, f32x4.mul(x, right));
    if (rows + rowBytes == end) break;
    left = v128.load(columns, 32);
    right = v128.load(columns, 48);
    x = v128.load32_splat(rows, 16);
    s00 = f32x4.add(s00, f32x4.mul(x, left));
    s01 = f32x4.add(s01, f32x4.mul(x, right));
    x = v128.load32_splat(rows, 20);
    s10 = f32x4.add(s10, f32x4.mul(x, left));
    s11 = f32x4.add(s11, f32x4.mul(x, right));
    x = v128.load32_splat(rows, 24);
    s20 = f32x4.add(s20, f32x4.mul(x, left));
    s21 = f32x4.add(s21, f32x4.mul(x, right));
    x = v128.load32_splat(rows, 28);
    s30 = f32x4.add(s30, f32x4.mul(x, left));
    s31 = f32x4.add(s31, f32x4.mul(x, right));
    rows += 32;
    columns += 64;
  }
  v128.store(to, s00);
  v128.store(to, s01, 16);
  to += stride;
  v128.store(to, s10);
  v128.store(to, s11, 16);
  to += stride;
  v128.store(to, s20);
  v128.store(to, s21, 16);
  to += stride;
  v128.store(to, s30);
  v128.store(to, s31, 16);
}
