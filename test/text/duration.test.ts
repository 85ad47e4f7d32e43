import { expect, test } from "vitest";
import { duration } from "../../src/text/duration.ts";

test.each([
  [0, "0.0 s"],
  [9.94, "9.9 s"],
  [9.96, "10 s"],
  [59.4, "59 s"],
  [59.6, "1 min 00 s"],
  [200, "3 min 20 s"],
  [3599.4, "59 min 59 s"],
  [3599.6, "1 h 00 min"],
  [86_399, "1 d 0 h"],
  [200_000, "2 d 7 h"],
])("%s seconds are %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
