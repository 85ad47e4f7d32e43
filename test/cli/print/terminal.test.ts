/** What a person sees on a terminal. */
import { expect, test } from "vitest";
import { Progress } from "../../../src/cli/print/progress.ts";
import { textTable } from "../../../src/cli/print/table.ts";
import { Space } from "../../harness/space.ts";

test("progress is drawn from the first column, wherever ^C left the cursor", () => {
  let written = "";
  const out = { isTTY: true, columns: 80, rows: 24, write: (text: string) => (written += text) };
  const progress = new Progress(out as unknown as NodeJS.WriteStream, new Map());
  progress.say("one");
  written = "";
  progress.say("stopping");
  progress.close();
  expect(written.startsWith("\r\x1b[1A\x1b[Jstopping\n")).toBe(true);
});

test("columns that do not fit are named in lines that do, with the command that has them", () => {
  const header = Array.from({ length: 12 }, (_, i) => `a_long_column_${i}`);
  const row = header.map((_, i) => i);
  const text = textTable(header, [row], { width: 40, more: "blockspin show … --csv" });
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(40);
  expect(text.replaceAll(/\s+/g, " ")).toMatch(
    /\(not shown: a_long_column_2, .*a_long_column_11; all are in blockspin show … --csv\)$/,
  );
});

test("an option that has taken the pipeline for a value says so", async () => {
  using space = new Space();
  const { code, stderr } = await space.cli(["run", "--only", "a", "p.yaml"]);
  expect(stderr).toMatch(/\n {2}= --only takes all that follows: write the pipeline before it\n$/);
  expect(code).toBe(2);
});
