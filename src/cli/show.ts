/** `blockspin show`: prints an artifact as a table, or a figure. */
import type { Command } from "commander";
import { cellsOf, rowsOf } from "../formats/cells.ts";
import { batched, csvLines } from "../formats/csv-writer.ts";
import {
  type Columns,
  formatType,
  joinArtifacts,
  readTables,
  type Store,
  type Table,
  UsageError,
} from "../index.ts";
import { groupBy } from "../text/group.ts";
import { findArtifacts, type Member, nameOf } from "./artifacts.ts";
import { type AblationOptions, open } from "./open.ts";
import { json, positive, withPipeline } from "./options.ts";
import { printTable, textTable } from "./print/table.ts";
import { err, out } from "./print/terminal.ts";

interface ShowFlags extends AblationOptions {
  readonly rows: number;
  readonly csv?: boolean;
  readonly path?: boolean;
  readonly joined?: boolean;
  readonly schema?: boolean;
  readonly figure?: string | true;
}

export function define(command: Command) {
  withPipeline(command)
    .argument("[pattern]", "stage, stage[axis=value,…], or either with .port")
    .option("--rows <n>", "how many rows to print", positive, 20)
    .option("--csv", "print all rows as comma-separated values")
    .option("--path", "print the paths of the Arrow files")
    .option(
      "--joined",
      "with --path: join all rows in one Arrow file in the store, and print its path",
    )
    .option("--schema", "print the columns and their types")
    .option("--figure [name]", "print a figure as SVG, or list the figures")
    .addOption(json());
  return show;
}

async function show(
  file: string,
  pattern: string | undefined,
  options: ShowFlags,
): Promise<number> {
  const { figure, ...rest } = options;
  if (figure !== undefined) {
    if (pattern !== undefined) throw new UsageError("a figure has no pattern", "leave it out");
    const { showFigure } = await import("./show-figure.ts");
    return await showFigure(file, figure === true ? undefined : figure, rest);
  }
  if (pattern === undefined) {
    throw new UsageError("nothing to show is named", "name a stage, or a figure: --figure NAME");
  }
  if (options.joined && !options.path) {
    throw new UsageError("--joined needs --path", "blockspin show … --path --joined");
  }
  const opened = await open(file, options, [pattern]);
  const found = await findArtifacts(opened, [pattern], file);
  const { store } = found;
  const members = found.members.map((member) => ({
    ...member,
    coordinate: found.members.length > 1 ? member.coordinate : {},
  }));
  if (options.path) await showPaths(store, members, options);
  else if (options.schema) showSchemas(members, options);
  else {
    const tables = await readTables(store, members);
    if (options.json) out.json(tables.flatMap(toObjects), 1, jsonNumber);
    else if (options.csv) {
      if (tables.length > 1) {
        throw new UsageError(
          `the artifacts of ${pattern} have different columns`,
          "name one instance, or several with the same columns",
        );
      }
      const header = Object.keys(tables[0]!.schema);
      for (const piece of batched(csvLines(header, rowsOf(tables[0]!)))) out.data(piece);
    } else for (const table of tables) printTable(table, options.rows);
  }
  return 0;
}

/** Prints the paths of the files. Warns of several: a file with a part of the rows does not say so. */
async function showPaths(
  store: Store,
  members: readonly Member[],
  { json, joined }: ShowFlags,
): Promise<void> {
  if (joined) {
    const whole = await joinArtifacts(store, members);
    if (json) out.json(whole);
    else out.data(`${whole.path}\n`);
    return;
  }
  const all = members.map(({ id, port, coordinate, artifact: { rows, chunks } }) => {
    return {
      id,
      port,
      coordinate,
      rows,
      paths: chunks.map(({ digest }) => store.objectPath(digest)),
    };
  });
  await store.fetch(members.map(({ artifact }) => artifact));
  if (json) {
    out.json(all);
    return;
  }
  const paths = all.flatMap((one) => one.paths);
  for (const path of paths) out.data(`${path}\n`);
  if (paths.length < 2) return;
  const what = members.length > 1 ? `${members.length} artifacts` : nameOf(members[0]!);
  err.print(
    `warning[several-files]: the rows of ${what} are in ${paths.length} files, in this order`,
    "  = --path --joined writes them to one file",
  );
}

/** Prints each distinct schema once. */
function showSchemas(members: readonly Member[], { json }: ShowFlags): void {
  const kinds = [...groupBy(members, ({ artifact }) => describeSchema(artifact.schema))];
  if (json) {
    const plain = ({ id, port, artifact }: Member) => ({ id, port, schema: artifact.schema });
    out.json(kinds.map(([, [first]]) => plain(first!)));
    return;
  }
  for (const [text, [first]] of kinds) {
    if (kinds.length > 1) out.print(`── ${nameOf(first!)}`);
    out.text(text);
  }
}

function toObjects(table: Table): Record<string, unknown>[] {
  const columns = Object.keys(table.schema).map((name) => [name, cellsOf(table, name)] as const);
  return Array.from({ length: table.rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, cell]) => [name, cell(row)])),
  );
}

/** JSON has no 64-bit integers, NaN or infinities: they become text. */
const jsonNumber = (_: string, value: unknown) =>
  typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))
    ? String(value)
    : value;

function describeSchema(schema: Columns): string {
  const rows = Object.entries(schema).map(([name, type]) => [name, formatType(type)]);
  return textTable(["column", "type"], rows);
}
