/** Runs the `import` node on files that are given by their content. */
import { hash } from "node:crypto";
import { unpackSpins } from "../../../src/lattice/spins.ts";
import { importNode } from "../../../src/nodes/import/index.ts";
import type { Table } from "../../../src/table/schema.ts";
import { runNode } from "../../harness/run-node.ts";

type Content = Uint8Array | string;

/** A node with its `file` parameter as the engine would hand it over. */
export async function read(content: Content, params: object = {}): Promise<Table> {
  return (await readWith(content, params)).table;
}

/** The same with warnings; `labels` is the content of `labels.file`. */
export async function readWith(content: Content, params: object = {}, labels?: Content) {
  // The harness validates parameters as a person writes them: a path, which becomes a file here.
  const withFiles = (context: { params: Record<string, unknown> }): never => {
    const given = { ...context.params, file: fileOf("f", content) } as Record<string, unknown>;
    if (labels !== undefined) {
      given["labels"] = { ...(given["labels"] as object), file: fileOf("t", labels) };
    }
    return { ...context, params: given } as never;
  };
  const node = { ...importNode, run: (context: never) => importNode.run(withFiles(context)) };
  const { labels: own } = params as { labels?: object };
  const apart = labels === undefined ? {} : { labels: { file: "t", ...own } };
  const given = { file: "f", size: 2, ...params, ...apart };
  const { outputs, warnings } = await runNode(node as typeof importNode, { params: given });
  return { table: outputs.configurations as Table, warnings };
}

function fileOf(name: string, content: Content) {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return { name, bytes, digest: `sha256:${hash("sha256", bytes)}` };
}

export const spinsOf = (table: Table, sites = 4) => [
  ...unpackSpins(table.columns["spins"] as Uint8Array, sites, 0, table.rows),
];

export const betasOf = (table: Table) => [...(table.columns["beta"] as Float64Array)];

/** The message with which a file is refused; throws if it is read. */
export async function refusalOf(content: Content, params: object = {}, labels?: Content) {
  const error = await readWith(content, params, labels).then(
    () => new Error("was read"),
    (error: Error) => error,
  );
  if (error.name !== "InvalidParam") throw error;
  return error.message;
}
