/** The pages of docs/ hold word for word: files are valid, commands print what the page says. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allPages, readPage } from "./page.ts";
import { dialogue, matches, Reader } from "./reader.ts";

/** Their commands need servers, hours or the network; their pipelines are checked all the same. */
const notFollowed = ["README.md", "docs/sharing.md", "docs/experiment.md"];

test.each(allPages())("$path can be followed word for word", async (page) => {
  const blocks = notFollowed.includes(page.path)
    ? page.blocks.filter(({ language }) => language === "yaml")
    : page.blocks;
  // This page begins in the clone, and makes a project beside it.
  const isStart = page.path === "docs/getting-started.md";
  using reader = new Reader({ ...page, blocks }, isStart ? "blockspin" : ".");
  await reader.follow();
});

test("getting started shows what the first run prints", () => {
  const [said] = readFileSync("test/pipelines/smoke.golden.txt", "utf8").split("every verdict");
  expect(said).toContain("claim 1");
  expect(readPage("docs/getting-started.md").text).toContain(said!.trim());
});

test("what is printed matches what is said but for times and for …", () => {
  expect(matches("a\nb in 0.3 s\nc\n", "a\nb in 12 s\nc\n")).toBe(true);
  expect(matches("a\nb\nc\n", "a\n…\n")).toBe(true);
  expect(matches("a\nb (c)\n", "…\nb (…)\n")).toBe(true);
  expect(matches("a\nb\n", "a\n")).toBe(false);
  expect(matches("a\nb\n", "a\n…\nc\n")).toBe(false);
  const block = "$ one  # why\n1\n$ two\n\n2\n";
  expect(dialogue(block)).toEqual([
    { command: "one", printed: "1\n" },
    { command: "two", printed: "\n2\n" },
  ]);
});
