/**
 * Exact numbers of states by energy of the Ising model on an L x L torus, L even: P. D. Beale, Phys.
 * Rev. Lett. 76, 78 (1996). Polynomials are in x = e^(-2K); their real coefficients are fixed-point
 * BigInts, precise enough that the integers that come out are certain.
 */
import { cosPi } from "./fixed-point.ts";

/** Coefficient k belongs to x^k. */
type Polynomial = readonly bigint[];

export interface EnergyLevel {
  /** E = -sum over nearest neighbours of s s'. */
  readonly energy: number;
  /** g(E) > 0; they sum to 2^(L^2). */
  readonly states: bigint;
}

/**
 * g(E), ascending in E. Z = (1/2) [prod c_k^2 + prod s_k^2 over odd k < L, plus c_0 c_L prod c_k^2 +
 * s_0 s_L prod s_k^2 over even 0 < k < L], each term a polynomial of degree 2 L^2. For L = 2 every
 * bond counts twice. Throws a RangeError for odd L.
 */
export function densityOfStates(size: number): EnergyLevel[] {
  if (size % 2 || size < 2) throw new RangeError(`expected an even size, got ${size}`);
  const sites = size * size;
  const bits = 4 * sites + 64;
  const one = 1n << BigInt(bits);
  const product = (factors: readonly Polynomial[]) =>
    factors.reduce((a, b) => multiply(a, b, bits), [one]);

  const modes = Array.from({ length: size - 1 }, (_, i) => squares(size, i + 1, bits));
  const odd = modes.filter((_, i) => i % 2 === 0);
  const even = modes.filter((_, i) => i % 2 === 1);
  const [zero, last] = [ends(size, -1n, one), ends(size, 1n, one)];
  const sum = [
    product(odd.map(({ c }) => c)),
    product(odd.map(({ s }) => s)),
    product([zero.c, last.c, ...even.map(({ c }) => c)]),
    product([zero.s, last.s, ...even.map(({ s }) => s)]),
  ].reduce(add);

  const levels: EnergyLevel[] = [];
  for (const [k, coefficient] of sum.entries()) {
    // Half of the sum, rounded; far less than a unit in the last place may be lost.
    const states = (coefficient + one) >> BigInt(bits + 1);
    const rest = coefficient - (states << BigInt(bits + 1));
    if ((rest < 0n ? -rest : rest) << 32n > one) throw new Error(`g is not certain at x^${k}`);
    if (states > 0n) levels.push({ energy: 2 * (k - sites), states });
  }
  return levels;
}

/**
 * c_k^2 and s_k^2 = 2^(1-L) [((a + r)^L + (a - r)^L) / 2 +- b^L], r^2 = a^2 - b^2, where
 * a = (1 + x^2)^2 - b cos(pi k / L), b = 2x - 2x^3. The powers obey A_(m+1) = 2a A_m - b^2 A_(m-1).
 */
function squares(size: number, k: number, bits: number): { c: Polynomial; s: Polynomial } {
  const one = 1n << BigInt(bits);
  const cosine = cosPi(k, size, bits);
  const b = [0n, 2n * one, 0n, -2n * one];
  const a = [one, -2n * cosine, 2n * one, 2n * cosine, one];
  const b2 = multiply(b, b, bits);
  const twoA = a.map((x) => 2n * x);
  let before: Polynomial = [one];
  let power: Polynomial = a;
  let bPower: Polynomial = b;
  for (let m = 1; m < size; m++) {
    const next = add(
      multiply(twoA, power, bits),
      multiply(b2, before, bits).map((x) => -x),
    );
    [before, power] = [power, next];
    bPower = multiply(bPower, b, bits);
  }
  const half = (p: Polynomial) => p.map((x) => x >> BigInt(size - 1));
  const minus = bPower.map((x) => -x);
  return { c: half(add(power, bPower)), s: half(add(power, minus)) };
}

/** (1 + sign x)^L +- x^L (1 - sign x)^L: c_0 and s_0 for sign -1, c_L and s_L for sign +1. */
function ends(size: number, sign: bigint, one: bigint): { c: Polynomial; s: Polynomial } {
  const binomial = (sign: bigint) => {
    const row = [one];
    for (let k = 0n; k < size; k++) {
      row.push((sign * row.at(-1)! * (BigInt(size) - k)) / (k + 1n));
    }
    return row;
  };
  const shifted = [...Array.from({ length: size }, () => 0n), ...binomial(-sign)];
  const minus = shifted.map((x) => -x);
  return { c: add(binomial(sign), shifted), s: add(binomial(sign), minus) };
}

function add(a: Polynomial, b: Polynomial): Polynomial {
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, k) => (a[k] ?? 0n) + (b[k] ?? 0n));
}

function multiply(a: Polynomial, b: Polynomial, bits: number): Polynomial {
  const product = new Array<bigint>(a.length + b.length - 1).fill(0n);
  for (const [i, x] of a.entries()) {
    if (x === 0n) continue;
    for (const [j, y] of b.entries()) if (y !== 0n) product[i + j] = product[i + j]! + x * y;
  }
  return product.map((x) => x >> BigInt(bits));
}
