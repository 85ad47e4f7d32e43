/** `blockspin runs`: lists the earlier runs of a pipeline, shows one, or gives it a name. */
import type { Command } from "commander";
import {
  findRun,
  listRuns,
  nameRun,
  type PastRun,
  planPipeline,
  stagesOf,
  UsageError,
} from "../index.ts";
import { type CommonOptions, open } from "./open.ts";
import { json, withPipeline } from "./options.ts";
import { listLines, runLines } from "./print/runs.ts";
import { widthOf } from "./print/table.ts";
import { err, out } from "./print/terminal.ts";

interface RunsFlags extends CommonOptions {
  /** False: `--no-name`. */
  readonly name?: string | false;
  readonly note?: string | false;
}

export function define(command: Command) {
  withPipeline(command)
    .argument("[run]", "a run to show: its name, the beginning of its id, or latest~1")
    .option("--name <text>", "call the run so; cache gc keeps what a run with a name used")
    .option("--no-name", "take the run's name away")
    .option("--note <text>", "what there is to say of the run")
    .option("--no-note", "take the run's note away")
    .addOption(json());
  return runs;
}

async function runs(file: string, asked: string | undefined, options: RunsFlags): Promise<number> {
  const opened = await open(file, options);
  const { store } = await planPipeline(opened);
  const pipeline = opened.graph.name;
  if (asked === undefined) {
    if (options.name !== undefined || options.note !== undefined) {
      throw new UsageError("which run?", "blockspin runs FILE RUN --name TEXT; RUN may be latest");
    }
    const found = listRuns(store, pipeline);
    if (options.json) out.json(found.map(plainOf));
    else if (found.length === 0) out.print(`${pipeline} has not run in this store`);
    else out.text(listLines(found, widthOf(out)));
    return 0;
  }
  const run = findRun(store, pipeline, asked);
  const [name, note] = [given(options.name), given(options.note)];
  if (name !== undefined || note !== undefined) {
    const others = listRuns(store, pipeline).filter(
      (one) => one.called === name && one.name !== run.name,
    );
    nameRun(store, pipeline, run, { name, note });
    if (name && others.length > 0) {
      const meant = [run, ...others]
        .map((one) => one.name)
        .sort()
        .at(-1)!;
      err.print(
        `warning[run-name]: ${others.length + 1} runs are called ${JSON.stringify(name)}; the name means the newest, ${meant}`,
      );
    }
  }
  const now = findRun(store, pipeline, run.name);
  const stages = stagesOf(now, store);
  if (options.json) out.json({ ...plainOf(now), about: now.about ?? null, stages });
  else out.print(...runLines(now, stages, widthOf(out)));
  return 0;
}

/** `--no-name` takes a name away. */
const given = (text: string | false | undefined) => (text === false ? null : text);

function plainOf({ keys: _, ended: __, about: ___, counts, called, note, ...run }: PastRun) {
  return { ...run, called: called ?? null, note: note ?? null, ...counts };
}
