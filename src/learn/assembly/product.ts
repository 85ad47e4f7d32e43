// The product of two float32 matrices, either of them transposed or not.
//
// Every number is a sum over k in order, from the bias on, each product rounded before it is added:
// the order of XNNPACK's kernels, so the bits are theirs. Four rows by eight columns of sums fit the
// 16 registers of a machine; the right matrix is packed into such columns first, and the left one
// into such rows, so that the inner loop reads memory in order.

/** Bytes of eight columns of `k` numbers, or of four rows. */
const columnBytes: usize = 32;
const rowBytes: usize = 16;

/**
 * c (m x n) = a (m x k) b (k x n) + bias (n; at 0, there is none). A transposed matrix lies in memory
 * as (k x m) or (n x k). `work` is room for k (32 ceil(n / 8) + 16) + 128 bytes: the right matrix in
 * columns of eight, four rows of the left one, and a tile of the result.
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
  work: usize,
): void {
  const columns = work;
  const rows = columns + <usize>k * columnBytes * <usize>((n + 7) >> 3);
  const tile = rows + <usize>k * rowBytes;
  const k4 = <usize>k << 2;
  const n4 = <usize>n << 2;
  const m4 = <usize>m << 2;
  for (let j = 0; j < n; j += 8) {
    const to = columns + <usize>(j >> 3) * columnBytes * <usize>k;
    const width = min(8, n - j);
    if (bTransposed) packAcross(b + <usize>j * k4, k4, width, k, to, columnBytes);
    else packAlong(b + (<usize>j << 2), n4, width, k, to, columnBytes);
  }
  for (let i = 0; i < m; i += 4) {
    const height = min(4, m - i);
    if (aTransposed) packAlong(a + (<usize>i << 2), m4, height, k, rows, rowBytes);
    else packAcross(a + <usize>i * k4, k4, height, k, rows, rowBytes);
    for (let j = 0; j < n; j += 8) {
      const packed = columns + <usize>(j >> 3) * columnBytes * <usize>k;
      const to = c + <usize>i * n4 + (<usize>j << 2);
      const width = min(8, n - j);
      if (height == 4 && width == 8) {
        tileProduct(rows, packed, bias ? bias + (<usize>j << 2) : 0, 8, k, to, n4);
      } else {
        tileProduct(rows, packed, bias ? bias + (<usize>j << 2) : 0, width, k, tile, columnBytes);
        for (let row: usize = 0; row < <usize>height; row++) {
          memory.copy(to + row * n4, tile + row * columnBytes, <usize>width << 2);
        }
      }
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
 * 4 x 8 numbers of the result, from packed rows and columns, to lines that lie `stride` bytes apart.
 * Of fewer than eight `biases` the first line is put together there, before the result.
 */
function tileProduct(
  rows: usize,
  columns: usize,
  bias: usize,
  biases: i32,
  k: i32,
  to: usize,
  stride: usize,
): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  if (bias != 0) {
    if (biases == 8) {
      s00 = v128.load(bias);
      s01 = v128.load(bias, 16);
    } else {
      for (let i = 0; i < biases; i++) {
        store<f32>(to + (<usize>i << 2), load<f32>(bias + (<usize>i << 2)));
      }
      s00 = v128.load(to);
      s01 = v128.load(to, 16);
    }
  }
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  for (let end = rows + <usize>k * rowBytes; rows < end; rows += rowBytes, columns += columnBytes) {
    const left = v128.load(columns);
    const right = v128.load(columns, 16);
    const x0 = v128.load32_splat(rows);
    s00 = f32x4.add(s00, f32x4.mul(x0, left));
    s01 = f32x4.add(s01, f32x4.mul(x0, right));
    const x1 = v128.load32_splat(rows, 4);
    s10 = f32x4.add(s10, f32x4.mul(x1, left));
    s11 = f32x4.add(s11, f32x4.mul(x1, right));
    const x2 = v128.load32_splat(rows, 8);
    s20 = f32x4.add(s20, f32x4.mul(x2, left));
    s21 = f32x4.add(s21, f32x4.mul(x2, right));
    const x3 = v128.load32_splat(rows, 12);
    s30 = f32x4.add(s30, f32x4.mul(x3, left));
    s31 = f32x4.add(s31, f32x4.mul(x3, right));
  }
  v128.store(to, s00);
  v128.store(to, s01, 16);
  v128.store(to + stride, s10);
  v128.store(to + stride, s11, 16);
  to += stride << 1;
  v128.store(to, s20);
  v128.store(to, s21, 16);
  v128.store(to + stride, s30);
  v128.store(to + stride, s31, 16);
}
