/** `blockspin show`: an artifact as a table. */

import { cellsOf, rowsOf } from "../formats/cells.ts";
import { type Columns, readTables, type Table, UsageError } from "../index.ts";
import { findArtifacts } from "./export/artifacts.ts";
import { type AblationOptions, open } from "./open.ts";
import { csv, textTable } from "./print/table.ts";

interface ShowFlags extends AblationOptions {
  readonly rows: number;
  readonly csv?: boolean;
  readonly path?: boolean;
  readonly schema?: boolean;
}

export async function show(file: string, pattern: string, options: ShowFlags): Promise<number> {
  const opened = await open(file, options, [pattern]);
  const found = await findArtifacts(opened, pattern, file);
  const { store } = found;
  const members = found.members.map(({ coordinate, artifact }) => ({
    coordinate: found.members.length > 1 ? coordinate : {},
    artifact,
  }));
  if (options.path) {
    for (const { artifact } of members) {
      await store.fetch([artifact]);
      for (const { digest } of artifact.chunks)
        process.stdout.write(`${store.objectPath(digest)}\n`);
    }
  } else if (options.schema) {
    process.stdout.write(`${describeSchema(members[0]!.artifact.schema)}\n`);
  } else {
    const tables = await readTables(store, members);
    if (options.json) {
      process.stdout.write(`${JSON.stringify(tables.flatMap(toObjects), jsonNumber, 1)}\n`);
    } else if (options.csv) {
      if (tables.length > 1) {
        throw new UsageError(
          `the artifacts of ${pattern} have different columns`,
          "name one instance, or some that are alike",
        );
      }
      process.stdout.write(csv(Object.keys(tables[0]!.schema), rowsOf(tables[0]!)));
    } else for (const table of tables) printTable(table, options.rows);
  }
  return 0;
}

/** The first rows of a table, and how many more there are. */
export function printTable(table: Table, limit: number): void {
  const rows = [...rowsOf(table, limit)];
  // A file or a pipe has no width; a line of a wide screen is still readable there.
  const width = process.stdout.columns ?? 160;
  process.stdout.write(
    `${textTable(Object.keys(table.schema), rows, { width, more: "blockspin show … --csv" })}\n`,
  );
  if (table.rows > limit) process.stdout.write(`… ${table.rows - limit} more rows\n`);
}

function toObjects(table: Table): Record<string, unknown>[] {
  const columns = Object.keys(table.schema).map((name) => [name, cellsOf(table, name)] as const);
  return Array.from({ length: table.rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, cell]) => [name, cell(row)])),
  );
}

/** JSON has neither 64-bit integers nor NaN and infinities: texts say what they were. */
const jsonNumber = (_: string, value: unknown) =>
  typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))
    ? String(value)
    : value;

function describeSchema(schema: Columns): string {
  const rows = Object.entries(schema).map(([name, type]) => [name, describeType(type)]);
  return textTable(["column", "type"], rows);
}

function describeType(type: Columns[string]): string {
  if (type.type === "fixed_size_list") {
    return `${type.item}[${(type.shape ?? [type.size]).join(" x ")}]`;
  }
  if (type.type === "list") return `list of ${type.item}`;
  return type.nullable ? `${type.type} or null` : type.type;
}
