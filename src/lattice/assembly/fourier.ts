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
 * side by side, which it overwrites. `work`: 16 size^2 bytes. One spectrum is the real part of a transform, and
 * the other the imaginary part. What is even in a spectrum comes back in the same part, even; what is odd comes
 * back in the other part, odd.
 */
export function sumProducts(spectra: usize, size: i32, roots: usize, work: usize): void {
  const plane = <usize>(size * size) << 3;
  transformBack(spectra, size, roots);
  transpose(spectra, size, work);
  transpose(spectra + plane, size, work + plane);
  transformBack(work, size, roots);
  roundEven(work, size);
  roundEven(work + plane, size);
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
  let length = size;
  for (; length > 2; length >>= 2) twoStages(lattice, size, roots, length, false);
  if (length == 2) lastStage(lattice, size);
}

/** Two stages of all columns, in groups of so many lines. */
@inline
function twoStages(lattice: usize, size: i32, roots: usize, length: i32, isBack: bool): void {
  const line = <usize>size << 3;
  const plane = <usize>size * line;
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
        if (isBack) fourBack(p, far, plane, c1, s1, c2, s2, c3, s3);
        else fourForth(p, far, plane, c1, s1, c2, s2, c3, s3);
      }
    }
  }
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

/** Replaces the values at r and -r by their mean, with the factor of the inverse, rounded. */
function roundEven(lattice: usize, size: i32): void {
  const scale = 0.5 / <f64>(size * size);
  for (let y = 0; y <= size >> 1; y++) {
    const line = lattice + (<usize>(y * size) << 3);
    const opposite = y == 0 ? line : lattice + (<usize>((size - y) * size) << 3);
    roundTwo(line, opposite, scale);
    let q = opposite + (<usize>(size - 1) << 3);
    // A line that is its own opposite has each pair twice.
    const last = line + (<usize>(opposite == line ? size >> 1 : size - 1) << 3);
    for (let p = line + 8; p <= last; p += 8, q -= 8) roundTwo(p, q, scale);
  }
}

@inline
function roundTwo(p: usize, q: usize, scale: f64): void {
  const mean = nearest<f64>((load<f64>(p) + load<f64>(q)) * scale);
  store<f64>(p, mean);
  store<f64>(q, mean);
}

/** The inverse, without the factor, from lines in bit-reversed order: the stages backwards. */
function transformBack(lattice: usize, size: i32, roots: usize): void {
  const isOdd = (ctz(size) & 1) == 1;
  if (isOdd) lastStage(lattice, size);
  for (let length = isOdd ? 8 : 4; length <= size; length <<= 2) {
    twoStages(lattice, size, roots, length, true);
  }
}

/** `fourForth` backwards. */
@inline
function fourBack(
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
  const im0 = v128.load(q);
  const re1 = turnedRe(p + far, plane, c2, s2);
  const im1 = turnedIm(p + far, plane, c2, s2);
  const re2 = turnedRe(p + 2 * far, plane, c1, s1);
  const im2 = turnedIm(p + 2 * far, plane, c1, s1);
  const re3 = turnedRe(p + 3 * far, plane, c3, s3);
  const im3 = turnedIm(p + 3 * far, plane, c3, s3);
  const reA = f64x2.add(re0, re1);
  const imA = f64x2.add(im0, im1);
  const reB = f64x2.sub(re0, re1);
  const imB = f64x2.sub(im0, im1);
  const reC = f64x2.add(re2, re3);
  const imC = f64x2.add(im2, im3);
  // i times the difference.
  const reD = f64x2.sub(im3, im2);
  const imD = f64x2.sub(re2, re3);
  v128.store(p, f64x2.add(reA, reC));
  v128.store(q, f64x2.add(imA, imC));
  v128.store(p + far, f64x2.add(reB, reD));
  v128.store(q + far, f64x2.add(imB, imD));
  v128.store(p + 2 * far, f64x2.sub(reA, reC));
  v128.store(q + 2 * far, f64x2.sub(imA, imC));
  v128.store(p + 3 * far, f64x2.sub(reB, reD));
  v128.store(q + 3 * far, f64x2.sub(imB, imD));
}

/** Parts of a number times c + i s. */
@inline
function turnedRe(at: usize, plane: usize, c: v128, s: v128): v128 {
  return f64x2.sub(f64x2.mul(v128.load(at), c), f64x2.mul(v128.load(at + plane), s));
}

@inline
function turnedIm(at: usize, plane: usize, c: v128, s: v128): v128 {
  return f64x2.add(f64x2.mul(v128.load(at + plane), c), f64x2.mul(v128.load(at), s));
}
