/** docs/node-types.md is what the node types say of themselves. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { referencePage } from "../../src/cli/print/reference.ts";
import { defineNode, f64, nodeTypes, Type, table } from "../../src/index.ts";

test("docs/node-types.md is up to date: npm run build writes it", () => {
  expect(readFileSync("docs/node-types.md", "utf8")).toBe(referencePage(nodeTypes));
});

test("what Markdown would take for markup stays text", () => {
  const odd = defineNode({
    type: "odd",
    version: 1,
    summary: "The mean <z> of a*b, and `<c>`.",
    params: Type.Object({ mode: Type.Union([Type.Literal("a"), Type.Literal("b")]) }),
    inputs: { in: table({ x: f64 }, { optional: true, description: "Any <x>." }) },
    outputs: { out: table({ x: f64 }) },
    maps: "in",
    notes: { in: { x: "It is <x>." } },
    run: () => ({ out: { x: [1] } }),
  });
  const page = referencePage([odd]);
  expect(page).toContain("The mean &lt;z> of a\\*b, and `<c>`.");
  expect(page).toContain('| `mode` | `"a" or "b"` | required |  |');
  expect(page).toContain("*Version 1; row by row of `in`.*");
  expect(page).toContain("`in` (optional): Any &lt;x>.\n\n| column | type |  |");
  expect(page).toContain("| `x` | `float64` | It is &lt;x>. |");
});
