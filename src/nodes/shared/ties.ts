/**
 * The streams of random ties. A bit depends on the seed, the configuration and (in the kernel) the block,
 * so that the rows around a configuration do not matter.
 */
import type { Context, Table } from "../../engine/node-type.ts";
import type { SpinData, TieBits } from "../../lattice/systems/system.ts";

/**
 * Streams for each step, by row of the table, whose spins `packed` gives as in a column. The columns
 * `chain` and `time`, if there are any, distinguish rows of equal spins.
 */
export function tieStreams(
  random: Context<unknown>["random"],
  { columns }: Table,
  packed: (row: number) => SpinData,
): (step: number) => TieBits {
  const names = ["chain", "time"].flatMap((name) => (columns[name] ? [columns[name]] : []));
  return (step) => (row) => {
    const { buffer, byteOffset, byteLength } = packed(row);
    const own = Buffer.from(buffer, byteOffset, byteLength).toString("base64");
    const name = names.map((column) => String((column as ArrayLike<unknown>)[row]));
    return random("ties", step, own, ...name);
  };
}
