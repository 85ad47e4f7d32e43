/**
 * How a file writes the numbers of its axes: `1.0` where JavaScript prints `1`. For people alone:
 * identity, patterns and tables know numbers as numbers.
 */
import type { Scalar } from "../language/tree.ts";
import type { InputSpec, Spelling, Stage } from "./pipeline.ts";

/** Where stages write one value in several ways, the first of them holds for all. */
export function spellingOf(stages: Iterable<Stage>): Spelling {
  const spelling = new Map<string, Map<Scalar, string>>();
  const note = (axis: string, value: Scalar, written: string | undefined) => {
    const known = spelling.get(axis) ?? new Map<Scalar, string>();
    spelling.set(axis, known);
    if (!known.has(value)) known.set(value, written ?? String(value));
  };
  const noteUnion = ({ source }: InputSpec) => {
    if (source.kind !== "union") return;
    for (const { value, written, input } of source.of) {
      note(source.axis, value, written);
      noteUnion(input);
    }
  };
  for (const { axes, include, inputs } of stages) {
    for (const { name, values, written } of axes) {
      for (const value of values) note(name, value, written.get(value));
    }
    for (const { values, written } of include) {
      for (const [axis, value] of values) note(axis, value, written.get(axis));
    }
    for (const { input } of inputs) noteUnion(input);
  }
  return spelling;
}
