/** `blockspin cache verify`: checks what is in the store, and computes a sample of it again. */
import type { Command } from "commander";
import { openStore, type Rerun, rerunSample, UsageError, verifyStore } from "../../index.ts";
import { type CommonOptions, open } from "../open.ts";
import { json, percent, positive, withPipeline } from "../options.ts";
import { count } from "../print/shared.ts";
import { size } from "../print/size.ts";

interface VerifyOptions extends CommonOptions {
  /** 0 to 1. */
  readonly rerun?: number;
  readonly jobs?: number;
}

export function define(command: Command) {
  withPipeline(command, "[pipeline]")
    .option(
      "--rerun <percent>",
      "compute so much of a pipeline again and compare, like 5%",
      percent,
    )
    .option("--jobs <n>", "actions at a time (default: the number of cores)", positive)
    .addOption(json());
  return verify;
}

async function verify(file: string | undefined, options: VerifyOptions): Promise<number> {
  if (options.rerun !== undefined && file === undefined) {
    throw new UsageError("--rerun needs a pipeline file", "blockspin cache verify FILE --rerun 5%");
  }
  const opened = file === undefined ? undefined : await open(file, options);
  const store = openStore(opened?.settings.cache ?? options.cache);
  const found = await verifyStore(store);
  const terminal = process.stderr.isTTY && !options.json;
  const again =
    opened && options.rerun !== undefined
      ? await rerunSample(opened, {
          fraction: options.rerun,
          jobs: options.jobs,
          onProgress: (done, total) => {
            if (terminal) process.stderr.write(`\r${done}/${total} computed again`);
          },
        })
      : undefined;
  if (terminal && again) process.stderr.write("\r\x1b[K");
  if (options.json) {
    const rerun = again && { ...again, first: firstOf(again) ?? null };
    process.stdout.write(
      `${JSON.stringify({ ...found, ...(rerun ? { rerun } : {}) }, infinite, 1)}\n`,
    );
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
    process.stdout.write(`damaged ${kind} ${name}: ${reason}; ${where}\n`);
  }
  if (found.missing.length > 0) {
    process.stdout.write(
      `${found.missing.length} objects that records name are not here; what needs them runs again\n`,
    );
  }
  process.stdout.write(
    `${found.objects} objects (${size(found.bytes)}) and ${found.records} records are whole, ${found.damaged.length} damaged\n`,
  );
}

function printRerun(again: Rerun): void {
  const { sampled, recorded, same, within, beyond, failed } = again;
  for (const { id, port, column, relative, tolerance } of [...within, ...beyond]) {
    const where = column === "" ? "the rows" : `column ${column}`;
    const far = Number.isFinite(relative) ? `by up to ${relative.toExponential(1)}` : "entirely";
    const verdict = relative <= tolerance ? "within" : "more than";
    process.stdout.write(
      `${id}.${port}: other bytes; ${where} differs ${far}, ${verdict} its tolerance of ${tolerance}\n`,
    );
  }
  for (const { id, message } of failed) {
    process.stdout.write(`${id} could not be computed again: ${message}\n`);
  }
  process.stdout.write(
    `computed ${sampled} of ${count(recorded, "recorded action")} again: ${same} with the same bytes\n`,
  );
  const first = firstOf(again);
  if (first !== undefined) process.stdout.write(`the first stage that differs is ${first}\n`);
}

/** The stage nearest to the beginning: what follows it may differ only for its sake. */
function firstOf({ beyond }: Rerun): string | undefined {
  return beyond[0]?.id.replace(/\[.*/, "");
}

/** JSON has no infinity. */
const infinite = (_: string, value: unknown) =>
  value === Number.POSITIVE_INFINITY ? "Infinity" : value;
