import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const check = async (input: string, call: string) => {
  using space = new Space();
  space.write("x.py", "print(1)");
  space.write("sub/x.py", "print(2)");
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
  ["", `files: [../x.py, x.py], ${out}`, "invalid-param", '"files.0" "../x.py" lies outside'],
  [
    "",
    `files: [x.py, a/../x.py], ${out}`,
    "invalid-param",
    '"files.1" "a/../x.py" would lie where "x.py" does',
  ],
  ["", 'outputs: { "../../pwn": { v: float64 } }', "invalid-param", "is no port name"],
  ["", 'outputs: { "a b/c": { v: float64 } }', "invalid-param", '"outputs.a b/c" is no port name'],
  ['inputs: { "../../pwn": rows }, ', out, "invalid-input", '"../../pwn" is no port name'],
  ['inputs: { "a b/c": rows }, ', out, "invalid-input", '"a b/c" is no port name'],
])(
  "files and ports that have no place of their own are located errors: %s%s",
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
