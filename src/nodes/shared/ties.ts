/**
 * Where the bits of random ties come from: the seed, the configuration and (in the kernel) the block,
 * so that a tie is broken alike whichever rows are around it.
 */
import type { Context, Table } from "../../engine/node-type.ts";
import type { TieBits } from "../../lattice/coarse-graining.ts";
import { packSpins } from "../../lattice/spins.ts";

/**
 * Streams for each step, by row of the table. `spins` are those of the table, `sites` a row: rows of
 * equal spins are told apart by the columns `chain` and `time`, where there are such.
 */
export function tieStreams(
  random: Context<unknown>["random"],
  { columns }: Table,
  spins: Int8Array,
  sites: number,
): (step: number) => TieBits {
  const names = ["chain", "time"].flatMap((name) => (columns[name] ? [columns[name]] : []));
  return (step) => (row) => {
    const own = packSpins(spins.subarray(row * sites, (row + 1) * sites));
    const name = names.map((column) => String((column as ArrayLike<unknown>)[row]));
    return random("ties", step, Buffer.from(own.buffer).toString("base64"), ...name);
  };
}
