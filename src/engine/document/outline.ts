/**
 * The names in a pipeline file, for whoever completes them while a person types. Reads YAML alone: runs no
 * code of the user's, expands nothing, and is silent about what is wrong.
 */
import { readFileSync } from "node:fs";
import type { Constants } from "../language/range.ts";
import { loadDocument } from "./load.ts";
import type { InputSpec, Pipeline } from "./pipeline.ts";
import { readPipeline } from "./read.ts";

/** The values of each axis, as they are printed. */
type Axes = ReadonlyMap<string, readonly string[]>;

export interface Outline {
  readonly name: string;
  /** The axes of each stage, those that it inherits included. */
  readonly stages: ReadonlyMap<string, Axes>;
  readonly params: readonly string[];
  readonly ablations: readonly string[];
  readonly metrics: readonly string[];
  readonly figures: readonly string[];
}

/** `undefined` for a file that cannot be read as a pipeline. */
export function outlineOf(path: string, constants: Constants): Outline | undefined {
  try {
    const readFile = (file: string) => readFileSync(file, "utf8");
    const document = loadDocument(path, { constants, readFile }).value;
    const pipeline = document && readPipeline(document).value;
    if (!pipeline) return undefined;
    const { name, params, ablations, metrics, figures } = pipeline;
    return {
      name,
      stages: axesOf(pipeline),
      params: [...params.keys()],
      ablations: ablations.map((one) => one.name),
      metrics: metrics.map((one) => one.name),
      figures: figures.map((one) => one.name),
    };
  } catch {
    return undefined;
  }
}

function axesOf({ stages, spelling }: Pipeline): Map<string, Axes> {
  const known = new Map<string, Axes>();
  const of = (name: string): Axes => {
    const found = known.get(name);
    if (found) return found;
    known.set(name, new Map()); // A circle is an error elsewhere.
    const stage = stages.get(name);
    const own = (stage?.axes ?? []).map((axis): [string, readonly string[]] => [
      axis.name,
      axis.values.map((value) => spelling.get(axis.name)?.get(value) ?? String(value)),
    ]);
    const inherited = (stage?.inputs ?? []).flatMap(({ input }) => [...through(input, of)]);
    const axes = new Map([...inherited, ...own]);
    known.set(name, axes);
    return axes;
  };
  for (const name of stages.keys()) of(name);
  return known;
}

/** The axes that an input brings along. */
function through({ source, at, collect }: InputSpec, of: (stage: string) => Axes): Axes {
  if (collect?.axes === "all") return new Map();
  const axes =
    source.kind === "stage"
      ? new Map(of(source.stage))
      : new Map([
          ...source.of.flatMap(({ input }) => [...through(input, of)]),
          [source.axis, source.of.map(({ value, written }) => written ?? String(value))] as const,
        ]);
  for (const { axis, value } of at) if (value.kind === "scalar") axes.delete(axis);
  for (const { name } of collect?.axes ?? []) axes.delete(name);
  return axes;
}
