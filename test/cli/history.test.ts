/** How often commands read the journals of earlier runs, and that their answers do not suffer. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { probe, Space } from "../harness/space.ts";

const hook = new URL("../fixtures/log-opened.mjs", import.meta.url).href;

const pipeline = `blockspin: 1
name: history
use: [${JSON.stringify(probe)}]
params: { base: 1 }
stages:
  a: { node: probe, for: { i: { from: 1, to: 6, step: 1 } }, with: { a: "\${i}" } }
  b: { node: probe, inputs: { x: a }, with: { a: "\${base}" } }
results: [b]
`;

/** The journals that a command reads, each as often as it reads it. */
async function journalsRead(space: Space, ...args: string[]) {
  const log = space.path("opened.txt");
  const node = ["--import", hook];
  const { code, stdout, stderr } = await space.cli(args, { node, env: { OPENED_LOG: log } });
  expect(code, stderr).toBe(0);
  const paths = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
  if (paths.length > 0) space.remove("opened.txt");
  expect(new Set(paths).size).toBe(paths.length);
  return { read: paths.length, stdout };
}

test("journals are read once, newest first, and only as far as a question goes", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  for (let run = 0; run < 5; run++) expect((await space.run("p.yaml")).code).toBe(0);
  const read = async (...args: string[]) => (await journalsRead(space, ...args)).read;

  expect(await read("plan", "p.yaml")).toBe(0);
  expect(await read("run", "p.yaml")).toBe(0);
  // The newest knows all instances.
  expect(await read("plan", "p.yaml", "--json")).toBe(1);
  expect(await read("plan", "p.yaml", "--set", "base=2")).toBe(1);
  expect(await read("run", "p.yaml", "--dry-run", "--set", "base=2")).toBe(1);
  expect(await read("log", "p.yaml", "b")).toBe(0);
  // Only the oldest, of now 6, knows when they ran.
  expect(await read("why", "p.yaml", "b")).toBe(6);
  expect(await read("runs", "p.yaml")).toBe(6);
  // What never ran is in none.
  expect(await read("plan", "p.yaml", "--set", "stages.a.for.i=[7, 8]")).toBe(6);
});

test("an instance that only an old run knows is explained by that run", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline);
  await space.run("p.yaml");
  for (let run = 0; run < 3; run++) await space.run("p.yaml", ["--only", "b[i=2]"]);
  const { read, stdout } = await journalsRead(space, "plan", "p.yaml", "--set", "base=2", "--json");
  expect(read).toBe(4);
  const reasons = (JSON.parse(stdout) as { id: string; state: string; reason: string }[])
    .filter(({ state }) => state === "run")
    .map(({ id, reason }) => `${id}: ${reason}`);
  expect(reasons).toEqual([1, 2, 3, 4, 5, 6].map((i) => `b[i=${i}]: params.a: 1 → 2`));
});

test("a cause that many paths lead to is looked for once", async () => {
  using space = new Space();
  const depth = 26;
  const stages = Array.from({ length: depth }, (_, k) => {
    const inputs = k === 0 ? "" : `inputs: { x: s${k - 1}, y: s${k - 1} }, `;
    return `  s${k}: { node: probe, ${inputs}with: { a: ${k} } }`;
  });
  const text = [
    "blockspin: 1\nname: deep",
    `use: [${JSON.stringify(probe)}]`,
    "stages:",
    ...stages,
  ];
  space.write("p.yaml", `${text.join("\n")}\n`);
  expect((await space.run("p.yaml")).code).toBe(0);
  expect((await space.run("p.yaml", ["--set", "stages.s0.with.a=7"])).code).toBe(0);
  // Each of 26 stages has two inputs that changed: without a memory, 2 ** 26 explanations.
  const { stdout } = await space.cli(["why", "p.yaml", `s${depth - 1}`]);
  expect(stdout).toMatch(/^s25: cached\n {2}inputs\.x: sha256:\w+ → sha256:\w+\n {4}from s24: /);
});
