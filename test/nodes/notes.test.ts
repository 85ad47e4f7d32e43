/** Every column of every node type that ships is described, in a line that can be read alone. */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { nodeTypes, noteOn, openPipeline, typicalOutputs } from "../../src/index.ts";

const shipped = nodeTypes.map((node) => [node.type, node] as const);

test.each(shipped)("%s describes the columns of its inputs and its typical outputs", (_, node) => {
  const outputs = typicalOutputs(node);
  expect(outputs).toBeDefined();
  for (const ports of [node.inputs, outputs!]) {
    for (const [port, { columns }] of Object.entries(ports as NonNullable<typeof outputs>)) {
      for (const column of Object.keys(columns)) {
        expect([port, column, noteOn(node, port, column)]).toEqual([
          port,
          column,
          expect.stringMatching(/^\S.*\.$/),
        ]);
      }
    }
  }
  if (typeof node.outputs === "function") expect(node.typical?.depends).toMatch(/\.$/);
});

test.each(shipped)("%s has lines and no paragraphs, and names no port that it lacks", (_, node) => {
  for (const columns of Object.values(node.notes ?? {})) {
    for (const note of Object.values(columns as Record<string, string>)) {
      expect(note.length).toBeLessThan(125);
      expect(note).not.toContain("\n");
    }
  }
});

const pipelines = readdirSync("pipelines", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => `pipelines/${name}`);

test.each(pipelines)("every column of every instance of %s is described", async (path) => {
  const { graph } = await openPipeline(path, { ablations: ["all"] });
  const known = new Set<unknown>(nodeTypes);
  for (const { node, outputs } of graph.instances) {
    if (!known.has(node.type)) continue;
    for (const [port, { columns }] of Object.entries(outputs)) {
      const silent = Object.keys(columns).filter((name) => !noteOn(node.type, port, name));
      expect([node.type.type, port, silent]).toEqual([node.type.type, port, []]);
    }
  }
});

test("notes are found by name first, then by pattern, then for any port", () => {
  const notes = { a: { "k_*": "any k", k_1: "the first" }, "*": { x: "x" } };
  const of = (port: string, column: string) => noteOn({ notes } as never, port, column);
  expect(of("a", "k_1")).toBe("the first");
  expect(of("a", "k_2")).toBe("any k");
  expect(of("a", "x")).toBeUndefined();
  expect(of("b", "x")).toBe("x");
  expect(of("b", "constructor")).toBeUndefined();
});
