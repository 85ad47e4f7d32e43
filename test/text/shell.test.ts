/** Words that a shell reads back as they were. */
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellWord } from "../../src/text/shell.ts";

test("shellWord() leaves plain words as they are and quotes the others", () => {
  expect(shellWord("pipelines/smoke.yaml")).toBe("pipelines/smoke.yaml");
  expect(shellWord("--ablation")).toBe("--ablation");
  expect(shellWord("train[seed=1]")).toBe("'train[seed=1]'");
  expect(shellWord("it's")).toBe("'it'\\''s'");
  expect(shellWord("")).toBe("''");
});

test("a shell reads every word back as it was", () => {
  const text = fc.string({ unit: fc.constantFrom(..."a-~=/'\"\\$`!*?[]{}()<>|&;# \t\n") });
  const words = fc.sample(text, { seed: 11, numRuns: 300 });
  const script = `printf '%s\\0' ${words.map(shellWord).join(" ")}`;
  const read = execFileSync("sh", ["-c", script], { encoding: "utf8" });
  expect(read.split("\0").slice(0, -1)).toEqual(words);
});
