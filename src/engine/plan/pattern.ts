/**
 * Instance patterns: `stage` or `stage[axis=value,…]` with some axes, `ablation` among them. Knows no
 * file format.
 */

import type { Coordinate, Graph, Instance } from "../graph.ts";
import { isAt, parseAblation } from "../graph.ts";
import type { Scalar } from "../language/tree.ts";
import { UsageError } from "../usage-error.ts";

interface Pattern {
  readonly stage: string;
  readonly axes: ReadonlyMap<string, string>;
  readonly port: string | undefined;
}

/** Reads `stage`, `stage[axis=value,…]` or either with `.port`, also before the axes. Throws `UsageError`. */
export function parsePattern(text: string): Pattern {
  const match = /^([^[\].]+)(?:\.([A-Za-z_]\w*))?(?:\[(.*)\])?(?:\.([A-Za-z_]\w*))?$/.exec(
    text.trim(),
  );
  const [, stage, before, within = "", after] = match ?? [];
  if (stage === undefined || (before !== undefined && after !== undefined)) {
    throw new UsageError(
      `invalid instance pattern ${JSON.stringify(text)}`,
      "write stage or stage[axis=value,…], either with .port",
    );
  }
  const axes = new Map<string, string>();
  for (const part of splitOutside(within)) {
    if (part.trim() === "") continue;
    const equals = part.indexOf("=");
    if (equals < 1) {
      throw new UsageError(
        `invalid axis ${JSON.stringify(part)} in pattern ${JSON.stringify(text)}`,
        "write axis=value",
      );
    }
    const axis = part.slice(0, equals).trim();
    if (axes.has(axis)) {
      throw new UsageError(
        `axis ${JSON.stringify(axis)} is given twice in pattern ${JSON.stringify(text)}`,
        "write a pattern for each value",
      );
    }
    axes.set(axis, part.slice(equals + 1).trim());
  }
  return { stage, axes, port: before ?? after };
}

/** Splits at commas outside of brackets: an ablation's name may contain both. */
function splitOutside(text: string): string[] {
  return text.match(/(?:[^,[\]]|\[[^[\]]*\])+/g) ?? [];
}

/** The ablations that patterns name. A pattern without any means the baseline, if others have one. */
export function ablationsIn(patterns: readonly string[]): string[] {
  const named = patterns.map((text) => parsePattern(text).axes.get("ablation"));
  if (named.every((name) => name === undefined)) return [];
  return [...new Set(named.map((name) => name ?? "baseline"))];
}

/** Indices of the instances that a pattern names. Throws `UsageError` if there are none. */
export function matchPattern(graph: Graph, text: string): { indices: number[]; port?: string } {
  const pattern = parsePattern(text);
  const ofStage = [...graph.instances.entries()].filter(([, { stage }]) => stage === pattern.stage);
  if (ofStage.length === 0) {
    const stages = [...new Set(graph.instances.map(({ stage }) => stage))].sort();
    throw new UsageError(
      `unknown stage ${JSON.stringify(pattern.stage)}`,
      `stages: ${stages.join(", ")}`,
    );
  }
  const axes = new Map(pattern.axes);
  axes.delete("ablation");
  requireAxes(pattern, axes, ofStage);
  const among = membersOf(graph, pattern.axes.get("ablation"));
  const indices = ofStage
    .filter(([index, { coordinate }]) => (!among || among.has(index)) && isAt(coordinate, axes))
    .map(([index]) => index);
  if (indices.length === 0) {
    throw new UsageError(
      `no instance matches ${JSON.stringify(text)}`,
      `instances: ${ofStage
        .slice(0, 8)
        .map(([, { label }]) => label)
        .join(", ")}${ofStage.length > 8 ? ", …" : ""}`,
    );
  }
  return pattern.port === undefined ? { indices } : { indices, port: pattern.port };
}

function requireAxes(
  { stage }: Pattern,
  axes: ReadonlyMap<string, string>,
  instances: readonly (readonly [number, Instance])[],
): void {
  const known = new Set(instances.flatMap(([, { coordinate }]) => Object.keys(coordinate)));
  const stranger = [...axes.keys()].find((axis) => !known.has(axis));
  if (stranger === undefined) return;
  throw new UsageError(
    `unknown axis ${JSON.stringify(stranger)}: stage ${JSON.stringify(stage)} has no such axis`,
    known.size > 0 ? `axes: ${[...known].sort().join(", ")}` : `write ${stage} alone`,
  );
}

/** The instances of an ablation or a family, shared ones included; undefined if none is named. */
function membersOf({ variants }: Graph, named: string | undefined): Set<number> | undefined {
  if (named === undefined) return undefined;
  const { family, axes } = parseAblation(named);
  const meant = variants.filter(({ ablation }) => {
    if (ablation === undefined) return named === "baseline";
    const other = parseAblation(ablation);
    return other.family === family && isAt(typed(other.axes), axes);
  });
  return new Set(meant.flatMap(({ instances }) => instances));
}

/** Gives numbers in a name their type. */
function typed(axes: ReadonlyMap<string, string>): Coordinate {
  const entries = [...axes].map(([axis, text]): [string, Scalar] => {
    return [axis, String(Number(text)) === text ? Number(text) : text];
  });
  return Object.fromEntries(entries);
}
