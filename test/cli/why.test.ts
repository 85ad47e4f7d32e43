/** The words of `plan` and `why` for what is not simply an edit. */
import { expect, test } from "vitest";
import { probe, Space } from "../harness/space.ts";

const pipeline = (is: string, bad = "") => `blockspin: 1
name: test
use: [${JSON.stringify(probe)}]
stages:
  a: { node: probe, for: { i: ${is}, k: [1, 2] }, with: { a: "\${i}", seed: "\${k}" } }
  all: { node: probe, inputs: { x: { from: a, collect: [i] } }, with: { ${bad} } }
results: [all]
`;

const reasonOf = async (space: Space, id: string): Promise<string> => {
  const { stdout } = await space.cli(["why", "p.yaml", id, "--json"]);
  return JSON.parse(stdout)[0].reasons.join("\n");
};
const recordOf = (key: string) => `cache/v1/records/${key.slice(7, 9)}/${key.slice(9)}.json`;

test("what is gone is reported as gone, and a failure as a failure", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline("[1]"));
  const { events } = await space.run("p.yaml");
  const key = String(events.find((e) => e["state"] === "ran" && e["id"] === "all[k=1]")!["key"]);
  const path = (await space.cli(["show", "p.yaml", "all[k=1]", "--path"])).stdout.trim();
  space.removePath(path);
  expect(await reasonOf(space, "all[k=1]")).toBe(
    "its output is gone from the store, and it is a result",
  );
  const upstream = (await space.cli(["show", "p.yaml", "a[k=1]", "--path"])).stdout.trim();
  space.removePath(upstream);
  const only = await space.cli(["plan", "p.yaml", "--only", "a"]);
  expect(only.stdout).toContain("its output is gone from the store, and it is asked for\n");
  space.remove(recordOf(key));
  expect(await reasonOf(space, "all[k=1]")).toBe(
    "its record is gone from the store; parameters, inputs and code are as before",
  );
  space.write("p.yaml", pipeline("[1]", "a: 3"));
  expect(await reasonOf(space, "all[k=1]")).toBe(
    "changed since the last run, whose record is gone from the store",
  );
  space.write("p.yaml", pipeline("[1]", "fail: true"));
  expect(await reasonOf(space, "all[k=2]")).toBe("params.fail: false → true");
  expect((await space.run("p.yaml", ["--keep-going"])).code).toBe(1);
  expect(await reasonOf(space, "all[k=2]")).toBe("failed last time: asked to fail");
  // Another action than the one that failed.
  space.write("p.yaml", pipeline("[1]", "a: 2"));
  expect(await reasonOf(space, "all[k=2]")).toBe("params.a: 0 → 2");
});

test("a collected input that gains and loses members names them", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline("[1, 2]"));
  await space.run("p.yaml");
  space.write("p.yaml", pipeline("[2, 3]"));
  await space.run("p.yaml", ["--only", "a"]);
  const line =
    /^inputs\.x: sha256:\w+ → sha256:\w+\n {2}with a\[i=3,k=2\], which was not there\n {2}without a\[i=1,k=2\]$/;
  expect(await reasonOf(space, "all[k=2]")).toMatch(line);
});

test("show says with which overrides the missing and the damaged is made", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline("[1]"));
  const missing = await space.cli([
    "show",
    "p.yaml",
    "a[k=1]",
    "--set",
    "stages.all.with.print=it's",
  ]);
  expect(missing.stderr).toBe(
    "error: a[i=1,k=1] has not been computed\n" +
      "  = blockspin run p.yaml --set 'stages.all.with.print=it'\\''s' --only 'a[i=1,k=1]'\n",
  );
  await space.run("p.yaml");
  const path = (await space.cli(["show", "p.yaml", "a[k=1]", "--path"])).stdout.trim();
  space.removePath(path);
  const gone = await space.cli(["show", "p.yaml", "a[k=1]"]);
  expect(gone.stderr).toMatch(
    /\n {2}= blockspin run p\.yaml --only 'a\[k=1\]' computes it again\n$/,
  );
});
