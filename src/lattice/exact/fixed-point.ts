/** Fixed-point arithmetic on BigInts: x stands for x 2^-bits. Good to a few units of 2^-bits. */

/** Digits that series carry beyond those asked for. */
const guard = 32;

/** cos(pi k / n) for 0 <= k <= n. */
export function cosPi(k: number, n: number, bits: number): bigint {
  if (2 * k > n) return -cosPi(n - k, n, bits);
  const scale = BigInt(bits + guard);
  const angle = (pi(bits + guard) * BigInt(k)) / BigInt(n);
  const square = (angle * angle) >> scale;
  let term = 1n << scale;
  let sum = 0n;
  for (let m = 1n; term !== 0n; m += 2n) {
    sum += term;
    term = -((term * square) >> scale) / (m * (m + 1n));
  }
  return sum >> BigInt(guard);
}

/** pi = 16 arctan 1/5 - 4 arctan 1/239 (Machin 1706). */
export function pi(bits: number): bigint {
  const one = 1n << BigInt(bits + guard);
  return (16n * arctanInverse(5n, one) - 4n * arctanInverse(239n, one)) >> BigInt(guard);
}

/** arctan(1/n), by its power series. */
function arctanInverse(n: bigint, one: bigint): bigint {
  let power = one / n;
  let sum = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k;
    power = -power / (n * n);
  }
  return sum;
}
