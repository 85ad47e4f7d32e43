/**
 * Why an instance would run, field by field: the difference of two preimages. The preimage is what
 * the key is made of, so the explanation cannot drift from the key.
 */
import { canonicalJson } from "../../store/digest.ts";
import type { Acceptance } from "../../store/record.ts";
import { instanceId } from "../expand/index.ts";
import type { Graph } from "../graph.ts";
import type { Plan } from "./plan.ts";
import { type Preimage, producers } from "./preimage.ts";

/** One field that differs; undefined where it was absent. */
export interface Change {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Every leaf of the two preimages that differs, in order of its path. */
export function diffPreimages(before: Preimage, after: Preimage): Change[] {
  const changes: Change[] = [];
  diff("", before, after, changes);
  return changes;
}

function diff(field: string, before: unknown, after: unknown, into: Change[]): void {
  if (canonical(before) === canonical(after)) return;
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    for (const name of names) {
      diff(field === "" ? name : `${field}.${name}`, before[name], after[name], into);
    }
    return;
  }
  into.push({ field, before, after });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const canonical = (value: unknown) => (value === undefined ? "" : canonicalJson(value));

/** What an instance was when it last ran or was found cached, by instance id. */
export type History = ReadonlyMap<string, { readonly key: string; readonly preimage: Preimage }>;

/** As many as a person will read. */
const maxCauses = 8;

/** Why one instance is in its state; lines, most important first. */
export function explain(graph: Graph, plan: Plan, index: number, history: History): string[] {
  const planned = plan[index];
  if (!planned) return ["not asked for"];
  if (planned.neededBy !== undefined) {
    const consumer = graph.instances[planned.neededBy]!.id;
    return [`its output is gone from the store, and ${consumer} reads it`];
  }
  if (planned.state === "unknown") {
    const lines = planned.waitsFor.slice(0, maxCauses).map((i) => {
      const [first] = explain(graph, plan, i, history);
      return `waits for ${graph.instances[i]!.id} (${first})`;
    });
    const more = planned.waitsFor.length - lines.length;
    return more > 0 ? [...lines, `and for ${more} more`] : lines;
  }
  if (planned.state === "cached" && planned.record?.accepted) {
    return explainAcceptance(planned.record.accepted);
  }
  const { id, ablation, stage, coordinate } = graph.instances[index]!;
  const own = history.get(id);
  const twin = ablation === undefined ? undefined : history.get(instanceId(stage, coordinate));
  const before = own ?? twin;
  if (planned.state === "cached" && (!before || before.key === planned.key)) {
    return ["same parameters, inputs and code as a recorded run"];
  }
  if (!before) return ["never computed before"];
  const lines: string[] = [];
  for (const change of diffPreimages(before.preimage, planned.preimage!)) {
    lines.push(...explainChange(graph, plan, index, change, history));
  }
  if (!own) return lines.map((line) => `${line} (from the baseline's)`);
  if (lines.length > 0) return lines;
  return ["its record is gone from the store; parameters, inputs and code are as before"];
}

function explainAcceptance({ from, reason, by, at }: Acceptance): string[] {
  return [`accepted: ${reason}`, `by ${by}, ${at}, as equal to ${show(from)}`];
}

/** An input's change is followed upstream to the field that caused it. */
function explainChange(
  graph: Graph,
  plan: Plan,
  index: number,
  change: Change,
  history: History,
): string[] {
  const line = `${change.field}: ${show(change.before)} → ${show(change.after)}`;
  const port = /^inputs\.(.*)$/.exec(change.field)?.[1];
  const edge = port === undefined ? undefined : graph.instances[index]!.inputs[port];
  if (!edge) return [line];
  const causes = producers(edge).flatMap((producer) => {
    const before = history.get(graph.instances[producer]!.id);
    const { key } = plan[producer] ?? {};
    if (before && before.key === key) return [];
    return explain(graph, plan, producer, history).map(
      (cause) => `  from ${graph.instances[producer]!.id}: ${cause}`,
    );
  });
  return [line, ...causes.slice(0, maxCauses), ...(causes.length > maxCauses ? ["  …"] : [])];
}

/** A value for a person: digests cut short, texts quoted. */
export function show(value: unknown): string {
  if (value === undefined) return "(absent)";
  if (typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value)) return value.slice(0, 19);
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
