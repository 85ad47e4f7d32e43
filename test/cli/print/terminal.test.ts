/** What a person sees on a terminal. */
import { expect, test } from "vitest";
import { textTable } from "../../../src/cli/print/table.ts";
import { paint, type Screen, Terminal } from "../../../src/cli/print/terminal.ts";
import { hasPty, onTerminal } from "../../harness/pty.ts";
import { probe, Space } from "../../harness/space.ts";

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
  expect(stderr).toMatch(
    /\n {2}= --only takes every word that follows: write the pipeline before it\n$/,
  );
  expect(code).toBe(2);
});

test.runIf(hasPty)("lines are drawn over only where a person watches them", () => {
  using space = new Space();
  space.write(
    "p.yaml",
    `blockspin: 1
name: p
use: [${JSON.stringify(probe)}]
stages: { a: { node: probe, for: { i: [1, 2] }, with: { a: "\${i}", sleep_ms: 300 } } }
`,
  );
  const watched = onTerminal(space, ["run", "p.yaml", "--cache", "watched"]);
  expect(watched.screen).toContain("running");
  expect(watched.screen).toContain("\x1b[J");
  const grey = onTerminal(space, ["run", "p.yaml", "--cache", "grey"], { env: { NO_COLOR: "1" } });
  expect(grey.screen).toContain("\x1b[J");
  for (const colour of ["[32m", "[39m", "[2m"]) expect(grey.screen).not.toContain(colour);
  for (const env of [{ TERM: "dumb" }, { CI: "true" }, { CI: "1" }]) {
    const cache = JSON.stringify(env);
    const { code, screen } = onTerminal(space, ["run", "p.yaml", "--cache", cache], { env });
    expect(code).toBe(0);
    expect(screen).toMatch(
      /^start {14}a x 2\nran {5,}\d\.\d s {2}a x 2\n2 ran, 0 cached in \d\.\d s\n$/,
    );
  }
});

test("colours are for terminals, and for who asks for them", () => {
  const write = (env: Record<string, string>, isTTY: boolean): string => {
    let written = "";
    const screen = { isTTY, columns: 80, rows: 24, write: (text: string) => (written += text) };
    new Terminal(screen as unknown as Screen, env).print([paint("red", "bad\x1b[2J"), " \x1b[2J"]);
    return written;
  };
  const plain = "bad\\x1b[2J \\x1b[2J\n";
  const red = "\x1b[31mbad\\x1b[2J\x1b[39m \\x1b[2J\n";
  expect(write({ TERM: "xterm" }, true)).toBe(red);
  expect(write({ FORCE_COLOR: "1" }, false)).toBe(red);
  expect(write({ CI: "false", NO_COLOR: "" }, true)).toBe(red);
  expect(write({}, false)).toBe(plain);
  expect(write({ TERM: "dumb" }, true)).toBe(plain);
  expect(write({ CI: "true" }, true)).toBe(plain);
  expect(write({ CI: "true" }, false)).toBe(plain);
  expect(write({ NO_COLOR: "1", FORCE_COLOR: "1" }, true)).toBe(plain);
});

test("a table is aligned by what is shown of its texts, and may have many rows", () => {
  const text = textTable(
    ["na\x1bme", "n"],
    [
      ["a\tb", 1],
      ["\u202e", 22],
    ],
  );
  expect(text).toBe(["na\\x1bme   n", "────────  ──", "a\\tb       1", "\\u202e    22"].join("\n"));
  expect(textTable(["s"], [["😀".repeat(9)]], { cellWidth: 9 })).toMatch(/\n😀😀😀😀…$/);
  expect(textTable(["s"], [["a\ud800"]])).toMatch(/\na\\ud800$/);
  const rows = Array.from({ length: 200_000 }, (_, i) => [i]);
  expect(textTable(["n"], rows).length).toBeGreaterThan(200_000);
});
