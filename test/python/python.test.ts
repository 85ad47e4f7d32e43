/**
 * The Python package, with the real command line. What needs pyarrow is skipped where there is none, as is
 * all of it without python3 and NumPy.
 */
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { main } from "../harness/space.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const has = (...modules: string[]) =>
  spawnSync("python3", ["-c", `import ${modules.join(", ")}`], { stdio: "ignore" }).status === 0;

const env = {
  ...process.env,
  BLOCKSPIN: `'${process.execPath}' '${main}'`,
  PYTHONPATH: `${root}python`,
  PYTHONDONTWRITEBYTECODE: "1",
  MPLBACKEND: "Agg",
};
const python = (...args: string[]) => promisify(execFile)("python3", args, { cwd: root, env });

test.runIf(has("numpy"))(
  "its own tests pass",
  async () => {
    const { stderr } = await python("-m", "unittest", "discover", "-s", "python/tests");
    expect(stderr).toMatch(/\nOK( \(skipped=\d+\))?\n$/);
  },
  180_000,
);

const notebook = JSON.parse(readFileSync(`${root}docs/python.ipynb`, "utf8")) as {
  cells: { cell_type: string; source: string | string[]; outputs?: unknown[] }[];
};
const cells = notebook.cells.filter(({ cell_type }) => cell_type === "code");

test.runIf(has("pyarrow", "matplotlib"))(
  "the notebook runs, cell by cell (needs pyarrow and matplotlib)",
  async () => {
    const code = cells.map(({ source }) => [source].flat().join("")).join("\n\n");
    const { stdout } = await python("-c", code);
    expect(stdout).toMatch(/^spins +int8 +\(5400, 32, 32\)$/m);
    expect(stdout).toMatch(/^seed +int64 +\(5400,\)$/m);
  },
  180_000,
);

test("the notebook shows its picture, and no path of a machine", () => {
  const outputs = JSON.stringify(cells.map((cell) => cell.outputs));
  expect(outputs).toContain('"image/png"');
  expect(outputs).not.toMatch(/\/(tmp|root|home|Users)\//);
});
