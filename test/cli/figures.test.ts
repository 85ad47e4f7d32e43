/** Figures on the command line: listed, shown, exported; in no key; pictures of programs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";
import { number, pipeline, stage } from "../report/figures/draw.ts";

const stages = stage({ x: number, y: number }, [
  [0, 1],
  [1, 3],
]);
const figure =
  "  rising: { title: It rises, data: data, mark: line, encoding: { x: { field: x }, y: { field: y } } }\n";

test("show lists figures and prints one as SVG; nothing is computed for it", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline(stages, figure));
  const early = await space.cli(["show", "p.yaml", "--figure", "rising"]);
  expect(early).toMatchObject({ code: 2, stdout: "" });
  expect(early.stderr).toContain("rising: none of its data has been computed");
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 1 });
  const listed = await space.cli(["show", "p.yaml", "--figure"]);
  expect(listed.stdout).toMatch(/rising +It rises\n/);
  expect(listed.stdout).toMatch(/data\/sizes +Sizes\n/);
  const shown = await space.cli(["show", "p.yaml", "--figure", "rising"]);
  expect(shown.stdout).toMatch(/^<svg .*<\/svg>$/s);
  const unknown = await space.cli(["show", "p.yaml", "--figure", "risng"]);
  expect(unknown.stderr).toBe('error: there is no figure "risng"\n  = did you mean "rising"?\n');
});

test("what has been computed is drawn, and the picture says how much of it there is", async () => {
  using space = new Space();
  const more = `  other:\n    node: rows\n    with: { types: { x: { type: float64 } }, rows: [[7]] }\n`;
  const both =
    "  f: { data: { axis: of, of: { a: data, b: other } }, mark: point, encoding: { x: { field: x } } }\n";
  space.write("p.yaml", pipeline(stages + more, both));
  await space.run("p.yaml", ["--only", "data"]);
  const part = await space.cli(["show", "p.yaml", "--figure", "f"]);
  expect(part.stderr).toBe("note: 1 of 2 instances\n");
  expect(part.stdout).toContain(">1 of 2 instances</text>");
  await space.run("p.yaml");
  const whole = await space.cli(["show", "p.yaml", "--figure", "f"]);
  expect(whole.stderr).toBe("");
  expect(whole.stdout).not.toContain("instances</text>");
});

test("export writes SVG and PNG, one or all", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline(stages, figure));
  await space.run("p.yaml");
  const png = await space.cli([
    "export",
    "p.yaml",
    "--figure",
    "rising",
    "--out",
    "r.png",
    "--width",
    "300",
  ]);
  expect(png, png.stderr).toMatchObject({ code: 0, stdout: "r.png\n" });
  const bytes = readFileSync(space.path("r.png"));
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  expect(bytes.readUInt32BE(16)).toBe(600);
  const all = await space.cli([
    "export",
    "p.yaml",
    "--figures",
    "--out",
    "all/",
    "--theme",
    "dark",
  ]);
  expect(all.code, all.stderr).toBe(0);
  expect(readdirSync(space.path("all")).sort()).toEqual(["data.sizes.svg", "rising.svg"]);
  const wrong = await space.cli(["export", "p.yaml", "--figure", "rising", "--out", "r.csv"]);
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.stderr).toContain('a figure cannot be written as "csv"');
  const table = await space.cli(["export", "p.yaml", "data", "--out", "d.svg"]);
  expect(table).toMatchObject({ code: 2 });
  expect(existsSync(space.path("d.svg"))).toBe(false);
});

test("figures are in no key, whatever they say", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline(stages, figure));
  await space.run("p.yaml");
  space.write("p.yaml", pipeline(stages, "  other: { data: data, mark: bar, text: another }\n"));
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 0, cached: 1 });
  const set = await space.run("p.yaml", ["--set", "figures.other.mark=point"]);
  expect(set.finished).toMatchObject({ ran: 0, cached: 1 });
});

test("an ablation may take away what a figure shows", async () => {
  using space = new Space();
  const more = `  other:\n    node: rows\n    with: { types: { x: { type: float64 } }, rows: [[1]] }\n`;
  const figures = "  f: { data: other, mark: point }\n";
  space.write(
    "p.yaml",
    `${pipeline(stages + more, figures)}ablations: { less: { stages.other: null } }\n`,
  );
  const run = await space.run("p.yaml", ["--ablation", "less"]);
  expect(run.code, run.stderr).toBe(0);
});

const program = (script: string, outputs: string) => `blockspin: 1
stages:
  plot: { node: command, with: { argv: [node, draw.cjs], files: [draw.cjs], outputs: ${outputs} } }
figures:
  mine: { title: Mine, data: plot.picture, image: true }
${script}`;

const write = (name: string, bytes: string) =>
  `require("node:fs").writeFileSync("outputs/${name}", ${bytes});\n`;
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const evil =
  '<?xml version="1.0"?><!-- <a> --><svg xmlns="http://www.w3.org/2000/svg" width="20mm" height="10mm"><script>alert(1)</script><rect width="9" height="9"/></svg>';

test("a program's picture is kept and shown, and an SVG never becomes markup", async () => {
  using space = new Space();
  space.write("draw.cjs", write("picture.png", `Buffer.from("${pixel}", "base64")`));
  space.write("p.yaml", program("", "{ picture: png }"));
  const run = await space.run("p.yaml");
  expect(run.code, run.stderr).toBe(0);
  const shown = await space.cli(["show", "p.yaml", "--figure", "mine"]);
  expect(shown.stdout).toContain(`href="data:image/png;base64,${pixel}"`);

  space.write("draw.cjs", write("picture.svg", JSON.stringify(evil)));
  space.write("p.yaml", program("", "{ picture: svg, numbers: { v: float64 } }"));
  const missing = await space.run("p.yaml");
  expect(JSON.stringify(missing.events)).toContain("wrote no outputs/numbers.arrow");
  space.write("p.yaml", program("", "{ picture: svg }"));
  await space.run("p.yaml");
  const svg = await space.cli(["show", "p.yaml", "--figure", "mine"]);
  expect(svg.stdout).not.toContain("<script");
  expect(svg.stdout).toContain(`data:image/svg+xml;base64,${Buffer.from(evil).toString("base64")}`);
  // 20 mm are 75.6 pixels.
  expect(svg.stdout).toMatch(/<image [^>]*width="75\.59/);
});

test.each([
  [
    "png",
    '"not a picture"',
    "outputs/picture.png is not a picture: it does not begin as a PNG does",
  ],
  ["png", `Buffer.from("${pixel}", "base64").subarray(0, 60)`, "its end is missing"],
  ["svg", '"<html><svg></svg></html>"', "its root element is not svg"],
  ["svg", '"<svg><rect/>"', "outputs/picture.svg is not a picture: its end is missing"],
  ["svg", "Buffer.from([0x3c, 0xff, 0xfe])", "it is not UTF-8"],
  ["png", "Buffer.alloc(8 * 1024 * 1024 + 1)", "a picture may have 8388608"],
])("what is not a %s is an error: %s", async (type, bytes, message) => {
  using space = new Space();
  space.write("draw.cjs", write(`picture.${type}`, bytes));
  space.write("p.yaml", program("", `{ picture: ${type} }`));
  const run = await space.run("p.yaml");
  expect(run.code).toBe(1);
  expect(JSON.stringify(run.events)).toContain(message);
});
