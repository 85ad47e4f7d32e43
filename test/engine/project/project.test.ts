/** Where a project is, and what its configuration and the paths in it mean. */
import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { loadDocument, readPipeline } from "../../../src/engine/document/index.ts";
import { expandHome, pipelineFile } from "../../../src/engine/project/paths.ts";
import { projectRoot, resolveConfig, userFolder } from "../../../src/engine/project/project.ts";
import { readRemotes, remoteOfPlace } from "../../../src/engine/project/remote-settings.ts";
import { Folder } from "../../store/folder.ts";

function write(path: string, text = ""): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

test.each([
  [["package.json", "repo/.git/HEAD"], "repo"],
  [["blockspin.config.yaml", "repo/package.json"], "repo"],
  [[".git/HEAD", "repo/a/blockspin.config.yaml"], "repo/a"],
  [["package.json", "repo/a/b/.git"], "repo/a/b"],
  [["package.json", ".git/HEAD", "blockspin.config.yaml"], "."],
])("the project is the nearest folder that is marked: %j", (marks, root) => {
  using folder = new Folder();
  for (const mark of marks) write(join(folder.path, mark));
  mkdirSync(join(folder.path, "repo/a/b"), { recursive: true });
  const file = join(folder.path, "repo/a/b/p.yaml");
  expect(projectRoot(file)).toBe(join(folder.path, root));
});

test("~ is the home folder, ~user nobody's", () => {
  expect(expandHome("~")).toBe(homedir());
  expect(expandHome("~/x/y")).toBe(join(homedir(), "x/y"));
  expect(expandHome("~user/x")).toBeUndefined();
  for (const path of ["a/~/b", "./~", "/x", ""]) expect(expandHome(path)).toBe(path);
});

test("every place that a configuration, the environment or a flag names may begin with ~", () => {
  using folder = new Folder();
  const home = (name: string) => join(homedir(), name);
  const none = { XDG_CONFIG_HOME: join(folder.path, "none") };
  const cacheOf = (flags: { cache?: string }, environment = {}) =>
    resolveConfig(folder.path, flags, { ...none, ...environment }).cache;
  expect(cacheOf({})).toBe(join(folder.path, "cache"));
  write(join(folder.path, "blockspin.config.yaml"), "cache: ~/a\nremotes: { r: { url: ~ } }\n");
  expect(() => cacheOf({})).toThrow('"url" must be a URL or a folder'); // null, not home
  write(join(folder.path, "blockspin.config.yaml"), 'cache: ~/a\nremotes: { r: { url: "~" } }\n');
  expect(cacheOf({})).toBe(home("a"));
  expect(resolveConfig(folder.path, {}, none).remotes[0]!.place).toBe(homedir());
  expect(cacheOf({}, { BLOCKSPIN_CACHE: "~/b" })).toBe(home("b"));
  expect(cacheOf({ cache: "~/c" }, { BLOCKSPIN_CACHE: "~/b" })).toBe(home("c"));
  expect(remoteOfPlace("~/d").place).toBe(home("d"));
  expect(userFolder({ XDG_CONFIG_HOME: "~/e" })).toBe(home("e/blockspin"));
  expect(userFolder({ XDG_CONFIG_HOME: "relative" })).toBe(home(".config/blockspin"));
});

test("~user is an error that says what to write", () => {
  using folder = new Folder();
  const none = { XDG_CONFIG_HOME: join(folder.path, "none") };
  const path = write(join(folder.path, "blockspin.config.yaml"), "cache: ~bob/x\n");
  expect(() => resolveConfig(folder.path, {}, none)).toThrow(
    `${path}:1:8: error[invalid-config]: "cache": cannot use "~bob/x"`,
  );
  write(path, "");
  expect(() => resolveConfig(folder.path, { cache: "~bob" }, none)).toThrow("--cache: cannot use");
  expect(() => resolveConfig(folder.path, { cache: "" }, none)).toThrow(
    "--cache: expected the path of a folder",
  );
  expect(() => remoteOfPlace("~bob")).toThrow('cannot use "~bob"');
  expect(() => readRemotes({ r: { url: "~bob/x" } }, path)).toThrow('remote "r": cannot use');
});

test.each([
  ["%YAML 1.1\n---\ncache: x", '1:1: error[yaml-syntax]: expected YAML 1.2, got "%YAML 1.1"'],
  ["jobs: 010", "1:7: error[ambiguous-value]: 010 begins with 0"],
  ["jobs: 2\njobs: 3", '2:1: error[duplicate-key]: duplicate key "jobs"'],
  ["cache: a\n---\ncache: b", "2:1: error[yaml-syntax]: expected one document, got several"],
  ["cache: [", "1:8: error[yaml-syntax]: [ is not closed"],
  ['cache: ""', '"cache": expected the path of a folder'],
  [
    "remotes: { lab: { url: x, push: yes } }",
    '1:33: error[ambiguous-value]: "yes" is text here, not a boolean',
  ],
])("a configuration is read as a pipeline is: %j", (text, message) => {
  using folder = new Folder();
  write(join(folder.path, "blockspin.config.yaml"), text);
  const environment = { XDG_CONFIG_HOME: join(folder.path, "none") };
  expect(() => resolveConfig(folder.path, {}, environment)).toThrow(message);
});

test("a byte order mark of a configuration is not part of it", () => {
  using folder = new Folder();
  write(join(folder.path, "blockspin.config.yaml"), "\ufeffjobs: 3\n");
  expect(resolveConfig(folder.path, {}, { XDG_CONFIG_HOME: "/nowhere" }).jobs).toBe(3);
});

test("the name of a stream is not a place: it counts as a file of the working folder", () => {
  const stdin = join(process.cwd(), "stdin");
  for (const path of ["/dev/stdin", "/dev/fd/63", "/proc/self/fd/0", "/dev/null", "/proc/1/fd/9"]) {
    expect(pipelineFile(path)).toBe(stdin);
    expect(projectRoot(path)).toBe(projectRoot(join(process.cwd(), "p.yaml")));
  }
  for (const path of ["/dev/shm/p.yaml", "/nowhere/p.yaml", `/${"a".repeat(300)}`, process.cwd()]) {
    expect(pipelineFile(path)).toBe(path);
  }
});

test("paths in a pipeline from a stream are relative to the working folder", () => {
  const files: Record<string, string> = {
    "/dev/stdin": "blockspin: 1\nextends: lib/base.yaml\nuse: [./a.js]\n",
    [join(process.cwd(), "lib/base.yaml")]: "blockspin: 1\nuse: [./b.js, ~/c.js]\nstages: {}\n",
  };
  const readFile = (path: string) => files[path]!;
  const { value: document } = loadDocument("/dev/stdin", { readFile });
  const { value } = readPipeline(document!);
  expect(value).toMatchObject({ name: "stdin", path: join(process.cwd(), "stdin") });
  expect(value!.use.map(({ path }) => path)).toEqual([
    ...["lib/b.js", "a.js"]
      .map((name) => join(process.cwd(), name))
      .toSpliced(1, 0, join(homedir(), "c.js")),
  ]);
});
