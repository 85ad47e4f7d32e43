/** `blockspin log`: prints what an instance printed when it ran, or as it runs. */
import type { Command } from "commander";
import {
  followLogs,
  type InstanceLog,
  matchPattern,
  type Opened,
  readLogs,
  UsageError,
} from "../index.ts";
import { plural } from "../text/plural.ts";
import { type AblationOptions, open } from "./open.ts";
import { onePattern, withPipeline } from "./options.ts";
import { err, out } from "./print/terminal.ts";

interface LogOptions extends AblationOptions {
  readonly follow?: boolean;
  readonly run?: string;
}

export function define(command: Command) {
  withPipeline(command)
    .argument("<pattern>", onePattern)
    .option("--follow", "print lines as they come, while another process runs it")
    .option("--run <name>", "of an earlier run: its name in blockspin runs, or latest~1");
  return log;
}

async function log(file: string, pattern: string, options: LogOptions): Promise<number> {
  const opened = await open(file, options, [pattern]);
  if (options.follow) {
    if (options.run !== undefined) throw new UsageError("--follow takes no --run");
    const code = await follow(opened, pattern);
    if (code !== undefined) return code;
    err.print("no run goes on; this is what is kept");
  }
  const logs = await readLogs(opened, pattern, options.run);
  if (logs.length === 0) {
    throw new UsageError(
      options.run === undefined
        ? `${pattern} has no log: it never ran with these parameters`
        : `${pattern} has no log of run ${options.run}: it did not run then`,
      options.run === undefined ? "blockspin run computes it" : "blockspin runs lists the runs",
    );
  }
  for (const one of logs) printLog(one, logs.length > 1);
  return 0;
}

/** Returns undefined if there is nothing to follow. */
async function follow(opened: Opened, pattern: string): Promise<number | undefined> {
  const several = matchPattern(opened.graph, pattern).indices.length > 1;
  const labels = new Set<string>();
  let failed = false;
  for await (const said of followLogs(opened, pattern)) {
    const { kind, label } = said;
    labels.add(label);
    const before = several ? `${label} │ ` : "";
    if (kind === "line") out.print(`${before}${tidied(said.line)}`);
    else if (kind === "dropped") err.print(`${before}… ${plural(said.count, "line")} left out`);
    else {
      failed ||= said.state === "failed" || said.state === "stopped";
      const error = said.error === undefined ? "" : `: ${said.error.split("\n")[0]}`;
      err.print(`${label}: ${ends[said.state] ?? said.state}${error}`);
    }
  }
  return labels.size === 0 ? undefined : Number(failed);
}

const ends: Readonly<Record<string, string>> = {
  ran: "done",
  cached: "cached",
  skipped: "skipped",
};

function printLog(log: InstanceLog, several: boolean): void {
  const { label, state, error, warnings, lines, dropped, changed, place } = log;
  if (several) out.print(`── ${label}`);
  if (changed) err.print(`${label} has changed since; this is of the last time that it ran`);
  if (place) err.print(`on ${place.host}, job ${place.job}`);
  if (state === "failed") out.print(`failed: ${error ?? ""}`);
  for (const { code, message } of warnings) out.print(`warning[${code}]: ${message}`);
  if (dropped === undefined) err.print("… lines before these, if there were any, are not kept");
  else if (dropped > 0) err.print(`… ${plural(dropped, "line")} before these not kept`);
  for (const line of lines) out.print(tidied(line));
  if (state === "runs") err.print("it still runs; --follow prints what is to come");
  if (state === "stopped") err.print("it was stopped before its end");
}

/** Programs written for Windows end their lines with a carriage return. */
const tidied = (line: string) => line.replace(/\r+$/, "");
