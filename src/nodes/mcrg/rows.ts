/**
 * Swendsen's linearized renormalization-group matrix from pairs of a fine and a coarse ensemble.
 * Knows neither rules nor tables.
 */
import { type Coupling, couplingSums } from "../../lattice/couplings.ts";
import { log } from "../../math/index.ts";
import { largestEigenvalue, solve } from "../../statistics/eigenvalue.ts";
import { blockBounds, jackknifeError } from "../../statistics/jackknife.ts";

/** Configurations row by row, spins of +-1. */
export interface Ensemble {
  readonly size: number;
  readonly spins: Int8Array;
}

/** Estimates from the first n couplings. NaN where there is no single real largest eigenvalue. */
export interface Exponent {
  readonly couplings: number;
  readonly eigenvalue: number;
  readonly y: number;
  /** Errors by jackknife over blocks of configurations. */
  readonly error: number;
}

/**
 * y = log_b of the largest eigenvalue of T = A^-1 B with A = <O' O'> - <O'><O'>, B = <O' O> -
 * <O'><O>, O' the operators on the coarse lattice and O those on the fine one, for the first 1, 2,
 * ... of them. Row i of both ensembles is one configuration, rows in the order of the blocks.
 */
export function exponents(
  fine: Ensemble,
  coarse: Ensemble,
  couplings: readonly Coupling[],
  blocks: number,
): Exponent[] {
  const sums = blockSums(fine, coarse, couplings, blocks);
  const total = sums.reduce(plus);
  const logScale = log(fine.size / coarse.size);
  return couplings.map((_, last) => {
    const eigenvalueOf = (moments: Moments) => eigenvalue(moments, couplings.length, last + 1);
    const value = eigenvalueOf(total);
    const leftOut = sums.map((block) => log(eigenvalueOf(minus(total, block))) / logScale);
    return {
      couplings: last + 1,
      eigenvalue: value,
      y: log(value) / logScale,
      error: jackknifeError(leftOut),
    };
  });
}

/** Sums over configurations of 1, O', O, O' O' and O' O: whole numbers, and so exact. */
type Moments = Float64Array;

function blockSums(
  fine: Ensemble,
  coarse: Ensemble,
  couplings: readonly Coupling[],
  blocks: number,
): Moments[] {
  const n = couplings.length;
  const [fineSites, coarseSites] = [fine.size * fine.size, coarse.size * coarse.size];
  const fineSums = couplingSums(fine.size, couplings);
  const coarseSums = couplingSums(coarse.size, couplings);
  const [o, oCoarse] = [new Float64Array(n), new Float64Array(n)];
  const bounds = blockBounds(fine.spins.length / fineSites, blocks);
  return bounds.slice(1).map((end, b) => {
    const moments = new Float64Array(1 + 2 * n + 2 * n * n);
    for (let row = bounds[b]!; row < end; row++) {
      fineSums(fine.spins.subarray(row * fineSites, (row + 1) * fineSites), o);
      coarseSums(coarse.spins.subarray(row * coarseSites, (row + 1) * coarseSites), oCoarse);
      moments[0]! += 1;
      for (let i = 0; i < n; i++) {
        moments[1 + i]! += oCoarse[i]!;
        moments[1 + n + i]! += o[i]!;
        const at = 1 + 2 * n + i * n;
        for (let j = 0; j < n; j++) {
          moments[at + j]! += oCoarse[i]! * oCoarse[j]!;
          moments[at + n * n + j]! += oCoarse[i]! * o[j]!;
        }
      }
    }
    return moments;
  });
}

/** The largest eigenvalue of T from the first `used` of `n` couplings. */
function eigenvalue(moments: Moments, n: number, used: number): number {
  const rows = moments[0]!;
  const mean = (k: number) => moments[k]! / rows;
  const indices = Array.from({ length: used }, (_, i) => i);
  const [coarse, fine, products] = [1, 1 + n, 1 + 2 * n];
  const a = indices.map((i) =>
    indices.map((j) => mean(products + i * n + j) - mean(coarse + i) * mean(coarse + j)),
  );
  const b = indices.map((i) =>
    indices.map((j) => mean(products + n * n + i * n + j) - mean(coarse + i) * mean(fine + j)),
  );
  const t = solve(a, b);
  return t ? largestEigenvalue(t) : Number.NaN;
}

function plus(a: Moments, b: Moments): Moments {
  return a.map((x, k) => x + b[k]!);
}

function minus(a: Moments, b: Moments): Moments {
  return a.map((x, k) => x - b[k]!);
}
