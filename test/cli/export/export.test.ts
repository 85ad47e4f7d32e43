/** Out by `blockspin export` and in again by the `import` node, through the real command line. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { Space } from "../../harness/space.ts";

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
  for (const name of ["one.csv", "one.npy", "one.parquet"]) {
    expect(await succeed("export", "p.yaml", one, "--out", name)).toBe("");
  }
  const byNumber = "file: one.npy, beta: [0.3, 0.5]";
  const given = { csv: "file: one.csv", npy: byNumber, parquet: "file: one.parquet" };
  files.write("back.yaml", back(given));
  expect((await files.run("back.yaml")).code).toBe(0);
  type Row = Record<string, unknown>;
  const rows = async (file: string, pattern: string) =>
    JSON.parse(await succeed("show", file, pattern, "--json")) as Row[];
  const original = await rows("p.yaml", one);
  expect(original).toHaveLength(20);
  const unsigned = original.map(({ sign, ...row }) => row);
  for (const table of ["csv", "parquet"]) {
    expect((await rows("back.yaml", table)).map(({ sign, ...row }) => row)).toEqual(unsigned);
  }
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
  for (const name of ["all.arrow", "all.parquet"]) {
    await succeed("export", "p.yaml", all, "--out", name);
  }
  await succeed("export", "p.yaml", nullable, "--out", "diagnostics.parquet");
  if (!python) {
    console.warn("NumPy or pyarrow is not installed: files were only written");
    return;
  }
  const script = `
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
spins, beta, m, a = (np.load(name + ".npy") for name in ("spins", "beta", "m", "a"))
assert spins.shape == (40, 4, 4) and spins.dtype == bool, (spins.shape, spins.dtype)
assert ((2 * spins.astype(int) - 1).sum(axis=(1, 2)) == m).all() and m.dtype == np.int32
assert beta.tolist() == ([0.3] * 10 + [0.5] * 10) * 2
assert np.isnan(a).all() and a.dtype == np.float64
table = pa.ipc.open_file("all.arrow").read_all()
assert table.column_names[0] == "seed" and table.num_rows == 40, table.schema
assert table["magnetization"].to_pylist() == m.tolist()
parquet = pq.read_table("all.parquet")
assert parquet.column_names == table.column_names, parquet.schema
for name in table.column_names:
    assert parquet[name].to_pylist() == table[name].to_pylist(), name
    same = parquet[name].type == table[name].type
    assert same or name == "spins", (name, parquet[name].type, table[name].type)
assert np.array_equal(np.array(parquet["spins"].to_pylist()).reshape(40, 4, 4), spins)
assert pq.read_table("diagnostics.parquet")["acceptance"].to_pylist() == [None] * len(a)
`;
  const checked = spawnSync("python3", ["-c", script], { cwd: files.folder, encoding: "utf8" });
  expect(checked.stderr).toBe("");
});

test("import reads what pyarrow made of an exported table", async () => {
  if (!python) {
    console.warn("pyarrow is not installed: nothing was written with it");
    return;
  }
  await succeed("export", "p.yaml", "lattices[seed=1]", "--out", "of-ours.parquet");
  const script = `
import pyarrow.parquet as pq
table = pq.read_table("of-ours.parquet")
for codec in ["snappy", "gzip", "zstd", "lz4", "brotli", "none"]:
    for dictionary in [True, False]:
        name = f"{codec}-{dictionary}.parquet"
        pq.write_table(table, name, compression=codec, use_dictionary=dictionary, row_group_size=7)
        print(name)
`;
  const written = spawnSync("python3", ["-c", script], { cwd: files.folder, encoding: "utf8" });
  expect(written.stderr).toBe("");
  const names = written.stdout.trim().split("\n").sort();
  files.write(
    "theirs.yaml",
    `blockspin: 1
name: theirs
stages:
  theirs: { node: import, for: { file: [${names}] }, with: { size: 4, file: "\${file}" } }
`,
  );
  expect((await files.run("theirs.yaml")).code).toBe(0);
  const show = async (...args: string[]) => JSON.parse(await succeed("show", ...args, "--json"));
  const original = (await show("p.yaml", "lattices[seed=1].configurations")) as { sign: number }[];
  const expected = names.flatMap((file) => original.map((row) => ({ ...row, file, sign: 1 })));
  expect(await show("theirs.yaml", "theirs")).toEqual(expected);
});

test("export says what it cannot do, and leaves no file", async () => {
  const fails = async (args: string[], message: string) => {
    const { code, stderr, stdout } = await files.cli(["export", "p.yaml", ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(`error: ${message}\n`);
  };
  const all = "lattices.configurations";
  await fails(
    [all, "--out", "x.hdf5"],
    'the ending of "x.hdf5" is not a known format\n  = end it in .csv, .npy, .arrow or .parquet, or give --format',
  );
  await fails(
    [all, "--format", "arrow"],
    "arrow is not text and cannot be printed\n  = write it to a file: --out FILE",
  );
  await fails(
    ["lattices.diagnostics", "--out", "x.npy"],
    "an NPY file holds one column\n  = name one with --column: seed, beta, chain, samples, energy, " +
      "magnetization, abs_magnetization, acceptance, mean_cluster, flips_per_sample",
  );
  await fails(
    [all, "--out", "x.npy", "--column", "chain"],
    'column "chain" holds text\n  = name another with --column',
  );
  await fails(
    [all, "--out", "x.csv", "--column", "beta"],
    "--column is only for npy, which holds one column\n  = leave it out",
  );
  await fails(
    ["lattices", "--out", "x.csv", "--set", "stages.lattices.with.samples=11"],
    "lattices[seed=1] has not been computed\n  = blockspin run p.yaml --set stages.lattices.with.samples=11 --only 'lattices[seed=1]'",
  );
  expect(readdirSync(files.folder).filter((name) => name.startsWith("x"))).toEqual([]);
  files.write("file", "");
  const { code, stderr } = await files.cli(["export", "p.yaml", all, "--out", "file/x.csv"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: cannot write "file\/x\.csv": EEXIST/);
  const folder = await files.cli(["export", "p.yaml", all, "--out", "file/"]);
  expect(folder.stderr).toMatch(/^error: cannot write "file\/": ENOTDIR/);
});
