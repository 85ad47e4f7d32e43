/** The whole graph of the flagship at a small size, edited as a person would edit it. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseDocument, type YAMLMap } from "yaml";
import { Space } from "../harness/space.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const flagship = "pipelines/rg-vs-autoencoder.yaml";
const small = "test/fixtures/small.yaml";
const text = (name: string) => readFileSync(`${root}/${name}`, "utf8");

test("the flagship, made small, computes again what an edit changes, and nothing else", async () => {
  using space = new Space();
  space.write(flagship, text(flagship));
  space.write(small, text(small));
  const first = await space.run(small);
  expect(first.code, first.stderr).toBe(0);
  // The first of the four offsets is the coarse-graining itself: two rules, two seeds. The shortest of the
  // longer trainings is the training itself: two autoencoders, decoders of two rules, and seven
  // measures of them, for each seed.
  expect(first.finished).toMatchObject({ cached: 4 + 22, failed: 0, skipped: 0 });
  await compareVerdicts(space);
  await drawFigures(space);
  const again = await space.run(small);
  expect(again.finished).toMatchObject({ ran: 0, failed: 0, skipped: 0 });

  // One parameter of the decimator: the decimator, and what depends on its bytes.
  const changed = await space.run(small, ["--set", "stages.coarse.with.offset=[1, 0]"]);
  expect(changed.code, changed.stderr).toBe(0);
  const stages = new Set(changed.inState("ran").map((id) => id.replace(/\[.*/, "")));
  expect(stages.has("coarse") && stages.has("encoder") && stages.has("verdict")).toBe(true);
  expect(stages.has("lattices") || stages.has("autoencoder")).toBe(false);
  const ofAutoencoders = changed
    .inState("ran")
    .filter((id) => /model=ae|ensemble=original/.test(id));
  expect(ofAutoencoders).toEqual([]);

  // Changing it back, a comment, another order and another name: nothing.
  expect((await space.run(small)).finished).toMatchObject({ ran: 0 });
  const document = parseDocument(text(flagship));
  document.commentBefore = " a comment";
  (document.get("stages") as YAMLMap).items.reverse();
  const renamed = String(document).replaceAll(
    /(^ {2}|from: |configurations: |diagnostics: )lattices\b/gm,
    "$1ensembles",
  );
  space.write(flagship, renamed);
  const edited = await space.run(small);
  expect(edited.code, edited.stderr).toBe(0);
  expect(edited.finished).toMatchObject({ ran: 0, failed: 0, skipped: 0 });
}, 240_000);

/** Every figure of the pipeline and of its node types has something to show. */
async function drawFigures(space: Space): Promise<void> {
  const listed = JSON.parse((await space.cli(["show", small, "--figure", "--json"])).stdout);
  const all = await space.cli(["export", small, "--figures", "--out", "figures/"]);
  expect(all.code, all.stderr).toBe(0);
  expect(all.stderr).not.toContain("warning[");
  const files = readdirSync(space.path("figures"));
  expect(files).toHaveLength(listed.length);
  for (const file of files) {
    const svg = readFileSync(space.path(`figures/${file}`), "utf8");
    expect(svg.length, file).toBeLessThan(1_000_000);
    expect(svg.replaceAll(/base64,[^"]*/g, ""), file).not.toMatch(/NaN|undefined|Infinity/);
  }
}

/** Every number of the experiment, small: WebAssembly gives the same bits on every machine. */
async function compareVerdicts(space: Space): Promise<void> {
  const show = async (format: string) =>
    (await space.cli(["show", small, "verdict.table", format])).stdout;
  await expect(await show("--csv")).toMatchFileSnapshot("verdict.golden.csv");
  // What is large enough to be seen in 300 lattices of 8 x 8 sites has the sign that it should have.
  const rows = JSON.parse(await show("--json")) as { claim: string; estimate: number }[];
  const signs = (claim: string) =>
    new Set(rows.filter((row) => row.claim === claim).map((row) => Math.sign(row.estimate)));
  for (const claim of [
    "sparser weights",
    "more spin correlation",
    "training by beta gives no image",
  ])
    expect(signs(claim), claim).toEqual(new Set([1]));
  for (const claim of ["lower loss", "autoencoders de-noise", "RG images de-noise too"])
    expect(signs(claim), claim).toEqual(new Set([-1]));
}
