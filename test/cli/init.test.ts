/** `blockspin init`: the project that it makes, used as a newcomer would. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tsc = join(root, "node_modules/typescript/bin/tsc");

/** Runs `blockspin …` in a folder by the link that `npx` finds. */
const linked = (folder: string, ...args: string[]) =>
  promisify(execFile)(join(folder, "node_modules/.bin/blockspin"), args, { cwd: folder });

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    name: string;
    dependencies: Record<string, string>;
  };

test("a new project runs, answers its question, and reruns what an edit makes stale", async () => {
  using space = new Space();
  const made = await space.cli(["init", "demo"]);
  expect(made.code).toBe(0);
  expect(made.stdout).toContain("cd demo\n  npx blockspin run pipeline.yaml");
  const demo = space.path("demo");
  const first = await linked(demo, "run", "pipeline.yaml");
  expect(first.stderr).toContain("19 ran, 0 cached");
  expect(first.stdout).toMatch(/0\.44325 .* yes, within 1 %/);
  expect((await linked(demo, "run", "pipeline.yaml")).stderr).toContain("0 ran, 19 cached");
  const drawn = await linked(demo, "show", "pipeline.yaml", "--figure", "cumulants");
  expect(drawn.stdout).toContain("The Binder cumulants cross at beta_c");
  // The text of the answer is not in what it is found from.
  const node = join(demo, "nodes/crossing.ts");
  const code = readFileSync(node, "utf8");
  space.write("demo/nodes/crossing.ts", code.replace("yes, within", "near:"));
  const second = await linked(demo, "run", "pipeline.yaml");
  expect(second.stderr).toContain("7 ran, 12 cached");
  expect(second.stdout).toContain("near: 1 %");
  const yaml = readFileSync(join(demo, "pipeline.yaml"), "utf8");
  space.write("demo/pipeline.yaml", yaml.replace("within: 0.01", "within: 0.005"));
  const third = await linked(demo, "run", "pipeline.yaml");
  expect(third.stderr).toContain("1 ran, 18 cached");
  expect(third.stdout).toContain("unclear: more samples or seeds");
}, 180_000);

test("the compiler takes the project, and refuses a column that there is not", async () => {
  using space = new Space();
  await space.cli(["init", "demo"]);
  const compile = () => promisify(execFile)(process.execPath, [tsc, "-p", space.path("demo")]);
  await compile();
  const code = readFileSync(space.path("demo/nodes/crossing.ts"), "utf8");
  space.write("demo/nodes/crossing.ts", code.replace("beta_c: [center]", "beta: [center]"));
  await expect(compile()).rejects.toMatchObject({ stdout: expect.stringContaining("beta_c") });
});

test("the editor's schema lies where the first line says, and check finds nothing", async () => {
  using space = new Space();
  await space.cli(["init", "demo"]);
  for (const name of ["pipeline.yaml", "python.yaml"]) {
    const [, path] = /\$schema=(\S+)/.exec(readFileSync(space.path(`demo/${name}`), "utf8"))!;
    expect(existsSync(space.path(`demo/${path}`))).toBe(true);
  }
  const { stdout, code } = await space.cli(["check", "demo/pipeline.yaml"]);
  expect(code).toBe(0);
  expect(stdout).toContain("3 stages, 19 instances, 32 more in 2 ablations, no errors");
});

test("the package is named by its folder, and depends on this one where it lies", async () => {
  using space = new Space();
  for (const [folder, name] of [
    ["demo", "demo"],
    ["My Ünruly (folder)!", "my-unruly-folder"],
    ["数据", "my-experiments"],
    ["node_modules", "my-experiments"],
  ] as const) {
    const { stdout, code } = await space.cli(["init", folder]);
    expect(code).toBe(0);
    if (folder.includes(" ")) expect(stdout).toContain(`cd '${folder}'`);
    const manifest = manifestOf(space.path(folder));
    expect(manifest.name).toBe(name);
    const place = manifest.dependencies["blockspin"]!.replace(/^file:/, "");
    expect(statSync(join(space.path(folder), place)).ino).toBe(statSync(root).ino);
    expect(readFileSync(space.path(`${folder}/.gitignore`), "utf8")).toBe(
      "cache/\nnode_modules/\n",
    );
  }
});

test("what lies there already is kept, and said", async () => {
  using space = new Space();
  space.write("demo/README.md", "mine\n");
  space.write("demo/package.json", "{}\n");
  mkdirSync(space.path("demo/nodes"));
  symlinkSync("nowhere", space.path("demo/pipeline.yaml"));
  const { stdout, code } = await space.cli(["init", "demo"]);
  expect(code).toBe(0);
  expect(stdout).toContain("kept what was there: package.json, README.md, pipeline.yaml");
  expect(stdout).toContain("npm install blockspin@file:");
  expect(readFileSync(space.path("demo/README.md"), "utf8")).toBe("mine\n");
  expect(readFileSync(space.path("demo/package.json"), "utf8")).toBe("{}\n");
  expect(existsSync(space.path("demo/nowhere"))).toBe(false);
  const again = await space.cli(["init", "demo", "--json"]);
  expect(JSON.parse(again.stdout)).toMatchObject({ written: [], linked: true });
});

test.each([
  ["file", "file"],
  ["file/demo", "file"],
  [".", "nodes"],
])(
  "init %s: a file in the place of a folder is refused before anything is written",
  async (folder, file) => {
    using space = new Space();
    space.write(file, "");
    space.remove("package.json");
    const { stderr, code } = await space.cli(["init", folder]);
    expect(stderr).toMatch(/error: ".*" is a file/);
    expect(code).toBe(2);
    expect(existsSync(space.path("package.json"))).toBe(false);
  },
);

test("of files of others, says what they lack, and nothing that is not so", async () => {
  using space = new Space();
  space.write("-démo/.gitignore", "dist/\n");
  space.write("-démo/pipeline.yaml", "mine: 1\n");
  mkdirSync(space.path("-démo/package.json"));
  const { stdout, code } = await space.cli(["init", "--", "-démo"]);
  expect(code).toBe(0);
  expect(stdout).toContain("  = add cache/ to .gitignore: what is computed goes there\n");
  expect(stdout).toContain("  cd './-démo'\n  npx blockspin run pipeline.yaml\n");
  await space.cli(["init", "café"]);
  expect(JSON.parse(readFileSync(space.path("café/package.json"), "utf8")).name).toBe("cafe");
});

test("in the folder itself, no cd is needed", async () => {
  using space = new Space();
  space.remove("package.json");
  const { stdout } = await space.cli(["init"]);
  expect(stdout).not.toContain("cd ");
  expect(relative(space.folder, space.path("pipeline.yaml"))).toBe("pipeline.yaml");
  expect(existsSync(space.path("pipeline.yaml"))).toBe(true);
});

const hasPyarrow = await promisify(execFile)("python3", ["-c", "import pyarrow"]).then(
  () => true,
  () => false,
);
const hasPython = await promisify(execFile)("python3", ["--version"]).then(
  () => true,
  () => false,
);

test.runIf(hasPyarrow)("the program in Python runs (needs pyarrow)", async () => {
  using space = new Space();
  await space.cli(["init", "demo"]);
  const few = ["--set", "samples=20", "--set", "seeds=[1,2,3]"];
  const { stdout, stderr } = await linked(space.path("demo"), "run", "python.yaml", ...few);
  expect(stderr).toContain("12 ran");
  expect(stdout).toContain("energies.means");
});

test.runIf(hasPython && !hasPyarrow)(
  "without pyarrow, the program says what it needs",
  async () => {
    using space = new Space();
    await space.cli(["init", "demo"]);
    const few = ["--set", "samples=20", "--set", "seeds=[1,2,3]", "--only", "energies"];
    const { stderr, code } = await space.cli(["run", "demo/python.yaml", ...few]);
    expect(code).toBe(1);
    expect(stderr).toContain("energies.py needs pyarrow: pip install pyarrow");
  },
);
