/** Rows of lists → a grid of tiles with labels. Knows nothing of colours and places. */
import type { Figure } from "../../../engine/index.ts";
import { cellsOf } from "../../../formats/cells.ts";
import { readArtifact } from "../../../store/tables.ts";
import type { FixedColumn, Table } from "../../../table/schema.ts";
import type { Data } from "../sketch.ts";

type Tiles = Extract<Figure["body"], { kind: "tiles" }>["tiles"];

export interface Tile {
  readonly width: number;
  readonly height: number;
  readonly values: readonly number[];
}

export interface Grid {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** By row, then by column. */
  readonly cells: readonly (readonly (readonly Tile[])[])[];
  readonly isBits: boolean;
  readonly notes: readonly string[];
}

/** More nobody looks at; some of all tell more than the first. */
const most = { rows: 12, columns: 12 };
const usualLimit = 16;

export async function readGrid(figure: Figure, tiles: Tiles, data: Data): Promise<Grid> {
  const limit = tiles.limit ?? (tiles.rows && tiles.columns ? 1 : usualLimit);
  const cells = new Map<string, Map<string, Tile[]>>();
  const place = placing(figure, tiles);
  let isBits = true;
  let left = false;
  for (const { coordinate, artifact } of data.sources) {
    const type = artifact.schema[tiles.column] as FixedColumn | undefined;
    if (!type) continue;
    isBits &&= type.item === "bool";
    for await (const table of readArtifact(data.store, artifact)) {
      const cell = place(table, coordinate);
      const pictures = tilesAt(table, tiles, type);
      for (let i = 0; i < table.rows; i++) {
        const at = cell(i);
        if (!at) continue;
        const row = cells.get(at.row) ?? new Map<string, Tile[]>();
        const there = row.get(at.column) ?? [];
        const more = there.length < limit ? pictures(i) : [];
        left ||= more.length === 0 || there.length + more.length > limit;
        row.set(at.column, [...there, ...more].slice(0, limit));
        cells.set(at.row, row);
      }
    }
  }
  const rows = inOrder([...cells.keys()], tiles.rows, figure, tiles);
  const found = [...cells.values()].flatMap((row) => [...row.keys()]);
  const columns = inOrder([...new Set(found)], tiles.columns, figure, tiles);
  const notes = [
    ...(rows.length > most.rows ? [`${most.rows} of ${rows.length} rows`] : []),
    ...(columns.length > most.columns ? [`${most.columns} of ${columns.length} columns`] : []),
    ...(left ? [limit === 1 ? "the first of each" : `the first ${limit} of each`] : []),
  ];
  const shown = { rows: some(rows, most.rows), columns: some(columns, most.columns) };
  return {
    ...shown,
    cells: shown.rows.map((row) => shown.columns.map((c) => cells.get(row)?.get(c) ?? [])),
    ...{ isBits, notes },
  };
}

/** Evenly spaced, the first and the last among them. */
function some<T>(all: readonly T[], count: number): readonly T[] {
  if (all.length <= count) return all;
  const step = (all.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => all[Math.round(i * step)]!);
}

type Coordinate = Data["sources"][number]["coordinate"];
type Where = { readonly row: string; readonly column: string };

/** Where in the grid a row of a table belongs; nowhere, if `where` leaves it out. */
function placing({ axes }: Figure, { rows, columns, where = {} }: Tiles) {
  const fixed = new Set([rows, columns, ...Object.keys(where)]);
  const rest = Object.keys(axes).filter((axis) => axes[axis]!.length > 1 && !fixed.has(axis));
  return (table: Table, coordinate: Coordinate): ((i: number) => Where | undefined) => {
    const value = (name: string) => {
      if (Object.hasOwn(table.schema, name)) return cellsOf(table, name);
      return () => (Object.hasOwn(coordinate, name) ? coordinate[name] : null);
    };
    const conditions = Object.entries(where).map(([name, allowed]) => {
      const [cell, values] = [value(name), [allowed].flat()];
      return (i: number) => values.some((one) => isSame(cell(i), one));
    });
    const labelOf = (name: string) => (name === "" ? () => "" : labels(value(name)));
    const [row, column] = [labelOf(rows ?? ""), labelOf(columns ?? "")];
    const own = rest.filter((axis) => Object.hasOwn(coordinate, axis));
    const instance = own.map((axis) => `${axis}=${coordinate[axis]}`).join(", ");
    return (i) => {
      if (!conditions.every((holds) => holds(i))) return undefined;
      return { row: rows ? row(i) : instance, column: column(i) };
    };
  };
}

/** Many rows have the same few values. */
function labels(cell: (i: number) => unknown): (i: number) => string {
  const known = new Map<unknown, string>();
  return (i) => {
    const value = cell(i);
    const label = known.get(value) ?? textOf(value);
    known.set(value, label);
    return label;
  };
}

function textOf(value: unknown): string {
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value);
}

/** A column may hold the nearest number in single precision. */
function isSame(cell: unknown, wanted: unknown): boolean {
  if (cell === wanted) return true;
  if (typeof cell === "bigint") return Number(cell) === wanted;
  return typeof cell === "number" && typeof wanted === "number" && cell === Math.fround(wanted);
}

/** The pictures of a row: a list may hold several, say the weights of each unit of a layer. */
function tilesAt(table: Table, { column, shape }: Tiles, type: FixedColumn): (i: number) => Tile[] {
  const cell = cellsOf(table, column);
  const size = type.size as number;
  const [height, width] = areaOf(shape ?? type.shape, size);
  const area = height * width;
  return (i) => {
    const values = (cell(i) as readonly unknown[]).map(Number);
    return Array.from({ length: size / area }, (_, k) => {
      return { width, height, values: values.slice(k * area, (k + 1) * area) };
    });
  };
}

/** Rows and columns of pixels: further dimensions must be single; without a shape, a square or a line. */
function areaOf(shape: readonly number[] | undefined, size: number): [number, number] {
  const long = shape?.filter((n) => n > 1);
  if (shape && long && long.length <= 2) {
    if (shape.length === 2) return [shape[0]!, shape[1]!];
    return long.length === 2 ? [long[0]!, long[1]!] : [1, long[0] ?? 1];
  }
  if (shape) {
    throw new Error(`a tile has two dimensions, and the column has shape ${JSON.stringify(shape)}`);
  }
  const side = Math.round(Math.sqrt(size));
  return side * side === size ? [side, side] : [1, size];
}

/** As `where` lists them, else as the file has the axis, else as they come; numbers by size. */
function inOrder(
  labels: readonly string[],
  name: string | undefined,
  { axes }: Figure,
  { where = {} }: Tiles,
): readonly string[] {
  const listed = name !== undefined && Object.hasOwn(where, name) ? [where[name]!].flat() : [];
  const axis = name !== undefined && Object.hasOwn(axes, name) ? axes[name]! : [];
  const order = (listed.length > 0 ? listed : axis).map(textOf);
  const known = labels.filter((label) => order.includes(label));
  const sorted = known.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
  const rest = labels.filter((label) => !order.includes(label));
  const isNumeric = rest.every((label) => label.trim() !== "" && Number.isFinite(Number(label)));
  return [...sorted, ...(isNumeric ? rest.toSorted((a, b) => Number(a) - Number(b)) : rest)];
}
