/** Which spins are square lattices, the only ones that measures can treat. Knows no data. */
import { type Columns, InvalidInput } from "../../engine/node-type.ts";
import { squareSide } from "../../lattice/correlation/rows.ts";

/**
 * The side of the lattice that each row of spins at a port is; throws an `InvalidInput` if that is
 * not a square one of 2 x 2 sites or more. The column's shape decides. A row without a shape, say the
 * code of a dense layer, has the only one that fits its number of spins.
 */
export function sideOf(port: string, columns: Columns): number {
  const { size, shape } = columns["spins"] as {
    readonly size: number;
    readonly shape?: readonly number[];
  };
  const side = squareSide(size, shape) ?? 0;
  if (side >= 2) return side;
  const got = shape ? `shape [${shape.join(", ")}]` : `${size} ${size === 1 ? "site" : "sites"}`;
  throw new InvalidInput(port, `expected a square lattice, got ${got}`);
}
