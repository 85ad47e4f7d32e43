import { expect, test } from "vitest";
import {
  documentCodes,
  laterCodes,
  renderDiagnostic,
} from "../../../src/engine/language/diagnostic.ts";

function render(text: string, at: string, length = at.length): string {
  const start = text.indexOf(at);
  const span = { source: { path: "p.yaml", text }, start, end: start + length };
  return renderDiagnostic({ severity: "error", code: "invalid-value", message: "no", span });
}

test("renderDiagnostic() shows the line with a caret, also between tabs and with CRLF", () => {
  expect(render("a: 1\r\n\tb:\t2 # two\r\n", "2")).toMatchInlineSnapshot(`
    "p.yaml:2:5: error[invalid-value]: no
    2 | 	b:	2 # two
      | 	  	^"
  `);
});

test("renderDiagnostic() shows a window of a long line", () => {
  const text = `${"x".repeat(500)}HERE${"y".repeat(500)}`;
  const [, line, caret] = render(text, "HERE").split("\n");
  expect(line!.length).toBeLessThan(130);
  expect(line!.slice(caret!.indexOf("^"), caret!.lastIndexOf("^") + 1)).toBe("HERE");
});

test("renderDiagnostic() keeps the caret within the line when a value has several", () => {
  expect(render("a: [1,\n  2]\n", "[", 8)).toMatchInlineSnapshot(`
    "p.yaml:1:4: error[invalid-value]: no
    1 | a: [1,
      |    ^^^"
  `);
});

test("renderDiagnostic() does not pass escape sequences on to the terminal", () => {
  expect(render("a: \u001b[2J1", "1")).not.toContain("\u001b");
});

test("renderDiagnostic() does without a place", () => {
  expect(
    renderDiagnostic({ severity: "warning", code: "shared-stream", message: "m", hint: "h" }),
  ).toBe("warning[shared-stream]: m\n  = h");
});

test("codes are listed once and in order", () => {
  expect([...new Set(documentCodes)].sort()).toEqual([...documentCodes]);
  expect(laterCodes.filter((code) => (documentCodes as readonly string[]).includes(code))).toEqual(
    [],
  );
});
