/** Figures as plain data: which artifacts, axes in the order of the file, and those of node types. */
import { expect, test } from "vitest";
import type { Registry } from "../../../src/engine/graph.ts";
import { builtinRegistry, nodeTypes, openPipeline } from "../../../src/index.ts";
import { tryAblate, tryExpand } from "./expand.ts";
import { registry as small } from "./nodes.ts";

const lattices = `stages:
  lattices: { node: sampler, for: { seed: [2, 1], part: [train, test] }, with: { size: 4, seed: ["\${seed}", "\${part}"] } }
`;

function figureOf(text: string) {
  const { graph, text: errors } = tryExpand(text);
  if (!graph) throw new Error(errors);
  return graph.figures[0]!;
}

test("several instances are one table, with their axes as first columns", () => {
  const { axes, columns, members } = figureOf(`${lattices}figures:
  f: { data: { from: lattices.diagnostics, at: { part: [test] } }, mark: line }`);
  expect(axes).toEqual({ part: ["test"], seed: [2, 1] });
  expect(Object.keys(columns)).toEqual(["part", "seed", "beta", "tau"]);
  expect(members.map(({ coordinate, port }) => [coordinate, port])).toEqual([
    [{ part: "test", seed: 1 }, "diagnostics"],
    [{ part: "test", seed: 2 }, "diagnostics"],
  ]);
});

test("to collect changes nothing, since all is one table", () => {
  const data = (more: string) =>
    figureOf(
      `${lattices}figures:\n  f: { data: { from: lattices.diagnostics${more} }, mark: line }`,
    );
  const { span: _a, ...plain } = data("");
  for (const more of [", collect: all", ", collect: [seed]"]) {
    const { span: _b, ...collected } = data(more);
    expect(collected).toEqual(plain);
  }
});

test("tables of several stages need not have the same columns", () => {
  const { columns, axes } = figureOf(`${lattices}figures:
  f:
    data: { axis: of, of: { b: lattices.diagnostics, a: { from: lattices, at: { part: test } } } }
    mark: point
    encoding: { x: { field: tau }, y: { field: chain } }`);
  expect(Object.keys(columns)).toEqual(["of", "part", "seed", "beta", "tau", "spins", "chain"]);
  expect(axes["of"]).toEqual(["b", "a"]);
});

test("references are filled in, and a range stays what Vega-Lite takes it for", () => {
  const { body, title } = figureOf(`params: { low: 0.2, name: β }
${lattices}figures:
  f:
    title: "of \${name}"
    data: lattices.diagnostics
    mark: line
    encoding: { color: { field: beta, scale: { range: [1, 3] } }, x: { datum: "\${low}" } }`);
  expect(title).toBe("of β");
  expect(body).toMatchObject({
    spec: { encoding: { color: { scale: { range: [1, 3] } }, x: { datum: 0.2 } } },
  });
});

test("a node type's figure is that of every stage of it whose ports have the columns", () => {
  const node = small.get("sampler")!;
  const figures = {
    tau: { port: "diagnostics", title: "Tau", mark: "line", encoding: { y: { field: "tau" } } },
    other: { port: "diagnostics", mark: "line", encoding: { y: { field: "not there" } } },
  };
  const registry: Registry = new Map(small).set("sampler", {
    ...node,
    type: { ...node.type, figures },
  });
  return tryAblate(lattices, [], registry).then(({ graph }) => {
    expect(
      graph!.figures.map(({ name, stage, title, members }) => [name, stage, title, members.length]),
    ).toEqual([["lattices/tau", "lattices", "Tau", 4]]);
  });
});

test("figures are the baseline's: an ablation alone has none, and need not keep what they show", async () => {
  const text = `${lattices}  other: { node: sampler, with: { size: 2 } }
figures: { f: { data: other, mark: point } }
ablations: { less: { stages.other: null } }
`;
  expect((await tryAblate(text, ["baseline", "less"])).graph!.figures).toHaveLength(1);
  expect((await tryAblate(text, ["less"])).graph!.figures).toEqual([]);
});

test("every figure of a node type that ships is a figure of some pipeline that ships", async () => {
  const names = ["rg-vs-autoencoder", "criticality", "mcrg", "rbm-flow", "autoencoder-latent"];
  const opened = await Promise.all(names.map((name) => openPipeline(`pipelines/${name}.yaml`)));
  const shown = new Set(
    opened.flatMap(({ graph }) =>
      graph.figures.flatMap(({ stage, name, members }) => {
        const { node } = graph.instances[members[0]!.instance]!;
        return stage === undefined ? [] : `${node.type.type}/${name.split("/")[1]}`;
      }),
    ),
  );
  const declared = nodeTypes.flatMap(({ type, figures = {} }) =>
    Object.keys(figures).map((name) => `${type}/${name}`),
  );
  expect(declared.length).toBeGreaterThan(15);
  // No pipeline that ships integrates.
  const elsewhere = ["thermodynamic-integration/entropy"];
  expect(declared.filter((name) => !shown.has(name))).toEqual(elsewhere);
  expect(builtinRegistry().size).toBe(nodeTypes.length);
});
