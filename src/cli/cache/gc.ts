/** `blockspin cache gc`: removes from the store what nothing needs. */
import type { Command } from "commander";
import {
  type ActionKey,
  collectGarbage,
  openPipeline,
  openStore,
  recordedKeys,
} from "../../index.ts";
import { bytes, duration, json, natural, withStore } from "../options.ts";
import { Bar } from "../print/bar.ts";
import { count } from "../print/shared.ts";
import { size } from "../print/size.ts";
import { out } from "../print/terminal.ts";

interface GcOptions {
  readonly cache?: string;
  readonly json?: boolean;
  /** Bytes. */
  readonly size?: number;
  /** Milliseconds. */
  readonly age?: number;
  /** Pipeline files. */
  readonly keep?: readonly string[];
  readonly keepRuns: number;
  readonly dryRun?: boolean;
}

export function define(command: Command) {
  withStore(command)
    .addOption(json())
    .option(
      "--size <size>",
      "keep at most this much, like 10GiB; what is cheapest to recompute goes first",
      bytes,
    )
    .option("--age <time>", "remove what no run has used for this long, like 30d", duration)
    .option(
      "--keep <file...>",
      "keep everything that these pipelines have computed, ablations included",
    )
    .option(
      "--keep-runs <n>",
      "keep what the newest n runs of each pipeline used; runs with a name are always kept",
      natural,
      1,
    )
    .option("--dry-run", "print what would be removed, and stop");
  return gc;
}

async function gc(options: GcOptions): Promise<number> {
  const store = openStore(options.cache);
  const keep = new Set<ActionKey>();
  for (const file of options.keep ?? []) {
    const opened = await openPipeline(file, {
      cache: store.folder,
      ablations: ["baseline", "all"],
      sharing: { offline: true },
    });
    for (const key of await recordedKeys(opened)) keep.add(key);
  }
  const { dryRun = false, keepRuns, size: most, age } = options;
  const bar = new Bar("files looked at", { quiet: options.json });
  const limits = { size: most, age, keep, keepRuns, dryRun };
  const found = await collectGarbage(store, { ...limits, onProgress: bar.to });
  bar.end();
  if (options.json) {
    out.json({ folder: store.folder, dryRun, ...found });
    return 0;
  }
  const { objects, records, others, left, kept, namedRuns } = found;
  const what = [
    `${count(objects.files, "object")} (${size(objects.bytes)})`,
    count(records.files, "record"),
    count(others, "other file"),
  ];
  out.print(`${dryRun ? "would remove" : "removed"} ${what.join(", ")}`);
  out.print(`${dryRun ? "then" : "now"} ${size(left)} in objects and records`);
  if (namedRuns > 0) {
    out.print(
      `kept what ${count(namedRuns, "run")} with a name used (blockspin runs FILE RUN --no-name)`,
    );
  }
  if (most !== undefined && left > most) {
    out.print(
      `that is more than ${size(most)}: the newest runs, runs with a name, kept pipelines and pins use ${size(kept)} (--keep-runs 0 keeps no run)`,
    );
  }
  return 0;
}
