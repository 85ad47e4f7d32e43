/** Vega-Lite figures: what is drawn of which rows, and what is never done. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { draw, drawn, number, stage, text, textsIn } from "./draw.ts";

const line = "mark: line, encoding: { x: { field: x }, y: { field: y } }";
const xy = { x: number, y: number };

test("a figure is an SVG with a name and a description for those who do not see it", async () => {
  const rows = [
    [0, 1],
    [1, 3],
  ];
  const { svg, notes } = await draw(
    stage(xy, rows),
    `{ title: "Of x & y", text: "It <rises>.", data: data, ${line} }`,
  );
  expect(svg).toMatch(
    /^<svg [^>]*role="img" aria-label="Of x &amp; y"><title>Of x &amp; y<\/title>/,
  );
  expect(svg).toContain("<desc>It &lt;rises&gt;.</desc>");
  expect(textsIn(svg)).toEqual(expect.arrayContaining(["x", "y", "Of x & y"]));
  expect(notes).toEqual([]);
  // From left to right and upwards: y grows downwards in an SVG.
  const [, path] = /class="mark-line[^>]*>\s*<path[^>]*d="([^"]*)"/.exec(svg)!;
  const [[x1, y1], [x2, y2]] = path!.match(/[ML][^ML]+/g)!.map((point) => {
    return point.slice(1).split(",").map(Number) as [number, number];
  }) as [[number, number], [number, number]];
  expect(x2).toBeGreaterThan(x1);
  expect(y2).toBeLessThan(y1);
});

test("the same rows give the same bytes, and ids are those of the figure alone", async () => {
  const stages = stage({ x: number, y: number }, [
    [0, 1],
    [1, 3],
    [2, 2],
  ]);
  const body =
    "{ data: data, mark: { type: line, clip: true }, encoding: { x: { field: x }, y: { field: y } } }";
  const figures = `  a: ${body}\n  b: ${body}\n`;
  const [a, b] = (await drawn(stages, figures, ["a", "b"])) as { svg: string }[];
  const [again] = (await drawn(stages, figures, ["a"])) as { svg: string }[];
  expect(again!.svg).toBe(a!.svg);
  const ids = ({ svg }: { svg: string }) => [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids(a!).length).toBeGreaterThan(0);
  expect(ids(a!).filter((id) => ids(b!).includes(id))).toEqual([]);
  for (const [, id] of a!.svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids(a!)).toContain(id);
});

test("hostile titles and values are text", async () => {
  const evil = '</text><script>alert("1")</script>&\u0001';
  const stages = stage({ x: text, y: number }, [[evil, 1]]);
  const body = JSON.stringify({
    title: evil,
    text: evil,
    data: "data",
    mark: "bar",
    encoding: { x: { field: "x" }, y: { field: "y" } },
  });
  const { svg } = await draw(stages, body);
  expect(svg).not.toMatch(/<script/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML cannot hold them.
  expect(svg).not.toMatch(/[\x00-\x08]/);
  expect(svg).toContain("&lt;script&gt;");
});

test("nulls, NaN and infinities are gaps that are said; integers and truth values are drawn", async () => {
  const types = {
    x: { type: "int64" },
    y: { type: "float64", nullable: true },
    good: { type: "bool" },
  };
  const rows = [
    [1, 1, true],
    [2, null, false],
    [3, "NaN", true],
    [4, "Infinity", false],
    [5, 5, true],
    [6, 6, false],
  ];
  const body =
    "{ data: data, mark: point, encoding: { x: { field: x }, y: { field: y }, color: { field: good } } }";
  const { svg, notes } = await draw(stage(types, rows), body);
  expect(notes).toEqual(["numbers that are not finite are left out"]);
  expect(textsIn(svg)).toEqual(expect.arrayContaining(["true", "false", "5"]));
  expect(svg.match(/aria-label|NaN|Infinity|undefined/g)).toEqual(["aria-label"]);
});

test("instances become one table: axes are columns, in the order of the file", async () => {
  const stages = `  data:
    node: rows
    for: { size: [large, small, medium] }
    with: { types: ${JSON.stringify(xy)}, rows: [[1, 1]], tag: "\${size}" }
`;
  const body = "{ data: data, mark: bar, encoding: { x: { field: size }, y: { field: y } } }";
  const { svg } = await draw(stages, body);
  const names = textsIn(svg).filter((name) => ["large", "small", "medium"].includes(name));
  expect(names).toEqual(["large", "small", "medium"]);
});

test("a node type's figure is told apart by the axes of its stage", async () => {
  const stages = `  data:
    node: rows
    for: { kind: [b, a], seed: [1, 2] }
    with: { types: ${JSON.stringify(xy)}, rows: [[1, 1], [2, 2]], tag: ["\${kind}", "\${seed}"] }
`;
  const [found] = (await drawn(stages, "  f: { data: data, mark: point }\n", ["data/sizes"])) as {
    svg: string;
  }[];
  expect(textsIn(found!.svg)).toEqual(expect.arrayContaining(["Sizes (data)", "kind", "a", "b"]));
  expect(found!.svg.match(/<path aria[^>]*>|class="mark-line[^>]*>(?:<path[^>]*>)/g)).toHaveLength(
    4,
  );
});

test("of two million rows some are drawn, which is said, and no category is lost", async () => {
  // Every second row is of the other kind: each k-th row would lose one of them.
  const stages = `  data:
    node: rows
    with: { types: ${JSON.stringify({ x: number, kind: text })}, rows: [[1, even], [2, odd]], repeat: 1000000 }
`;
  const body = "{ data: data, mark: point, encoding: { x: { field: x }, y: { field: kind } } }";
  const { svg, notes } = await draw(stages, body);
  expect(svg.length).toBeLessThan(2_000_000);
  expect(notes).toEqual([expect.stringMatching(/^\d+ of 2000000 rows, at random$/)]);
  expect(textsIn(svg)).toEqual(expect.arrayContaining(["even", "odd", notes[0]]));
});

test("a page gets colours that are its own; dark has others than light", async () => {
  const stages = stage(xy, [[1, 2]]);
  const body = `{ title: T, data: data, ${line} }`;
  const [light, dark, page] = await Promise.all(
    (["light", "dark", "page"] as const).map((theme) => draw(stages, body, { theme })),
  );
  expect(light!.svg).toContain('"#0072b2"');
  expect(dark!.svg).not.toContain('"#0072b2"');
  expect(page!.svg).toContain('"var(--figure-1, #0072b2)"');
  // The page itself has the title.
  expect(textsIn(light!.svg)).toContain("T");
  expect(textsIn(page!.svg)).not.toContain("T");
});

test("nothing is fetched, even from a specification that nobody checked", async () => {
  let asked = 0;
  await using server = createServer((_, response) => {
    asked++;
    response.end("x,y\n1,2\n");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const { drawVega } = await import("../../../src/report/figures/vega.ts");
  for (const url of [`http://127.0.0.1:${port}/rows.csv`, "file:///etc/hostname"]) {
    const layer = { data: { url }, mark: "point", encoding: { x: { field: "x" } } };
    const { warnings } = await drawVega({ layer: [layer] }, []);
    expect(warnings.join()).toContain("a figure reads nothing from outside");
  }
  expect(asked).toBe(0);
});

test("expressions are not code", async () => {
  const stages = stage(xy, [[1, 2]]);
  const body = (expression: string) =>
    `{ data: data, transform: [{ calculate: "${expression}", as: z }], mark: point, encoding: { x: { field: z, type: nominal } } }`;
  const { svg } = await draw(stages, body("datum.x + 1"));
  expect(textsIn(svg)).toContain("2");
  for (const evil of ["datum.x.constructor.constructor('return process')()", "process.exit(1)"]) {
    await expect(draw(stages, body(evil))).rejects.toThrow();
  }
});
