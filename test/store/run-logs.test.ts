/** Logs of instances as files: bounded, and readable while they are written. */
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { RunLogs, readRunLog, runLogMark } from "../../src/store/run-logs.ts";

const folder = mkdtempSync(join(tmpdir(), "blockspin-logs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("what is written can be read at once, whatever its id", () => {
  const journal = join(folder, "a.jsonl");
  const logs = new RunLogs(journal);
  const ids = ["a[i=1]", "../../etc/passwd", "é".repeat(3000)];
  for (const id of ids) {
    expect(readRunLog(journal, id)).toBeUndefined();
    expect(runLogMark(journal, id)).toBe("");
    logs.add(id, "one");
    logs.add(id, "two\nthree\r");
    logs.flush(id);
    expect(readRunLog(journal, id)).toEqual({ dropped: 0, lines: ["one", "two", "three\r"] });
  }
  const mark = runLogMark(journal, "a[i=1]");
  logs.add("a[i=1]", "");
  logs.close();
  expect(runLogMark(journal, "a[i=1]")).not.toBe(mark);
  expect(readRunLog(journal, "a[i=1]")!.lines.at(-1)).toBe("");
  // A kill may tear the last line.
  const [file] = readdirSync(join(folder, "a.logs"));
  appendFileSync(join(folder, "a.logs", file!), "torn");
  expect(readdirSync(folder)).toEqual(["a.logs"]);
});

test("a flood takes a megabyte or so, and its last lines are there, with their number", () => {
  const journal = join(folder, "b.jsonl");
  const logs = new RunLogs(journal);
  const count = 50_000;
  for (let i = 0; i < count; i++) logs.add("a", `${i} ${"x".repeat(60)}`);
  logs.close();
  const sizes = readdirSync(join(folder, "b.logs")).map((name) => {
    return statSync(join(folder, "b.logs", name)).size;
  });
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1.3e6);
  const { dropped, lines } = readRunLog(journal, "a")!;
  expect(dropped + lines.length).toBe(count);
  expect(lines[0]).toMatch(new RegExp(`^${dropped} `));
  expect(lines.at(-1)).toMatch(new RegExp(`^${count - 1} `));
  expect(lines.length).toBeGreaterThan(5000);
});

test("logs of the newest runs are kept, and one that cannot be written is left out", () => {
  const runs = join(folder, "runs");
  for (let run = 10; run < 40; run++) {
    const logs = new RunLogs(join(runs, `${run}.jsonl`));
    logs.add("a", "line");
    logs.close();
  }
  expect(readdirSync(runs)).toEqual(Array.from({ length: 20 }, (_, i) => `${20 + i}.logs`));
  const logs = new RunLogs("/proc/nowhere/x.jsonl");
  logs.add("a", "line");
  logs.close();
  expect(readRunLog("/proc/nowhere/x.jsonl", "a")).toBeUndefined();
});
