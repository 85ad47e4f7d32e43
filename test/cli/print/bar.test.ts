import { expect, test } from "vitest";
import { Bar } from "../../../src/cli/print/bar.ts";
import { type Screen, Terminal } from "../../../src/cli/print/terminal.ts";

function screenOf(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  const screen = { isTTY, columns, rows: 24, write: (text: string) => written.push(text) };
  return { written, out: new Terminal(screen as unknown as Screen, { NO_COLOR: "1" }) };
}

test("a terminal shows a bar, a few times a second, and nothing stays of it", () => {
  const { written, out } = screenOf(true);
  let ms = 0;
  const bar = new Bar("files", { out, now: () => ms });
  for (; ms < 4000; ms += 10) bar.to(ms, 8000);
  expect(written.length).toBeLessThan(42);
  expect(written.at(-1)).toContain(
    `${"█".repeat(9)}${"░".repeat(11)}  3900/8000 files; about 4 s left`,
  );
  bar.end();
  expect(written.at(-1)).toBe("\r\x1b[J");
  const narrow = screenOf(true, 30);
  const small = new Bar("files", { out: narrow.out, now: () => (ms += 1000) });
  small.to(1, 2);
  expect(narrow.written.join()).toContain("1/2 files\x1b[K");
});

test("elsewhere it is a line a minute, and for a program nothing", () => {
  const { written, out } = screenOf(false);
  let ms = 0;
  const bar = new Bar("files", { out, now: () => ms });
  const quiet = new Bar("files", { out, quiet: true, now: () => ms });
  for (; ms < 150_000; ms += 1000) {
    bar.to(ms, 150_000);
    quiet.to(ms, 150_000);
  }
  bar.end();
  quiet.end();
  expect(written).toEqual([
    "60000/150000 files; about 1 min 30 s left\n",
    "120000/150000 files; about 30 s left\n",
  ]);
});
