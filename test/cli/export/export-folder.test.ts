/** Names of exported files, several patterns at once, and artifacts of several files as one. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readForeignTables } from "../../../src/table/arrow-foreign.ts";
import { probe, Space } from "../../harness/space.ts";

const values = ["../../escaped", "a/b", "C:\\x", "A", "a", "CON", ".", "x".repeat(240), "fine"];

const space = new Space();
afterAll(() => space[Symbol.dispose]());

const pipeline = `blockspin: 1
name: out
use: [${JSON.stringify(relative(space.path("in"), probe))}]
stages:
  a:
    node: probe
    for: { v: [${values.map((value) => `'${value}'`).join(", ")}] }
    with: { seed: "\${v}" }
  b: { node: probe, for: { k: [1, 2] }, with: { a: "\${k}" } }
  c: { node: probe, with: { a: 7, seed: 9 } }
  lattices:
    node: ising-sampler
    for: { seed: [1, 2] }
    with: { size: 4, betas: [0.3, 0.4, 0.5], samples: 10, chains: 1, seed: "\${seed}" }
`;

space.write("in/p.yaml", pipeline);
const file = "in/p.yaml";
test("the pipeline runs", async () => {
  expect((await space.run(file)).code).toBe(0);
});

async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await space.cli(args);
  expect(code, stderr).toBe(0);
  return stdout;
}

test("a folder gets a file for every instance, whatever its axis values are", async () => {
  const before = readdirSync(space.folder).sort();
  const printed = await succeed("export", file, "a", "--out", "out/deep/", "--format", "csv");
  const names = readdirSync(space.path("out/deep"));
  expect(names).toHaveLength(values.length);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(values.length);
  expect(readdirSync(space.folder).sort()).toEqual([...before, "out"].sort());
  expect(readdirSync(space.path("out"))).toEqual(["deep"]);
  expect(printed.trimEnd().split("\n").sort()).toEqual(
    names.map((name) => `out/deep/${name}`).sort(),
  );
  expect(names).toContain("a[v=fine].value.csv");
  // One at a time has the same names.
  await succeed("export", file, "a[v=A]", "--out", "one/", "--format", "csv");
  await succeed("export", file, "a[v=a]", "--out", "one/", "--format", "csv");
  const two = readdirSync(space.path("one"));
  expect(two).toHaveLength(2);
  expect(names).toEqual(expect.arrayContaining(two));
});

test("a crate's files have such names, too", async () => {
  await succeed("export", "--crate", "crate", file, "a", "--format", "csv");
  const names = readdirSync(space.path("crate/data"));
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(values.length);
  expect(names).toContain("a_v=fine.value.csv");
  for (const name of names) expect(name).toMatch(/^[\w=.+~-]{1,120}$/);
});

test("several patterns: the rows of one stage in one file, of several in a folder", async () => {
  const both = await succeed("export", file, "b[k=1]", "b[k=2]");
  expect(both).toBe(await succeed("export", file, "b"));
  expect(both).toBe(await succeed("export", file, "b", "b[k=2]", "b.value"));
  const { code, stderr } = await space.cli(["export", file, "b", "c", "--out", "x.csv"]);
  expect([code, stderr]).toEqual([
    2,
    "error: one file cannot hold the rows of b.value and c.value\n" +
      "  = name one of them, or write to a folder: --out FOLDER/\n",
  ]);
  await succeed("export", file, "b", "c", "lattices.diagnostics", "--out", "many/");
  expect(readdirSync(space.path("many")).sort()).toEqual([
    "b[k=1].value.arrow",
    "b[k=2].value.arrow",
    "c.value.arrow",
    "lattices[seed=1].diagnostics.arrow",
    "lattices[seed=2].diagnostics.arrow",
  ]);
});

test("export keeps a link, and writes to what is not a file", async () => {
  space.write("target.csv", "old");
  symlinkSync("target.csv", space.path("link.csv"));
  await succeed("export", file, "c", "--out", "link.csv");
  expect(lstatSync(space.path("link.csv")).isSymbolicLink()).toBe(true);
  const csv = await succeed("export", file, "c");
  expect(readFileSync(space.path("target.csv"), "utf8")).toBe(csv);
  // As /dev/stdout and /dev/null are none.
  spawnSync("mkfifo", [space.path("pipe.csv")]);
  const [read] = await Promise.all([
    readFile(space.path("pipe.csv"), "utf8"),
    succeed("export", file, "c", "--out", "pipe.csv"),
  ]);
  expect(read).toBe(csv);
  expect(lstatSync(space.path("pipe.csv")).isFIFO()).toBe(true);
  mkdirSync(space.path("folder.csv"));
  await succeed("export", file, "c", "--out", "folder.csv");
  expect(readdirSync(space.path("folder.csv"))).toEqual(["c.value.arrow"]);
});

const one = "lattices[seed=1].configurations";

test("show --path says that an artifact has several files, and --joined makes them one", async () => {
  const parts = await space.cli(["show", file, one, "--path"]);
  const paths = parts.stdout.trimEnd().split("\n");
  expect(paths).toHaveLength(3);
  expect(parts.stderr).toBe(
    `warning[several-files]: the rows of ${one} are in 3 files, in this order\n` +
      "  = --path --joined writes them to one file\n",
  );
  const read = async (path: string) => await readForeignTables(readFileSync(path));
  const rows = JSON.parse(await succeed("show", file, one, "--json")) as { energy: number }[];
  const energies = rows.map(({ energy }) => energy);
  const inParts = (await Promise.all(paths.map(read))).flat();
  expect(inParts.flatMap(({ columns }) => [...(columns["energy"] as Int32Array)])).toEqual(
    energies,
  );

  const joined = await space.cli(["show", file, one, "--path", "--joined"]);
  expect(joined.stderr).toBe("");
  const path = joined.stdout.trimEnd();
  expect(path).toMatch(/\/cache\/v1\/joined\/[0-9a-f]{64}\.arrow$/);
  const whole = await read(path);
  expect(whole.flatMap(({ columns }) => [...(columns["energy"] as Int32Array)])).toEqual(energies);
  expect(whole[0]!.schema).toEqual(inParts[0]!.schema);
  expect(await succeed("show", file, one, "--path", "--joined")).toBe(joined.stdout);

  const alone = await space.cli(["show", file, "c", "--path"]);
  expect([alone.stdout.split("\n").length, alone.stderr]).toEqual([2, ""]);
});

test("several instances are joined with their axes, as show prints them", async () => {
  const all = "lattices.configurations";
  const { stderr } = await space.cli(["show", file, all, "--path"]);
  expect(stderr).toMatch(/^warning\[several-files\]: the rows of 2 artifacts are in 6 files/);
  const { path, rows } = JSON.parse(
    await succeed("show", file, all, "--path", "--joined", "--json"),
  );
  expect(rows).toBe(60);
  const tables = await readForeignTables(readFileSync(path));
  const seeds = tables.flatMap(({ columns }) => [...(columns["seed"] as Float64Array)]);
  expect(seeds).toEqual([...Array(30).fill(1), ...Array(30).fill(2)]);
  const listed = JSON.parse(await succeed("show", file, all, "--path", "--json"));
  expect(listed).toMatchObject([
    { id: "lattices[seed=1]", port: "configurations", rows: 30 },
    { id: "lattices[seed=2]", port: "configurations", rows: 30 },
  ]);
  expect(listed[1].paths).toHaveLength(3);
  // One file of export has the same rows.
  await succeed("export", file, all, "--out", "all.arrow");
  const exported = await readForeignTables(readFileSync(space.path("all.arrow")));
  const energies = (some: typeof tables) =>
    some.flatMap(({ columns }) => [...(columns["energy"] as Int32Array)]);
  expect(energies(exported)).toEqual(energies(tables));
});

test("what does not fit into one file is refused, and a joined file counts until gc", async () => {
  const mixed = await space.cli(["show", file, "c", "--joined"]);
  expect([mixed.code, mixed.stderr]).toEqual([
    2,
    "error: --joined needs --path\n  = blockspin show … --path --joined\n",
  ]);
  const path = (await succeed("show", file, one, "--path", "--joined")).trimEnd();
  const { joined } = JSON.parse(await succeed("cache", "stats", "--json"));
  expect(joined.files).toBeGreaterThan(0);
  await succeed("cache", "gc");
  expect(existsSync(path)).toBe(true);
  utimesSync(path, 1, 1);
  await succeed("cache", "gc");
  expect(existsSync(path)).toBe(false);
});
