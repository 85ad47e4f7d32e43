/** Out by `blockspin export` and in again by the `import` node, through the real command line. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const pipeline = `blockspin: 1
name: out
stages:
  lattices:
    node: ising-sampler
    for: { seed: [1, 2] }
    with: { size: 4, betas: [0.3, 0.5], samples: 10, chains: 3, seed: "\${seed}" }
  moves:
    node: chain-diagnostics
    inputs: { configurations: lattices.configurations, diagnostics: lattices.diagnostics }
`;
const back = (files: Record<string, string>) => `blockspin: 1
name: in
stages:
${Object.entries(files)
  .map(([stage, given]) => `  ${stage}: { node: import, with: { size: 4, ${given} } }`)
  .join("\n")}
`;

/** All tests work in one space, where the pipeline has run. */
const files = new Space();
afterAll(() => files[Symbol.dispose]());
files.write("p.yaml", pipeline);
test("the pipeline runs", async () => {
  expect((await files.run("p.yaml")).code).toBe(0);
});

async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await files.cli(args);
  expect(code, stderr).toBe(0);
  return stdout;
}

test("export and import are each other's inverse, in every format that both know", async () => {
  const one = "lattices[seed=1].configurations";
  for (const name of ["one.csv", "one.npy"]) {
    expect(await succeed("export", "p.yaml", one, "--out", name)).toBe("");
  }
  const byNumber = "file: one.npy, beta: [0.3, 0.5]";
  files.write("back.yaml", back({ csv: "file: one.csv", npy: byNumber }));
  expect((await files.run("back.yaml")).code).toBe(0);
  type Row = Record<string, unknown>;
  const rows = async (file: string, pattern: string) =>
    JSON.parse(await succeed("show", file, pattern, "--json")) as Row[];
  const original = await rows("p.yaml", one);
  expect(original).toHaveLength(20);
  const unsigned = original.map(({ sign, ...row }) => row);
  expect((await rows("back.yaml", "csv")).map(({ sign, ...row }) => row)).toEqual(unsigned);
  const kept = ({ spins, beta, energy, magnetization }: Row) => ({
    ...{ spins, beta, energy, magnetization },
  });
  expect((await rows("back.yaml", "npy")).map(kept)).toEqual(original.map(kept));
});

test("export puts the axes of several instances first, and writes CSV to standard output", async () => {
  const text = await succeed("export", "p.yaml", "moves.quantities");
  const [header, ...lines] = text.trimEnd().split("\n");
  expect(header).toMatch(/^seed,beta,quantity,mean,/);
  expect(lines).toHaveLength(12);
  expect(lines.map((line) => line.split(",").slice(0, 3))[5]).toEqual(["1", "0.5", "m"]);
  expect(text).toBe(await succeed("show", "p.yaml", "moves.quantities", "--csv"));
});

test("export to a folder writes a file for every instance", async () => {
  const printed = await succeed(
    ...["export", "p.yaml", "lattices.diagnostics", "--out", "new/", "--format", "csv"],
  );
  const names = ["lattices[seed=1].diagnostics.csv", "lattices[seed=2].diagnostics.csv"];
  expect(readdirSync(files.path("new")).sort()).toEqual(names);
  expect(printed.split("\n").sort()).toEqual(["", ...names.map((name) => `new/${name}`)]);
  expect(readFileSync(files.path(`new/${names[0]}`), "utf8")).toMatch(/^beta,chain,samples,/);
});

const python = spawnSync("python3", ["-c", "import numpy, pyarrow"]).status === 0;

test("NumPy and pyarrow read what export wrote", async () => {
  const all = "lattices.configurations";
  await succeed("export", "p.yaml", all, "--out", "spins.npy");
  await succeed("export", "p.yaml", all, "--out", "beta.npy", "--column", "beta");
  await succeed("export", "p.yaml", all, "--out", "m.npy", "--column", "magnetization");
  const nullable = "lattices.diagnostics";
  await succeed("export", "p.yaml", nullable, "--out", "a.npy", "--column", "acceptance");
  await succeed("export", "p.yaml", all, "--out", "all.arrow");
  if (!python) {
    console.warn("NumPy or pyarrow is not installed: files were only written");
    return;
  }
  const script = `
import numpy as np, pyarrow as pa
spins, beta, m, a = (np.load(name + ".npy") for name in ("spins", "beta", "m", "a"))
assert spins.shape == (40, 4, 4) and spins.dtype == bool, (spins.shape, spins.dtype)
assert ((2 * spins.astype(int) - 1).sum(axis=(1, 2)) == m).all() and m.dtype == np.int32
assert beta.tolist() == ([0.3] * 10 + [0.5] * 10) * 2
assert np.isnan(a).all() and a.dtype == np.float64
table = pa.ipc.open_file("all.arrow").read_all()
assert table.column_names[0] == "seed" and table.num_rows == 40, table.schema
assert table["magnetization"].to_pylist() == m.tolist()
`;
  const checked = spawnSync("python3", ["-c", script], { cwd: files.folder, encoding: "utf8" });
  expect(checked.stderr).toBe("");
});

test("export says what it cannot do, and leaves no file", async () => {
  const fails = async (args: string[], message: string) => {
    const { code, stderr, stdout } = await files.cli(["export", "p.yaml", ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(`error: ${message}\n`);
  };
  const all = "lattices.configurations";
  await fails(
    [all, "--out", "x.parquet"],
    'cannot tell a format from "x.parquet"\n  = end it in .csv, .npy or .arrow, or say --format',
  );
  await fails(
    [all, "--format", "arrow"],
    "arrow is no text\n  = say where to write it: --out FILE",
  );
  await fails(
    ["lattices.diagnostics", "--out", "x.npy"],
    "an NPY file holds one column\n  = name one with --column: seed, beta, chain, samples, energy, " +
      "magnetization, abs_magnetization, acceptance, mean_cluster, flips_per_sample",
  );
  await fails(
    [all, "--out", "x.npy", "--column", "chain"],
    'column "chain" holds texts\n  = name another with --column',
  );
  await fails(
    [all, "--out", "x.csv", "--column", "beta"],
    "--column is for npy, which holds one column\n  = leave it out",
  );
  await fails(
    ["lattices", "--out", "x.csv", "--set", "stages.lattices.with.samples=11"],
    "lattices[seed=1] has not been computed\n  = blockspin run p.yaml --only 'lattices[seed=1]'",
  );
  expect(readdirSync(files.folder).filter((name) => name.startsWith("x"))).toEqual([]);
  files.write("file", "");
  const { code, stderr } = await files.cli(["export", "p.yaml", all, "--out", "file/x.csv"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: cannot write "file\/x\.csv": EEXIST/);
  const folder = await files.cli(["export", "p.yaml", all, "--out", "file/"]);
  expect(folder.stderr).toMatch(/^error: cannot write "file\/": ENOTDIR/);
});
