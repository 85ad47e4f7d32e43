/** Runs a small pipeline and draws one of its figures, by the real node types, store and Vega. */
import { fileURLToPath } from "node:url";
import {
  type Drawn,
  drawFigure,
  type Look,
  openPipeline,
  planPipeline,
} from "../../../dist/index.js";
import { Space } from "../../harness/space.ts";

const module = fileURLToPath(new URL("../../fixtures/rows-node.js", import.meta.url));

export const number = { type: "float64" };
export const text = { type: "utf8" };

/** A stage `data` that returns these rows, in YAML. */
export function stage(
  types: Readonly<Record<string, object>>,
  rows: readonly (readonly unknown[])[],
  more = "",
): string {
  const given = JSON.stringify({ types, rows }).replaceAll("${", "$${");
  return `  data:\n    node: rows\n${more}    with: ${given}\n`;
}

export function pipeline(stages: string, figures: string): string {
  return `blockspin: 1\nuse: ["${module}"]\nstages:\n${stages}figures:\n${figures}`;
}

/** Figures of a pipeline after a run, by name. */
export async function drawn(
  stages: string,
  figures: string,
  names: readonly string[],
  look: Look = { theme: "light" },
): Promise<Drawn[]> {
  using space = new Space();
  const file = space.write("p.yaml", pipeline(stages, figures));
  const run = await space.run("p.yaml");
  if (run.code !== 0) throw new Error(run.stderr);
  const opened = await openPipeline(file);
  const planning = await planPipeline(opened);
  const all: Drawn[] = [];
  for (const name of names) {
    const figure = opened.graph.figures.find((one) => one.name === name);
    if (!figure) throw new Error(`no figure ${name}`);
    all.push(await drawFigure(planning, figure, look));
  }
  return all;
}

/** The SVG of the figure `f`, and its notes. */
export async function draw(
  stages: string,
  body: string,
  look?: Look,
): Promise<{ svg: string; notes: readonly string[] }> {
  const [found] = await drawn(stages, `  f: ${body}\n`, ["f"], look);
  if ("missing" in found!) throw new Error(found.missing);
  return found!;
}

/** What stands in the picture as text, unescaped. */
export function textsIn(svg: string): string[] {
  const names: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"' };
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) =>
    text!.replaceAll(/&(\w+);/g, (_, name: string) => names[name]!),
  );
}
