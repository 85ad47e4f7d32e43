/** The MCRG pipeline at a reduced size. Its seeds are the pipeline's own. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const pipeline = fileURLToPath(new URL("../../pipelines/mcrg.yaml", import.meta.url));
// Published for L = 16: y_T = .995(4), y_h = 1.8749(2) after two steps, .899(2) with one coupling
// after one. 4000 configurations have errors of .018 and .0019 (block jackknife at 24,000, scaled),
// the mean over four seeds half of that: margins of .08 and .01 are 9 and 10 errors.
const reduced = [
  ...["--set", "size=16", "--set", "samples=4000", "--set", "steps=2"],
  ...["--set", "seeds=[1, 2, 3, 4]", "--set", "margin_t=0.08", "--set", "margin_h=0.01"],
];

test("mcrg.yaml sees what it expects, at half the size", async () => {
  using space = new Space();
  const options = [...reduced, "--cache", space.path("cache")];
  const run = await space.run(pipeline, options);
  expect(run.code, run.stderr).toBe(0);
  expect(run.finished).toMatchObject({ ran: 17, failed: 0, skipped: 0 });
  expect(run.events.filter(({ event }) => event === "warning")).toEqual([]);
  const shown = await space.cli(["show", pipeline, "verdict.table", "--json", ...options]);
  const rows = JSON.parse(shown.stdout) as Record<string, unknown>[];
  expect(Object.fromEntries(rows.map(({ claim, verdict }) => [claim, verdict]))).toEqual({
    "y_T = 1": "REPRODUCED",
    "y_h = 15/8": "REPRODUCED",
    "one coupling is too few": "REPRODUCED",
    "decimation loses y_T": "PRESENT",
    "decimation misses y_h": "PRESENT",
    "energy is exact": "PRESENT",
  });
  expect(rows.map((row) => row["as_expected"])).toEqual(Array(6).fill(true));
  // That is a mean of signed deviations: seed by seed they must not cancel either.
  let squares = 0;
  for (const seed of [1, 2, 3, 4]) {
    const name = `diagnostics[seed=${seed}].by_beta`;
    const { stdout } = await space.cli(["show", pipeline, name, "--json", ...options]);
    const [{ energy, energy_se, energy_exact, tau_energy }] = JSON.parse(stdout);
    expect(energy_exact).toBeCloseTo(-1.4530648528, 9);
    // Exactly, Var(E)/N = c / beta^2 with c = 1.49870496: tau alone is measured.
    const variance = 1.49870496 / 0.4406867935097715 ** 2 / 256;
    const error = Math.sqrt((2 * tau_energy * variance) / 4000);
    // 4000 correlated energies give their variance to a few percent.
    expect(Math.abs(energy_se / error - 1)).toBeLessThan(0.15);
    // Wolff clusters at a sample a sweep or so: hardly correlated.
    expect(tau_energy).toBeLessThan(1.5);
    squares += ((energy - energy_exact) / error) ** 2;
  }
  // Chi square with 4 degrees of freedom exceeds 18.5 in 1e-3 of seeds.
  expect(squares).toBeLessThan(18.5);
});
