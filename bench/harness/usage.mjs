/** Loaded before a program of ours: when it ends it notes the most memory that it had. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const out = process.env["BLOCKSPIN_BENCH_USAGE"];
if (out && isMainThread) {
  process.once("exit", () => appendFileSync(out, `${process.resourceUsage().maxRSS / 1024}\n`));
}

/** MiB, of the process that had the most; undefined if none has noted anything. */
export function readUsage(path) {
  if (!existsSync(path)) return undefined;
  return Math.max(...readFileSync(path, "utf8").trim().split("\n").map(Number));
}
