/** The blocks of a table of configurations, and what a filter is worth on them. Knows no training. */
import type { bits, Table } from "../../engine/node-type.ts";
import { unpackRows, unpackSpins } from "../../lattice/spins.ts";
import { examplesAt, type Surroundings } from "../../lattice/surroundings.ts";
import {
  type Draw,
  type Examples,
  information,
  type Parameters,
  type Sizes,
} from "../../learn/rsmi/information.ts";
import type { Generator } from "../../random/index.ts";
import { jackknifeMeans } from "../../statistics/jackknife.ts";
import { defined } from "../shared/tables.ts";

type Lattices = Table<{ spins: ReturnType<typeof bits> }>;

function blocksIn({ size, stride }: Surroundings): number {
  return (size / stride) ** 2;
}

/** At most so many blocks of all configurations, in order, each drawn at most once. */
export function someBlocks(
  { rows, columns }: Lattices,
  around: Surroundings,
  most: number,
  random: Generator,
): Examples {
  const blocks = blocksIn(around);
  const all = Int32Array.from({ length: rows * blocks }, (_, i) => i);
  const chosen = all.length > most ? random.shuffle(all).subarray(0, most).sort() : all;
  const spins = unpackSpins(columns.spins, around.size ** 2, 0, rows);
  const places = Array.from(chosen, (i) => [Math.floor(i / blocks), i % blocks] as const);
  return examplesAt(around, spins, places);
}

/** Every block of one configuration. */
function blocksOfRow({ columns }: Lattices, around: Surroundings, row: number): Examples {
  const spins = unpackRows(columns.spins, around.size ** 2, [row]);
  const places = Array.from({ length: blocksIn(around) }, (_, block) => [0, block] as const);
  return examplesAt(around, spins, places);
}

/** The bound over all blocks for each kind of block spin, with errors by a jackknife over configurations. */
export function boundsOn(
  lattices: Lattices,
  around: Surroundings,
  sizes: Sizes,
  parameters: Parameters,
  draws: readonly Draw[],
) {
  const values = new Float64Array(draws.length * lattices.rows);
  for (let row = 0; row < lattices.rows; row++) {
    const examples = blocksOfRow(lattices, around, row);
    const order = Int32Array.from({ length: examples.rows }, (_, i) => i);
    const rows = { order, from: 0, to: examples.rows };
    for (const [i, draw] of draws.entries()) {
      values[draws.length * row + i] = information(sizes, parameters, examples, rows, { draw });
    }
  }
  const found = jackknifeMeans(
    values,
    draws.length,
    draws.map((_, i) => (means) => means[i]!),
  );
  return found.map(({ value, error }, i) => ({
    block_spin: draws[i]!,
    information: value,
    information_se: defined(error),
    configurations: lattices.rows,
  }));
}
