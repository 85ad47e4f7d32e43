/**
 * Facts: rows that measure one thing come to one answer. It is the word that all of them have, else MIXED;
 * nothing is averaged, as rows have different units and share their data.
 */
import { bool, i32, nullable, utf8 } from "../../engine/node-type.ts";
import { common, mixed, type Word, wordOf } from "../../statistics/words.ts";
import { sayAlong } from "./along.ts";
import type { Bearing } from "./claim-params.ts";
import { allAsExpected } from "./expectation.ts";
import type { Judged } from "./judged.ts";
import { countsOf, phrases } from "./phrases.ts";
import type { verdictRow } from "./rows.ts";

export const factColumns = {
  fact: utf8,
  answer: utf8,
  counts: utf8,
  as_expected: nullable(bool),
  expected: utf8,
  says: utf8,
  rows: i32,
  holds: i32,
  family: utf8,
  role: utf8,
  bearing: utf8,
  states: utf8,
  text: utf8,
};

/** A row of the table, and the answers that it is made of. */
export interface Judgement {
  readonly row: ReturnType<typeof verdictRow>;
  readonly judged: Judged;
}

/** How many rows that differ are named. */
const mostNames = 3;

/** @param texts - what a fact says, by its name */
export function factRows(all: readonly Judgement[], texts: Readonly<Record<string, string>> = {}) {
  return [...new Set(all.map(({ row }) => row.fact))].map((fact) => {
    const members = all.filter(({ row }) => row.fact === fact);
    const rows = members.map(({ row }) => row);
    const [{ family, role, states, text }] = rows as [(typeof rows)[0]];
    const came = allAsExpected(rows);
    const isOneText = rows.every((row) => row.text === text);
    return {
      ...{ fact, family, role, states },
      answer: common(rows.map(({ verdict }) => verdict)),
      counts: countsWithin(members),
      as_expected: came === null ? null : Number(came),
      expected: [...new Set(rows.flatMap((row) => row.expected || []))].join(", "),
      says: [...sayWords(members), sayRanges(members)].join("; "),
      rows: rows.length,
      holds: rows.filter(({ verdict }) => phrases[verdict].holds).length,
      bearing: bearingOf(rows.map(({ bearing }) => bearing)),
      text: Object.hasOwn(texts, fact) ? texts[fact]! : isOneText ? text : "",
    };
  });
}

/** What a MIXED answer is made of: rows, or values where rows are judged along an axis. */
function countsWithin(members: readonly Judgement[]): string {
  const verdicts = members.map(({ row }) => row.verdict);
  if (common(verdicts) !== mixed) return "";
  if (!verdicts.includes(mixed)) return countsOf(verdicts, "row");
  const words = members.flatMap(({ judged: { role, answers } }) =>
    answers.map(({ region }) => wordOf(role, region)),
  );
  return countsOf(words, "value");
}

/** The bearing of all rows, or how many have one that is not the data's: `theorem in 1 of 3 rows`. */
function bearingOf(bearings: readonly Bearing[]): string {
  const words = [...new Set(bearings)];
  if (words.length === 1) return words[0]!;
  return words
    .filter((word) => word !== "empirical")
    .map((word) => `${word} in ${bearings.filter((one) => one === word).length}`)
    .map((text) => `${text} of ${bearings.length} rows`)
    .join(", ");
}

/** `holds in 6 of 6 rows`; where `counts` has the numbers, which rows differ from most; of a single row, where it holds along its axis. */
function sayWords(members: readonly Judgement[]): string[] {
  const [first] = members as [Judgement];
  if (members.length === 1) return [sayAlong(first.judged)].filter((text) => text !== "");
  const of = (word: Word) => members.filter(({ row }) => row.verdict === word);
  const words = [...new Set(members.map(({ row }) => row.verdict))];
  words.sort((a, b) => of(b).length - of(a).length);
  if (words.length > 1 && !words.includes(mixed)) {
    return words.slice(1).map((word) => `${phrases[word].alone}: ${namesOf(of(word))}`);
  }
  return words.map((word, i) => {
    const found = of(word);
    if (word === mixed)
      return found.map((one) => `${nameOf(one)} ${sayAlong(one.judged)}`).join("; ");
    const text = `${phrases[word].alone} in ${found.length}`;
    return i === 0 ? `${text} of ${members.length} rows` : `${text} (${namesOf(found)})`;
  });
}

function namesOf(members: readonly Judgement[]): string {
  const names = members.slice(0, mostNames).map(nameOf).join(", ");
  return members.length > mostNames ? `${names} and ${members.length - mostNames} more` : names;
}

/** Within a fact that has the claim's name, that name goes without saying. */
function nameOf({ row: { claim, each, fact } }: Judgement): string {
  if (each === "") return claim;
  return claim === fact ? each : `${claim} [${each}]`;
}

/** `hoyer 0.404 … 0.655, participation_ratio ×16.8 … ×83`: the estimates of each metric. */
function sayRanges(members: readonly Judgement[]): string {
  const keyOf = ({ row: { metric, scale } }: Judgement) => {
    return JSON.stringify([metric.replace(/^.*\./, ""), scale === "log" ? "×" : ""]);
  };
  const texts = [...new Set(members.map(keyOf))].map((key) => {
    const [name, sign] = JSON.parse(key) as [string, string];
    const of = members.filter((one) => keyOf(one) === key);
    const values = of.flatMap(({ judged }) => judged.answers.map(({ estimate }) => estimate));
    const known = values.filter((x) => !Number.isNaN(x));
    if (known.length === 0) return `${name} without a value`;
    const shown = (x: number) => `${sign}${Number(x.toPrecision(3))}`;
    const [only, ...more] = of;
    const { lo, hi } = only!.row;
    if (more.length === 0 && known.length === 1 && lo !== null && hi !== null)
      return `${name} ${shown(known[0]!)} [${shown(lo)}, ${shown(hi)}]`;
    const [from, to] = [shown(Math.min(...known)), shown(Math.max(...known))];
    return from === to ? `${name} ${from}` : `${name} ${from} … ${to}`;
  });
  return texts.join(", ");
}
