/**
 * Where the bits of random ties come from: the seed, the configuration and (in the kernel) the block,
 * so that a tie is broken alike whichever rows are around it.
 */
import type { Context, Table } from "../../engine/node-type.ts";
import type { TieBits } from "../../lattice/coarse-graining.ts";
import { packSpins } from "../../lattice/spins.ts";

/**
 * Streams for each step, by row of the table, whose spins `spinsOf` gives: rows of equal spins are
 * told apart by the columns `chain` and `time`, where there are such.
 */
export function tieStreams(
  random: Context<unknown>["random"],
  { columns }: Table,
  spinsOf: (row: number) => Int8Array,
): (step: number) => TieBits {
  const names = ["chain", "time"].flatMap((name) => (columns[name] ? [columns[name]] : []));
  return (step) => (row) => {
    const own = packSpins(spinsOf(row));
    const name = names.map((column) => String((column as ArrayLike<unknown>)[row]));
    return random("ties", step, Buffer.from(own.buffer).toString("base64"), ...name);
  };
}
