/** `blockspin show`: an artifact as a table. */
import {
  type Columns,
  matchPattern,
  planPipeline,
  readTable,
  type Table,
  UsageError,
} from "../index.ts";
import { type CommonOptions, open } from "./open.ts";
import { type Cell, csv, textTable } from "./table.ts";

interface ShowFlags extends CommonOptions {
  readonly rows: number;
  readonly csv?: boolean;
  readonly path?: boolean;
  readonly schema?: boolean;
}

export async function show(file: string, pattern: string, options: ShowFlags): Promise<number> {
  const opened = await open(file, options);
  const { plan, store } = planPipeline(opened);
  const { indices, port: asked } = matchPattern(opened.graph, pattern);
  const members = indices.map((index) => {
    const instance = opened.graph.instances[index]!;
    const record = plan[index]!.record;
    if (!record) {
      throw new UsageError(
        `${instance.id} has not been computed`,
        `blockspin run ${file} --only '${instance.id}'`,
      );
    }
    const port = asked ?? mainPort(instance.id, instance.outputs);
    const artifact = record.outputs[port];
    if (!artifact) {
      throw new UsageError(
        `${instance.id} has no output ${JSON.stringify(port)}`,
        `outputs: ${Object.keys(record.outputs).join(", ")}`,
      );
    }
    return { coordinate: indices.length > 1 ? instance.coordinate : {}, artifact };
  });
  if (options.path) {
    for (const { artifact } of members) {
      for (const { digest } of artifact.chunks)
        process.stdout.write(`${store.objectPath(digest)}\n`);
    }
  } else if (options.schema) {
    process.stdout.write(`${describeSchema(members[0]!.artifact.schema)}\n`);
  } else {
    const table = await readTable(store, members);
    if (options.json) process.stdout.write(`${JSON.stringify(toObjects(table), jsonNumber, 1)}\n`);
    else if (options.csv) process.stdout.write(csv(Object.keys(table.schema), rowsOf(table)));
    else printTable(table, options.rows);
  }
  return 0;
}

function mainPort(id: string, outputs: Readonly<Record<string, { main?: boolean }>>): string {
  const names = Object.keys(outputs);
  const main = names.length === 1 ? names[0] : names.find((name) => outputs[name]!.main);
  if (main === undefined) {
    throw new UsageError(`${id} has several outputs`, `name one: ${names.join(", ")}`);
  }
  return main;
}

/** The first rows of a table, and how many more there are. */
export function printTable(table: Table, limit: number): void {
  const rows = [...rowsOf(table, limit)];
  // A file or a pipe has no width; a line of a wide screen is still readable there.
  const width = process.stdout.columns ?? 160;
  process.stdout.write(`${textTable(Object.keys(table.schema), rows, { width })}\n`);
  if (table.rows > limit) process.stdout.write(`… ${table.rows - limit} more rows\n`);
}

function* rowsOf(table: Table, limit = table.rows): Generator<Cell[]> {
  const columns = Object.keys(table.schema).map((name) => cellsOf(table, name));
  for (let row = 0; row < Math.min(limit, table.rows); row++) {
    yield columns.map((cell) => {
      const value = cell(row);
      return typeof value === "object" && value !== null ? JSON.stringify(value) : (value as Cell);
    });
  }
}

function toObjects(table: Table): Record<string, unknown>[] {
  const columns = Object.keys(table.schema).map((name) => [name, cellsOf(table, name)] as const);
  return Array.from({ length: table.rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, cell]) => [name, cell(row)])),
  );
}

/** A column as a function of the row; lists become arrays. */
function cellsOf(table: Table, name: string): (row: number) => unknown {
  const type = table.schema[name]!;
  const data = table.columns[name] as ArrayLike<unknown>;
  if (type.type === "fixed_size_list") {
    const size = type.size as number;
    if (type.item === "bool") {
      const bytes = data as Uint8Array;
      const bit = (i: number) => (bytes[i >> 3]! >> (i & 7)) & 1;
      return (row) => Array.from({ length: size }, (_, i) => bit(row * size + i));
    }
    return (row) => Array.from({ length: size }, (_, i) => data[row * size + i]);
  }
  if (type.type === "list") return (row) => Array.from(data[row] as ArrayLike<unknown>);
  if (type.type === "bool") return (row) => (data[row] === null ? null : Boolean(data[row]));
  return (row) => data[row];
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
