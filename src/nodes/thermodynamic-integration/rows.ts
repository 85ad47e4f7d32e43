/** The table of the `thermodynamic-integration` node, row by row. Knows neither params nor ports. */

import { entropyWeights } from "../../lattice/integration.ts";
import type { ExactResults } from "../../lattice/systems/system.ts";
import type { Group } from "../../statistics/groups.ts";
import { blockBounds, jackknifeError } from "../../statistics/jackknife.ts";
import { defined } from "../shared/tables.ts";

/** Energy per site and its derivative at one beta, from all blocks and without each. */
interface Point {
  readonly energy: number;
  readonly slope: number;
  readonly leftOut: readonly { readonly energy: number; readonly slope: number }[];
}

/** One row a beta; the first beta is 0. Energies are totals, one a configuration. */
export function integrationRows(
  energies: ArrayLike<number>,
  betas: readonly Group[],
  { side, exact }: { readonly side: number; readonly exact: ExactResults },
) {
  const grid = betas.map(({ value }) => value);
  const points = betas.map(({ value, rows }) =>
    value === 0 ? freePoint(exact.free.slope(side)) : measurePoint(energies, rows, side * side),
  );
  return betas.map(({ value: beta, rows }, k) => {
    const weights = entropyWeights(grid, k);
    let entropy = exact.free.entropy;
    let squares = 0;
    for (const [j, point] of points.slice(0, k + 1).entries()) {
      const part = (p: { energy: number; slope: number }) =>
        weights.energy[j]! * p.energy + weights.slope[j]! * p.slope;
      entropy += part(point);
      // Different betas are different chains: their errors are independent.
      const error = j === 0 ? 0 : jackknifeError(point.leftOut.map(part));
      squares += error * error;
    }
    const known = exact.torus(side, beta);
    const error = Math.sqrt(squares);
    return {
      beta,
      entropy,
      entropy_se: defined(error),
      entropy_exact: known.entropy,
      entropy_z: error > 0 ? (entropy - known.entropy) / error : null,
      energy: points[k]!.energy,
      energy_se:
        beta === 0 ? 0 : defined(jackknifeError(points[k]!.leftOut.map(({ energy }) => energy))),
      energy_exact: known.energy,
      configurations: rows.length,
    };
  });
}

/** The point at beta 0, which is known exactly. */
function freePoint(slope: number): Point {
  return { energy: 0, slope, leftOut: [] };
}

function measurePoint(energies: ArrayLike<number>, rows: Int32Array, sites: number): Point {
  const bounds = blockBounds(rows.length);
  const blocks = bounds.slice(1).map((end, b) => {
    let [n, sum, squares] = [0, 0, 0];
    for (const row of rows.subarray(bounds[b]!, end)) {
      const e = energies[row]!;
      n++;
      sum += e;
      squares += e * e;
    }
    return { n, sum, squares };
  });
  const total = blocks.reduce((a, b) => ({
    n: a.n + b.n,
    sum: a.sum + b.sum,
    squares: a.squares + b.squares,
  }));
  const of = ({ n, sum, squares }: typeof total) => ({
    energy: sum / n / sites,
    // u' = -Var(E) / N; a single configuration shows no variance.
    slope: n < 2 ? 0 : -(squares - (sum * sum) / n) / (n - 1) / sites,
  });
  const leftOut =
    blocks.length < 2
      ? []
      : blocks.map((b) =>
          of({ n: total.n - b.n, sum: total.sum - b.sum, squares: total.squares - b.squares }),
        );
  return { ...of(total), leftOut };
}
