/** Reads NumPy's arrays as configurations. Errors are RangeErrors that say what the file does or has. */
import type { NumberArray } from "../../formats/npy.ts";
import type { Configurations, ReadOptions } from "./configurations.ts";
import { SpinCollector } from "./spin-values.ts";
import { fromTable, type Table } from "./table-spins.ts";

/**
 * Takes shapes [..., L, L] and [..., L^2], with or without a last axis of length 1. If columns are given
 * by number, or a line is a row of the lattice, an array of two axes is a table.
 */
export function fromArray(array: NumberArray, options: ReadOptions): Configurations {
  const { size, columns, layout } = options;
  const { roles, temperature, spins: whole, ignore } = columns;
  const named = [...ignore, temperature, whole].filter((ref) => typeof ref === "string");
  if (named.length > 0 || whole !== undefined) {
    const ref = JSON.stringify(named[0] ?? whole);
    throw new RangeError(`is an array, which has no column ${ref}`);
  }
  const isTable =
    ignore.length > 0 ||
    [...Object.values(roles), temperature].some((ref) => typeof ref === "number");
  const isStacked = layout === "rows" && array.shape.at(-1) === size && array.shape.length === 2;
  if (isTable || isStacked) return fromTable(asTable(array), options);
  const leading = leadingOf(array.shape, options);
  const sites = size * size;
  const rows = leading.reduce((product, n) => product * n, 1);
  const spins = new SpinCollector(rows, sites);
  for (let i = 0; i < array.count; i++) spins.set(i, array.value(i));
  return { rows, leading, columns: {}, spins: spins.all() };
}

/** The axes before those of the lattice. */
function leadingOf(given: readonly number[], { size, layout }: ReadOptions): readonly number[] {
  const sites = size * size;
  const isSquare = (s: readonly number[]) => s.at(-1) === size && s.at(-2) === size;
  const isFlat = (s: readonly number[]) => s.at(-1) === sites;
  const inner = given.slice(0, -1);
  // Networks for pictures have a last axis of length 1.
  const shape = given.at(-1) === 1 && (isSquare(inner) || isFlat(inner)) ? inner : given;
  const square = isSquare(shape) && layout !== "flat";
  const flat = isFlat(shape) && layout !== "rows";
  const text = `has shape [${given.join(", ")}]`;
  if (!(square || flat) || shape.includes(0)) {
    const expected = `[n, ${size}, ${size}] or [n, ${sites}]`;
    const isLast = given.length === 3 && given[0] === size && given[1] === size;
    const hint = isLast ? " (numpy.moveaxis puts the last axis first)" : "";
    throw new RangeError(`${text}: expected ${expected}${hint}`);
  }
  if (flat && !layout && shape.length > 2 && shape.at(-2) === sites) {
    const small = `lattices of ${size} x ${size}, ${sites} spins a row (layout: flat)`;
    throw new RangeError(`${text}: ${small}, or of ${sites} x ${sites} (size: ${sites})`);
  }
  return shape.slice(0, square ? -2 : -1);
}

function asTable({ shape, value }: NumberArray): Table {
  const [height, width, more] = shape;
  if (height === undefined || width === undefined || more !== undefined) {
    const expected = "two axes, where columns are given by number";
    throw new RangeError(`has shape [${shape.join(", ")}]: expected ${expected}`);
  }
  if (height === 0) throw new RangeError("has no rows");
  const at = (line: number, column: number) => value(line * width + column);
  return {
    ...{ names: undefined, width, height, blocks: [height] },
    text: (line, column) => String(at(line, column)),
    spin: at,
  };
}
