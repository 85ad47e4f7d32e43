/** Runs the `import` node on a file that is given by its content. */
import { hash } from "node:crypto";
import { unpackSpins } from "../../../src/lattice/spins.ts";
import { importNode } from "../../../src/nodes/import/index.ts";
import type { Table } from "../../../src/table/schema.ts";
import { runNode } from "../../harness/run-node.ts";

/** A node with its `file` parameter as the engine would hand it over. */
export async function read(content: Uint8Array | string, params: object = {}): Promise<Table> {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const file = { name: "f", bytes, digest: `sha256:${hash("sha256", bytes)}` };
  // The harness validates parameters as a person writes them: a path, which becomes a file here.
  const node = { ...importNode, run: (context: never) => importNode.run(withFile(context, file)) };
  const given = { file: "f", size: 2, ...params };
  return (await runNode(node as typeof importNode, { params: given })).outputs
    .configurations as Table;
}

function withFile(context: { params: object }, file: object): never {
  return { ...context, params: { ...context.params, file } } as never;
}

export const spinsOf = (table: Table, sites = 4) => [
  ...unpackSpins(table.columns["spins"] as Uint8Array, sites, 0, table.rows),
];
