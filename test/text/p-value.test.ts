import { expect, test } from "vitest";
import { formatP } from "../../src/text/p-value.ts";

test("a p value has a floor, below which it says nothing of few replicates", () => {
  expect(formatP(3e-19)).toBe("< 1e-6");
  expect(formatP(0)).toBe("< 1e-6");
  expect(formatP(1e-6)).toBe("0.000001");
  expect(formatP(2 / 2 ** 8)).toBe("0.0078");
  expect(formatP(1)).toBe("1");
  expect(formatP(Number.NaN)).toBe("");
});
