/** Claims that are judged at each value of an axis: a row for each, and the answer in words. */
import { f64, i32, nullable, utf8 } from "../../engine/node-type.ts";
import { type Word, wordOf } from "../../statistics/words.ts";
import { defined } from "../shared/tables.ts";
import { factOf } from "./check.ts";
import { alongOf } from "./claims.ts";
import type { Judged } from "./judged.ts";
import { phrases } from "./phrases.ts";

export const alongColumns = {
  claim: utf8,
  each: utf8,
  axis: utf8,
  value: f64,
  verdict: utf8,
  estimate: nullable(f64),
  lo: nullable(f64),
  hi: nullable(f64),
  margin: f64,
  n: i32,
  p: nullable(f64),
  p_adjusted: nullable(f64),
  p_flip: nullable(f64),
  left: nullable(f64),
  right: nullable(f64),
  fact: utf8,
  role: utf8,
  scale: utf8,
};

export function alongRows({ claim, role, comparisons, answers }: Judged) {
  const along = alongOf(claim);
  if (!along) return [];
  return answers.map((answer, i) => {
    const { each, value, left, right } = comparisons[i]!;
    return {
      ...{ claim: claim.name, each, axis: along.axis, value, fact: factOf(claim), role },
      ...{ scale: claim.scale, margin: claim.margin, verdict: wordOf(role, answer.region) },
      estimate: defined(answer.estimate),
      lo: defined(answer.lo),
      hi: defined(answer.hi),
      n: answer.n,
      p: defined(answer.p),
      p_adjusted: defined(answer.pAdjusted),
      p_flip: defined(answer.pFlip),
      left: defined(left[answer.point]!),
      right: defined(right[answer.point]!),
    };
  });
}

/** Where a claim holds along its axis; empty without one. */
export function sayAlong({ claim, role, comparisons, answers }: Judged): string {
  const along = alongOf(claim);
  if (!along) return "";
  const words = answers.map(({ region }) => wordOf(role, region));
  return answerAlong(
    along.axis,
    comparisons.map(({ value }) => value),
    words,
  );
}

interface Run {
  readonly word: Word;
  readonly from: number;
  to: number;
}

/**
 * `holds at beta ≤ 0.35, turns at 0.45 (undecided at 0.4)`: what holds comes first, then what does not, and
 * last what is not decided.
 *
 * @param values - of the axis, ascending, with the word of each
 */
export function answerAlong(
  axis: string,
  values: readonly number[],
  words: readonly Word[],
): string {
  const runs: Run[] = [];
  for (const [i, word] of words.entries()) {
    const last = runs.at(-1);
    if (last?.word === word) last.to = i;
    else runs.push({ word, from: i, to: i });
  }
  const [only] = runs;
  if (runs.length === 1) {
    const [first, last] = [shownValue(values[0]!), shownValue(values.at(-1)!)];
    const all = `all ${values.length} values of ${axis}, ${first} … ${last}`;
    return `${phrases[only!.word].alone} at ${first === last ? `${axis} ${first}` : all}`;
  }
  const isOpen = ({ word }: Run) => phrases[word].open;
  const isHeld = ({ word }: Run) => phrases[word].holds;
  const held = runs.filter(isHeld);
  const decided = [...held, ...runs.filter((run) => !isHeld(run) && !isOpen(run))];
  const begins = held.length === 1 && held[0] === runs.at(-1);
  const say = (group: readonly Run[]) =>
    [...new Set(group.map(({ word }) => word))].map((word) => {
      const places = group.filter((run) => run.word === word).map((run) => placeOf(run, values));
      const phrase = begins && phrases[word].holds ? phrases[word].begins : phrases[word].after;
      return { phrase: held.length > 0 ? phrase : phrases[word].alone, places };
    });
  const open = say(runs.filter(isOpen));
  const all = say(decided);
  const texts = (said: ReturnType<typeof say>, named: boolean) =>
    said.map(({ phrase, places }, i) => {
      return `${phrase} at ${named && i === 0 ? `${axis} ` : ""}${places.join(" and ")}`;
    });
  if (all.length === 0) return texts(open, true).join(", ");
  const beside = open.map((one) => ({ ...one, phrase: one.phrase.replace(/^is /, "") }));
  const rest = open.length > 0 ? ` (${texts(beside, false).join(", ")})` : "";
  return texts(all, true).join(", ") + rest;
}

function placeOf({ from, to }: Run, values: readonly number[]): string {
  const [first, last] = [shownValue(values[from]!), shownValue(values[to]!)];
  if (from === to) return first;
  if (from === 0) return `≤ ${last}`;
  return to === values.length - 1 ? `≥ ${first}` : `${first} … ${last}`;
}

/** A value of an axis for people: the critical beta has too many digits. */
export function shownValue(x: number): string {
  return String(Number.isInteger(x) ? x : Number(x.toPrecision(5)));
}
