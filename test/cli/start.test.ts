/** What starting up costs: modules that a command loads although it does not need them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const smoke = fileURLToPath(new URL("../../pipelines/smoke.yaml", import.meta.url));
const hook = new URL("../fixtures/log-required.mjs", import.meta.url).href;
const imported = new URL("../fixtures/log-modules.mjs", import.meta.url).href;

test("planning a pipeline of our own node types compiles no schema", async () => {
  using space = new Space();
  const log = space.path("modules.txt");
  const env = { MODULE_LOG: log };
  const args = ["plan", smoke, "--cache", space.path("cache")];
  const ended = await space.cli(args, { node: ["--import", hook], env });
  expect(ended.code, ended.stderr).toBe(0);
  const loaded = readFileSync(log, "utf8");
  expect(loaded).toContain("engine/language/validators.cjs");
  expect(loaded).not.toContain("ajv/dist/core");
});

test("report loads Preact, and neither a worker nor TensorFlow", async () => {
  using space = new Space();
  const env = { MODULE_LOG: space.path("modules.txt") };
  const args = ["report", smoke, "--cache", space.path("cache"), "--out", space.path("r.html")];
  const ended = await space.cli(args, { node: ["--import", imported], env });
  expect(ended.code, ended.stderr).toBe(0);
  const loaded = readFileSync(env.MODULE_LOG, "utf8");
  expect(loaded).toContain("node_modules/preact");
  expect(loaded).not.toMatch(/node_modules\/(piscina|@tensorflow|vega|@resvg)/);
});
