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
  selectInstances,
  UsageError,
} from "../index.ts";
import { groupBy } from "../text/group.ts";
import { type AblationOptions, open } from "./open.ts";
import { json, type Lent, onCluster, positive, withPipeline } from "./options.ts";
import { keepGoingHint, madeHint } from "./print/after-run.ts";
import { familyOf } from "./print/fold.ts";
import { printPlan } from "./print/plan.ts";
import { type Family, makeFamily } from "./print/progress/board.ts";
import { Progress } from "./print/progress/progress.ts";
import { printResults } from "./print/results.ts";
import { sharedLines } from "./print/shared.ts";
import { goOnUnread } from "./print/streams.ts";
import { sweepLines } from "./print/sweep.ts";
import { err, out } from "./print/terminal.ts";

interface RunFlags extends AblationOptions {
  readonly only?: string[];
  readonly verbose?: boolean;
  readonly jobs?: number;
  readonly keepGoing?: boolean;
  readonly dryRun?: boolean;
  readonly frozen?: boolean;
  readonly on?: string;
  readonly detach?: boolean;
}

export function define(command: Command, lent: Lent) {
  withRunOptions(command)
    .option("--dry-run", "print what would run, and stop")
    .option("--frozen", "compute nothing; fail if anything would be computed")
    .addOption(onCluster())
    .option("--detach", "with --on: submit what is ready, and leave; the next run goes on")
    .addOption(json());
  return (file: string, options: RunFlags) => run(file, options, lent);
}

/** The options of everything that runs a pipeline. */
export function withRunOptions(command: Command): Command {
  return withPipeline(command)
    .option("--only <pattern...>", "run only these instances and what they need")
    .option("--ablation <name...>", "run these ablations instead of the baseline; or all")
    .option(
      "--jobs <n>",
      "how many actions to run at once (default: the number of cores)",
      positive,
    )
    .option("--keep-going", "after a failure, go on with everything that does not depend on it")
    .option("--push", "upload what is computed to every remote")
    .option("--no-push", "upload nothing")
    .option("--verbose", "print a line for each instance instead of each stage");
}

async function run(file: string, options: RunFlags, { executors, watched }: Lent): Promise<number> {
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
  const ablations = new Map(opened.graph.instances.map(({ id, ablation }) => [id, ablation]));
  const withAblation = (event: Event) => {
    const ablation = "id" in event && event.id !== undefined && ablations.get(event.id);
    return ablation ? { ...event, ablation } : event;
  };
  const labels = new Map(opened.graph.instances.map(({ id, label }) => [id, label]));
  const forPeople = (event: Event) =>
    "id" in event && event.id !== undefined
      ? { ...event, id: labels.get(event.id) ?? event.id }
      : event;
  const families = familiesOf(opened, options.only);
  const progress = json ? undefined : new Progress(err, families, options);
  const states = new Map<string, RunState>();
  // Printed last, after the uploads: a program reads until this event.
  let finished: Event | undefined;
  const stopListening = onInterrupt(interrupt, progress, options.on !== undefined);
  watched?.onHush((quiet) => progress?.hush(quiet));
  const stop = () => interrupt.abort(watched?.stop.reason);
  if (watched?.stop.aborted) stop();
  watched?.stop.addEventListener("abort", stop);
  try {
    const summary = await runPipeline(opened, {
      only: options.only ?? [],
      jobs: options.jobs,
      keepGoing: options.keepGoing ?? false,
      frozen: options.frozen ?? false,
      signal: interrupt.signal,
      ...{ on: options.on, ...(executors ? { executors } : {}) },
      ...(options.detach ? { onSubmitted: () => interrupt.abort(new Detached("detached")) } : {}),
      ...(watched ? { onWanted: watched.onWanted, replaced: watched.replaced } : {}),
      ...(progress ? { onForecast: (forecast) => progress.expect(forecast) } : {}),
      onEvent: (event) => {
        if (event.event === "instance") states.set(event.id, event.state);
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
    if (!json) {
      const lines = sweepLines(opened.graph, states);
      if (lines.length > 0) err.print(...lines);
      if (!options.keepGoing && !interrupt.signal.aborted) {
        err.print(...keepGoingHint(opened.graph, states));
      }
      if (summary.stale.length === 0) await printResults(file, opened.graph, summary);
      const whole = summary.counts.failed + summary.counts.skipped === 0;
      if (whole) err.print(...madeHint(file, opened.graph, options.only));
    }
    const shared = await summary.store.close(interrupt.signal.aborted ? 0 : undefined);
    if (json) {
      for (const of of shared) out.json({ event: "shared", ...of }, 0);
      out.json(finished, 0);
    } else {
      for (const of of shared) err.print(...sharedLines(of));
      printStale(summary);
    }
    if (interrupt.signal.reason instanceof Detached) {
      err.print("its jobs go on; the same command again takes their results");
      if (options.detach) return 0;
    }
    if (interrupt.signal.aborted) return 130;
    return summary.counts.failed > 0 || summary.stale.length > 0 ? 1 : 0;
  } finally {
    progress?.close();
    stopListening();
  }
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

/**
 * The first signal stops the run politely, the second ends the process at once. Jobs of a cluster are
 * cancelled on Ctrl-C, and left to themselves where the process is ended or its terminal is gone.
 */
function onInterrupt(
  controller: AbortController,
  progress: Progress | undefined,
  onCluster: boolean,
): () => void {
  const stop = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      progress?.close();
      process.exit(130);
    }
    const leaves = onCluster && signal !== "SIGINT";
    const doing = leaves ? "leaving" : onCluster ? "cancelling its jobs" : "stopping";
    if (progress) progress.say(`${doing}; finished work is kept (Ctrl-C again quits at once)`);
    else err.print(`${doing}; finished work is kept`);
    controller.abort(leaves ? new Detached("left") : new Error("interrupted"));
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
}

function familiesOf({ graph }: Opened, only: readonly string[] = []): Map<string, Family> {
  const wanted = selectInstances(graph, only);
  const instances = graph.instances.filter((_, index) => !wanted || wanted.has(index));
  return new Map(
    [...groupBy(instances, familyOf)].flatMap(([name, members]) => {
      const family = makeFamily(name, members.length);
      return members.map(({ label }): [string, Family] => [label, family]);
    }),
  );
}
