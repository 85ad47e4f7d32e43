/** Figures that ask for too much, or for something from outside: they end, and nothing else does. */
import { expect, test } from "vitest";
import { rasterize } from "../../../dist/index.js";
import { draw, drawn, number, stage, text, textsIn } from "./draw.ts";

const xy = stage({ x: number, y: number }, [[1, 2]]);
const point = "mark: point, encoding: { x: { field: x }, y: { field: y } }";

test("a figure that draws without end is stopped, and the next one is drawn", async () => {
  const endless = `{ data: data, transform: [{ filter: "test(/(a+)+$/, '${"a".repeat(40)}b')" }], ${point} }`;
  await expect(draw(xy, endless, { theme: "light", seconds: 3 })).rejects.toThrow(
    "it cannot be drawn: it takes more than 3 seconds",
  );
  expect(textsIn((await draw(xy, `{ data: data, ${point} }`)).svg)).toContain("x");
});

test("many figures leave no listeners behind", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on("warning", onWarning);
  const names = Array.from({ length: 15 }, (_, i) => `f${i}`);
  const figures = names.map((name) => `  ${name}: { data: data, ${point} }\n`).join("");
  expect(await drawn(xy, figures, names)).toHaveLength(15);
  process.off("warning", onWarning);
  expect(warnings).toEqual([]);
});

test("a page takes no picture that would stop a browser; a file does", async () => {
  const huge = `{ data: data, transform: [{ calculate: "pad('', 4100000, 'x')", as: t }], mark: { type: text, limit: 0 }, encoding: { x: { field: x }, text: { field: t, type: nominal } } }`;
  const { svg } = await draw(xy, huge);
  expect(svg.length).toBeGreaterThan(4_000_000);
  await expect(draw(xy, huge, { theme: "page" })).rejects.toThrow(
    "its picture of 4.1 MB is too large for a page",
  );
});

test("a colour from the rows cannot be an address", async () => {
  const rows = [["url(https://example.invalid/x#y)"], ["red"]];
  const body =
    "{ data: data, mark: { type: bar, fill: 'url(https://example.invalid/z)' }, encoding: { y: { field: c }, stroke: { field: c, scale: null, legend: null } } }";
  const { svg } = await draw(stage({ c: text }, rows), body);
  expect(svg).not.toMatch(/="url\((?!#)/);
  expect(svg).toContain('stroke="red"');
});

test("a PNG with too many pixels is smaller, or is refused", async () => {
  const svg = (width: number, height: number) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="9" height="9"/></svg>`;
  const { png } = await rasterize(svg(20_000, 100));
  expect(Buffer.from(png).readUInt32BE(16)).toBe(30_000);
  for (const [width, height] of [
    [1e9, 300],
    [300, 1e9],
    [60_000, 60_000],
  ] as const) {
    await expect(rasterize(svg(width, height))).rejects.toThrow("are too many for a PNG");
  }
});

test("without rows there is an empty picture that says so, in words of ours", async () => {
  const { svg, notes } = await draw(
    stage({ x: number, y: number }, []),
    `{ data: data, ${point} }`,
  );
  expect(notes).toEqual(["its data have no rows"]);
  expect(textsIn(svg)).toContain("its data have no rows");
});

test("rows without a number to draw", async () => {
  const nullable = { type: "float64", nullable: true };
  const rows = [
    [null, "NaN"],
    [null, "Infinity"],
  ];
  const { notes } = await draw(stage({ x: nullable, y: number }, rows), `{ data: data, ${point} }`);
  expect(notes).toEqual(["numbers that are not finite are left out"]);
});

test("integers of 64 bits, long names, and names that are code", async () => {
  const name = `${"n".repeat(500)}"'<b>.[0]`;
  const escaped = name.replaceAll(/[.[\]"'\\]/g, (c) => `\\${c}`);
  const types = { [name]: { type: "int64" }, __proto__x: text, "a b": text };
  const rows = [["9007199254740993", "\u202eabc\u2028", "🎲"]];
  const encoding = { x: { field: escaped }, y: { field: "a b" }, color: { field: "__proto__x" } };
  const { svg } = await draw(
    stage(types, rows),
    JSON.stringify({ data: "data", mark: "point", encoding }),
  );
  expect(textsIn(svg)).toContain("🎲");
  expect(svg).not.toContain("<b>");
});
