/** The pipeline that people run first: it decides something, as expected, in a glance. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const smoke = fileURLToPath(new URL("../../pipelines/smoke.yaml", import.meta.url));

test("smoke.yaml concludes: every claim and control is decided, and the run says what came out", async () => {
  using space = new Space();
  const cache = ["--cache", space.path("cache")];
  const run = await space.cli(["run", smoke, ...cache]);
  expect(run.code, run.stderr).toBe(0);
  expect(run.stderr).toMatch(/\n126 ran, 0 cached in .+ s\n/);
  expect(run.stderr).not.toContain("warning");
  const said = run.stdout.replaceAll(smoke, "smoke.yaml");
  await expect(said).toMatchFileSnapshot("smoke.golden.txt");
  // Every number, to the last digit: WebAssembly gives the same bits on every machine.
  const shown = await space.cli(["show", smoke, "verdict", "--csv", ...cache]);
  await expect(shown.stdout).toMatchFileSnapshot("smoke.golden.csv");
  expect(shown.stdout).not.toMatch(/INCONCLUSIVE|REPORT-ONLY|,false,/);
});
