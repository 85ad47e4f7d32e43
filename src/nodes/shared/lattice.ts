/**
 * Which system the spins at a port are of, and which square lattice their rows are, the only kind that
 * measures can treat. Knows no data.
 */
import { type Columns, InvalidInput } from "../../engine/node-type.ts";
import { squareSide } from "../../lattice/correlation/rows.ts";
import { systems } from "../../lattice/systems/index.ts";
import type { ExactResults, SpinLayout, SpinSystem } from "../../lattice/systems/system.ts";

/** The column of an input port that takes the spins of any system. */
export const anySpins = { type: "fixed_size_list", item: "*", size: "*" } as const;

/** The column of spins on a square lattice. */
export function spinsColumn(item: SpinLayout["item"], side: number) {
  return { type: "fixed_size_list", item, size: side * side, shape: [side, side] } as const;
}

interface SpinsColumn {
  readonly item: string;
  readonly size: number;
  readonly shape?: readonly number[];
}

/** The system of the spins at a port, by the items of their column. */
export function systemOf(port: string, columns: Columns): SpinSystem {
  const { item } = columns["spins"] as SpinsColumn;
  const found = Object.values(systems).find(({ layout }) => layout.item === item);
  if (found) return found;
  const known = Object.values(systems).map(({ name, layout }) => `${name} (${layout.item})`);
  const message = `expected spins of a known system, got ${item}; known: ${known.join(", ")}`;
  throw new InvalidInput(port, message);
}

/** The exact results for the spins at a port; throws an `InvalidInput` if there are none. */
export function exactOf(port: string, columns: Columns): ExactResults {
  const { name, exact } = systemOf(port, columns);
  if (exact) return exact;
  throw new InvalidInput(port, `has ${name} spins, for which no exact results are known`);
}

/**
 * The side of the lattice that each row of spins at a port is; throws an `InvalidInput` unless that is
 * a square of 2 x 2 sites or more. The column's shape decides. A row without a shape, say the code of a
 * dense layer, has the only side that fits its number of spins.
 */
export function sideOf(port: string, columns: Columns): number {
  const { size, shape } = columns["spins"] as SpinsColumn;
  const side = squareSide(size, shape) ?? 0;
  if (side >= 2) return side;
  const got = shape ? `shape [${shape.join(", ")}]` : `${size} ${size === 1 ? "site" : "sites"}`;
  throw new InvalidInput(port, `expected a square lattice, got ${got}`);
}
