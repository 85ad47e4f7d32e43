/** Where the numbers of the page come from: the records of what is shown. */
import type { Graph } from "../../../engine/index.ts";
import type { StoreRecord } from "../../../store/record.ts";
import type { Known } from "../known.ts";
import type { Source } from "../model.ts";
import { fieldsOf, textOf } from "./fields.ts";
import { sourceId } from "./tables.ts";

/** More instances than this are not listed one by one. */
export const maxSources = 120;

export function sourcesOf(
  graph: Graph,
  known: readonly Known[],
  shown: Iterable<number>,
): Source[] {
  const indices = [...new Set(shown)].sort((a, b) => a - b);
  return indices.flatMap((index) => {
    const { record } = known[index]!;
    return record ? [sourceOf(graph, index, record)] : [];
  });
}

interface Inside {
  readonly node: string;
  readonly version: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly numerics: { readonly backend: string } | null;
  readonly code?: string;
}

function sourceOf({ instances }: Graph, index: number, record: StoreRecord): Source {
  const { id, label, stage } = instances[index]!;
  const { node, version, params, inputs, numerics, code } = record.preimage as unknown as Inside;
  const { user, host } = record.computedBy;
  const outputs = Object.entries(record.outputs).map(([port, { digest, rows }]) => {
    return { name: port, value: `${digest}, ${rows} rows` };
  });
  const { accepted } = record;
  return {
    ...{ id: sourceId(index), instance: id, label, stage, type: node, key: record.key, outputs },
    version: code === undefined ? String(version) : `${version}, code ${code.slice(0, 19)}`,
    backend: numerics?.backend,
    inputs: fieldsOf(inputs),
    params: Object.entries(params).map(([name, value]) => ({ name, value: textOf(value) })),
    by: [user, host].filter(Boolean).join("@"),
    signature: record.signature?.key,
    accepted: accepted && `${accepted.reason} (${accepted.by}, ${accepted.at})`,
    at: record.finishedAt,
    seconds: record.seconds,
  };
}
