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

test("patterns mean what they mean to a shell: negated classes, and ranges of numbers", async () => {
  using at = new Space();
  at.write("data.arrow", arrow);
  for (const name of ["a1", "b1", "!1", "f1", "f2", "f9", "f10", "f11", "f12", "g08", "g10"]) {
    at.write(`lib/${name}.py`, name);
  }
  const found = async (pattern: string) => {
    const call = `argv: [sh, -c, "ls lib; cp data.arrow outputs/o.arrow"], ${outputs}`;
    at.write("p.yaml", pipeline(`with: { ${call}, files: [data.arrow, "lib/${pattern}.py"] }`));
    const { finished, stderr } = await run(at);
    expect(stderr).toBe("");
    expect(finished).toMatchObject({ failed: 0 });
    const log = (await logOf(at, "call")).split("\n");
    return log.filter((line) => line.endsWith(".py")).map((line) => line.slice(0, -3));
  };
  expect(await found("[!a]1")).toEqual(["!1", "b1", "f1"]);
  expect(await found("f{9..11}")).toEqual(["f10", "f11", "f9"]);
  expect(await found("f{12..1..10}")).toEqual(["f12", "f2"]);
  expect(await found("g{08..10}")).toEqual(["g08", "g10"]);
  expect(await found("{b..f}1")).toEqual(["b1", "f1"]);
  for (const range of ["{1..x}", "{1..99999}", "{1..9..0}"]) {
    at.write("p.yaml", pipeline(`with: { argv: [x], ${outputs}, files: ["lib/f${range}.py"] }`));
    expect((await at.cli(["check", "p.yaml"])).stderr).toContain(`"${range}" `);
  }
});

test("an argument may be empty; a program may not", async () => {
  using at = space();
  const call = (argv: string) => `with: { argv: [${argv}], ${files}, ${outputs} }`;
  at.write("p.yaml", pipeline(call("./tool, a, '', b")));
  expect((await run(at)).finished).toMatchObject({ ran: 1 });
  expect(await logOf(at, "call")).toContain("a  b\n");
  at.write("p.yaml", pipeline(call("''")));
  expect((await at.cli(["check", "p.yaml"])).stderr).toContain("is empty: expected a program");
});

test("an output that is a pipe or a device is not an output, and nothing waits for its end", async () => {
  using at = space();
  for (const made of ["mkfifo outputs/o.arrow", "ln -s /dev/zero outputs/o.arrow"]) {
    const call = `with: { argv: [sh, -c, "${made}"], ${outputs} }, resources: { timeout: 20 }`;
    at.write("p.yaml", pipeline(call));
    const { events, finished } = await at.run("p.yaml");
    expect(finished).toMatchObject({ failed: 1 });
    expect(JSON.stringify(events)).toContain("sh wrote no outputs/o.arrow");
  }
});

test("a warning names a few of many files", async () => {
  using at = space();
  const call = `argv: [sh, -c, "touch $(seq -f outputs/%g 300); sh ./tool"], ${files}, ${outputs}`;
  at.write("p.yaml", pipeline(`with: { ${call} }`));
  const { warnings } = await run(at);
  expect(warnings).toHaveLength(1);
  expect(String(warnings[0]!["message"])).toMatch(/^.{0,600} and 280 more$/);
});
