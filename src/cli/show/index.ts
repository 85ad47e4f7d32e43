/** `blockspin show`: prints an artifact as a table, or a figure. */
import type { Command } from "commander";
import { cellsOf, rowsOf } from "../../formats/cells.ts";
import { batched, csvLines } from "../../formats/csv-writer.ts";
import {
  type Columns,
  type Concludes,
  formatType,
  joinArtifacts,
  mainPort,
  matchPattern,
  noteOn,
  type Opened,
  readTables,
  type Store,
  summarize,
  type Table,
  UsageError,
} from "../../index.ts";
import { groupBy } from "../../text/group.ts";
import { shellWord } from "../../text/shell.ts";
import { wrap } from "../../text/wrap.ts";
import { type Found, findArtifacts, findArtifactsThen, type Member, nameOf } from "../artifacts.ts";
import { type AblationOptions, open } from "../open.ts";
import { json, positive, withPipeline } from "../options.ts";
import { tableLines } from "../print/results/conclusions-table.ts";
import { printTable, textTable, widthOf } from "../print/table.ts";
import { err, out } from "../print/terminal.ts";

interface ShowFlags extends AblationOptions {
  readonly rows?: number;
  readonly csv?: boolean;
  readonly path?: boolean;
  readonly joined?: boolean;
  readonly schema?: boolean;
  readonly figure?: string | true;
  readonly run?: string;
}

export function define(command: Command) {
  withPipeline(command)
    .argument("[pattern]", "stage, stage[axis=value,…], or either with .port")
    .option("--rows <n>", "how many rows to print (default: 20; of conclusions: all)", positive)
    .option("--run <run>", "the artifact as an earlier run left it: its name, its id, or latest~1")
    .option("--csv", "print all rows as comma-separated values")
    .option("--path", "print the paths of the Arrow files")
    .option(
      "--joined",
      "with --path: join all rows in one Arrow file in the store, and print its path",
    )
    .option(
      "--schema",
      "print the columns, their types and what they mean; nothing has to be computed",
    )
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
    const { showFigure } = await import("./figure.ts");
    return await showFigure(file, figure === true ? undefined : figure, rest);
  }
  if (pattern === undefined) {
    const hint = /\.ya?ml$/.test(file)
      ? "name a stage, or a figure: --figure NAME"
      : `write the pipeline first: blockspin show <pipeline> ${shellWord(file)}`;
    throw new UsageError("nothing to show is named", hint);
  }
  if (options.joined && !options.path) {
    throw new UsageError("--joined needs --path", "blockspin show … --path --joined");
  }
  const opened = await open(file, options, [pattern]);
  if (options.schema) {
    showSchemas(offersOf(opened, pattern), options);
    return 0;
  }
  const found =
    options.run === undefined
      ? await findArtifacts(opened, [pattern], file)
      : await findArtifactsThen(opened, pattern, options.run);
  const { store } = found;
  const members = found.members.map((member) => ({
    ...member,
    coordinate: found.members.length > 1 ? member.coordinate : {},
  }));
  if (options.path) await showPaths(store, members, options);
  else {
    // Also a summary needs the bytes: this rejects if they are gone.
    const tables = await readTables(store, members);
    const concludes = concludesOf(opened, members);
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
    } else {
      if (concludes) await showConclusions(opened, found, concludes, options.rows);
      else for (const table of tables) printTable(table, options.rows ?? 20);
      const others = otherPorts(opened, pattern);
      if (others.length > 0) err.print(`other ports: ${others.join(", ")}`);
    }
  }
  return 0;
}

/** How artifacts are read as conclusions; undefined if one is another port's, or of a stage that is gone. */
function concludesOf({ graph }: Opened, members: readonly Member[]): Concludes | undefined {
  const known = new Map(graph.instances.map(({ id, node }) => [id, node.type.concludes]));
  const [concludes] = members.map(({ id }) => known.get(id));
  return members.every(({ id, port }) => known.get(id)?.port === port) ? concludes : undefined;
}

/** Prints every conclusion, and which columns have no room or no place here. */
async function showConclusions(
  { graph }: Opened,
  { store, members }: Found,
  { columns }: Concludes,
  limit = Number.POSITIVE_INFINITY,
): Promise<void> {
  const records = new Map(members.map(({ id, record }) => [id, record]));
  const all = await summarize(store, graph, (index) => records.get(graph.instances[index]!.id));
  // Ablations share rows with the baseline.
  const rows = [...new Set(all.flatMap((one) => one.rows))];
  const read = new Set(Object.values(columns));
  const others = Object.keys(members[0]!.artifact.schema).filter((name) => !read.has(name));
  const { lines, left } = tableLines(rows.slice(0, limit), widthOf(out));
  out.print(...lines);
  if (rows.length === 0) out.print("(no rows)");
  if (rows.length > limit) out.print(`… ${rows.length - limit} more rows`);
  const rest = [...left, ...others].join(", ");
  const hint = `(not shown: ${rest}; all are in blockspin show … --csv)`;
  if (rest !== "") out.print(...wrap(hint, widthOf(out)));
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

/** A port of an instance, whether it has been computed or not. */
interface Offer {
  readonly id: string;
  readonly port: string;
  readonly schema: Columns;
  /** Lines on columns, of those that have one. */
  readonly notes: Readonly<Record<string, string>>;
}

/** What a pattern names: without a port, the main one, else all. */
function offersOf({ graph }: Opened, pattern: string): Offer[] {
  const { indices, port: asked } = matchPattern(graph, pattern);
  return indices.flatMap((index) => {
    const { id, label, outputs, node } = graph.instances[index]!;
    const main = asked ?? mainPort(outputs);
    const ports = main === undefined ? Object.keys(outputs) : [main];
    return ports.map((port): Offer => {
      if (!Object.hasOwn(outputs, port)) {
        const names = Object.keys(outputs).join(", ");
        throw new UsageError(`${label} has no output ${JSON.stringify(port)}`, `outputs: ${names}`);
      }
      const schema = outputs[port]!.columns;
      const notes = Object.keys(schema).flatMap((name) => {
        const note = noteOn(node.type, port, name);
        return note === undefined ? [] : [[name, note] as const];
      });
      return { id, port, schema, notes: Object.fromEntries(notes) };
    });
  });
}

/** `stage.port` of the ports that a pattern without a port does not show. */
function otherPorts({ graph }: Opened, pattern: string): string[] {
  const { indices, port } = matchPattern(graph, pattern);
  const shown = indices.map((index) => graph.instances[index]!);
  const all = shown.flatMap(({ stage, outputs }) => {
    const main = port ?? mainPort(outputs);
    const others = Object.keys(outputs).filter((name) => name !== main);
    return others.map((name) => `${stage}.${name}`);
  });
  return [...new Set(all)];
}

/** Prints each distinct schema once. */
function showSchemas(offers: readonly Offer[], { json }: ShowFlags): void {
  const kinds = [...groupBy(offers, ({ port, schema }) => `${port} ${JSON.stringify(schema)}`)];
  const first = kinds.map(([, members]) => members[0]!);
  if (json) {
    out.json(first);
    return;
  }
  for (const offer of first) {
    if (first.length > 1) out.print(`── ${nameOf(offer)}`);
    out.text(describeSchema(offer));
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

function describeSchema({ schema, notes }: Offer): string {
  const columns = Object.entries(schema);
  const isNoted = Object.keys(notes).length > 0;
  const rows = columns.map(([name, type]) => {
    return [name, formatType(type), ...(isNoted ? [notes[name] ?? ""] : [])];
  });
  const header = ["column", "type", ...(isNoted ? ["meaning"] : [])];
  return textTable(header, rows, { cellWidth: 200 });
}
