/** Writes what `run` returned: whole outputs, and rows that continue an earlier result. */
import { extendArtifact } from "../../store/artifacts.ts";
import type { Store } from "../../store/store.ts";
import { readForeign } from "../../store/tables.ts";
import { SchemaMismatch, UnreadableArrow } from "../../table/errors.ts";
import type { Artifact, Columns } from "../../table/schema.ts";
import { ActionError, type AnyNodeType, type Output } from "../node-type.ts";
import type { Action, ActionBody, Prefix } from "./action.ts";
import {
  arrowFile,
  batchesOf,
  checkPorts,
  checkpointName,
  emptyOutputs,
  Misfit,
  type Warning,
} from "./returned.ts";

export interface Written {
  readonly outputs: Readonly<Record<string, Artifact>>;
  readonly checkpoint?: Artifact;
  /** What is odd about the outputs, but may be meant. */
  readonly warnings: readonly Warning[];
}

/** The ports to whose earlier rows new ones are added. */
export function extendedPorts(
  { outputs }: ActionBody,
  { grows }: AnyNodeType,
  mapped: boolean,
): readonly string[] {
  return mapped ? Object.keys(outputs) : (grows?.extends ?? []);
}

/** Throws `ActionError`, with the node type, the port and the column, for what does not fit. */
export async function writeOutputs(
  action: Action,
  type: AnyNodeType,
  returned: Readonly<Record<string, Output>>,
  prefix: Prefix | undefined,
  store: Store,
): Promise<Written> {
  const declared = Object.entries(action.outputs);
  const hidden = type.checkpoint ? [checkpointName] : [];
  checkPorts(returned, [...declared.map(([port]) => port), ...hidden]);
  const extended = prefix ? extendedPorts(action, type, prefix.begins !== undefined) : [];
  const warnings: Warning[] = [];
  const write = (port: string, columns: Columns, before?: Artifact) => {
    const what = port === checkpointName ? port : `output ${JSON.stringify(port)}`;
    const place = `${what} of node type ${JSON.stringify(type.type)}`;
    const warn = (code: string, message: string) =>
      warnings.push({ code, message: `${place}: ${message}` });
    return writePort(returned[port]!, { place, columns, before, store, warn });
  };
  const outputs: [string, Artifact][] = [];
  for (const [port, { columns }] of declared) {
    const before = extended.includes(port) ? prefix!.outputs[port] : undefined;
    outputs.push([port, await write(port, columns, before)]);
  }
  const written = Object.fromEntries(outputs);
  checkRows(action, type, written);
  warnings.push(...emptyOutputs(action.outputs, written));
  if (!type.checkpoint) return { outputs: written, warnings };
  const checkpoint = await write(checkpointName, type.checkpoint.columns);
  return { outputs: written, checkpoint, warnings };
}

async function writePort(
  output: Output,
  to: {
    readonly place: string;
    readonly columns: Columns;
    readonly before: Artifact | undefined;
    readonly store: Store;
    warn(code: string, message: string): void;
  },
): Promise<Artifact> {
  const { place, columns, before, store, warn } = to;
  const allNaN = (column: string) =>
    warn("nan-output", `column ${JSON.stringify(column)} is NaN in every row`);
  try {
    const arrow = arrowFile(output, columns);
    const foreign = arrow && (await readForeign(arrow, columns));
    if (foreign?.more.length) {
      const names = foreign.more.map((name) => JSON.stringify(name)).join(", ");
      warn("undeclared-column", `the file has more columns than are declared: ${names}`);
    }
    const batches = foreign?.batches ?? batchesOf(output, columns, allNaN);
    return await extendArtifact(store, columns, before, batches);
  } catch (error) {
    if (misfits.some((misfit) => error instanceof misfit)) {
      throw new ActionError(`${place}: ${(error as Error).message}`);
    }
    throw error;
  }
}

/** Errors about the rows; any other comes from the node itself or from the store. */
const misfits = [Misfit, SchemaMismatch, UnreadableArrow];

/** Requires that every output has a row for each row of a mapped input. */
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
