import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const check = async (input: string, call: string) => {
  using space = new Space();
  space.write("x.py", "print(1)");
  space.write("sub/x.py", "print(2)");
  mkdirSync(space.path("sub/empty"));
  symlinkSync("/etc", space.path("sub/away"));
  execFileSync("mkfifo", [space.path("sub/pipe")]);
  space.write(
    "sub/p.yaml",
    `blockspin: 1
name: test
stages:
  rows: { node: import, with: { file: x.py, size: 2 } }
  call: { node: command, ${input}with: { argv: ["true"], ${call} } }
`,
  );
  return await space.cli(["check", "sub/p.yaml"]);
};
const out = "outputs: { o: { v: float64 } }";

test.each([
  [
    "",
    `files: [../x.py, x.py], ${out}`,
    "invalid-param",
    '"files.1" "x.py" would lie where "../x.py" does',
  ],
  ["", `files: [../../x.py], ${out}`, "invalid-param", '"../../x.py" lies outside of the project'],
  ["", `files: [/etc/hostname], ${out}`, "invalid-param", '"/etc/hostname" is an absolute path'],
  ["", `files: ["*.jl"], ${out}`, "file-not-found", 'no file matches "*.jl"'],
  ["", `files: [empty/], ${out}`, "file-not-found", 'there is no file in folder "empty/"'],
  [
    "",
    `files: [away/hostname], ${out}`,
    "invalid-param",
    '"away/hostname" lies outside of the proj',
  ],
  ["", `files: ["**"], ${out}`, "invalid-param", '"**/away" lies outside of the project'],
  ["", `files: [pipe], ${out}`, "file-unreadable", 'cannot read "pipe": it is not a file'],
  ["", `env: { "A=B": 1 }, ${out}`, "invalid-param", '"env" "A=B" is not the name of a variable'],
  [
    "",
    `env: { __proto__: 1 }, ${out}`,
    "invalid-param",
    '"__proto__" is not the name of a variable',
  ],
  ["", `env: { A: "a\\0b" }, ${out}`, "invalid-value", "cannot stand in a text"],
  [
    "",
    `env: { A: null }, ${out}`,
    "invalid-param",
    "must be text, a number or true or false, got n",
  ],
  ["", "outputs: { o: {} }", "invalid-param", '"outputs.o" has no columns'],
  ["", "outputs: { __proto__: { v: float64 } }", "invalid-param", "is not a port name"],
  ["", "outputs: { o: { __proto__: float64 } }", "invalid-param", "no column can be called"],
  ["inputs: { __proto__: rows }, ", out, "invalid-input", '"__proto__" is not a port name'],
  [
    "",
    `files: [x.py, a/../x.py], ${out}`,
    "invalid-param",
    '"files.1" "a/../x.py" would lie where "x.py" does',
  ],
  ["", 'outputs: { "../../pwn": { v: float64 } }', "invalid-param", "is not a port name"],
  [
    "",
    'outputs: { "a b/c": { v: float64 } }',
    "invalid-param",
    '"outputs.a b/c" is not a port name',
  ],
  ['inputs: { "../../pwn": rows }, ', out, "invalid-input", '"../../pwn" is not a port name'],
  ['inputs: { "a b/c": rows }, ', out, "invalid-input", '"a b/c" is not a port name'],
])(
  "what a program cannot be given is a located error: %s%s",
  async (input, call, code, message) => {
    const { code: exit, stderr } = await check(input, call);
    expect(stderr).toMatch(new RegExp(`p\\.yaml:5:\\d+: error\\[${code}\\]`));
    expect(stderr).toContain(message);
    expect(exit).toBe(2);
  },
);

test("files below the pipeline's folder are fine, however they are written", async () => {
  const { code, stderr } = await check("inputs: { a-b.c: rows }, ", `files: [./x.py], ${out}`);
  expect(stderr).toBe("");
  expect(code).toBe(0);
});

test("identify is asked in the folder of the pipeline, wherever one stands", async () => {
  using space = new Space();
  space.write("version.txt", "outside");
  space.write(
    "sub/p.yaml",
    `blockspin: 1
name: test
stages:
  call: { node: command, with: { argv: ["true"], identify: [cat, version.txt], ${out} } }
`,
  );
  const failed = await space.cli(["check", "sub/p.yaml"]);
  expect(failed.stderr).toMatch(
    /p\.yaml:4:\d+: error\[invalid-param\]: .*cat version\.txt" failed/,
  );
  expect(failed.stderr).toMatch(/ \^{18}\n?$/);
  space.write("sub/version.txt", "1");
  expect((await space.cli(["check", "sub/p.yaml"])).stderr).toBe("");
});

test("an output that is cut off is named, and long parameters are clipped", async () => {
  using space = new Space();
  space.write(
    "p.yaml",
    `blockspin: 1
name: test
stages:
  rows: { node: ising-sampler, with: { size: 4, betas: [0.3], samples: 8, seed: 1 } }
  call:
    node: command
    inputs: { rows: rows }
    with: { argv: [sh, -c, "head -c 700 inputs/rows.arrow > outputs/o.arrow", ${"x".repeat(5000)}], ${out} }
`,
  );
  const run = await space.run("p.yaml");
  const error = String(run.events.find((e) => e["state"] === "failed")!["error"]);
  expect(error).toMatch(
    /^output "o" of node type "command": not a readable Arrow IPC file: it is cut off or damaged\n {2}with \{.*x… \(\d+ more characters\)$/,
  );
  expect(error.length).toBeLessThan(1200);
});
