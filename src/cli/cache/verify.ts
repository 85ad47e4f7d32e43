/** `blockspin cache verify`: checks the store, and recomputes a sample of it. */
import type { Command } from "commander";
import { openStore, type Rerun, rerunSample, UsageError, verifyStore } from "../../index.ts";
import { type CommonOptions, open } from "../open.ts";
import { json, percent, positive, withPipeline } from "../options.ts";
import { Bar } from "../print/bar.ts";
import { count } from "../print/shared.ts";
import { size } from "../print/size.ts";
import { out } from "../print/terminal.ts";

interface VerifyOptions extends CommonOptions {
  /** 0 to 1. */
  readonly rerun?: number;
  readonly jobs?: number;
}

export function define(command: Command) {
  withPipeline(command, "[pipeline]")
    .option(
      "--rerun <percent>",
      "recompute this share of a pipeline, like 5%, and compare the bytes",
      percent,
    )
    .option(
      "--jobs <n>",
      "how many actions to run at once (default: the number of cores)",
      positive,
    )
    .addOption(json());
  return verify;
}

async function verify(file: string | undefined, options: VerifyOptions): Promise<number> {
  if (options.rerun !== undefined && file === undefined) {
    throw new UsageError("--rerun needs a pipeline file", "blockspin cache verify FILE --rerun 5%");
  }
  const opened = file === undefined ? undefined : await open(file, options);
  const store = openStore(opened?.settings.cache ?? options.cache);
  const bar = new Bar("files checked", { quiet: options.json });
  const found = await verifyStore(store, { onProgress: bar.to });
  bar.end();
  const rerun = new Bar("computed again", { quiet: options.json });
  const again =
    opened && options.rerun !== undefined
      ? await rerunSample(opened, {
          fraction: options.rerun,
          jobs: options.jobs,
          onProgress: rerun.to,
        })
      : undefined;
  rerun.end();
  if (options.json) {
    const plain = again && { ...again, first: firstOf(again) ?? null };
    out.json({ ...found, ...(plain ? { rerun: plain } : {}) }, 1, infinite);
  } else {
    printVerification(found);
    if (again) printRerun(again);
  }
  const differs = again && again.beyond.length + again.failed.length > 0;
  return found.damaged.length > 0 || differs ? 1 : 0;
}

function printVerification(found: Awaited<ReturnType<typeof verifyStore>>): void {
  for (const { kind, name, reason, quarantined } of found.damaged) {
    const where = quarantined ? `now in ${quarantined}` : "it could not be moved";
    out.print(`damaged ${kind} ${name}: ${reason}; ${where}`);
  }
  if (found.missing.length > 0) {
    out.print(
      `${found.missing.length} objects that records name are not here; actions that need them run again`,
    );
  }
  out.print(
    `${found.objects} objects (${size(found.bytes)}) and ${found.records} records are whole, ${found.damaged.length} damaged`,
  );
}

function printRerun(again: Rerun): void {
  const { sampled, recorded, same, within, beyond, failed } = again;
  for (const { id, port, column, relative, tolerance } of [...within, ...beyond]) {
    const where = column === "" ? "the rows" : `column ${column}`;
    const far = Number.isFinite(relative) ? `by up to ${relative.toExponential(1)}` : "entirely";
    const verdict = relative <= tolerance ? "within" : "more than";
    out.print(
      `${id}.${port}: other bytes; ${where} differs ${far}, ${verdict} its tolerance of ${tolerance}`,
    );
  }
  for (const { id, message } of failed) {
    out.print(`${id} could not be computed again: ${message}`);
  }
  out.print(
    `computed ${sampled} of ${count(recorded, "recorded action")} again: ${same} with the same bytes`,
  );
  const first = firstOf(again);
  if (first !== undefined) out.print(`the first stage that differs is ${first}`);
}

/** The first stage that differs: the stages after it may differ only because of it. */
function firstOf({ beyond }: Rerun): string | undefined {
  return beyond[0]?.id.replace(/\[.*/, "");
}

/** JSON has no infinity: it becomes text. */
const infinite = (_: string, value: unknown) =>
  value === Number.POSITIVE_INFINITY ? "Infinity" : value;
