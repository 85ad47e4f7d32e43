/** Tiles: which pictures, where, in which colours. */
import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { draw, number, stage, text, textsIn } from "./draw.ts";

interface Png {
  readonly width: number;
  readonly height: number;
  readonly pixels: readonly number[];
}

/** The pictures in an SVG, decoded without our own writer: a palette index for each pixel. */
function picturesIn(svg: string): Png[] {
  return [...svg.matchAll(/data:image\/png;base64,([^"]+)"/g)].map(([, base64]) => {
    const bytes = Buffer.from(base64!, "base64");
    expect([...bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    const chunks = new Map<string, Buffer>();
    for (let at = 8; at < bytes.length; ) {
      const length = bytes.readUInt32BE(at);
      chunks.set(bytes.toString("latin1", at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length));
      at += 12 + length;
    }
    const header = chunks.get("IHDR")!;
    const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
    const lines = inflateSync(chunks.get("IDAT")!);
    const pixels = Array.from({ length: width * height }, (_, i) => {
      return lines[Math.floor(i / width) * (width + 1) + 1 + (i % width)]!;
    });
    return { width, height, pixels };
  });
}

/** The colour in the middle of each pixel of an n x n tile, row by row. */
function valuesOf({ width, height, pixels }: Png, n: number): number[] {
  return Array.from({ length: n * n }, (_, i) => {
    const x = Math.floor(((i % n) + 0.5) * (width / n));
    const y = Math.floor((Math.floor(i / n) + 0.5) * (height / n));
    return pixels[y * width + x]!;
  });
}

const bits = { type: "fixed_size_list", item: "bool", size: 4, shape: [2, 2] };
const reals = { type: "fixed_size_list", item: "float32", size: 4 };

test("bits are two colours, row by row, and the grid has the rows and columns that it names", async () => {
  const rows = [
    ["a", 0.3, [0, 1, 1, 0]],
    ["b", 0.3, [1, 1, 1, 0]],
    ["a", 0.6, [0, 0, 0, 1]],
    ["a", 0.9, [0, 0, 0, 0]],
  ];
  const { svg, notes } = await draw(
    stage({ what: text, beta: number, spins: bits }, rows),
    "{ data: data, tiles: { column: spins, rows: beta, columns: what, where: { beta: [0.6, 0.3] } } }",
  );
  const [zero, one] = [2, 3];
  expect(picturesIn(svg).map((png) => valuesOf(png, 2))).toEqual([
    [zero, zero, zero, one],
    [zero, one, one, zero],
    [one, one, one, zero],
  ]);
  expect(textsIn(svg)).toEqual([
    "f",
    "a",
    "b",
    "beta=0.6",
    "beta=0.3",
    "0 (spin −1)",
    "1 (spin +1)",
  ]);
  expect(notes).toEqual([]);
});

test("signed numbers are coloured around zero; what is not a number has a colour of its own", async () => {
  const { svg } = await draw(
    stage({ w: reals }, [[[-1, 0, 2, "NaN"]]]),
    "{ data: data, tiles: { column: w } }",
  );
  // The scale goes from -2 to 2 in 127 steps, after the gap's colour and that of no number.
  expect(valuesOf(picturesIn(svg)[0]!, 2)).toEqual([2 + Math.round(126 / 4), 2 + 63, 2 + 126, 1]);
  expect(textsIn(svg)).toEqual(["f", "−2", "0", "2"]);
});

test("a list of several shapes is several tiles, and what is left out is said", async () => {
  const weights = { type: "fixed_size_list", item: "float32", size: 12, shape: [3, 4] };
  const rows = [[[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]]];
  const { svg, notes } = await draw(
    stage({ w: weights }, rows),
    "{ data: data, tiles: { column: w, shape: [2, 2], limit: 2 } }",
  );
  const [{ width, height }] = picturesIn(svg) as [Png];
  expect(width).toBeGreaterThan(2 * height);
  expect(notes).toEqual(["the first 2 of each"]);
});

test("sources of other sizes stand side by side, each as large as the others", async () => {
  const stages = `${stage({ spins: bits }, [[[0, 1, 1, 0]]])}  small:
    node: rows
    with: ${JSON.stringify({ types: { spins: { type: "fixed_size_list", item: "bool", size: 1 } }, rows: [[[1]]] })}
`;
  const { svg } = await draw(
    stages,
    "{ data: { axis: what, of: { original: data, code: small } }, tiles: { column: spins, columns: what } }",
  );
  const widths = [...svg.matchAll(/<image [^>]*width="([\d.]+)"/g)].map(([, width]) => width);
  expect(new Set(widths).size).toBe(1);
  expect(textsIn(svg).slice(0, 3)).toEqual(["f", "original", "code"]);
});

test("hostile names are text; nothing selected is said", async () => {
  const evil = '"/><script>alert(1)</script>';
  const types = { who: text, spins: bits };
  const { svg } = await draw(
    stage(types, [[evil, [0, 1, 1, 0]]]),
    "{ data: data, tiles: { column: spins, rows: who } }",
  );
  expect(svg).not.toContain("<script");
  const none = draw(
    stage(types, [[evil, [0, 1, 1, 0]]]),
    "{ data: data, tiles: { column: spins, where: { who: nobody } } }",
  );
  await expect(none).rejects.toThrow("no row has what it selects");
});

test("of many rows some are shown, evenly, the first and the last among them", async () => {
  const rows = Array.from({ length: 34 }, (_, i) => [i, [0, 1, 1, 0]]);
  const { svg, notes } = await draw(
    stage({ x: number, spins: bits }, rows),
    "{ data: data, tiles: { column: spins, rows: x } }",
  );
  const labels = textsIn(svg).filter((label) => label.startsWith("x="));
  expect(labels).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33].map((x) => `x=${x}`));
  expect(notes).toEqual(["12 of 34 rows"]);
});

test("a column of thousands of pixels is not a page high", async () => {
  const tall = { type: "fixed_size_list", item: "float64", size: 5000 };
  const rows = [[Array.from({ length: 5000 }, (_, i) => i)]];
  const { svg } = await draw(
    stage({ v: tall }, rows),
    "{ data: data, tiles: { column: v, shape: [5000, 1] } }",
  );
  const [, height] = /<svg[^>]* height="(\d+)"/.exec(svg)!;
  expect(Number(height)).toBeLessThan(800);
  expect(picturesIn(svg)).toHaveLength(1);
});

test("more tiles than anybody can tell apart are refused where they are asked for", async () => {
  const rows = [[[1, 0, 0, 1]]];
  const body = "{ data: data, tiles: { column: v, limit: 1000000 } }";
  await expect(draw(stage({ v: bits }, rows), body)).rejects.toThrow(
    /error\[invalid-value\]: .*10000/,
  );
});
