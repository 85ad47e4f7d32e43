import { expect, test } from "vitest";
import { shortMembers } from "../../../src/cli/print/members.ts";

const grid = (rate: string, batch: number) => `rate[learning_rate=${rate},batch=${batch}]`;

test("members of a family of long names are told apart by their values", () => {
  const names = [grid("0.1", 32), grid("0.01", 32), "linear", "depth[layers=2]", grid("0.1", 64)];
  const { short, keys } = shortMembers(names, 20);
  expect([...short]).toEqual([
    [grid("0.1", 32), "rate[0.1, 32]"],
    [grid("0.01", 32), "rate[0.01, 32]"],
    [grid("0.1", 64), "rate[0.1, 64]"],
  ]);
  expect(keys).toEqual(["rate[learning_rate, batch]"]);
});

test("names that are short, or that have no values, stay", () => {
  const names = ["a-name-of-more-than-twenty-letters", "depth[layers=2]"];
  expect(shortMembers(names, 20)).toEqual({ short: new Map(), keys: [] });
});
