// Products at all displacements at once, by Wiener and Khinchin. A lattice is `size` x `size` f64, real parts
// before imaginary ones; `size` is a power of two, at least 8. `roots` holds cos and sin of 2 pi j / size,
// j < size / 2, as f64 side by side.

/**
 * Adds to `spectrum` |F|^2 of `count` configurations, rows of bits back to back: two of them are the real
 * and the imaginary part of one transform, of which |F|^2 has the sum of both in all that is even. Wave
 * vectors are in bit-reversed order. `work`: 32 size^2 bytes.
 */
export function addSpectra(
  rows: usize,
  count: i32,
  size: i32,
  roots: usize,
  spectrum: usize,
  work: usize,
): void {
  const sites = size * size;
  const plane = <usize>sites << 3;
  const turned = work + 2 * plane;
  for (let row = 0; row < count; row += 2) {
    unpack(rows, <u64>row * <u64>sites, sites, work);
    if (row + 1 < count) unpack(rows, <u64>(row + 1) * <u64>sites, sites, work + plane);
    else memory.fill(work + plane, 0, plane);
    transformColumns(work, size, roots);
    transpose(work, size, turned);
    transpose(work + plane, size, turned + plane);
    transformColumns(turned, size, roots);
    for (let at: usize = 0; at < plane; at += 16) {
      const re = v128.load(turned + at);
      const im = v128.load(turned + plane + at);
      const square = f64x2.add(f64x2.mul(re, re), f64x2.mul(im, im));
      v128.store(spectrum + at, f64x2.add(v128.load(spectrum + at), square));
    }
  }
}

/**
 * size^2 times the sums over sites of products at each displacement, from such a spectrum: f64 at `work`,
 * which has 32 size^2 bytes.
 */
export function sumProducts(spectrum: usize, size: i32, roots: usize, work: usize): void {
  const plane = <usize>(size * size) << 3;
  const turned = work + 2 * plane;
  memory.copy(turned, spectrum, plane);
  memory.fill(turned + plane, 0, plane);
  transformBack(turned, size, roots);
  transpose(turned, size, work);
  transpose(turned + plane, size, work + plane);
  transformBack(work, size, roots);
}

function unpack(rows: usize, start: u64, sites: i32, out: usize): void {
  for (let i = 0; i < sites; i += 8, out += 64) {
    const bit = start + <u64>i;
    // Lattices of these sizes begin at a byte.
    const bits = <i32>load<u8>(rows + <usize>(bit >> 3));
    for (let k = 0; k < 8; k++) {
      store<f64>(out + ((<usize>k) << 3), <f64>(((bits >> k) & 1) * 2 - 1));
    }
  }
}

/** Transposes f64, in tiles that stay in a cache. */
function transpose(from: usize, size: i32, to: usize): void {
  const line = <usize>size << 3;
  for (let y = 0; y < size; y += 8) {
    for (let x = 0; x < size; x += 8) {
      for (let i = 0; i < 8; i++) {
        const source = from + <usize>(y + i) * line + ((<usize>x) << 3);
        const target = to + <usize>x * line + ((<usize>(y + i)) << 3);
        for (let k: usize = 0; k < 8; k++) {
          store<f64>(target + k * line, load<f64>(source + (k << 3)));
        }
      }
    }
  }
}

/** All columns, decimated in frequency: lines of the result are in bit-reversed order. */
function transformColumns(lattice: usize, size: i32, roots: usize): void {
  const line = <usize>size << 3;
  const plane = <usize>size * line;
  for (let length = size; length > 1; length >>= 1) {
    const half = length >> 1;
    const stride = size / length;
    for (let j = 0; j < half; j++) {
      const root = roots + ((<usize>(j * stride)) << 4);
      const c = f64x2.splat(load<f64>(root));
      const s = f64x2.splat(load<f64>(root, 8));
      for (let y = j; y < size; y += length) {
        let p = lattice + <usize>y * line;
        let q = p + <usize>half * line;
        for (const end = p + line; p < end; p += 16, q += 16) {
          const re = v128.load(p);
          const im = v128.load(p + plane);
          const re2 = v128.load(q);
          const im2 = v128.load(q + plane);
          v128.store(p, f64x2.add(re, re2));
          v128.store(p + plane, f64x2.add(im, im2));
          const x = f64x2.sub(re, re2);
          const y2 = f64x2.sub(im, im2);
          v128.store(q, f64x2.add(f64x2.mul(x, c), f64x2.mul(y2, s)));
          v128.store(q + plane, f64x2.sub(f64x2.mul(y2, c), f64x2.mul(x, s)));
        }
      }
    }
  }
}

/** The inverse, without the factor, from lines in bit-reversed order. */
function transformBack(lattice: usize, size: i32, roots: usize): void {
  const line = <usize>size << 3;
  const plane = <usize>size * line;
  for (let length = 2; length <= size; length <<= 1) {
    const half = length >> 1;
    const stride = size / length;
    for (let j = 0; j < half; j++) {
      const root = roots + ((<usize>(j * stride)) << 4);
      const c = f64x2.splat(load<f64>(root));
      const s = f64x2.splat(load<f64>(root, 8));
      for (let y = j; y < size; y += length) {
        let p = lattice + <usize>y * line;
        let q = p + <usize>half * line;
        for (const end = p + line; p < end; p += 16, q += 16) {
          const re = v128.load(p);
          const im = v128.load(p + plane);
          const x = v128.load(q);
          const y2 = v128.load(q + plane);
          const re2 = f64x2.sub(f64x2.mul(x, c), f64x2.mul(y2, s));
          const im2 = f64x2.add(f64x2.mul(y2, c), f64x2.mul(x, s));
          v128.store(p, f64x2.add(re, re2));
          v128.store(p + plane, f64x2.add(im, im2));
          v128.store(q, f64x2.sub(re, re2));
          v128.store(q + plane, f64x2.sub(im, im2));
        }
      }
    }
  }
}
