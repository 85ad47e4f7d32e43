/**
 * The chance of any wrong decision in a family is at most alpha, at every true difference. With TRIALS=20000
 * in the environment this is the simulation of docs/experiment.md, and prints its figures.
 */
import { expect, test } from "vitest";
import { designs, type Errors, simulate } from "./verdict-errors.ts";

const full = Number(process.env["TRIALS"] ?? 0);

test("no family of normal errors decides wrongly more often than alpha", () => {
  // 18 designs at n = 5, 600 families each. Where the true rate is .05 its share has a standard deviation of
  // sqrt(.05 .95 / 600) = .0089; 4.5 of them are .040: a false alarm in 18 comparisons for 1e-4 of all seeds.
  for (const design of designs) {
    const { wrong } = simulate(design, 5, "normal", 600);
    expect(wrong, design.name).toBeLessThan(0.05 + 0.04);
  }
});

test("the bound is nearly reached: decisions are no more cautious than they have to be", () => {
  // Eight independent rows at the margins: 1 - (1 - .05 / 8)^8 = .0489. 3000 families: 4 sd are .016.
  const design = designs.find(({ name }) => name === "8 rows, d = ±m")!;
  const { wrong, missed } = simulate(design, 5, "normal", 3000);
  for (const rate of [wrong, missed]) {
    expect(rate).toBeLessThan(0.0489 + 0.016);
    expect(rate).toBeGreaterThan(0.0489 - 0.016);
  }
});

test("three replicates decide nothing, and their intervals cover", () => {
  const { wrong, missed, shares } = simulate(designs[6]!, 3, "normal", 2000);
  expect([wrong, shares]).toEqual([0, { few: 1 }]);
  expect(missed).toBeLessThan(0.0489 + 0.0195); // 4 standard deviations of sqrt(.049 .951 / 2000)
});

test.runIf(full > 0)("prints the simulation", { timeout: 3_600_000 }, () => {
  const percent = (x: number) => `${(100 * x).toFixed(1)}`.padStart(6);
  const lines: string[] = [];
  const sizes: readonly [Errors, number][] = [
    ["normal", 3],
    ["normal", 5],
    ["normal", 10],
    ["heavy", 5],
    ["heavy", 10],
    ["exponential", 5],
    ["exponential", 10],
    ["exponential", 20],
  ];
  lines.push(
    `${"".padEnd(40)} ${sizes.map(([kind, n]) => `${kind.slice(0, 6)} ${n}`.padStart(14)).join("")}`,
  );
  for (const design of designs) {
    const rates = sizes.map(([kind, n]) => {
      const { wrong, missed } = simulate(design, n, kind, full);
      return `${percent(wrong)} /${percent(missed)}`.padStart(14);
    });
    lines.push(`${design.name.padEnd(40)} ${rates.join("")}`);
  }
  for (const count of [1, 4, 16]) {
    for (const n of [5, 10]) {
      const power = [0.2, 0.3, 0.4, 0.5, 0.7].map((sd) => {
        const rows = Array.from({ length: count }, () => ({
          ...{ side: "greater" as const, margin: 1, sd, truths: [[0]] },
        }));
        const { shares } = simulate({ name: `power ${sd}`, rows }, n, "normal", full / 10);
        return percent(shares.within ?? 0);
      });
      const beyond = [1, 2, 3, 5, 8].map((d) => {
        const rows = Array.from({ length: count }, () => ({
          ...{ side: "greater" as const, margin: 1, sd: 1, truths: [[1 + d]] },
        }));
        const { shares } = simulate({ name: `power of ${d}`, rows }, n, "normal", full / 10);
        return percent(shares.claimed ?? 0);
      });
      lines.push(
        `${count} rows, n = ${n}: EQUIVALENT at d = 0, sd/m .2 .3 .4 .5 .7: ${power.join(" ")}`,
      );
      lines.push(`   REPRODUCED at d - m = 1 2 3 5 8 sd: ${beyond.join(" ")}`);
    }
  }
  console.log(lines.join("\n"));
});
