/** The neighbouring experiments run at reduced size, and see there what does not need the full one. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

async function verdictsOf(name: string, settings: readonly string[]) {
  using space = new Space();
  const file = fileURLToPath(new URL(`../../pipelines/${name}.yaml`, import.meta.url));
  const options = [...settings.flatMap((set) => ["--set", set]), "--cache", space.path("cache")];
  const run = await space.run(file, options);
  expect(run.code, run.stderr).toBe(0);
  const shown = await space.cli(["show", file, "verdict.table", "--json", ...options]);
  const rows = JSON.parse(shown.stdout) as Record<"claim" | "verdict", string>[];
  const again = await space.run(file, options);
  expect(again.finished).toMatchObject({ ran: 0, failed: 0 });
  return { rows, estimates: rows as unknown as Record<string, number>[] };
}

test("rbm-flow.yaml: a machine's flow forgets where it began", async () => {
  const { rows, estimates } = await verdictsOf("rbm-flow", [
    ...["size=4", "samples=100", "units=16", "epochs=20", "reader_epochs=2", "seeds=[1]"],
    "betas=[1,0.5,0.333,0.25,0.2,0.167]",
    "steps=[0,128]",
  ]);
  // One seed is a report; a 4 x 4 machine mixes within the steps, so hot and cold have one end.
  expect(rows.map(({ verdict }) => verdict)).toEqual(Array(7).fill("REPORT-ONLY"));
  const [hot, cold, end] = estimates;
  expect(hot!["estimate"]).toBeGreaterThan(0);
  expect(cold!["estimate"]).toBeLessThan(-0.2);
  expect(Math.abs(end!["estimate"]!)).toBeLessThan(0.1);
});

test("autoencoder-latent.yaml: the latent orders, and its susceptibility peaks", async () => {
  const { rows, estimates } = await verdictsOf("autoencoder-latent", [
    ...["sizes=[8,16,24]", "train_samples=50", "test_samples=300", "epochs=8", "seeds=[1]"],
    "betas=[0.34,0.37,0.4,0.42,0.44,0.46,0.48]",
  ]);
  expect(rows.map(({ verdict }) => verdict)).toEqual(Array(5).fill("REPORT-ONLY"));
  const [latent, , , order] = estimates;
  // Coarse: three sizes, few configurations; a peak at an end of the betas would be 0.05 away.
  expect(Math.abs(latent!["estimate"]!)).toBeLessThan(0.04);
  expect(order!["estimate"]).toBeGreaterThan(2);
});
