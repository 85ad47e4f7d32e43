/**
 * Divides an action into parts where its node type says how (`splits`, `maps`), and puts their outputs
 * together. A part is an action like any other, with an ordinary key, so other pipelines share it.
 */
import { artifactOf, concatArtifacts } from "../../store/artifacts.ts";
import type { StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import { writeArtifact } from "../../store/tables.ts";
import type { Artifact } from "../../table/schema.ts";
import { type Job, withInput, withParam } from "./job.ts";

export interface Part {
  /** `betas = 0.3`, for messages. */
  readonly label: string;
  readonly job: Job;
}

/** The parts in order; undefined for an action that is performed whole. */
export function divide(job: Job): readonly Part[] | undefined {
  return bySplit(job) ?? byChunk(job);
}

/** The parts that are performed: the whole of a divided action is only put together. */
export function leavesOf(job: Job): Job[] {
  const parts = divide(job);
  return parts ? parts.flatMap((part) => leavesOf(part.job)) : [job];
}

/** One part for each element of the list parameter. */
function bySplit(job: Job): Part[] | undefined {
  const { splits } = job.type;
  const list = splits === undefined ? undefined : job.action.preimage.params[splits];
  if (splits === undefined || !Array.isArray(list) || list.length === 1) return undefined;
  return list.map((element: unknown) => ({
    label: `${splits} = ${JSON.stringify(element)}`,
    job: { ...job, action: withParam(job.action, splits, [element]) },
  }));
}

/** One part for each chunk of the input. A collected input is not divided: its axes are columns. */
function byChunk(job: Job): Part[] | undefined {
  const { maps } = job.type;
  const artifact = maps === undefined ? undefined : mappedInput(job, maps);
  if (maps === undefined || !artifact || artifact.chunks.length === 1) return undefined;
  return artifact.chunks.map((chunk, i) => ({
    label: `chunk ${i + 1} of ${JSON.stringify(maps)}`,
    job: { ...job, action: withInput(job.action, maps, artifactOf(artifact.schema, [chunk])) },
  }));
}

/** The artifact at the mapped port, unless several are collected there. */
export function mappedInput({ action }: Job, port: string): Artifact | undefined {
  const artifact = action.inputs[port]?.members[0]?.artifact;
  return artifact?.digest === action.preimage.inputs[port] ? artifact : undefined;
}

/** The outputs of the whole. Throws `SchemaMismatch` where a part has other columns. */
export async function assemble(
  { action }: Job,
  parts: readonly StoreRecord[],
  store: Store,
): Promise<Record<string, Artifact>> {
  const outputs: Record<string, Artifact> = {};
  for (const [port, { columns }] of Object.entries(action.outputs)) {
    outputs[port] =
      parts.length === 0
        ? await writeArtifact(store, columns, [])
        : concatArtifacts(
            columns,
            parts.map((part) => part.outputs[port]!),
          );
  }
  return outputs;
}
