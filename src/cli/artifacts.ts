/** Finds the artifacts that patterns name. Reads records and no objects. */
import {
  type Artifact,
  type Coordinate,
  findRun,
  type Instance,
  mainPort,
  matchPattern,
  matchThen,
  type Opened,
  planPipeline,
  type Store,
  type StoreRecord,
  UsageError,
} from "../index.ts";
import { runCommand } from "./print/command.ts";

export interface Found {
  readonly store: Store;
  readonly members: readonly Member[];
}

export interface Member {
  /** `stage[axis=value]`. */
  readonly id: string;
  readonly port: string;
  readonly coordinate: Coordinate;
  readonly artifact: Artifact;
  readonly record: StoreRecord;
}

/**
 * The outputs named by `stage`, `stage[axis=value]`, or either with `.port`, each once. Throws a
 * `UsageError` for one that has not been computed, or does not exist.
 */
export async function findArtifacts(
  opened: Opened,
  patterns: readonly string[],
  file: string,
): Promise<Found> {
  const { plan, store } = await planPipeline(opened);
  const named = patterns.flatMap((pattern) => {
    const { indices, port: asked } = matchPattern(opened.graph, pattern);
    return indices.map((index) => ({ index, asked }));
  });
  const members = named.map(({ index, asked }) => {
    const { id, label, ablation, outputs, coordinate: axes } = opened.graph.instances[index]!;
    const coordinate = ablation === undefined ? axes : { ...axes, ablation };
    const found = plan[index]!.record;
    const record = found && store.getRecord(found.key);
    if (!record) {
      const command = runCommand(file, opened.set, "--only", label);
      throw new UsageError(`${label} has not been computed`, command);
    }
    const port = asked ?? onlyPort(label, outputs);
    return { id, port, coordinate, artifact: outputOf(record, port, label), record };
  });
  // Patterns may overlap.
  const distinct = new Map(members.map((member) => [nameOf(member), member]));
  return { store, members: [...distinct.values()] };
}

/** The same of an earlier run, by the keys in its journal; records and bytes may be gone since. */
export async function findArtifactsThen(
  opened: Opened,
  pattern: string,
  text: string,
): Promise<Found> {
  const { store } = await planPipeline(opened);
  const run = findRun(store, opened.graph.name, text);
  const { members, port: asked } = matchThen(opened.graph, run, pattern);
  const now = new Map(opened.graph.instances.map((instance) => [instance.stage, instance.outputs]));
  const found = members.map(({ id, key, stage, coordinate: axes, ablation }): Member => {
    const coordinate = ablation === undefined ? axes : { ...axes, ablation };
    const record = store.getRecord(key);
    if (!record) {
      const hint = "cache gc keeps what a run with a name used; cache pull may bring it back";
      throw new UsageError(`the record of ${id} is gone from the store`, hint);
    }
    const main = mainPort(now.get(stage) ?? {});
    const port =
      asked ?? (main !== undefined && main in record.outputs ? main : onlyOutput(id, record));
    return { id, port, coordinate, artifact: outputOf(record, port, id), record };
  });
  return { store, members: found };
}

function outputOf({ outputs }: StoreRecord, port: string, label: string): Artifact {
  const artifact = Object.hasOwn(outputs, port) && outputs[port];
  if (artifact) return artifact;
  const hint = `outputs: ${Object.keys(outputs).join(", ")}`;
  throw new UsageError(`${label} has no output ${JSON.stringify(port)}`, hint);
}

function onlyOutput(label: string, { outputs }: StoreRecord): string {
  const [first, ...more] = Object.keys(outputs);
  if (first !== undefined && more.length === 0) return first;
  throw new UsageError(`${label} has several outputs`, `name one: ${[first, ...more].join(", ")}`);
}

/** `stage[axis=value].port` */
export const nameOf = ({ id, port }: Pick<Member, "id" | "port">) => `${id}.${port}`;

function onlyPort(label: string, outputs: Instance["outputs"]): string {
  const main = mainPort(outputs);
  if (main !== undefined) return main;
  const names = Object.keys(outputs).join(", ");
  throw new UsageError(`${label} has several outputs`, `name one: ${names}`);
}
