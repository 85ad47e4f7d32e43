/** Every conclusion as a row: what matters first, and the rest where there is room. */
import type { Conclusion } from "../../../index.ts";
import { formatNumber } from "../../../text/estimate.ts";
import { formatP } from "../../../text/p-value.ts";
import { wrapWithin } from "../../../text/wrap.ts";
import { type Line, paint } from "../terminal.ts";
import {
  bearingOf,
  colourOf,
  estimateOf,
  markOf,
  nameConclusion,
  oneLine,
  verdictOf,
} from "./conclusion.ts";

interface Column {
  readonly title: string;
  cell(row: Conclusion): string;
}

const always: readonly Column[] = [
  { title: "verdict", cell: verdictOf },
  { title: "estimate [interval]", cell: estimateOf },
];

/** Where these have no room as columns, they stand below the estimate. */
const notes: readonly Column[] = [
  { title: "expected", cell: expectedOf },
  { title: "rests on", cell: bearingOf },
];

/** The last are left out first. */
const more: readonly Column[] = [
  { title: "margin", cell: marginOf },
  { title: "p (sign flip)", cell: probabilityOf },
  { title: "group", cell: ({ group }) => oneLine(group) },
  { title: "why", cell: ({ reason }) => oneLine(reason) },
];

function expectedOf({ expected }: Conclusion): string {
  return expected.map(oneLine).join(" or ");
}

/** `< 1e-6 (0.0078)` */
function probabilityOf({ p, pFlip }: Conclusion): string {
  const flip = formatP(pFlip);
  return flip === "" ? formatP(p) : `${formatP(p)} (${flip})`.trimStart();
}

function marginOf({ margin, ratio }: Conclusion): string {
  const text = margin === 0 ? "0" : formatNumber(margin).replace(/\.?0+$/, "");
  return ratio ? `×${text}` : text;
}

/** Other columns are left out rather than names made narrower than this. */
const leastName = 24;
/** What names get on a terminal that is too narrow even so. */
const narrowest = 12;
const gap = "  ";
const markWidth = 2;

interface Sized {
  readonly title: string;
  readonly width: number;
  /** By row. */
  readonly cells: readonly string[];
}

/** Columns that say something, with the room that they take. */
function sized(columns: readonly Column[], rows: readonly Conclusion[]): Sized[] {
  const all = columns.map(({ title, cell }) => ({ title, cells: rows.map(cell) }));
  return all
    .filter(({ cells }) => cells.some((text) => text !== ""))
    .map((one) => ({
      ...one,
      width: Math.max(one.title.length, ...one.cells.map((text) => text.length)),
    }));
}

/** Returns the lines of the table, and the titles of the columns that had no room. */
export function tableLines(
  rows: readonly Conclusion[],
  width: number,
): { lines: Line[]; left: readonly string[] } {
  const names = rows.map(nameConclusion);
  const longest = Math.max("claim".length, ...names.map((name) => name.length));
  const least = Math.min(longest, leastName);
  const shown = sized(always, rows);
  const roomLeft = () => {
    return width - markWidth - least - shown.reduce((sum, one) => sum + one.width + gap.length, 0);
  };
  const below = sized(notes, rows);
  const needed = below.reduce((sum, one) => sum + one.width + gap.length, 0);
  if (needed <= roomLeft()) shown.push(...below.splice(0));
  const others = sized(more, rows);
  while (others[0] && below.length === 0 && others[0].width + gap.length <= roomLeft())
    shown.push(others.shift()!);
  const nameWidth = Math.min(longest, Math.max(narrowest, least + roomLeft()));
  const layout: Layout = { nameWidth, shown, below };
  const lines: Line[] = [
    `  ${lineOf(layout, "claim", (one) => one.title)}`,
    `  ${lineOf(layout, "─".repeat(nameWidth), (one) => "─".repeat(one.width))}`,
    ...rows.flatMap((row, i) => rowLines(layout, row, names[i]!, i)),
  ];
  return { lines, left: others.map(({ title }) => title) };
}

interface Layout {
  readonly nameWidth: number;
  readonly shown: readonly Sized[];
  readonly below: readonly Sized[];
}

function lineOf(
  { nameWidth, shown }: Layout,
  name: string,
  cell: (column: Sized) => string,
): string {
  const cells = shown.map((column) => cell(column).padEnd(column.width));
  return [name.padEnd(nameWidth), ...cells].join(gap).trimEnd();
}

function rowLines(layout: Layout, row: Conclusion, name: string, i: number): Line[] {
  const [first = "", ...rest] = wrapWithin(name, layout.nameWidth);
  const last = layout.shown.at(-1);
  const notes = layout.below.flatMap(({ title, cells }) => {
    if (cells[i] === "") return [];
    return title === "expected" ? `expected ${cells[i]}` : `(${cells[i]})`;
  });
  const lines = [lineOf(layout, first, ({ cells }) => cells[i]!)];
  for (let k = 0; k < Math.max(rest.length, notes.length); k++) {
    lines.push(
      lineOf(layout, rest[k] ?? "", (column) => (column === last ? (notes[k] ?? "") : "")),
    );
  }
  const colour = colourOf(row);
  return lines.map((line, k) => {
    const text = `${k === 0 ? markOf(row) : " "} ${line}`.trimEnd();
    return colour ? [paint(colour, text)] : text;
  });
}
