/** Runs have names: what is kept of each, how it is found again, and what gc keeps of it. */
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { probe, Space } from "../harness/space.ts";

const pipeline = `blockspin: 1
name: named
use: [${JSON.stringify(probe)}]
params: { base: 1, many: [1, 2], word: plain }
derived: { twice: { multiply: [base, 2] } }
stages:
  a: { node: probe, for: { i: "\${many}" }, with: { a: "\${i}" } }
  b: { node: probe, inputs: { x: a }, with: { a: "\${base}", seed: ["\${word}", "\${twice}"] } }
results: [b]
metrics: { number: { from: b.value, column: number, over: i } }
ablations: { other: { base: 5 } }
`;

function begin(): Space {
  const space = new Space();
  space.write("p.yaml", pipeline);
  return space;
}

const journalsIn = (space: Space) => {
  const folder = space.path("cache/v1/runs/named");
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
};

const runs = async (space: Space, ...args: string[]) =>
  await space.cli(["runs", "p.yaml", ...args]);
const asJson = async (space: Space, ...args: string[]) =>
  JSON.parse((await runs(space, ...args, "--json")).stdout);

test("a run keeps its name, note, command line, overrides, ablations, parameters and version", async () => {
  using space = begin();
  const args = ["--set", "base=3", "--ablation", "all", "--name", "first", "--note", "a first try"];
  const run = await space.cli(["run", "p.yaml", ...args]);
  expect(run.code, run.stderr).toBe(0);
  const one = await asJson(space, "first");
  expect(one).toMatchObject({ called: "first", note: "a first try", ran: 6, failed: 0 });
  expect(one.about).toMatchObject({
    ...{ command: ["run", "p.yaml", ...args], set: ["base=3"], only: [] },
    ablations: { baseline: {}, other: { base: 5 } },
    params: { base: 3, many: [1, 2], word: "plain", twice: 6 },
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
  expect(one.stages).toMatchObject([
    { stage: "a", counts: { ran: 2, cached: 0 }, gone: 0 },
    { stage: "b", counts: { ran: 4, cached: 0 }, gone: 0 },
  ]);
  expect(one.stages[0].bytes).toBeGreaterThan(100);
  const { stdout } = await runs(space, "first");
  for (const part of ["name       first\n", "note       a first try\n", "set        base=3\n"])
    expect(stdout).toContain(part);
  expect(stdout).toMatch(/\nablation {3}other {2}base: 5\n/);
  expect(stdout).toMatch(/\nbase +3\n/);
  expect(stdout).toMatch(/\nb +4 +0 +0 +0 +\d+\.\d s +[\d.]+ KiB\n/);
  // Outside of a Git repository there is no commit.
  expect(one.about.commit).toBeUndefined();
});

test("a run keeps the commit of its project, and whether files differ from it", async () => {
  using space = begin();
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], {
      cwd: space.folder,
      encoding: "utf8",
    }).trim();
  git("init", "-q");
  git("add", "p.yaml");
  git("commit", "-q", "-m", "first");
  const id = git("rev-parse", "HEAD");
  await space.run("p.yaml", ["--name", "clean"]);
  space.write("p.yaml", `${pipeline}# a comment\n`);
  await space.run("p.yaml", ["--name", "edited"]);
  expect((await asJson(space, "clean")).about.commit).toEqual({ id, dirty: false });
  expect((await asJson(space, "edited")).about.commit).toEqual({ id, dirty: true });
  expect((await runs(space, "edited")).stdout).toContain(`commit     ${id}, with changes\n`);
});

test("runs are listed with their names; on a narrow terminal ids give way, not the counts", async () => {
  using space = begin();
  await space.run("p.yaml", [
    "--name",
    "a name that is so long that it cannot be shown as a whole",
  ]);
  await space.run("p.yaml");
  const { stdout } = await runs(space);
  const [head, , latest, named] = stdout.split("\n");
  expect(head).toMatch(/^run +name +started +ran +cached +failed +skipped +took +id$/);
  expect(latest).toMatch(
    /^latest +\d{4}-\d\d-\d\d \d\d:\d\d +0 +4 +0 +0 +\d+\.\d s +\d{8}T\d{9}Z-/,
  );
  expect(named).toMatch(/^latest~1 +a name that is so long that it cannot be shown as a whole +2/);
});

test("a run is found by its name, its id, the beginning of that, or by counting back", async () => {
  using space = begin();
  await space.run("p.yaml", ["--name", "one"]);
  await space.run("p.yaml", ["--set", "base=2"]);
  const [, first] = await asJson(space);
  const found = async (text: string) => (await asJson(space, text)).name;
  for (const text of ["one", first.name, first.name.slice(0, -3), "latest~1"])
    expect(await found(text), text).toBe(first.name);
  expect(await runs(space, "on")).toMatchObject({
    code: 2,
    stderr: 'error: there is no run "on"\n  = did you mean "one"?\n',
  });
  expect((await runs(space, "something")).stderr).toBe(
    'error: there is no run "something"\n  = named: one; blockspin runs lists them; there are 2\n',
  );
  const { stderr } = await runs(space, first.name.slice(0, 4));
  expect(stderr).toMatch(/^error: several runs begin with "20\d\d"\n {2}= 20\S+, 20\S+\n$/);
});

test("a name that is given twice means the newest run, and the run says so; both keep it", async () => {
  using space = begin();
  await space.run("p.yaml", ["--name", "same"]);
  const again = await space.cli(["run", "p.yaml", "--set", "base=2", "--name", "same"]);
  expect(again.stderr).toMatch(
    /warning\[run-name\]: run 20\S+ is called "same" too; from now on the name means this run\n/,
  );
  const [second, first] = await asJson(space);
  expect([first.called, second.called]).toEqual(["same", "same"]);
  expect((await asJson(space, "same")).name).toBe(second.name);
});

test("a run is named, renamed and unnamed long after it ended, and stays as old as it is", async () => {
  using space = begin();
  await space.run("p.yaml");
  await space.run("p.yaml", ["--set", "base=2"]);
  const [path] = journalsIn(space);
  const then = new Date("2020-01-02T03:04:05Z");
  utimesSync(path!, then, then);
  // A kill tore the last line: what is added begins a line of its own.
  appendFileSync(path!, '{"event":"warn');
  utimesSync(path!, then, then);
  expect((await runs(space, "latest~1", "--name", "old", "--note", "why")).code).toBe(0);
  expect(statSync(path!).mtime).toEqual(then);
  expect(await asJson(space, "old")).toMatchObject({ called: "old", note: "why", finished: true });
  expect((await runs(space, "old", "--name", "older")).stdout).toContain("name       older\n");
  expect(await asJson(space, "older")).toMatchObject({ note: "why" });
  const both = await runs(space, "latest", "--name", "older");
  expect(both.stderr).toMatch(
    /^warning\[run-name\]: 2 runs are called "older"; .* newest, 20\S+\n$/,
  );
  await runs(space, "latest", "--no-name");
  expect((await runs(space, "older", "--no-name", "--no-note")).code).toBe(0);
  expect(
    (await asJson(space)).map((run: { called: null; note: null }) => [run.called, run.note]),
  ).toEqual([
    [null, null],
    [null, null],
  ]);
  expect(await runs(space, "--name", "x")).toMatchObject({ code: 2, stdout: "" });
});

test.each([
  ["", "a name is not empty"],
  [" x", "a name neither begins nor ends with a blank"],
  ["latest", "that is how commands count back"],
  ["latest~3", "that is how commands count back"],
  ["20261126T174755628Z-1b007424", "that is how the names of journals begin"],
  ["a\nb", "a name is one line of plain text"],
  ["\u001b[2J", "a name is one line of plain text"],
  ["x".repeat(201), "a name has at most 200 characters"],
])("a run cannot be called %j, and nothing runs", async (name, reason) => {
  using space = begin();
  const { code, stderr } = await space.cli(["run", "p.yaml", `--name=${name}`]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`: ${reason}`)]);
  expect(existsSync(space.path("cache/v1/runs/named"))).toBe(false);
});

test("journals of earlier versions, and damaged ones, are read as far as they go", async () => {
  using space = begin();
  await space.run("p.yaml", ["--name", "kept"]);
  const [path] = journalsIn(space);
  const lines = readFileSync(path!, "utf8").trimEnd().split("\n");
  const isOf = (event: string) => (line: string) => JSON.parse(line).event === event;
  // An earlier version wrote neither.
  writeFileSync(
    path!,
    `${lines.filter((line) => !isOf("about")(line) && !isOf("named")(line)).join("\n")}\n`,
  );
  expect(await asJson(space, "latest")).toMatchObject({ called: null, about: null, ran: 4 });
  expect((await runs(space, "latest")).stdout).toContain("parameters are not known");
  const compared = await space.cli(["compare", "p.yaml", "--with", "latest", "--set", "base=2"]);
  expect(compared.stdout).toMatch(
    /^the parameters of that run are not known: .*\nstages that differ, then → now:\n {2}b\.a: 1 → 2\n/,
  );
  const odd = {
    command: 7,
    set: [1, "x=1"],
    ablations: [],
    params: null,
    commit: { id: 3 },
    version: {},
  };
  writeFileSync(
    path!,
    [
      JSON.stringify({ event: "about", ...odd }),
      '{"event":"named","name":7}',
      "garbage \u0000",
      ...lines.filter((line) => !isOf("about")(line)),
      '{"event":"named","note":["no text"]}',
      '{"event":"instance","id":"[[","state":"failed"}',
    ].join("\n"),
  );
  const one = await asJson(space, "kept");
  expect(one.about).toEqual({ command: [], set: ["x=1"], only: [], ablations: {}, params: {} });
  expect(one).toMatchObject({ note: null, ran: 4, failed: 1 });
  expect((await runs(space, "kept")).code).toBe(0);
});

test("a run that goes on is told from one that was killed", async () => {
  using space = begin();
  const slow = pipeline.replace(/(a: "\$\{base\}")/, "$1, sleep_ms: 4000");
  space.write("p.yaml", slow);
  let [going, ended] = ["", ""];
  const run = await space.cli(["run", "p.yaml", "--jobs", "4"], {
    onStart: (pid) => {
      const wait = setInterval(async () => {
        if (!existsSync(space.path("cache/v1/runs/named"))) return;
        clearInterval(wait);
        going = (await runs(space)).stdout;
        process.kill(pid, "SIGKILL");
      }, 100);
    },
  });
  ended = (await runs(space)).stdout;
  expect(run.signal).toBe("SIGKILL");
  expect(going).toMatch(/^latest .* running /m);
  expect(ended).toMatch(/^latest .* killed /m);
});

test("compare --with lists the parameters that differ before the numbers", async () => {
  using space = begin();
  await space.run("p.yaml", ["--name", "then"]);
  space.write(
    "p.yaml",
    pipeline
      .replace("params: { base: 1,", "params: { base: 2, more: x,")
      .replace(/(a: "\$\{i\}")/, "$1, seed: 7"),
  );
  await space.run("p.yaml");
  const { stdout } = await space.cli(["compare", "p.yaml", "--with", "then"]);
  expect(stdout).toMatch(
    /^parameters that differ, then → now:\n {2}base: 1 → 2\n {2}twice: 2 → 4\n {2}more: \(absent\) → "x"\nstages that differ, then → now:\n {2}a\.seed: 0 → 7\n {2}b\.seed: \["plain",2\] → \["plain",4\]\n\nnumber: number of b\.value; compared with run then\n/,
  );
  const [answer] = JSON.parse(
    (await space.cli(["compare", "p.yaml", "--with", "then", "--json"])).stdout,
  );
  expect(answer.params).toContainEqual({ field: "base", before: 1, after: 2 });
  expect(answer.metric).toBe("number");
  const same = await space.cli(["compare", "p.yaml", "--with", "latest"]);
  expect(same.stdout).toMatch(/^no parameter differs\n\nnumber/);
});

test("show --run prints what an earlier run left, although the pipeline is another now", async () => {
  using space = begin();
  await space.run("p.yaml", ["--name", "then", "--ablation", "all"]);
  const show = async (...args: string[]) => await space.cli(["show", "p.yaml", ...args, "--json"]);
  const before = (await show("b")).stdout;
  space.write("p.yaml", pipeline.replace("base: 1", "base: 2").replace("[1, 2]", "[2, 3]"));
  await space.run("p.yaml");
  expect((await show("b")).stdout).not.toBe(before);
  expect((await show("b", "--run", "then")).stdout).toBe(before);
  // An axis has the type that it has now.
  const [first] = JSON.parse((await show("b[i=1]", "--run", "then", "--path")).stdout);
  expect(first).toMatchObject({ id: "b[i=1]", port: "value", rows: 1 });
  expect(JSON.parse((await show("b[ablation=other]", "--run", "then")).stdout)).toHaveLength(2);
  expect(await show("c", "--run", "then")).toMatchObject({
    code: 2,
    stderr: 'error: run then has nothing of stage "c"\n  = known: a, b\n',
  });
  expect((await show("b[i=3]", "--run", "then")).stderr).toContain(
    "no instance of run then matches",
  );
  expect((await show("b.oops", "--run", "then")).stderr).toContain("outputs: value");
});

test("cache gc keeps what a run with a name used, its journal included, and says so", async () => {
  using space = begin();
  await space.run("p.yaml", ["--name", "keep me"]);
  await space.run("p.yaml", ["--set", "base=2"]);
  await space.run("p.yaml", ["--set", "base=3"]);
  const long = new Date(Date.now() - 90 * 24 * 3_600_000);
  for (const path of journalsIn(space)) utimesSync(path, long, long);
  const gc = async () => await space.cli(["cache", "gc", "--size", "0", "--age", "30d"]);
  expect((await gc()).stdout).toContain("\nkept what 1 run with a name used ");
  const names = (await asJson(space)).map((run: { called: string | null }) => run.called);
  expect(names).toEqual([null, "keep me"]);
  const show = async () => await space.cli(["show", "p.yaml", "b", "--run", "keep me", "--csv"]);
  expect((await show()).code).toBe(0);
  const plan = JSON.parse((await space.cli(["plan", "p.yaml", "--json"])).stdout);
  expect(new Set(plan.map(({ state }: { state: string }) => state))).toEqual(new Set(["cached"]));
  await runs(space, "keep me", "--no-name");
  const [path] = journalsIn(space);
  utimesSync(path!, long, long);
  expect((await gc()).stdout).not.toContain("kept what");
  expect((await show()).stderr).toMatch(/there is no run "keep me"/);
});
