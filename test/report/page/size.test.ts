/** A page stays small however large the pipeline is. */
import { expect, test } from "vitest";
import { Space } from "../../harness/space.ts";
import { htmlOf, pipeline } from "./pages.ts";

test("ten thousand instances are folded", async () => {
  using space = new Space();
  space.write(
    "p.yaml",
    pipeline(`stages:
  a: { node: steps, for: { seed: { range: [1, 5000] } }, with: { seed: "\${seed}" } }
  b: { node: steps, inputs: { a: a } }
  c: { node: steps, inputs: { b: { from: b, collect: all } } }
results: [b]
`),
  );
  const html = await htmlOf(space);
  expect(html.length).toBeLessThan(300_000);
  expect(html).toContain("The first 40 of 5000");
  expect(html).toContain("and 4995 more");
});

test("more stages than a picture can hold are a list", async () => {
  using space = new Space();
  const stages = Array.from({ length: 200 }, (_, i) => {
    return `  s${i}: { node: steps${i > 0 ? `, inputs: { x: s${i - 1} }` : ""} }\n`;
  });
  space.write("p.yaml", pipeline(`stages:\n${stages.join("")}`));
  const html = await htmlOf(space);
  expect(html).toContain("There are too many stages to draw.");
  expect(html).not.toContain('class="stages');
  expect(html).toContain('href="#stage-s199"');
});
