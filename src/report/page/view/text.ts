/** Numbers, times and sizes as people read them. */
import { duration } from "../../../text/duration.ts";
import type { Progress, Tally } from "../model.ts";

export function seconds(x: number): string {
  return x < 0.095 ? `${Math.round(x * 1000)} ms` : duration(x);
}

export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let x = bytes / 1000;
  while (x >= 999.5 && units.length > 1) {
    x /= 1000;
    units.shift();
  }
  return `${x < 9.95 ? x.toFixed(1) : Math.round(x)} ${units[0]}`;
}

/** `26 Nov 2026, 17:08 UTC` */
export function time(iso: string | undefined): string {
  const at = new Date(iso ?? Number.NaN);
  if (Number.isNaN(at.getTime())) return iso ?? "";
  const day = at.toLocaleDateString("en-GB", {
    ...{ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" },
  });
  return `${day}, ${at.toISOString().slice(11, 16)} UTC`;
}

export const digest = (text: string) => text.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+/, "$1…");

const words: Readonly<Record<Progress, string>> = {
  cached: "cached",
  run: "not computed",
  unknown: "waiting for inputs",
  running: "running",
  failed: "failed",
  skipped: "skipped",
};
export const progressWord = (progress: Progress) => words[progress];

/** A mark that has a shape of its own, so that colour is not needed. */
export const progressMark: Readonly<Record<Progress, string>> = {
  ...{ cached: "✓", run: "○", unknown: "◌", running: "▶", failed: "✗", skipped: "–" },
};

export const total = (tally: Tally) => Object.values(tally).reduce((sum, count) => sum + count, 0);

/** The state of several instances: the one that a person must know first. */
export function overall(tally: Tally): Progress {
  const order = ["failed", "running", "skipped", "run", "unknown"] as const;
  return order.find((progress) => tally[progress] > 0) ?? "cached";
}

/** `10 cached, 2 failed` */
export function tallyText(tally: Tally): string {
  const parts = Object.entries(tally).filter(([, count]) => count > 0);
  return parts.map(([progress, count]) => `${count} ${words[progress as Progress]}`).join(", ");
}
