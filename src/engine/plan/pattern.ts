/** Instance patterns: `stage` or `stage[axis=value,…]` with some axes. Knows no file format. */
import type { Graph } from "../graph.ts";
import { UsageError } from "../usage-error.ts";

interface Pattern {
  readonly stage: string;
  readonly axes: ReadonlyMap<string, string>;
  readonly port: string | undefined;
}

/** Reads `stage`, `stage[axis=value,…]` or either with `.port`. Throws `UsageError`. */
export function parsePattern(text: string): Pattern {
  const match = /^([^[\].]+)(?:\[([^\]]*)\])?(?:\.([A-Za-z_]\w*))?$/.exec(text.trim());
  if (!match) {
    throw new UsageError(
      `invalid instance pattern ${JSON.stringify(text)}`,
      "write stage or stage[axis=value,…]",
    );
  }
  const axes = new Map<string, string>();
  for (const part of match[2]?.split(",") ?? []) {
    if (part.trim() === "") continue;
    const equals = part.indexOf("=");
    if (equals < 1) {
      throw new UsageError(
        `invalid axis ${JSON.stringify(part)} in pattern ${JSON.stringify(text)}`,
        "write axis=value",
      );
    }
    axes.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  return { stage: match[1]!, axes, port: match[3] };
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
  const indices = ofStage
    .filter(([, { coordinate }]) =>
      [...pattern.axes].every(([axis, value]) => String(coordinate[axis]) === value),
    )
    .map(([index]) => index);
  if (indices.length === 0) {
    throw new UsageError(
      `no instance matches ${JSON.stringify(text)}`,
      `instances: ${ofStage
        .slice(0, 8)
        .map(([, { id }]) => id)
        .join(", ")}${ofStage.length > 8 ? ", …" : ""}`,
    );
  }
  return pattern.port === undefined ? { indices } : { indices, port: pattern.port };
}
