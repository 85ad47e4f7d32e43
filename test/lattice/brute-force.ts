/** Slow and obvious versions of what the lattice layer computes, to compare with. */

/** E = -sum over all sites of s times the spins to the right and below. */
export function energyOf(spins: ArrayLike<number>, size: number): number {
  let energy = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [right, below] = [size * y + ((x + 1) % size), size * ((y + 1) % size) + x];
      energy -= spins[size * y + x]! * (spins[right]! + spins[below]!);
    }
  }
  return energy;
}

/** Site indices of the four neighbours: left, right, above, below. */
export function neighboursOf(site: number, size: number): [number, number, number, number] {
  const [y, x] = [Math.floor(site / size), site % size];
  const at = (y: number, x: number) => ((y + size) % size) * size + ((x + size) % size);
  return [at(y, x - 1), at(y, x + 1), at(y - 1, x), at(y + 1, x)];
}

/** Spins of state number `state`: bit i is site i, set for +1. */
export function stateOf(state: number, sites: number): Int8Array {
  return Int8Array.from({ length: sites }, (_, i) => ((state >>> i) & 1) * 2 - 1);
}

const energies = new Map<number, Int32Array>();

/** Energies of all 2^(size^2) states, size at most 4. */
export function energiesOf(size: number): Int32Array {
  const sites = size * size;
  const known = energies.get(size);
  if (known) return known;
  const all = Int32Array.from({ length: 2 ** sites }, (_, s) => energyOf(stateOf(s, sites), size));
  energies.set(size, all);
  return all;
}

/** Probabilities of all 2^(size^2) states, size at most 4. */
export function boltzmann(size: number, beta: number): Float64Array {
  const weights = Float64Array.from(energiesOf(size), (energy) => Math.exp(-beta * energy));
  const z = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / z);
}

export interface Exact {
  readonly energy: number;
  readonly specificHeat: number;
  /** <s(0,0) s(dy,dx)>. */
  correlation(dy: number, dx: number): number;
}

/**
 * By the transfer matrix of rows: Z = Tr T^L with T(a, b) = exp(beta (a.b + bonds within a)).
 * Energy and specific heat by differences of ln Z, good to about eight and six digits.
 */
export function transferMatrix(size: number, beta: number): Exact {
  const h = 1e-3;
  const f = [-2, -1, 0, 1, 2].map((k) => Math.log(trace(rowPowers(size, beta + k * h)[size]!)));
  const first = (f[0]! - 8 * f[1]! + 8 * f[3]! - f[4]!) / (12 * h);
  const second = (-f[0]! + 16 * f[1]! - 30 * f[2]! + 16 * f[3]! - f[4]!) / (12 * h * h);
  const sites = size * size;
  const powers = rowPowers(size, beta);
  return {
    energy: -first / sites,
    specificHeat: (beta * beta * second) / sites,
    correlation(dy, dx) {
      // Tr(s_0 T^dy s_dx T^(L - dy)) / Z.
      const [a, b] = [powers[dy]!, powers[size - dy]!];
      let sum = 0;
      for (let i = 0; i < a.length; i++) {
        for (let j = 0; j < a.length; j++) {
          sum += sign(i, 0) * a[i]![j]! * sign(j, dx) * b[j]![i]!;
        }
      }
      return sum / trace(powers[size]!);
    },
  };
}

type Matrix = Float64Array<ArrayBuffer>[];
const sign = (state: number, i: number) => ((state >>> i) & 1) * 2 - 1;
const trace = (m: Matrix) => m.reduce((sum, row, i) => sum + row[i]!, 0);

/** T to the powers 0 to L. */
function rowPowers(size: number, beta: number): Matrix[] {
  const n = 2 ** size;
  const t: Matrix = Array.from({ length: n }, (_, a) =>
    Float64Array.from({ length: n }, (_, b) => {
      let bonds = 0;
      for (let i = 0; i < size; i++) {
        bonds += sign(a, i) * (sign(b, i) + sign(a, (i + 1) % size));
      }
      return Math.exp(beta * bonds);
    }),
  );
  const powers = [t.map((_, i) => new Float64Array(n).fill(1, i, i + 1))];
  for (let k = 0; k < size; k++) powers.push(multiply(powers[k]!, t));
  return powers;
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => {
    const out = new Float64Array(row.length);
    for (const [k, factor] of row.entries()) {
      for (let j = 0; j < out.length; j++) out[j]! += factor * b[k]![j]!;
    }
    return out;
  });
}
