/**
 * Why an instance would run, field by field: the difference of two preimages. The preimage is what
 * the key is made of, so the explanation cannot drift from the key.
 */

import { canonicalJson } from "../../store/digest.ts";
import type { Acceptance } from "../../store/record.ts";
import type { ActionKey } from "../../table/digest.ts";
import { headOf } from "../../text/printable.ts";
import type { InstanceEvent } from "../events.ts";
import { instanceId } from "../expand/index.ts";
import { type Graph, producers } from "../graph.ts";
import { own } from "../own.ts";
import { changedMembers } from "./members.ts";
import type { Plan, Planned } from "./plan.ts";
import { isNamedFile, type Preimage } from "./preimage.ts";

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

function diff(field: string, old: unknown, fresh: unknown, into: Change[]): void {
  if (canonical(old) === canonical(fresh)) return;
  const [before, after] = [byName(old), byName(fresh)];
  const found = into.length;
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    for (const name of names) {
      const path = field === "" ? name : `${field}.${name}`;
      diff(path, own(before, name), own(after, name), into);
    }
  }
  // Files in another order are the same by name.
  if (into.length === found) into.push({ field, before: old, after: fresh });
}

/** Lists of files are compared name by name. */
function byName(value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isNamedFile)) return value;
  return Object.fromEntries(value.map(({ name, ...file }) => [name, file]));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const canonical = (value: unknown) => (value === undefined ? "" : canonicalJson(value));

/** What an instance was when it last ran or was found cached. */
export interface Before {
  readonly key: ActionKey;
  readonly preimage: Preimage;
  /** How long it takes from nothing. */
  readonly seconds: number;
  /** Ids of all instances of that run. */
  readonly ids: ReadonlySet<string>;
}

export interface Lookup<T> {
  get(name: string): T | undefined;
}

/** What is known from earlier runs, by instance id. */
export interface Remembered {
  readonly history: Lookup<Before>;
  /** The last key, where its record is gone or damaged. */
  readonly lost: Lookup<ActionKey>;
  /** Whether such a record is in quarantine: it was damaged, or its acceptance was revoked. */
  isSetAside(key: ActionKey): boolean;
  /** The last event of each instance in a final state. */
  readonly last: Lookup<InstanceEvent>;
}

/** Explanations of one plan so far, by instance index: many instances have the same cause. */
export type Explained = Map<number, readonly string[]>;

/** As many as a person will read. */
const maxCauses = 8;

interface Asked {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly past: Remembered;
  readonly known: Explained;
}

/** Why one instance is in its state; lines, most important first. */
export function explain(
  graph: Graph,
  plan: Plan,
  index: number,
  past: Remembered,
  known: Explained = new Map(),
): readonly string[] {
  return explainOne({ graph, plan, past, known }, index);
}

function explainOne(asked: Asked, index: number): readonly string[] {
  const lines = asked.known.get(index) ?? findReasons(asked, index);
  asked.known.set(index, lines);
  return lines;
}

function findReasons(asked: Asked, index: number): string[] {
  const { graph, plan, past } = asked;
  const planned = plan[index];
  if (!planned) return ["not asked for"];
  if (planned.neededBy !== undefined) {
    return [`its output is gone from the store, and ${wanted(graph, index, planned.neededBy)}`];
  }
  if (planned.state === "unknown") {
    const lines = planned.waitsFor.slice(0, maxCauses).map((i) => {
      const [first] = explainOne(asked, i);
      return `waits for ${graph.instances[i]!.label} (${first})`;
    });
    const more = planned.waitsFor.length - lines.length;
    return more > 0 ? [...lines, `and for ${more} more`] : lines;
  }
  if (planned.state === "cached" && planned.record?.accepted) {
    return explainAcceptance(planned.record.accepted);
  }
  const { id } = graph.instances[index]!;
  const failure = planned.state === "run" ? past.last.get(id) : undefined;
  if (failure?.state === "failed" && failure.key === planned.key) {
    return [`failed last time: ${(failure.error ?? "").split("\n")[0]}`];
  }
  return explainKey(asked, index, planned);
}

/** Why its key is, or is not, that of a record. */
function explainKey(asked: Asked, index: number, planned: Planned): string[] {
  const { history, lost } = asked.past;
  const { id, ablation, stage, coordinate } = asked.graph.instances[index]!;
  const gone = () => {
    const setAside = planned.key !== undefined && asked.past.isSetAside(planned.key);
    const where = setAside ? "in quarantine" : "gone from the store";
    return [`its record is ${where}; parameters, inputs and code are as before`];
  };
  if (planned.state === "run" && lost.get(id) === planned.key) return gone();
  const own = history.get(id);
  const twin = ablation === undefined ? undefined : history.get(instanceId(stage, coordinate));
  const before = own ?? twin;
  if (planned.state === "cached" && (!before || before.key === planned.key)) {
    return ["same parameters, inputs and code as a recorded run"];
  }
  if (!before) {
    const elsewhere = "changed since the last run, whose record is gone from the store";
    return [lost.get(id) !== undefined ? elsewhere : "never computed before"];
  }
  const lines: string[] = [];
  for (const change of diffPreimages(before.preimage, planned.preimage!)) {
    lines.push(...explainChange(asked, index, change, before));
  }
  if (!own) return lines.map((line) => `${line} (from the baseline's)`);
  return lines.length > 0 ? lines : gone();
}

/** Who reads an output that is gone. */
function wanted({ instances, results }: Graph, index: number, neededBy: number): string {
  if (neededBy !== index) return `${instances[neededBy]!.label} reads it`;
  return results.some(({ instance }) => instance === index) ? "it is a result" : "it is asked for";
}

function explainAcceptance({ from, reason, by, at }: Acceptance): string[] {
  return [`accepted: ${reason}`, `by ${by}, ${at}, as equal to ${show(from)}`];
}

/** An input's change is followed upstream to the field that caused it. */
function explainChange(asked: Asked, index: number, change: Change, { ids }: Before): string[] {
  const { graph, plan, past } = asked;
  const line = `${change.field}: ${show(change.before)} → ${show(change.after)}`;
  const port = /^inputs\.(.*)$/.exec(change.field)?.[1];
  const edge = port === undefined ? undefined : own(graph.instances[index]!.inputs, port);
  if (!edge) return [line];
  const { added, removed } = changedMembers(graph, edge, ids);
  const members = [
    ...added.map(({ label }) => `  with ${label}, which was not there`),
    ...removed.map((id) => `  without ${id}`),
  ];
  const news = new Set(added);
  const causes = producers(edge).flatMap((producer) => {
    const instance = graph.instances[producer]!;
    if (news.has(instance)) return [];
    const before = past.history.get(instance.id);
    const { key } = plan[producer] ?? {};
    if (before && before.key === key) return [];
    return explainOne(asked, producer).map((cause) => `  from ${instance.label}: ${cause}`);
  });
  return [line, ...short(members), ...short(causes)];
}

function short(lines: readonly string[]): string[] {
  const more = lines.length - maxCauses;
  return more > 0 ? [...lines.slice(0, maxCauses), `  … and ${more} more`] : [...lines];
}

/** A value for a person: digests cut short, texts quoted. */
export function show(value: unknown): string {
  if (value === undefined) return "(absent)";
  if (typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value)) return value.slice(0, 19);
  const text = JSON.stringify(value);
  return text.length > 120 ? `${headOf(text, 117)}…` : text;
}
