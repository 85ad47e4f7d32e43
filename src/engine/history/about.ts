/**
 * What a run was asked for: the first line of its journal, which is local and never shared. Lines that
 * name a run follow, also long after it has ended. Knows no store.
 */
import type { Pipeline } from "../document/index.ts";
import type { Graph } from "../graph.ts";
import { plain } from "../language/tree.ts";
import type { Commit } from "../project/commit.ts";

export interface About {
  /** The words of the command line. */
  readonly command: readonly string[];
  /** `name=value` overrides. */
  readonly set: readonly string[];
  readonly only: readonly string[];
  /** What each ablation that ran changes; `baseline`, if it ran among others, changes nothing. */
  readonly ablations: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Parameters of the baseline, after all overrides; derived ones included. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Of Blockspin. */
  readonly version: string | undefined;
  /** Of the project, if it is in a Git repository. */
  readonly commit: Commit | undefined;
}

/** How a run is called. Undefined: as before; null: no longer. */
export interface Naming {
  readonly name?: string | null | undefined;
  readonly note?: string | null | undefined;
}

export type AboutEvent = {
  readonly event: "about";
} & Partial<About>;
export type NamedEvent = { readonly event: "named" } & Naming;

/** What the caller of a run says of it. */
interface Asked {
  readonly command?: readonly string[] | undefined;
  readonly only?: readonly string[] | undefined;
  readonly version?: string | undefined;
}

export function aboutOf(
  { pipeline, graph, set }: { pipeline: Pipeline; graph: Graph; set: readonly string[] },
  { command = [], only = [], version }: Asked,
  commit: Commit | undefined,
): AboutEvent {
  const chosen = new Set(graph.variants.map(({ ablation }) => ablation ?? "baseline"));
  const ablations = pipeline.ablations.filter(({ name }) => chosen.has(name));
  const changes = ablations.map(({ name, overrides }) => {
    return [name, Object.fromEntries(overrides.map(({ name, value }) => [name, plain(value)]))];
  });
  if (changes.length > 0 && chosen.has("baseline")) changes.unshift(["baseline", {}]);
  const params = [...pipeline.params].map(([name, tree]) => [name, plain(tree)]);
  return {
    event: "about",
    ...{ command, set, only },
    ablations: Object.fromEntries(changes),
    params: Object.fromEntries(params),
    ...(version === undefined ? {} : { version }),
    ...(commit ? { commit } : {}),
  };
}

/** Reads what a run was asked for. Undefined for journals of earlier versions; damage counts as absent. */
export function readAbout(events: readonly { readonly event: string }[]): About | undefined {
  const found = events.find(({ event }) => event === "about") as
    | Record<string, unknown>
    | undefined;
  if (!found) return undefined;
  const { version, commit } = found;
  const { id, dirty } = Object(commit) as Record<string, unknown>;
  return {
    ...{ command: texts(found["command"]), set: texts(found["set"]), only: texts(found["only"]) },
    ablations: Object.fromEntries(
      Object.entries(objectOf(found["ablations"])).map(([name, changes]) => [
        name,
        objectOf(changes),
      ]),
    ),
    params: objectOf(found["params"]),
    version: typeof version === "string" ? version : undefined,
    commit: typeof id === "string" ? { id, dirty: dirty === true } : undefined,
  };
}

/** The last name and the last note that a run was given. */
export function readNaming(events: readonly { readonly event: string }[]): {
  readonly called: string | undefined;
  readonly note: string | undefined;
} {
  let [called, note]: (string | undefined)[] = [];
  for (const event of events) {
    if (event.event !== "named") continue;
    const given = event as Record<string, unknown>;
    if (Object.hasOwn(given, "name")) called = textOf(given["name"]);
    if (Object.hasOwn(given, "note")) note = textOf(given["note"]);
  }
  return { called, note };
}

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : {};
}
