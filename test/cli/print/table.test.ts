import { expect, test } from "vitest";
import { tableLines } from "../../../src/cli/print/results/conclusions-table.ts";
import { formatCell, textTable } from "../../../src/cli/print/table.ts";
import type { Conclusion } from "../../../src/index.ts";

test("formatCell() gives five digits, and none to what has no five", () => {
  expect(formatCell(0.123456789)).toBe("0.12346");
  expect(formatCell(-1e-300)).toBe("-1e-300");
  expect(formatCell(Number.MIN_VALUE)).toBe("0");
  expect(formatCell(null)).toBe("");
});

test("a table never shows one end of an interval without the other", () => {
  const header = ["claim", "estimate", "lo", "hi", "n"];
  const row = ["a", 1.5, 1.25, 1.75, 5];
  for (let width = 1; width < 40; width++) {
    const [names = ""] = textTable(header, [row], { width }).split("\n");
    expect(names.includes("lo"), `${width}`).toBe(names.includes("hi"));
  }
  expect(textTable(header, [row], { width: 18 })).toBe(
    "claim  estimate  n\n─────  ────────  ─\na           1.5  5\n(not shown: lo,\n hi)",
  );
});

test("columns without a value are named apart; all of them are shown if there is nothing else", () => {
  expect(textTable(["a", "b"], [[1, ""]], { more: "--csv" })).toBe(
    "a\n─\n1\n(empty: b; all are in --csv)",
  );
  expect(textTable(["a", "b"], [["", ""]])).toBe("a  b\n─  ─\n");
});

const conclusion = (name: string, more: Partial<Conclusion> = {}): Conclusion => ({
  ...{ id: "v", name, at: "", text: "", group: "g", role: "claim" },
  ...{ fact: "", verdict: "REPRODUCED", counts: "", opposite: false, expectation: "none" },
  ...{ metric: { name: "", note: "" }, p: Number.NaN, pFlip: Number.NaN },
  ...{ decided: true, expected: [], asExpected: null, bearing: "empirical", reason: "because" },
  ...{ estimate: 0.654321, low: 0.6511, high: 0.658, margin: 0.05, ratio: false, strength: 1 },
  ...more,
});

const tableAt = (width: number, rows: readonly Conclusion[]) => {
  const { lines, left } = tableLines(rows, width);
  const text = lines.map((line) => {
    const pieces = typeof line === "string" ? [line] : line;
    return pieces.map((piece) => (typeof piece === "string" ? piece : piece.text)).join("");
  });
  return { text, left };
};

test("conclusions keep claim, verdict, interval and expectation however narrow the terminal is", () => {
  const rows = [
    conclusion("a claim with a name that is rather long", {
      ...{
        at: "rule=majority",
        expected: ["EQUIVALENT"],
        asExpected: false,
        expectation: "missed",
      },
      bearing: "by-construction",
    }),
    conclusion("short", { estimate: 2, low: 1, high: 3, ratio: true, margin: 1.5 }),
  ];
  for (const width of [54, 80, 120, 200, Number.POSITIVE_INFINITY]) {
    const { text, left } = tableAt(width, rows);
    const all = text.join(" ").replaceAll(/\s+/g, " ");
    for (const line of text) expect(line.length, line).toBeLessThanOrEqual(width);
    for (const part of [
      "0.6543 [0.6511, 0.6580]",
      "EQUIVALENT",
      "by construction",
      "×2.0 [1.0, 3.0]",
    ])
      expect(all, `${width}`).toContain(part);
    expect(left).toEqual(width > 100 ? [] : left);
  }
  expect(tableAt(62, rows)).toEqual({
    text: [
      "  claim                    verdict     estimate [interval]",
      "  ───────────────────────  ──────────  ───────────────────────",
      "✗ a claim with a name      REPRODUCED  0.6543 [0.6511, 0.6580]",
      "  that is rather long                  expected EQUIVALENT",
      "  [rule=majority]                      (by construction)",
      "  short                    REPRODUCED  ×2.0 [1.0, 3.0]",
    ],
    left: ["margin", "group", "why"],
  });
});

test("the name of a claim is data: it is escaped, and cut where it has no blanks", () => {
  const { text } = tableAt(70, [conclusion(`\u001b[2J${"x".repeat(100)}`)]);
  for (const line of text) expect(line.length).toBeLessThanOrEqual(70);
  expect(text.join("")).toContain("\\x1b[2Jxxx");
});
