/**
 * Gathers the page: reads records, tables and figures of what is cached, and computes nothing. What
 * is cached, it is told (`known.ts`).
 */
import { type Opened, type PastRun, plainValue } from "../../engine/index.ts";
import type { Store } from "../../store/store.ts";
import { groupBy } from "../../text/group.ts";
import { shellWord } from "../../text/shell.ts";
import { summarize } from "../summary/index.ts";
import { ablationsOf } from "./content/ablations.ts";
import { fieldsOf, textOf } from "./content/fields.ts";
import { type Drawings, figuresIn } from "./content/figures.ts";
import { layOut } from "./content/layout.ts";
import { maxSources, sourcesOf } from "./content/sources.ts";
import { stagesOf } from "./content/stages.ts";
import { tablesOf } from "./content/tables.ts";
import { timeOf } from "./content/time.ts";
import { type Known, tally } from "./known.ts";
import type { Again, Commit, Layout, Page, PageState, RunLine, Warning } from "./model.ts";

export interface Subject {
  readonly opened: Opened;
  readonly store: Store;
  /** By instance index. */
  readonly known: readonly Known[];
  /** As the command line named it. */
  readonly file: string;
  readonly version: string;
  readonly commit: Commit | undefined;
  /** The earlier run that the page is about. */
  readonly run: PastRun | undefined;
  readonly latest: PastRun | undefined;
  readonly drawings: Drawings;
}

/** Lays out the graph of a pipeline, which stays the same while its states change. */
export function layoutOf(subject: Subject): Promise<Layout | undefined> {
  return layOut(stagesOf(subject.opened.graph, subject.known, () => ""));
}

export async function gather(subject: Subject, layout: Layout | undefined): Promise<Page> {
  const { opened, store, known, file, version, run, latest } = subject;
  const { graph, facts } = opened;
  const set = run?.about?.set ?? opened.set;
  const command = commandsFor(file, set);
  const results = await tablesOf(store, graph, known, command);
  const conclusions = await summarize(store, graph, (index) => known[index]!.record);
  const shown = shownIn(opened, known);
  return {
    ...{ pipeline: graph.name, file, conclusions, results, layout },
    about: {
      at: new Date().toISOString(),
      ...{ version, backend: facts.backend, commit: subject.commit, set },
      run: run && lineOf(run),
      latest: latest && lineOf(latest),
      params: fieldsOf(run?.about?.params ?? paramsOf(opened)),
    },
    state: stateOf(subject, command),
    figures: await figuresIn(opened, store, known, subject.drawings),
    ablations: await ablationsOf(store, opened, known, command),
    stages: stagesOf(graph, known, command),
    time: timeOf(graph, known),
    sources: sourcesOf(graph, known, shown.slice(0, maxSources)),
    again: againOf(subject, shown.length),
  };
}

/** `blockspin show FILE --set …` and further words. */
function commandsFor(file: string, set: readonly string[]) {
  const overrides = set.flatMap((override) => ["--set", override]);
  return (name: string, ...words: readonly string[]) =>
    ["blockspin", name, file, ...overrides, ...words].map(shellWord).join(" ");
}

function paramsOf({ pipeline }: Opened): Record<string, unknown> {
  const params = [...pipeline.params].map(([name, tree]) => [name, plainValue(tree)]);
  return Object.fromEntries(params);
}

function lineOf({ name, called, note, at, seconds }: PastRun): RunLine {
  return { name: called ?? name, note, at, seconds };
}

/** The instances whose numbers the page shows: results, what metrics read, and what is drawn. */
function shownIn({ graph, metrics }: Opened, known: readonly Known[]): number[] {
  const results = graph.variants[0]!.results.map(({ instance }) => instance);
  const stages = new Set(metrics.map(({ stage }) => stage));
  const measured = graph.variants.flatMap(({ instances }) =>
    instances.filter((index) => stages.has(graph.instances[index]!.stage)),
  );
  const drawn = graph.figures.flatMap(({ members }) => members.map(({ instance }) => instance));
  return [...new Set([...results, ...measured, ...drawn])].filter((index) => known[index]!.record);
}

function stateOf(
  { opened: { graph }, known, run }: Subject,
  command: (name: string, ...words: readonly string[]) => string,
): PageState {
  const [baseline] = graph.variants;
  const missing = baseline!.results.filter(({ instance }) => !known[instance]!.record);
  const names = missing.map(({ instance, port }) => `${graph.instances[instance]!.label}.${port}`);
  const ids = new Set(graph.instances.map(({ id }) => id));
  return {
    instances: tally(baseline!.instances.map((index) => known[index]!)),
    missingResults: names,
    failures: known.flatMap(({ progress, error, log = [] }, index) => {
      if (progress !== "failed") return [];
      const { label } = graph.instances[index]!;
      return { label, error: error ?? "", log, command: command("log", label) };
    }),
    warnings: warningsOf(
      graph.instances.map(({ stage }) => stage),
      known,
    ),
    gone: run ? [...run.keys.keys()].filter((id) => !ids.has(id)) : [],
  };
}

function warningsOf(stages: readonly string[], known: readonly Known[]): Warning[] {
  const all = known.flatMap(({ record }, index) =>
    (record?.warnings ?? []).map((warning) => ({ ...warning, stage: stages[index]! })),
  );
  return [...groupBy(all, ({ code, message }) => `${code} ${message}`).values()].map((same) => ({
    code: same[0]!.code,
    message: textOf(same[0]!.message),
    stages: [...new Set(same.map(({ stage }) => stage))],
    count: same.length,
  }));
}

function againOf({ opened, file, commit, run }: Subject, shown: number): Again {
  const command = commandsFor(file, run?.about?.set ?? opened.set);
  const clone = commit?.origin ? [`git clone ${shellWord(commit.origin)}`] : [];
  const checkout = commit ? [`git checkout ${commit.id}`] : [];
  const ablated = opened.graph.variants.length > 1 ? [command("run", "--ablation", "all")] : [];
  const notes = [
    ...(commit?.changed ? ["The project has changes that are not in this commit."] : []),
    ...(run && !run.about ? ["The run did not say what it was set to."] : []),
    ...(shown > maxSources
      ? [
          `${shown - maxSources} more instances are not listed here; ${command("export", "--crate", "FOLDER")} has the records of all.`,
        ]
      : []),
  ];
  return {
    commands: [
      ...clone,
      ...checkout,
      command("run"),
      ...ablated,
      command("report", ...(run ? ["--run", run.called ?? run.name] : [])),
    ],
    note: notes.length > 0 ? notes.join(" ") : undefined,
  };
}
