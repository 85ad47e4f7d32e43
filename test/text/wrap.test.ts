import { expect, test } from "vitest";
import { wrap } from "../../src/text/wrap.ts";

test("words fill lines; one that is too long has a line of its own", () => {
  expect(wrap(["a", "b", "c"], ", ", 4)).toEqual(["a, b,", "c"]);
  expect(wrap(["long word", "b"], ", ", 4)).toEqual(["long word,", "b"]);
  expect(wrap([], ", ", 4)).toEqual([]);
});
