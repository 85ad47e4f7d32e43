/** `blockspin run`: brings a pipeline up to date, then prints its results. */
import { planPipeline, type RunSummary, readTable, runPipeline } from "../index.ts";
import { type CommonOptions, open } from "./open.ts";
import { printPlan } from "./plan.ts";
import { Progress } from "./progress.ts";
import { printTable } from "./show.ts";

interface RunFlags extends CommonOptions {
  readonly only?: string[];
  readonly jobs?: number;
  readonly keepGoing?: boolean;
  readonly dryRun?: boolean;
}

export async function run(file: string, options: RunFlags): Promise<number> {
  const opened = await open(file, options);
  const json = options.json ?? false;
  if (options.dryRun) {
    printPlan(opened, planPipeline(opened, options.only), json);
    return 0;
  }
  const interrupt = new AbortController();
  const progress = json ? undefined : new Progress(process.stderr);
  const stopListening = onInterrupt(interrupt, () =>
    process.stderr.write("stopping; finished work is kept (again to quit at once)\n"),
  );
  try {
    const summary = await runPipeline(opened, {
      only: options.only ?? [],
      jobs: options.jobs,
      keepGoing: options.keepGoing ?? false,
      signal: interrupt.signal,
      onEvent: (event) => {
        if (json) process.stdout.write(`${JSON.stringify(event)}\n`);
        else progress!.on(event);
      },
    });
    progress?.close();
    if (!json) await printResults(summary);
    if (interrupt.signal.aborted) return 130;
    return summary.counts.failed > 0 ? 1 : 0;
  } finally {
    progress?.close();
    stopListening();
  }
}

/** The first signal stops the run politely, the second ends the process at once. */
function onInterrupt(controller: AbortController, tell: () => void): () => void {
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    tell();
    controller.abort(new Error("interrupted"));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return () => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
}

/** Every result, its instances side by side: their axes are the first columns. */
async function printResults(summary: RunSummary): Promise<void> {
  for (const [name, results] of byPort(summary.results)) {
    const members = results.map(({ instance, port, record }) => ({
      coordinate: instance.coordinate,
      artifact: record.outputs[port]!,
    }));
    process.stdout.write(`\n${name}\n`);
    printTable(await readTable(summary.store, members), 40);
  }
}

function byPort(results: RunSummary["results"]) {
  const groups = new Map<string, RunSummary["results"][number][]>();
  for (const result of results) {
    const name = `${result.instance.stage}.${result.port}`;
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return groups;
}
