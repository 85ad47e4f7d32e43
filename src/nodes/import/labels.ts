/**
 * Reads labels of configurations from another file, or from another array of the same NPZ file. Errors
 * are RangeErrors that say what the file does or has.
 */

import { kindOf } from "../../formats/containers.ts";
import { readArray } from "../../formats/npz.ts";
import { readTable } from "../../formats/text-table.ts";
import { type ColumnRef, needColumn, refuseMisnamed } from "./columns.ts";

export interface LabelOptions {
  /** NPZ: the name of the array. */
  readonly array?: string | undefined;
  /** Text of several columns: which of them. */
  readonly column?: ColumnRef | undefined;
  readonly are: "beta" | "temperature";
}

/**
 * One label per configuration, as text. Labels of the first axes only, such as one per temperature, hold
 * for all configurations along the other axes.
 *
 * @param leading - the axes before those of the lattice
 */
export function readLabels(
  bytes: Uint8Array,
  leading: readonly number[],
  options: LabelOptions,
): string[] {
  const { shape, cells } = isArray(bytes) ? fromArray(bytes, options) : fromText(bytes, options);
  const rows = leading.reduce((product, n) => product * n, 1);
  const isOuter = shape.every((length, axis) => length === leading[axis]);
  if (shape.length === 0 || !(isOuter || (shape.length === 1 && shape[0] === rows))) {
    const wanted = leading.length > 1 ? ` or [${leading.join(", ")}] or its first axes` : "";
    throw new RangeError(
      `has labels of shape [${shape.join(", ")}]: expected ${rows}, one a configuration${wanted}`,
    );
  }
  return Array.from({ length: rows }, (_, row) => cells[Math.floor((row * cells.length) / rows)]!);
}

interface Labels {
  readonly shape: readonly number[];
  readonly cells: readonly string[];
}

function isArray(bytes: Uint8Array): boolean {
  const kind = kindOf(bytes);
  if (!kind) return false;
  if (kind.format === "npy" || kind.format === "npz") return true;
  throw new RangeError(`is ${kind.name}: expected labels as NPY, NPZ or text`);
}

function fromArray(bytes: Uint8Array, { array: name, column }: LabelOptions): Labels {
  if (column !== undefined) throw new RangeError("is an array: leave out labels.column");
  const array = readArray(bytes, name);
  const { shape } = array;
  return {
    // A column of labels, with or without an axis of its own.
    shape: shape.length > 1 && shape.at(-1) === 1 ? shape.slice(0, -1) : shape,
    cells: Array.from({ length: array.count }, (_, i) => String(array.value(i))),
  };
}

function fromText(bytes: Uint8Array, { array, column, are }: LabelOptions): Labels {
  if (array !== undefined) throw new RangeError("is not an NPZ file: leave out labels.array");
  const { names, width, lines } = readTable(bytes);
  if (column === undefined && width > 1) {
    // numpy.savetxt of one row.
    if (lines.length === 1 && !names) return { shape: [width], cells: lines[0]!.cells };
    throw new RangeError(`has ${width} columns: say which with labels.column`);
  }
  const at = needColumn(names, width, column ?? 0);
  refuseMisnamed(names?.[at], are);
  return { shape: [lines.length], cells: lines.map(({ cells }) => cells[at]!) };
}
