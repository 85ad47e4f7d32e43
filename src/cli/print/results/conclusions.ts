/** What a run concludes, at a glance. Computes nothing. */
import {
  type Conclusion,
  type Conclusions,
  type Count,
  type Group,
  unitsOf,
} from "../../../index.ts";
import { clipEnd } from "../../../text/clip.ts";
import { groupBy } from "../../../text/group.ts";
import { plural } from "../../../text/plural.ts";
import { wrap, wrapWithin } from "../../../text/wrap.ts";
import { type Line, paint } from "../terminal.ts";
import { estimateOf, markOf, nameConclusion, oneLine, verdictOf, wordsOf } from "./conclusion.ts";
import { factLines } from "./facts.ts";

/** How many rows a list names. */
const maxRows = 12;
const maxNames = 4;
/** How long a name of a group may be: all lines are indented by the longest. */
const maxGroup = 60;

export interface Frame {
  /** Characters per line; a file or a pipe has no limit. */
  readonly width: number;
}

/** The groups, then what was not as expected, then what is open. */
export function conclusionLines(conclusions: Conclusions, frame: Frame): Line[] {
  const { groups, notAsExpected, undecided, missing } = conclusions;
  const lines: Line[] = [titleOf(conclusions)];
  if (groups.some(({ facts }) => facts.length > 0)) lines.push(...headlines(conclusions, frame));
  // A narrow terminal has no room for a column of names.
  const widest = Math.max(0, ...groups.map((group) => nameGroup(group).length));
  const width = frame.width < 50 ? 0 : widest;
  for (const group of groups) lines.push(...groupLines(group, width, frame));
  if (groups.some((group) => group.strongest && group.rows.length > 1 && !group.facts.length)) {
    const note = "strongest, weakest: by the distance from the margin, in units of the interval";
    lines.push(...wrap(note, frame.width));
  }
  lines.push(...metricLines(groups, frame));
  lines.push(...surprises(notAsExpected, groups, frame));
  if (undecided.length > 0)
    lines.push("", [paint("yellow", `${openTitle(groups)}: ${countOf(undecided, groups)}`)]);
  for (const row of undecided.slice(0, maxRows)) lines.push(...openLines(row, frame));
  lines.push(...moreThan(undecided));
  if (missing.length > 0) lines.push("", `not computed: ${someOf(missing)}`);
  return lines;
}

function titleOf({ stage, ablation, groups }: Conclusions): Line {
  const of = ablation === undefined ? "" : `, ablation ${ablation}`;
  const count = (role: Group["role"], what: "rows" | "facts") =>
    groups.reduce((sum, group) => sum + (group.role === role ? group[what].length : 0), 0);
  const [claims, controls] = [count("claim", "rows"), count("control", "rows")];
  const [facts, effects] = [count("claim", "facts"), count("control", "facts")];
  const named = groups.filter(({ role, text }) => role === "claim" && text !== "").length;
  const forClaims = named > 0 ? ` for ${plural(named, "claim")}` : "";
  const inRows = (rows: number, all: number) => (rows === all ? "" : ` in ${plural(all, "row")}`);
  if (facts + effects > 0) {
    const said = `${plural(facts, "fact")}${forClaims}${inRows(facts, claims)}`;
    const beside = `${plural(effects, "control")}${inRows(effects, controls)}`;
    return `${stage}${of}: ${[said, ...(effects > 0 ? [beside] : [])].join("; ")}`;
  }
  const said = named > 0 ? `${plural(claims, "comparison")}${forClaims}` : plural(claims, "claim");
  const parts = [said, ...(controls > 0 ? [plural(controls, "control")] : [])];
  return `${stage}${of}: ${parts.join(", ")}`;
}

function headlines({ headline, apart }: Conclusions, { width }: Frame): string[] {
  const texts = [headline, apart].filter((text) => text !== "");
  return texts.flatMap((text) => wrap(oneLine(text), width - 2, "").map((line) => `  ${line}`));
}

/** A control that stands in the same group as a claim is another line. */
function nameGroup({ name, role }: Group): string {
  const text = clipEnd(oneLine(name === "" ? `${role}s` : name), maxGroup);
  return role === "claim" || text === "controls" ? text : `${text}, controls`;
}

function groupLines(group: Group, width: number, frame: Frame): Line[] {
  const name = nameGroup(group).padEnd(width);
  const { strongest, weakest } = group;
  const counted = foldPieces(tally(group), frame.width - width - 4);
  const pad = " ".repeat(width + 4);
  const below = counted.map((pieces) => [pad, ...pieces]);
  const lines: Line[] = [[`  ${name}  `, ...counted[0]!], ...below.slice(1)];
  if (group.text !== "") {
    const text = wrap(oneLine(group.text), frame.width - width - 4, "");
    lines.splice(0, 1, ...claimed(name, text), below[0]!);
  }
  if (group.facts.length > 0) {
    const answerWidth = Math.max(...group.facts.map(({ verdict }) => oneLine(verdict).length));
    const layout = { indent: 4, answerWidth, width: frame.width };
    return [...lines, ...group.facts.flatMap((fact) => factLines(fact, layout))];
  }
  const first = group.rows.length === 1 ? "" : "strongest";
  if (strongest) lines.push(...extreme(first, strongest, width, frame));
  if (weakest && weakest !== strongest) lines.push(...extreme("weakest", weakest, width, frame));
  return lines;
}

/** The name of a group and what it claims. */
function claimed(name: string, [first = "", ...rest]: readonly string[]): Line[] {
  return [`  ${name}  ${first}`, ...rest.map((line) => `${" ".repeat(name.length + 4)}${line}`)];
}

/** Verdicts of claims by their words; of controls, only whether they are as expected. */
function tally({ role, rows, facts, counts, bearings, ...group }: Group): Exclude<Line, string> {
  const words =
    role === "claim"
      ? counts.map(countText).join(", ")
      : String((facts.length > 0 ? facts : rows).length);
  const rest = bearings.map(({ word, count }) => `${count} ${wordsOf(word)}`).join(", ");
  const { asExpected, notAsExpected, expectationOpen, withoutExpectation } = group;
  const pieces: Exclude<Line, string>[number][] = [words, rest === "" ? "" : ` (${rest})`];
  const glue = () => (pieces.length === 2 ? ": " : ", ");
  if (asExpected > 0) pieces.push(glue(), paint("green", `${asExpected} as expected`));
  if (notAsExpected > 0) pieces.push(glue(), paint("red", `${notAsExpected} not as expected`));
  if (expectationOpen > 0) pieces.push(glue(), paint("yellow", `${expectationOpen} not decided`));
  if (pieces.length > 2 && withoutExpectation > 0)
    pieces.push(glue(), `${withoutExpectation} without expectation`);
  return pieces;
}

type Pieces = Exclude<Line, string>;

/** Pieces in as many lines as they need; one begins with none of the separators. */
function foldPieces(pieces: Pieces, width: number): Pieces[] {
  const lines: Pieces[number][][] = [[]];
  let used = 0;
  for (const piece of pieces) {
    const { length } = typeof piece === "string" ? piece : piece.text;
    if (used > 0 && used + length > width && length > 2) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)!.push(piece);
    used += length;
  }
  return lines;
}

const countText = ({ word, count }: Count) => `${count} ${oneLine(word)}`;

/** One line where there is room; else the numbers have a line of their own. */
function extreme(label: string, row: Conclusion, indent: number, frame: Frame): Line[] {
  const padded = label === "" ? "" : `${label.padEnd("strongest".length)}  `;
  const head = `${" ".repeat(indent + 4)}${padded}`;
  const name = nameConclusion(row);
  const found = [estimateOf(row), verdictOf(row)].filter((text) => text !== "").join("  ");
  const whole = `${head}${name}: ${found}`;
  if (whole.length <= frame.width) return [whole];
  return [...folded(head, name, frame), `${" ".repeat(head.length)}${found}`];
}

/** A long name on several lines, the later ones below the first. */
function folded(head: string, name: string, { width }: Frame): string[] {
  const [first = "", ...rest] = wrapWithin(name, Math.max(20, width - head.length));
  return [`${head}${first}`, ...rest.map((line) => `${" ".repeat(head.length)}${line}`)];
}

function surprises(rows: readonly Conclusion[], groups: readonly Group[], frame: Frame): Line[] {
  const expected = groups.reduce((sum, { asExpected }) => sum + asExpected, 0);
  if (rows.length === 0)
    return expected > 0 ? ["", [paint("green", nothingMissed(groups, expected))]] : [];
  const lines: Line[] = ["", [paint("red", `not as expected: ${countOf(rows, groups)}`)]];
  for (const row of rows.slice(0, maxRows)) {
    const [first = "", ...rest] = folded("", nameConclusion(row), { width: frame.width - 4 });
    lines.push(
      ["  ", paint("red", markOf(row)), ` ${first}`],
      ...rest.map((text) => `    ${text}`),
    );
    const words = row.expected.map(oneLine).join(" or ");
    const estimate = estimateOf(row);
    const found = `expected ${words}, found ${verdictOf(row)}`;
    lines.push(
      ...wrap(`${found}${estimate === "" ? "" : `: ${estimate}`}`, frame.width - 6, "").map(
        (text) => `      ${text}`,
      ),
    );
  }
  return [...lines, ...moreThan(rows)];
}

function nothingMissed(groups: readonly Group[], met: number): string {
  const open = groups.reduce((sum, { expectationOpen }) => sum + expectationOpen, 0);
  const all = `all ${met + open} of which something was expected`;
  return `as expected: ${open === 0 ? all : `${met} of ${met + open} of which something was expected, the others are not decided`}`;
}

/** What the metrics mean that the lines of facts name. */
function metricLines(groups: readonly Group[], { width }: Frame): Line[] {
  const used = groups.flatMap((group) =>
    group.facts.flatMap(({ rows }) =>
      rows.map(({ metric }) => ({ ...metric, of: nameGroup(group) })),
    ),
  );
  const noted = groupBy(
    used.filter(({ note }) => note !== ""),
    ({ name }) => name,
  );
  // Columns of several tables may have one name: then it is said where each is meant.
  const known = [...noted].flatMap(([name, same]) => {
    const notes = [...groupBy(same, ({ note }) => note)];
    return notes.map(([note, members]) => {
      const where = [...new Set(members.map(({ of }) => of))].join("; ");
      const place = notes.length === 1 ? "" : ` (${where})`;
      return `${oneLine(name)}${place}: ${oneLine(note)}`;
    });
  });
  if (known.length === 0) return [];
  const lines = known.flatMap((line) => wrap(line, width - 2, "  ").map((text) => `  ${text}`));
  return ["", ...wrap("numbers are differences, or ratios (×), of:", width), ...lines];
}

/** Of answers that are mixed, single values may be open as well. */
function openTitle(groups: readonly Group[]): string {
  const isSplit = groups.some(({ facts }) => facts.some(({ counts }) => counts !== ""));
  return isSplit ? "not decided as a whole" : "not decided";
}

function openLines(row: Conclusion, frame: Frame): Line[] {
  const reason = row.reason === "" ? verdictOf(row) : row.reason;
  const wanted = row.expectation === "open" ? `expected ${row.expected.join(" or ")}; ` : "";
  const text = `? ${nameConclusion(row)}: ${oneLine(wanted + reason)}`;
  return wrap(text, frame.width - 2, "  ").map((line) => `  ${line}`);
}

/** In the unit that is counted above, and how many rows that is. */
function countOf(rows: readonly Conclusion[], groups: readonly Group[]): string {
  const units = unitsOf(rows, groups);
  const hasFacts = groups.some(({ facts }) => facts.length > 0);
  return hasFacts ? `${units} (${plural(rows.length, "row")})` : units;
}

function moreThan(rows: readonly unknown[]): Line[] {
  return rows.length > maxRows ? [`  … and ${rows.length - maxRows} more`] : [];
}

/** What an ablation changes, against the baseline's conclusions. */
export function differenceLines(
  ablation: Conclusions,
  baseline: Conclusions,
  frame: Frame,
): Line[] {
  const title = `${ablation.stage}, ablation ${ablation.ablation}`;
  if (ablation.shared) return [`${title}: the baseline's`];
  const key = ({ name, at }: Conclusion) => JSON.stringify([name, at]);
  const before = new Map(baseline.rows.map((row) => [key(row), row.verdict]));
  const changed = ablation.rows.filter((row) => before.get(key(row)) !== row.verdict);
  const { length } = ablation.rows;
  const same = changed.length === 0 ? `all ${length} verdicts are the baseline's` : undefined;
  const lines: Line[] = [
    `${title}: ${same ?? `${changed.length} of ${length} verdicts differ from the baseline's`}`,
  ];
  for (const row of changed.slice(0, maxRows)) {
    const was = oneLine(before.get(key(row)) ?? "absent");
    const text = `${markOf(row)} ${nameConclusion(row)}: ${was} → ${oneLine(row.verdict)}`;
    lines.push(...wrap(text, frame.width - 2, "  ").map((line) => `  ${line}`));
  }
  lines.push(...moreThan(changed));
  if (ablation.missing.length > 0) lines.push(`  not computed: ${someOf(ablation.missing)}`);
  return lines;
}

function someOf(ids: readonly string[]): string {
  const more = ids.length - maxNames;
  return `${ids.slice(0, maxNames).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
