/** What a person sees of the log of a failure: a reader's own code stands at either end of a stack. */
import { expect, test } from "vitest";
import { lastWords } from "../../../src/cli/print/last-words.ts";

const lines = (count: number, text: string) => Array.from({ length: count }, (_, i) => text + i);

test("of what is not a stack, the end", () => {
  expect(lastWords([])).toEqual([]);
  expect(lastWords(lines(9, "line "))).toEqual(lines(9, "line ").slice(4));
});

test("of a stack, all that belongs to it, and of a long one both ends", () => {
  const javascript = ["TypeError: no", ...lines(6, "    at user (file:///m.js:1:")];
  expect(lastWords([...lines(9, "line "), ...javascript])).toEqual(javascript);

  const head = "Traceback (most recent call last):";
  const python = [
    head,
    '  File "mine.py", line 4, in <module>',
    ...lines(40, "  "),
    "ValueError: no",
  ];
  const shown = lastWords(["before", head, "ValueError: an earlier one", ...python]);
  expect(shown.slice(0, 2)).toEqual(python.slice(0, 2));
  expect(shown[5]).toBe("… 33 lines");
  expect(shown.at(-1)).toBe("ValueError: no");
  expect(shown).toHaveLength(11);
});
