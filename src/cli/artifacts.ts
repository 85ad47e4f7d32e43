/** Finds the artifacts that patterns name. Reads records and no objects. */
import {
  type Artifact,
  type Coordinate,
  type Instance,
  mainPort,
  matchPattern,
  type Opened,
  type Planning,
  planPipeline,
  type Store,
  UsageError,
} from "../index.ts";
import { runCommand } from "./print/command.ts";

export interface Member {
  /** `stage[axis=value]`. */
  readonly id: string;
  readonly port: string;
  readonly coordinate: Coordinate;
  readonly artifact: Artifact;
}

/**
 * The outputs named by `stage`, `stage[axis=value]`, or either with `.port`, each once. Throws a
 * `UsageError` for one that has not been computed, or does not exist.
 */
export async function findArtifacts(
  opened: Opened,
  patterns: readonly string[],
  file: string,
): Promise<{ store: Store; plan: Planning["plan"]; members: readonly Member[] }> {
  const { plan, store } = await planPipeline(opened);
  const named = patterns.flatMap((pattern) => {
    const { indices, port: asked } = matchPattern(opened.graph, pattern);
    return indices.map((index) => ({ index, asked }));
  });
  const members = named.map(({ index, asked }) => {
    const { id, label, ablation, outputs, coordinate: axes } = opened.graph.instances[index]!;
    const coordinate = ablation === undefined ? axes : { ...axes, ablation };
    const record = plan[index]!.record;
    if (!record) {
      const command = runCommand(file, opened.set, "--only", label);
      throw new UsageError(`${label} has not been computed`, command);
    }
    const port = asked ?? onlyPort(label, outputs);
    const artifact = Object.hasOwn(record.outputs, port) && record.outputs[port];
    if (!artifact) {
      throw new UsageError(
        `${label} has no output ${JSON.stringify(port)}`,
        `outputs: ${Object.keys(record.outputs).join(", ")}`,
      );
    }
    return { id, port, coordinate, artifact };
  });
  // Patterns may overlap.
  const distinct = new Map(members.map((member) => [nameOf(member), member]));
  return { store, plan, members: [...distinct.values()] };
}

/** `stage[axis=value].port` */
export const nameOf = ({ id, port }: Pick<Member, "id" | "port">) => `${id}.${port}`;

function onlyPort(label: string, outputs: Instance["outputs"]): string {
  const main = mainPort(outputs);
  if (main !== undefined) return main;
  const names = Object.keys(outputs).join(", ");
  throw new UsageError(`${label} has several outputs`, `name one: ${names}`);
}
