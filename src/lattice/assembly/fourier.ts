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
  layTable();
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
 * The sums over sites of products at each displacement, whole numbers as f64 at `work`, from two such spectra
 * side by side, which it overwrites. `work`: 16 size^2 bytes. What comes back of an even spectrum is real, so
 * that one can be the real part of a transform, and the other the imaginary part.
 */
export function sumProducts(spectra: usize, size: i32, roots: usize, work: usize): void {
  const plane = <usize>(size * size) << 3;
  makeEven(spectra, size);
  makeEven(spectra + plane, size);
  transformBack(spectra, size, roots);
  transpose(spectra, size, work);
  transpose(spectra + plane, size, work + plane);
  transformBack(work, size, roots);
  const scale = f64x2.splat(1 / <f64>(size * size));
  for (const end = work + 2 * plane; work < end; work += 16) {
    v128.store(work, f64x2.nearest(f64x2.mul(v128.load(work), scale)));
  }
}

/** The eight spins of every byte, as f64. */
const spinsOfByte = memory.data(256 * 64, 16);

function layTable(): void {
  for (let byte = 0; byte < 256; byte++) {
    for (let k = 0; k < 8; k++) {
      store<f64>(spinsOfByte + (<usize>(8 * byte + k) << 3), <f64>(((byte >> k) & 1) * 2 - 1));
    }
  }
}

function unpack(rows: usize, start: u64, sites: i32, out: usize): void {
  // Lattices of these sizes begin at a byte.
  let from = rows + <usize>(start >> 3);
  for (const end = from + <usize>(sites >> 3); from < end; from++, out += 64) {
    const spins = spinsOfByte + (<usize>load<u8>(from) << 6);
    v128.store(out, v128.load(spins));
    v128.store(out, v128.load(spins, 16), 16);
    v128.store(out, v128.load(spins, 32), 32);
    v128.store(out, v128.load(spins, 48), 48);
  }
}

/** Transposes f64, in tiles that stay in a cache. */
function transpose(from: usize, size: i32, to: usize): void {
  const line = <usize>size << 3;
  for (let y = 0; y < size; y += 8) {
    for (let x = 0; x < size; x += 8) {
      for (let i = 0; i < 8; i += 2) {
        let source = from + <usize>(y + i) * line + (<usize>x << 3);
        let target = to + <usize>x * line + (<usize>(y + i) << 3);
        for (let k = 0; k < 4; k++) {
          const upper = v128.load(source);
          const lower = v128.load(source + line);
          v128.store(target, v128.shuffle<f64>(upper, lower, 0, 2));
          v128.store(target + line, v128.shuffle<f64>(upper, lower, 1, 3));
          source += 16;
          target += 2 * line;
        }
      }
    }
  }
}

/** The real and the imaginary part of exp(2 pi i m / size), m < size. */
@inline
function root(roots: usize, size: i32, m: i32, part: usize): v128 {
  const half = size >> 1;
  const value = load<f64>(roots + (<usize>(m < half ? m : m - half) << 4) + part);
  return f64x2.splat(m < half ? value : -value);
}

/**
 * All columns, decimated in frequency: lines of the result are in bit-reversed order. Two stages at a time,
 * for which four lines are read once; where their number is odd, the last goes alone.
 */
function transformColumns(lattice: usize, size: i32, roots: usize): void {
  const line = <usize>size << 3;
  const plane = <usize>size * line;
  let length = size;
  for (; length > 2; length >>= 2) {
    const quarter = length >> 2;
    const stride = size / length;
    const far = <usize>quarter * line;
    for (let j = 0; j < quarter; j++) {
      const m = j * stride;
      const c1 = root(roots, size, m, 0);
      const s1 = root(roots, size, m, 8);
      const c2 = root(roots, size, 2 * m, 0);
      const s2 = root(roots, size, 2 * m, 8);
      const c3 = root(roots, size, 3 * m, 0);
      const s3 = root(roots, size, 3 * m, 8);
      for (let y = j; y < size; y += length) {
        let p = lattice + <usize>y * line;
        for (const end = p + line; p < end; p += 16) {
          fourForth(p, far, plane, c1, s1, c2, s2, c3, s3);
        }
      }
    }
  }
  if (length == 2) lastStage(lattice, size);
}

/** Two stages of four numbers, `far` from each other: the third and fourth are turned by -i in between. */
@inline
function fourForth(
  p: usize,
  far: usize,
  plane: usize,
  c1: v128,
  s1: v128,
  c2: v128,
  s2: v128,
  c3: v128,
  s3: v128,
): void {
  const q = p + plane;
  const re0 = v128.load(p);
  const re1 = v128.load(p + far);
  const re2 = v128.load(p + 2 * far);
  const re3 = v128.load(p + 3 * far);
  const im0 = v128.load(q);
  const im1 = v128.load(q + far);
  const im2 = v128.load(q + 2 * far);
  const im3 = v128.load(q + 3 * far);
  const reA = f64x2.add(re0, re2);
  const imA = f64x2.add(im0, im2);
  const reB = f64x2.add(re1, re3);
  const imB = f64x2.add(im1, im3);
  const reC = f64x2.sub(re0, re2);
  const imC = f64x2.sub(im0, im2);
  const reD = f64x2.sub(im1, im3);
  const imD = f64x2.sub(re3, re1);
  v128.store(p, f64x2.add(reA, reB));
  v128.store(q, f64x2.add(imA, imB));
  turnBack(p + far, plane, f64x2.sub(reA, reB), f64x2.sub(imA, imB), c2, s2);
  turnBack(p + 2 * far, plane, f64x2.add(reC, reD), f64x2.add(imC, imD), c1, s1);
  turnBack(p + 3 * far, plane, f64x2.sub(reC, reD), f64x2.sub(imC, imD), c3, s3);
}

/** Stores a number times c - i s. */
@inline
function turnBack(to: usize, plane: usize, re: v128, im: v128, c: v128, s: v128): void {
  v128.store(to, f64x2.add(f64x2.mul(re, c), f64x2.mul(im, s)));
  v128.store(to + plane, f64x2.sub(f64x2.mul(im, c), f64x2.mul(re, s)));
}

/** Sums and differences of neighbouring lines. */
function lastStage(lattice: usize, size: i32): void {
  const line = <usize>size << 3;
  const end = lattice + 2 * <usize>size * line;
  for (; lattice < end; lattice += 2 * line) {
    for (let at: usize = 0; at < line; at += 16) {
      const p = v128.load(lattice + at);
      const q = v128.load(lattice + line + at);
      v128.store(lattice + at, f64x2.add(p, q));
      v128.store(lattice + line + at, f64x2.sub(p, q));
    }
  }
}

/** Replaces the values at k and -k by their mean. */
function makeEven(spectrum: usize, size: i32): void {
  for (let y = 0; y < size; y++) {
    const y2 = opposite(y);
    // Of two lines that are each other's opposites, the first does both.
    if (y2 < y) continue;
    const line = spectrum + (<usize>(y * size) << 3);
    const line2 = spectrum + (<usize>(y2 * size) << 3);
    for (let x = 0; x < size; x++) {
      const p = line + (<usize>x << 3);
      const q = line2 + (<usize>opposite(x) << 3);
      const mean = (load<f64>(p) + load<f64>(q)) * 0.5;
      store<f64>(p, mean);
      store<f64>(q, mean);
    }
  }
}

/** Where -k stands, of the k that stands here in bit-reversed order: powers of two begin groups. */
@inline
function opposite(place: i32): i32 {
  return place < 2 ? place : 3 * (1 << (31 - clz(place))) - 1 - place;
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
