/** A program that lacks a file is answered with the key that lists it. */
import { expect, test } from "vitest";
import { adviceFor, cannotStart, nothingAt } from "../../../src/nodes/command/advice.ts";

const add = (name: string) =>
  `a program finds only the files that its stage lists: add "${name}" to files:`;

test.each([
  ["python3: can't open file 'a.py': [Errno 2] No such file or directory", add("a.py")],
  ["FileNotFoundError: [Errno 2] No such file or directory: 'data/x.csv'", add("data/x.csv")],
  ["Error: Cannot find module 'x.js'", add("x.js")],
  ["sh: 0: cannot open x.sh: No such file", add("x.sh")],
  ["Fatal error: cannot open file 'x.R': No such file or directory", add("x.R")],
  ["cat: data.csv: No such file or directory", add("data.csv")],
  ["ls: cannot access './data.csv': No such file or directory", add("data.csv")],
  ['Can\'t open perl script "x.pl": No such file or directory', add("x.pl")],
  ["cat: inputs/x.arrow: No such file or directory", "inputs/ has a file <port>.arrow for each of"],
  ["ModuleNotFoundError: No module named 'helper.io'", 'if "helper.py" is a file of yours, add it'],
  ["python3: No module named helper", 'if "helper.py" is a file of yours, add it'],
])("%s", (line, advice) => {
  expect(adviceFor(["before", line, "after"])).toContain(advice);
});

test("there is no advice for what files: cannot help", () => {
  for (const line of ["ValueError: x", "cat: /etc/none: No such file or directory"]) {
    expect(adviceFor([line])).toBeUndefined();
  }
  expect(adviceFor([])).toBeUndefined();
});

test("a program that cannot be started says why", () => {
  const because = (program: string, code: string) =>
    cannotStart(program, Object.assign(new Error("spawn"), { code }));
  expect(because("julia", "ENOENT")).toBe(
    'there is no program "julia" on the PATH: is it installed?',
  );
  expect(because("./tool", "ENOENT")).toContain(add("tool"));
  expect(because("./tool", "EACCES")).toContain("chmod +x ./tool");
  expect(because("tool", "E2BIG")).toBe("cannot start tool: spawn");
});

test("an output that is missing is named with what was written instead", () => {
  expect(nothingAt("o.arrow", "sh", [])).toBe("sh wrote no outputs/o.arrow");
  expect(nothingAt("o.arrow", "sh", ["o.csv"])).toBe(
    'sh wrote no outputs/o.arrow; it wrote "outputs/o.csv"',
  );
});
