/** Exact draws at two betas, their decimations, and what is read of a result. */
import { bits, f64 } from "../../../src/engine/node-type.ts";
import { packSpins } from "../../../src/lattice/spins.ts";
import { correlation } from "../../../src/nodes/correlation/index.ts";
import { createGenerator, streamSeed } from "../../../src/random/index.ts";
import { runNode } from "../../harness/run-node.ts";
import { tableOf } from "../../harness/tables.ts";
import { decimate, drawExactly } from "../../lattice/exact-ensembles.ts";

export const betas = [0.3, 0.4406867935097715];
export const n = 1000;
export const draws = betas.flatMap((beta) => {
  const stream = { nodeType: "test", purpose: "draws", seed: 1, parts: [beta] };
  return drawExactly(6, beta, n, createGenerator(streamSeed(stream)));
});
export const beta = Float64Array.from(draws, (_, i) => betas[Math.floor(i / n)]!);

export function lattices(rows: readonly Int8Array[], at: ArrayLike<number> = beta) {
  const spins = packSpins(rows.flatMap((spins) => [...spins]));
  return tableOf({ spins: bits(rows[0]!.length), beta: f64 }, { spins, beta: Array.from(at) });
}
export const configurations = lattices(draws);
export const coarse = lattices(draws.map((spins) => decimate(spins, 6)));
export const column = (table: { columns: object } | undefined, name: string) =>
  Array.from((table!.columns as Record<string, ArrayLike<number>>)[name]!);

export const originals = async (table: typeof configurations) =>
  (await runNode(correlation, { inputs: { configurations: table } })).outputs["jackknife"];
