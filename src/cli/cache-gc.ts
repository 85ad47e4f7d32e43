/** `blockspin cache gc`, `pin` and `unpin`: make room in the store, and say what must stay. */
import {
  collectGarbage,
  openPipeline,
  openStore,
  pinInstances,
  recordedKeys,
  UsageError,
} from "../index.ts";
import { type CommonOptions, open } from "./open.ts";
import { count } from "./print/shared.ts";
import { size } from "./print/size.ts";
import { out } from "./print/terminal.ts";

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

export async function gc(options: GcOptions): Promise<number> {
  const store = openStore(options.cache);
  const keep = new Set<string>();
  for (const file of options.keep ?? []) {
    const opened = await openPipeline(file, {
      cache: store.folder,
      ablations: ["baseline", "all"],
      sharing: { offline: true },
    });
    for (const key of await recordedKeys(opened)) keep.add(key);
  }
  const { dryRun = false, keepRuns, size: most, age } = options;
  const found = await collectGarbage(store, { size: most, age, keep, keepRuns, dryRun });
  if (options.json) {
    out.json({ folder: store.folder, dryRun, ...found });
    return 0;
  }
  const { objects, records, others, left, kept } = found;
  const what = [
    `${count(objects.files, "object")} (${size(objects.bytes)})`,
    count(records.files, "record"),
    count(others, "other file"),
  ];
  out.print(`${dryRun ? "would remove" : "removed"} ${what.join(", ")}`);
  out.print(`${dryRun ? "then" : "now"} ${size(left)} in objects and records`);
  if (most !== undefined && left > most) {
    out.print(
      `that is more than ${size(most)}: ${size(kept)} are used by the newest runs, kept pipelines or pins (--keep-runs 0 lets the runs go)`,
    );
  }
  return 0;
}

export async function pin(
  file: string,
  patterns: readonly string[],
  options: CommonOptions,
): Promise<number> {
  return await change(file, patterns, options, true);
}

export async function unpin(
  file: string,
  patterns: readonly string[],
  options: CommonOptions,
): Promise<number> {
  return await change(file, patterns, options, false);
}

async function change(
  file: string,
  patterns: readonly string[],
  options: CommonOptions,
  keep: boolean,
): Promise<number> {
  const opened = await open(file, options, patterns);
  const { changed, unchanged } = await pinInstances(opened, patterns, keep);
  if (options.json) {
    out.json({ changed, unchanged });
  } else if (changed.length > 0) {
    out.print(`${keep ? "pinned" : "unpinned"} ${count(changed.length, "instance")}`);
  }
  if (unchanged.length === 0 || options.json) return 0;
  const first = `${unchanged[0]}${unchanged.length > 1 ? ` and ${unchanged.length - 1} more` : ""}`;
  if (keep) {
    const hint = `blockspin run ${file}`;
    throw new UsageError(`not pinned, since not computed: ${first}`, hint);
  }
  throw new UsageError(`not pinned: ${first}`);
}
