import { expect, test } from "vitest";
import { formatCell } from "../../../src/cli/print/table.ts";

test("formatCell() gives five digits, and none to what has no five", () => {
  expect(formatCell(0.123456789)).toBe("0.12346");
  expect(formatCell(-1e-300)).toBe("-1e-300");
  expect(formatCell(Number.MIN_VALUE)).toBe("0"); // an interval's end drawn at a margin of 0
  expect(formatCell(null)).toBe("");
});
