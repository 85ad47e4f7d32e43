/** Earlier runs as text: all of them, or one. Reads nothing. */
import type { Cell } from "../../formats/cells.ts";
import { type PastRun, type RunStage, valueText } from "../../index.ts";
import { duration } from "../../text/duration.ts";
import { shellWord } from "../../text/shell.ts";
import { wrap } from "../../text/wrap.ts";
import { size } from "./size.ts";
import { textTable } from "./table.ts";
import type { Line } from "./terminal.ts";

/** The counts and times always fit; a name gets what is left, and the id goes first. */
const others = 72;

export function listLines(runs: readonly PastRun[], width: number): string {
  const cellWidth = Math.min(60, Math.max(9, width - others));
  const rows = runs.map((run, back): Cell[] => [
    ...[back === 0 ? "latest" : `latest~${back}`, run.called ?? "", when(run)],
    ...[run.counts.ran, run.counts.cached, run.counts.failed, run.counts.skipped],
    ...[run.finished ? duration(run.seconds!) : stateOf(run), run.name, run.note ?? ""],
  ]);
  const names = ["ran", "cached", "failed", "skipped"];
  const header = ["run", "name", "started", ...names, "took", "id", "note"];
  // Only names and notes are long; times and ids are cut by nothing.
  const cut = rows.map((row) =>
    row.map((cell, i) => (i === 1 ? clip(String(cell), cellWidth) : cell)),
  );
  return textTable(header, cut, { width, more: "--json" });
}

const stateOf = ({ running }: PastRun) => (running ? "running" : "killed");

const clip = (text: string, width: number) =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;

/** Local time, to the minute. */
function when({ at }: PastRun): string {
  const date = new Date(at ?? Number.NaN);
  if (Number.isNaN(date.getTime())) return "";
  const two = (n: number) => String(n).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function runLines(run: PastRun, stages: readonly RunStage[], width: number): Line[] {
  const { about, counts, called, note } = run;
  const unfinished = run.running ? "still running" : "killed before its end";
  const took = run.finished ? `took ${duration(run.seconds!)}` : unfinished;
  const { ran, cached, failed, skipped } = counts;
  const facts: (readonly [string, string | undefined])[] = [
    ["run", run.name],
    ["name", called],
    ["note", note],
    ["started", `${when(run) || "unknown"}, ${took}`],
    ["instances", `${ran} ran, ${cached} cached, ${failed} failed, ${skipped} skipped`],
    [
      "command",
      about && about.command.length > 0
        ? ["blockspin", ...about.command].map(shellWord).join(" ")
        : undefined,
    ],
    ["set", about && about.set.length > 0 ? about.set.join(", ") : undefined],
    ["version", about?.version === undefined ? undefined : `blockspin ${about.version}`],
    ["commit", about?.commit && `${about.commit.id}${about.commit.dirty ? ", with changes" : ""}`],
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === undefined ? [] : fact(name, value, width),
  );
  if (!about) lines.push("parameters are not known: the run is of an earlier version");
  for (const [name, changes] of Object.entries(about?.ablations ?? {})) {
    const parts = Object.entries(changes).map(([field, value]) => `${field}: ${valueText(value)}`);
    lines.push(...fact("ablation", [name, ...parts].join("  "), width));
  }
  const params = Object.entries(about?.params ?? {}).map(([name, value]) => [
    name,
    valueText(value),
  ]);
  if (params.length > 0)
    lines.push(
      "",
      ...textTable(["parameter", "value"], params, { width, cellWidth: 120 }).split("\n"),
    );
  return [...lines, "", ...stageTable(stages, width)];
}

function fact(name: string, value: string, width: number): string[] {
  const [first = "", ...rest] = wrap(value, width - 11, "");
  return [`${name.padEnd(9)}  ${first}`, ...rest.map((line) => `${" ".repeat(11)}${line}`)];
}

function stageTable(stages: readonly RunStage[], width: number): string[] {
  if (stages.length === 0) return ["nothing ended in this run"];
  const rows = stages.map(({ stage, counts, seconds, bytes, gone }): Cell[] => [
    ...[stage, counts.ran, counts.cached, counts.failed, counts.skipped],
    counts.ran > 0 ? duration(seconds) : "",
    `${size(bytes)}${gone > 0 ? ` (${gone} gone)` : ""}`,
  ]);
  const header = ["stage", "ran", "cached", "failed", "skipped", "time", "outputs"];
  return textTable(header, rows, { width }).split("\n");
}
