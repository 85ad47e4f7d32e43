/**
 * The rows of a figure as Vega takes them: objects with the columns that the specification names. Reads
 * chunk by chunk, so that memory is in proportion to what is drawn. Knows nothing of pictures.
 */
import { cellsOf } from "../../formats/cells.ts";
import type { Store } from "../../store/store.ts";
import { readArtifact } from "../../store/tables.ts";
import type { Table } from "../../table/schema.ts";
import type { Source } from "./sketch.ts";

export type Row = Record<string, unknown>;

export interface Rows {
  readonly rows: Row[];
  /** How many there are in all. */
  readonly total: number;
  /** Whether a number was NaN or infinite: it has no place in a picture. */
  readonly hasGaps: boolean;
}

/** @param most - of more rows, about that many are taken at random, the same ones every time */
export async function readRows(
  store: Store,
  sources: readonly Source[],
  wanted: ReadonlySet<string>,
  most: number,
): Promise<Rows> {
  const total = sources.reduce((sum, { artifact }) => sum + artifact.rows, 0);
  const share = most / total;
  const rows: Row[] = [];
  let hasGaps = false;
  let index = 0;
  const axes = new Set(sources.flatMap(({ coordinate }) => Object.keys(coordinate)));
  const none = Object.fromEntries([...axes].map((axis) => [axis, null]));
  for (const { coordinate, artifact } of sources) {
    for await (const table of readArtifact(store, artifact)) {
      const cells = columnsOf(table, wanted);
      for (let i = 0; i < table.rows; i++) {
        if (share < 1 && noise(index++) >= share) continue;
        const row: Row = { ...none, ...coordinate };
        for (const [name, cell] of cells) {
          const value = drawable(cell(i));
          hasGaps ||= value === undefined;
          row[name] = value ?? null;
        }
        rows.push(row);
      }
    }
  }
  return { rows, total, hasGaps };
}

function columnsOf(table: Table, wanted: ReadonlySet<string>) {
  return Object.keys(table.schema)
    .filter((name) => wanted.has(name))
    .map((name) => [name, cellsOf(table, name)] as const);
}

/** Undefined for a number that cannot be drawn. */
function drawable(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" && !Number.isFinite(value) ? undefined : value;
}

/** A number in [0, 1) that looks random: every k-th row could miss a category that alternates. */
function noise(index: number): number {
  let x = Math.imul(index + 1, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}
