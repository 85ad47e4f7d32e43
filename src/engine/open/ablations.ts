/**
 * Reads and expands the ablations that a command asks for. Diagnostics name the ablation and point at
 * its override, or have a note that does.
 */

import { quote } from "../../text/quote.ts";
import { type Ablation, type Document, type Pipeline, readPipeline } from "../document/index.ts";
import { type AblatedGraph, isBaseline, mergeVariants, withoutBaseline } from "../expand/index.ts";
import type { Graph } from "../graph.ts";
import { isAt, parseAblation } from "../graph.ts";
import type { Checked, Diagnostic, Span } from "../language/diagnostic.ts";
import { Problems, suggest } from "../language/problems.ts";
import { UsageError } from "../usage-error.ts";

export class Ablations {
  readonly chosen: readonly Ablation[];
  readonly withBaseline: boolean;

  /** @param asked - as `--ablation` has them. Throws `UsageError` for a name that is unknown. */
  constructor(all: readonly Ablation[], asked: readonly string[]) {
    const names = new Set(asked.flatMap((name) => choose(name, all)));
    this.withBaseline = asked.length === 0 || asked.includes("all") || asked.includes("baseline");
    this.chosen = all.filter(({ name }) => names.has(name));
  }

  /** The graph of all that is asked for. */
  async expand(
    document: Document,
    baseline: Graph,
    expand: (pipeline: Pipeline) => Promise<Checked<Graph>>,
  ): Promise<Checked<Graph>> {
    if (this.chosen.length === 0) return { value: baseline, diagnostics: [] };
    const problems = new Problems();
    const ablated: AblatedGraph[] = [];
    for (const ablation of this.chosen) {
      const read = readPipeline(document, ablation.overrides);
      const { value: graph, diagnostics } = read.value
        ? await expand(read.value)
        : { value: undefined, diagnostics: [] };
      report(ablation, [...read.diagnostics, ...diagnostics], problems);
      if (graph) ablated.push({ name: ablation.name, graph });
    }
    const merged = mergeVariants(baseline, ablated);
    if (!problems.failed) this.#warnUnchanged(merged, problems);
    return problems.check(this.withBaseline ? merged : withoutBaseline(merged));
  }

  /** Warns of a family only if no member changes anything: one value may well be the baseline's. */
  #warnUnchanged(merged: Graph, problems: Problems): void {
    for (const { family, span } of this.chosen) {
      const members = this.chosen.filter((other) => other.family === family);
      if (!members.every(({ name }) => isBaseline(merged, name))) continue;
      problems.warn("unchanged-ablation", `ablation ${quote(family)} changes nothing`, span);
    }
  }
}

function choose(text: string, all: readonly Ablation[]): string[] {
  if (text === "baseline") return [];
  if (text === "all") return all.map(({ name }) => name);
  const { family, axes } = parseAblation(text);
  const found = all.filter((one) => one.family === family && isAt(one.coordinate, axes));
  if (found.length > 0) return found.map(({ name }) => name);
  const members = all.filter((one) => one.family === family).map(({ name }) => name);
  const known = members.length > 0 ? members : [...new Set(all.map((one) => one.family))];
  const hint = all.length > 0 ? suggest(text, known) : 'the pipeline has no "ablations"';
  throw new UsageError(`unknown ablation ${quote(text)}`, hint);
}

function report(ablation: Ablation, diagnostics: readonly Diagnostic[], problems: Problems): void {
  for (const { severity, code, message, span, notes = [], hint } of diagnostics) {
    // The baseline reports its own; and an override may well leave a param unused.
    if (severity === "warning" && !(span && isWithin(span, ablation))) continue;
    const places = [span, ...notes.map((note) => note.span)];
    const here = { message: "the ablation", span: ablation.span };
    const located = places.some((place) => place && isWithin(place, ablation));
    const instance = `ablation ${quote(ablation.name)}`;
    const extra = { notes: located ? notes : [...notes, here], hint, instance };
    if (severity === "error") problems.error(code, message, span, extra);
    else problems.warn(code, message, span, extra);
  }
}

/** Whether a place lies in an override of the ablation. */
function isWithin(span: Span, { overrides }: Ablation): boolean {
  return overrides.some(
    ({ key, value }) =>
      span.source === key.source &&
      ((span.start >= key.start && span.end <= key.end) ||
        (span.start >= value.span.start && span.end <= value.span.end)),
  );
}
