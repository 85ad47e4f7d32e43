/** `blockspin run`: brings a pipeline up to date, then prints its results. */
import type { Command } from "commander";
import {
  Detached,
  type Event,
  type Opened,
  planPipeline,
  type RunState,
  type RunSummary,
  runPipeline,
  UsageError,
} from "../index.ts";
import { compareMetrics } from "./compared.ts";
import { type AblationOptions, open } from "./open.ts";
import { type Given, json, onCluster, type Watched, withRunOptions } from "./options.ts";
import { keepGoingHint, madeHint } from "./print/after-run.ts";
import { textOf } from "./print/comparison.ts";
import { onInterrupt } from "./print/interrupt.ts";
import { printPlan } from "./print/plan.ts";
import { familiesOf, labelled } from "./print/progress/families.ts";
import { Progress } from "./print/progress/progress.ts";
import { printResults } from "./print/results/results.ts";
import { sharedLines } from "./print/shared.ts";
import { goOnUnread } from "./print/streams.ts";
import { sweepLines } from "./print/sweep.ts";
import { widthOf } from "./print/table.ts";
import { err, out } from "./print/terminal.ts";
import { leftOf, underway } from "./unfinished.ts";
import { version } from "./version.ts";

interface RunFlags extends AblationOptions {
  readonly only?: string[];
  readonly verbose?: boolean;
  readonly jobs?: number;
  readonly keepGoing?: boolean;
  readonly dryRun?: boolean;
  readonly frozen?: boolean;
  readonly name?: string;
  readonly note?: string;
  readonly on?: string;
  readonly detach?: boolean;
}

export function define(command: Command, given: Given) {
  withRunOptions(command)
    .option("--dry-run", "print what would run, and stop")
    .option("--frozen", "compute nothing; fail if anything would be computed")
    .addOption(onCluster())
    .option("--detach", "with --on: submit what is ready, and leave; the next run goes on")
    .addOption(json());
  return (file: string, options: RunFlags) => run(file, options, given);
}

async function run(
  file: string,
  options: RunFlags,
  { executors, watched, args }: Given,
): Promise<number> {
  const opened = await open(file, options, options.only, watched?.onRead);
  const json = options.json ?? false;
  if (options.dryRun) {
    printPlan(opened, await planPipeline(opened, options.only), options);
    return 0;
  }
  if (options.detach && options.on === undefined) {
    throw new UsageError("--detach leaves jobs of a cluster to themselves", "add --on slurm");
  }
  goOnUnread();
  const interrupt = new AbortController();
  const withAblation = ablated(opened);
  const forPeople = labelled(opened.graph);
  const families = familiesOf(opened.graph, options.only);
  const progress = json ? undefined : new Progress(err, families, options);
  const states = new Map<string, RunState>();
  // Printed last, after the uploads: a program reads until this event.
  let finished: Event | undefined;
  const stopListening = onInterrupt(interrupt, progress, options.on !== undefined);
  if (watched) obey(watched, interrupt, progress);
  let instances = 0;
  const forget = underway(() => leftOf(states, instances));
  try {
    const summary = await runPipeline(opened, {
      only: options.only ?? [],
      jobs: options.jobs,
      keepGoing: options.keepGoing ?? false,
      frozen: options.frozen ?? false,
      signal: interrupt.signal,
      ...{ name: options.name, note: options.note, command: ["run", ...args], version: version() },
      ...{ on: options.on, ...(executors ? { executors } : {}) },
      ...(options.detach ? { onSubmitted: () => interrupt.abort(new Detached("detached")) } : {}),
      ...(watched ? { onWanted: watched.onWanted, replaced: watched.replaced } : {}),
      ...(progress ? { onForecast: (forecast) => progress.expect(forecast) } : {}),
      onEvent: (event) => {
        if (event.event === "instance") states.set(event.id, event.state);
        if (event.event === "started") instances = event.instances;
        if (event.event === "finished") finished = event;
        if (!json) progress!.on(forPeople(event));
        else if (!finished && event.event !== "log") out.json(withAblation(event), 0);
      },
    });
    progress?.close();
    await watched?.turn();
    // Another run has taken over, and prints results of its own.
    if (watched?.replaced.aborted) {
      await summary.store.close(0);
      return 0;
    }
    if (!json)
      await printOutcome(file, opened, summary, {
        ...options,
        states,
        interrupted: interrupt.signal.aborted,
      });
    const shared = await summary.store.close(interrupt.signal.aborted ? 0 : undefined);
    if (json) {
      for (const of of shared) out.json({ event: "shared", ...of }, 0);
      out.json(finished, 0);
    } else {
      for (const of of shared) err.print(...sharedLines(of, opened.settings.remotes));
      printStale(summary);
    }
    if (interrupt.signal.reason instanceof Detached) {
      err.print("its jobs go on; the same command again takes their results");
      if (options.detach) return 0;
    }
    if (interrupt.signal.aborted) return 130;
    return summary.counts.failed > 0 || summary.stale.length > 0 ? 1 : 0;
  } finally {
    forget();
    progress?.close();
    stopListening();
  }
}

/** Whether ablations ran beside the baseline, and there is something to compare. */
function isCompared({ graph, metrics }: Opened, { counts }: RunSummary, { only }: RunFlags) {
  const [first, ...ablations] = graph.variants;
  if (only || metrics.length === 0 || counts.ran + counts.cached === 0) return false;
  return first?.ablation === undefined && ablations.length > 0;
}

/** Ends with what ablations change. */
async function printComparison(file: string, opened: Opened, { store }: RunSummary): Promise<void> {
  const planning = await planPipeline(opened, [], store);
  const answers = await compareMetrics(opened.metrics, opened, planning, { ...opened, file });
  out.print("");
  out.text(textOf(answers, widthOf(out)));
}

/** Adds to an event which ablation its instance belongs to, for programs. */
function ablated({ graph }: Opened): (event: Event) => Event {
  const ablations = new Map<string, string>();
  for (const { id, ablation } of graph.instances) if (ablation) ablations.set(id, ablation);
  return (event) => {
    const ablation = "id" in event && event.id !== undefined && ablations.get(event.id);
    return ablation ? { ...event, ablation } : event;
  };
}

/** Falls silent and stops when the process that watches the files says so. */
function obey(watched: Watched, interrupt: AbortController, progress: Progress | undefined): void {
  watched.onHush((quiet) => progress?.hush(quiet));
  const stop = () => interrupt.abort(watched.stop.reason);
  if (watched.stop.aborted) stop();
  watched.stop.addEventListener("abort", stop);
}

/** What came out, and what a person may want to do next. */
async function printOutcome(
  file: string,
  opened: Opened,
  summary: RunSummary,
  options: RunFlags & {
    readonly states: ReadonlyMap<string, RunState>;
    readonly interrupted: boolean;
  },
): Promise<void> {
  const { states, interrupted } = options;
  const lines = sweepLines(opened.graph, states);
  if (lines.length > 0) err.print(...lines);
  if (!options.keepGoing && !interrupted) err.print(...keepGoingHint(opened.graph, states));
  const compared = isCompared(opened, summary, options);
  if (summary.stale.length === 0) await printResults(file, opened, summary, compared);
  if (summary.stale.length === 0 && compared) await printComparison(file, opened, summary);
  const whole = summary.counts.failed + summary.counts.skipped === 0;
  if (whole) err.print(...madeHint(file, opened.graph, options.only));
}

/** Prints what `--frozen` refused to compute. */
function printStale({ stale }: RunSummary): void {
  if (stale.length === 0) return;
  const known = stale.filter(({ state }) => state === "run");
  const ids = known.map(({ id, reason }) => `  ${id}: ${reason}`);
  const more = stale.length - known.length;
  const rest =
    more > 0 ? [`  and ${more} that depend on ${known.length === 1 ? "it" : "them"}`] : [];
  const noun = stale.length === 1 ? "instance" : "instances";
  err.print(`--frozen: ${stale.length} ${noun} would be computed`, ...ids, ...rest);
}
