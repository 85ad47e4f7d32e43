import { expect, test } from "vitest";
import { wrapList } from "../../src/text/wrap.ts";

test("words fill lines; one that is too long has a line of its own", () => {
  expect(wrapList(["a", "b", "c"], ", ", 4)).toEqual(["a, b,", "c"]);
  expect(wrapList(["long word", "b"], ", ", 4)).toEqual(["long word,", "b"]);
  expect(wrapList([], ", ", 4)).toEqual([]);
});
