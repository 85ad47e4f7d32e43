/**
 * Draws a board into so many columns and lines: a line for each stage, one for each instance that runs,
 * and one for the whole. What has no room is folded. Pure: knows no terminal and no clock.
 */
import { duration } from "../../../text/duration.ts";
import { plural } from "../../../text/plural.ts";
import { headOf, tailOf } from "../../../text/printable.ts";
import { blocks } from "../blocks.ts";
import { type Line, paint } from "../terminal.ts";
import type { Board, Family, Running } from "./board.ts";

export interface Size {
  readonly columns: number;
  readonly lines: number;
}

/** The words for the whole run, from the most to the fewest. */
export type Footers = readonly string[];

/** Of a line that has more, the bar takes as many columns. */
const barWidth = 12;
/** Narrower terminals see no bar. */
const widthWithBar = 60;

type Kind = "active" | "waits" | "done" | "cached";

/** What was found cached is no work of this run: the rest of such a stage waits. */
function kindOf({ size, open, running, started, failed, cached, skipped }: Family): Kind {
  if (running > 0 || failed > 0 || (open > 0 && started)) return "active";
  if (open > 0) return "waits";
  return cached + skipped === size ? "cached" : "done";
}

export function picture(board: Board, footers: Footers, now: number, size: Size): Line[] {
  const { columns } = size;
  const footer = footers.find((text) => text.length <= columns) ?? footers.at(-1)!;
  const room = size.lines - 1;
  if (room <= 0) return [footer];
  const running = [...board.running];
  // What runs gets a third of the room, and what the stages leave.
  const least = Math.min(running.length, Math.max(1, Math.floor(room / 3)));
  const stages = stageLines([...board.stages], Math.max(0, room - least), columns);
  const below = runningLines(running, now, room - stages.length, columns);
  return [...stages, ...below, footer];
}

/** At most `room` lines. First what was cached is one line, then what waits, then what is done. */
function stageLines(families: readonly Family[], room: number, columns: number): Line[] {
  const kinds = new Map(families.map((family) => [family, kindOf(family)]));
  const of = (...wanted: Kind[]) =>
    families.filter((family) => wanted.includes(kinds.get(family)!));
  const folds: Kind[][] = [["cached"], ["cached", "waits"], ["cached", "waits", "done"]];
  for (const folded of folds) {
    const whole = families.filter((family) => !folded.includes(kinds.get(family)!));
    const lines = folded.flatMap((kind) => foldLine(kind, of(kind), columns));
    const last = folded.includes("done");
    if (whole.length + lines.length > room && !last) continue;
    const fits = Math.max(0, room - lines.length);
    const shown = whole.length > fits ? busiest(whole, Math.max(0, fits - 1)) : whole;
    const more = whole.length - shown.length;
    const names = nameWidth(shown, columns);
    return [
      ...shown.map((family) => stageLine(family, kinds.get(family)!, names, columns)),
      ...(more > 0 ? [cut(`… and ${plural(more, "more stage")}`, columns)] : []),
      ...lines,
    ].slice(0, room);
  }
  return [];
}

/** So many, in their order: first those with something that failed or runs. */
function busiest(families: readonly Family[], count: number): Family[] {
  const isBusy = ({ running, failed }: Family) => running + failed > 0;
  const first = [...families.filter(isBusy), ...families.filter((family) => !isBusy(family))];
  const chosen = new Set(first.slice(0, count));
  return families.filter((family) => chosen.has(family));
}

const verbs = { active: "run", waits: "wait", done: "are done", cached: "are cached" };
const verb = { ...verbs, active: "runs", waits: "waits", done: "is done", cached: "is cached" };

function foldLine(kind: Kind, families: readonly Family[], columns: number): Line[] {
  if (families.length === 0) return [];
  const instances = families.reduce((sum, { size }) => sum + size, 0);
  const count = plural(families.length, "stage");
  const text = `${count} ${(families.length === 1 ? verb : verbs)[kind]} (${instances})`;
  return [[paint("dim", cut(text, columns))]];
}

function nameWidth(families: readonly Family[], columns: number): number {
  const longest = Math.max(0, ...families.map(({ name }) => name.length));
  return Math.min(longest, Math.max(6, Math.floor(columns * 0.45)));
}

function stageLine(family: Family, kind: Kind, names: number, columns: number): Line {
  const { name, size, open, running, failed, skipped, seconds } = family;
  const done = size - open - skipped;
  const head = clipMiddle(name, names).padEnd(names);
  const counts = `${done}/${size}`.padStart(columns < widthWithBar ? 0 : 9);
  const drawn = columns < widthWithBar ? "" : `  ${blocks(done / size, barWidth)}`;
  const said = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(running > 0 ? [`${running} running`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(kind === "waits" ? ["waits"] : []),
    ...(kind === "done" ? [seconds > 0 ? `done in ${duration(seconds)}` : "done"] : []),
  ].join(", ");
  const text = cut(`${head} ${counts}${drawn}  ${said}`.trimEnd(), columns);
  if (failed > 0) return [paint("red", text)];
  if (kind === "active") return text;
  return [paint(kind === "done" ? "green" : "dim", text)];
}

function runningLines(
  running: readonly (readonly [string, Running])[],
  now: number,
  room: number,
  columns: number,
): Line[] {
  const shown = running.length > room ? running.slice(0, Math.max(0, room - 1)) : running;
  const lines = shown.map(([id, { since, fraction, note }]) => {
    const time = duration(Math.max(0, Math.floor((now - since) / 1000)), true);
    const percent = fraction > 0 ? `${Math.floor(fraction * 100)}%` : "";
    const head = `${time.padStart(columns < 40 ? 4 : 9)} ${percent.padStart(4)}  `;
    const rest = columns - head.length;
    // The id keeps half of the line where there is a message beside it.
    const name = clipMiddle(id, note === "" ? rest : Math.max(8, Math.floor(rest / 2)));
    return cut(`${head}${name}${note === "" ? "" : `  ${note}`}`, columns);
  });
  const more = running.length - shown.length;
  return more > 0 && room > 0 ? [...lines, cut(`… and ${more} more running`, columns)] : lines;
}

/** Instances differ at the end of their ids. */
function clipMiddle(text: string, width: number): string {
  if (text.length <= width) return text;
  const left = Math.max(0, Math.ceil((width - 1) / 2));
  return `${headOf(text, left)}…${tailOf(text, Math.max(0, width - 1 - left))}`;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${headOf(text, Math.max(0, width - 1))}…`;
}
