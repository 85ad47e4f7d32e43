/** The stages as lines of text: one a stage, with what it reads below it. Knows no graph. */
import { wrapList } from "../../text/wrap.ts";
import type { Source, StageNode } from "./stages.ts";

export function asText(stages: readonly StageNode[], width: number): string[] {
  const nameWidth = Math.min(28, Math.max(...stages.map(({ name }) => name.length)));
  return stages.flatMap((stage) => {
    const { name, node, instances, axes, result, states } = stage;
    const product = Object.entries(axes).map(([axis, size]) => `${axis} ${size}`);
    const facts = [
      node === name ? "" : node,
      instances > 1 ? `x ${instances}` : "",
      product.length > 0 ? `(${product.join(", ")})` : "",
      states
        ? Object.entries(states)
            .map(([state, n]) => `${n} ${state}`)
            .join(", ")
        : "",
      result ? "→ result" : "",
    ];
    const head = wrapList(facts.filter(Boolean), "  ", width - nameWidth - 2);
    const sources = wrapList(namesOf(stage.inputs), ", ", width - nameWidth - 6);
    const indent = " ".repeat(nameWidth + 2);
    return [
      `${name.padEnd(nameWidth)}  ${head[0] ?? ""}`.trimEnd(),
      ...head.slice(1).map((line) => `${indent}${line}`),
      ...sources.map((line, i) => `${indent}${i === 0 ? "← " : "  "}${line}`),
    ];
  });
}

/** `lattices`, or `coarse.flow` for a port that is named other than the stage's only one. */
function namesOf(inputs: readonly Source[]): string[] {
  return [
    ...new Set(inputs.map(({ stage, collected }) => (collected ? `${stage} (collected)` : stage))),
  ];
}
