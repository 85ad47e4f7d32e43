/** What a `command` gives its program: arguments, variables and files, as they are and in the key. */
import { chmodSync, symlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { f64 } from "../../src/engine/node-type.ts";
import { toArrowFile } from "../../src/store/tables.ts";
import { Space } from "../harness/space.ts";
import { tableOf } from "../harness/tables.ts";

const arrow = await toArrowFile(tableOf({ v: f64 }, { v: [1, 2] }));
const script = '#!/bin/sh\necho "$@"\ncp data.arrow outputs/o.arrow\n';
const pipeline = (call: string, more = "") => `blockspin: 1
name: test
${more}
stages:
  call: { node: command, ${call} }
`;
const seed = `"$\{seed}"`;
const files = "files: [data.arrow, tool]";
const outputs = "outputs: { o: { v: float64 } }";

function space(): Space {
  const made = new Space();
  made.write("data.arrow", arrow);
  chmodSync(made.write("tool", script), 0o755);
  return made;
}

/** A run's keys by instance, and what its programs printed. */
async function run(at: Space, file = "p.yaml") {
  const { events, finished, stderr } = await at.run(file);
  const done = events.filter(
    (e) => e.event === "instance" && ["ran", "cached"].includes(String(e["state"])),
  );
  const keys = Object.fromEntries(done.map((e) => [e["id"], e["key"]]));
  return { keys, finished, stderr, warnings: events.filter((e) => e.event === "warning") };
}

const logOf = async (at: Space, id: string) => (await at.cli(["log", "p.yaml", id])).stdout;

test("an executable of one's own runs, with numbers as its arguments, as if they were quoted", async () => {
  using at = space();
  const argv = (values: string) => `with: { argv: [./tool, ${values}], ${files}, ${outputs} }`;
  at.write(
    "p.yaml",
    pipeline(`for: { seed: [1, 2] }, ${argv(`${seed}, 0.50, 1e-3, 1e21, -0, true`)}`),
  );
  const numbers = await run(at);
  expect(numbers.finished).toMatchObject({ ran: 2, failed: 0 });
  expect(await logOf(at, "call[seed=2]")).toContain("2 0.5 0.001 1e+21 0 true\n");
  const quoted = `${seed}, "0.5", "0.001", "1e+21", "0", "true"`;
  at.write("p.yaml", pipeline(`for: { seed: ["1", "2"] }, ${argv(quoted)}`));
  const texts = await run(at);
  expect(texts.finished).toMatchObject({ ran: 0, cached: 2 });
  expect(Object.values(texts.keys).sort()).toEqual(Object.values(numbers.keys).sort());
});

test("numbers and truth values are variables as well", async () => {
  using at = space();
  at.write(
    "p.yaml",
    pipeline(
      `with: { argv: [sh, -c, 'echo $N $B; sh ./tool'], ${files}, ${outputs}, env: { N: 1.50, B: false } }`,
    ),
  );
  expect((await run(at)).finished).toMatchObject({ ran: 1 });
  expect(await logOf(at, "call")).toContain("1.5 false\n");
});

test("whether a file may be run is part of the key; other modes are not", async () => {
  using at = space();
  at.write("p.yaml", pipeline(`with: { argv: [sh, tool], ${files}, ${outputs} }`));
  const runs = await run(at);
  chmodSync(at.path("tool"), 0o700);
  expect((await run(at)).keys).toEqual(runs.keys);
  chmodSync(at.path("tool"), 0o644);
  const cannot = await run(at);
  expect(cannot.keys).not.toEqual(runs.keys);
  chmodSync(at.path("tool"), 0o600);
  expect((await run(at)).keys).toEqual(cannot.keys);
  const why = (await at.cli(["why", "p.yaml", "call"])).stdout;
  expect(why).toContain("same parameters");
});

test("the key of a program whose files cannot be run is what it was before modes were kept", async () => {
  using at = space();
  chmodSync(at.path("tool"), 0o644);
  at.write("p.yaml", pipeline(`with: { argv: [sh, tool, a], ${files}, ${outputs} }`));
  // From the version that took texts and single files alone.
  expect((await run(at)).keys["call"]).toBe(
    "sha256:958633ff0db8f72c5cdda97f377bab498705825ed79a97c5367532e87b277f23",
  );
});

const list = `with: { argv: [sh, -c, "find . -type f | sort; sh lib/tool"], ${outputs}`;

test("folders and patterns stand for their files, sorted, each once", async () => {
  using at = new Space();
  at.write("sub/data.arrow", arrow);
  at.write("lib/tool", script);
  for (const name of ["b.py", "a.py", "c.txt", "deep/d.py", "__pycache__/a.pyc", ".h.py"]) {
    at.write(`lib/${name}`, name);
  }
  at.write("sub/[x].py", "x");
  at.write("sub/store/CACHEDIR.TAG", "");
  at.write("sub/store/x.py", "");
  at.write("sub/here/y.py", "");
  symlinkSync("..", at.path("lib/deep/loop"));
  symlinkSync("../lib/c.txt", at.path("sub/link.txt"));
  const call = `${list}, files: [../lib/b.py, "*.arrow", ../lib/, "[x].py", "**/y.py", "{link,no}.txt"] }`;
  at.write("sub/p.yaml", pipeline(call));
  const { finished, stderr } = await run(at, "sub/p.yaml");
  expect(stderr).toBe("");
  expect(finished).toMatchObject({ ran: 1, failed: 0 });
  const log = (await at.cli(["log", "sub/p.yaml", "call"])).stdout;
  const lib = ["a.py", "b.py", "c.txt", "deep/d.py", "tool"].map((name) => `./lib/${name}`);
  const names = ["./[x].py", "./data.arrow", "./here/y.py", ...lib, "./link.txt"];
  expect(log.split("\n").filter((line) => line.startsWith("./"))).toEqual(names);
  // A file that the pattern matches now is part of the key.
  at.write("lib/e.py", "e");
  expect((await at.cli(["why", "sub/p.yaml", "call"])).stdout).toContain(
    "params.files.../lib/e.py: (absent) →",
  );
});

test("accept keeps results across a comment in a program's file, and nothing else", async () => {
  using at = space();
  at.write("p.yaml", pipeline(`with: { argv: [./tool, a], ${files}, ${outputs} }`));
  expect((await run(at)).finished).toMatchObject({ ran: 1 });
  at.write("tool", `${script}# A comment.\n`);
  const accept = () => at.cli(["accept", "p.yaml", "call", "--reason", "a comment"]);
  expect((await accept()).stdout).toBe("accepted call\nwhat had changed: params.files.tool.file\n");
  expect((await run(at)).finished).toMatchObject({ ran: 0, cached: 1 });
  at.write("p.yaml", pipeline(`with: { argv: [./tool, b], ${files}, ${outputs} }`));
  const refused = await accept();
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("it differs in params.argv (");
});

test("what a program writes beside its outputs is left out, with a warning", async () => {
  using at = space();
  const more = await toArrowFile(tableOf({ v: f64, w: f64 }, { v: [1], w: [2] }));
  at.write("data.arrow", more);
  at.write(
    "p.yaml",
    pipeline(
      `with: { argv: [sh, -c, "sh ./tool; cp tool outputs/p.arrow; mkdir outputs/x"], ${files}, ${outputs} }`,
    ),
  );
  const { warnings, finished } = await run(at);
  expect(finished).toMatchObject({ ran: 1 });
  expect(warnings.map((e) => [e["code"], e["message"]])).toEqual([
    ["undeclared-output", expect.stringContaining('"outputs/p.arrow", "outputs/x"')],
    ["undeclared-column", expect.stringContaining('more columns than are declared: "w"')],
  ]);
});
