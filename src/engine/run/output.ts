/**
 * Writes what `run` returned: whole outputs, and rows that continue an earlier result. Knows
 * nothing of how the result came about.
 */
import { extendArtifact } from "../../store/artifacts.ts";
import type { Store } from "../../store/store.ts";
import { readForeign, writeArtifact } from "../../store/tables.ts";
import type { Artifact, Batch, Table } from "../../table/schema.ts";
import { ActionError, type AnyNodeType, type Output, type Port } from "../node-type.ts";
import type { Action, ActionBody, Prefix } from "./action.ts";

/** The name under which `run` returns its checkpoint. */
const checkpointName = "checkpoint";

export interface Written {
  readonly outputs: Readonly<Record<string, Artifact>>;
  readonly checkpoint?: Artifact;
}

/** The ports to whose earlier rows new ones are added. */
export function extendedPorts(
  { outputs }: ActionBody,
  { grows }: AnyNodeType,
  mapped: boolean,
): readonly string[] {
  return mapped ? Object.keys(outputs) : (grows?.extends ?? []);
}

export async function writeOutputs(
  action: Action,
  type: AnyNodeType,
  returned: Readonly<Record<string, Output>>,
  prefix: Prefix | undefined,
  store: Store,
): Promise<Written> {
  // A user's module is not checked by a compiler.
  if (typeof returned !== "object" || returned === null) {
    const ports = Object.keys(action.outputs).join(", ");
    throw new ActionError(`returned no object with its outputs (${ports})`);
  }
  const extended = prefix ? extendedPorts(action, type, prefix.begins !== undefined) : [];
  const outputs: Record<string, Artifact> = {};
  for (const [port, { columns }] of Object.entries(action.outputs)) {
    const output = returned[port];
    if (typeof output !== "object" || output === null) {
      throw new ActionError(`returned no output "${port}"`);
    }
    const before = extended.includes(port) ? prefix!.outputs[port] : undefined;
    const batches = await batchesOf(port, output, columns);
    outputs[port] = await extendArtifact(store, columns, before, batches);
  }
  checkRows(action, type, outputs);
  if (!type.checkpoint) return { outputs };
  return { outputs, checkpoint: await writeCheckpoint(type.checkpoint, returned, store) };
}

async function writeCheckpoint(
  { columns }: Port,
  returned: Readonly<Record<string, Output>>,
  store: Store,
): Promise<Artifact> {
  const output = returned[checkpointName];
  if (output === undefined) throw new ActionError("declares a checkpoint but returned none");
  return await writeArtifact(store, columns, await batchesOf(checkpointName, output, columns));
}

async function batchesOf(
  port: string,
  output: Output,
  columns: Port["columns"],
): Promise<AsyncIterable<Batch | Table> | Iterable<Batch | Table>> {
  if ("arrow" in output && output.arrow instanceof Uint8Array) {
    try {
      return await readForeign(output.arrow, columns);
    } catch (error) {
      const { name, message } = error as Error;
      if (name !== "UnreadableArrow" && name !== "SchemaMismatch") throw error;
      throw new ActionError(`output ${JSON.stringify(port)}: ${message}`);
    }
  }
  return Symbol.asyncIterator in output ? (output as AsyncIterable<Batch>) : [output as Batch];
}

/** Of a mapped input, every row has its row in every output. */
function checkRows(
  action: Action,
  { maps }: AnyNodeType,
  outputs: Readonly<Record<string, Artifact>>,
): void {
  const input = maps === undefined ? undefined : action.inputs[maps];
  if (!input) return;
  const rows = input.members.reduce((total, { artifact }) => total + artifact.rows, 0);
  for (const [port, artifact] of Object.entries(outputs)) {
    if (artifact.rows === rows) continue;
    throw new ActionError(
      `maps "${maps}" row by row, but returned ${artifact.rows} rows for "${port}" where "${maps}" has ${rows}`,
    );
  }
}
