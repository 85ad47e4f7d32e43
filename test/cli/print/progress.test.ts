/** The live picture of a run, and what is printed where nothing can be redrawn. */
import { expect, test } from "vitest";
import { Board, type Family, makeFamily } from "../../../src/cli/print/progress/board.ts";
import { picture } from "../../../src/cli/print/progress/picture.ts";
import { Progress } from "../../../src/cli/print/progress/progress.ts";
import { type Line, type Screen, Terminal } from "../../../src/cli/print/terminal.ts";
import type { Event } from "../../../src/index.ts";

const plainText = (line: Line): string =>
  typeof line === "string"
    ? line
    : line.map((piece) => (typeof piece === "string" ? piece : piece.text)).join("");

function familiesOf(stages: Readonly<Record<string, number>>) {
  const families = new Map<string, Family>();
  for (const [name, size] of Object.entries(stages)) {
    const family = makeFamily(name, size);
    for (let i = 1; i <= size; i++) families.set(size === 1 ? name : `${name}[i=${i}]`, family);
  }
  return families;
}

const instance = (
  id: string,
  state: "started" | "ran" | "cached" | "failed",
  more = {},
): Event => ({
  ...{ event: "instance", id, state },
  ...more,
});

const footers = [
  "3/30 done: and all the rest; about 5 s left",
  "3/30; about 5 s left",
  "3/30 5 s left",
  "3/30",
];

/** A board of 20 stages of 10, of which four are at work. */
function busy(): Board {
  const stages = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`a-stage-with-a-long-name-${i}`, 10] as const),
  );
  const board = new Board(familiesOf(stages));
  for (const [i, id] of [...board.families.keys()].entries()) {
    if (i < 100) board.on(instance(id, i < 50 ? "cached" : "ran", { seconds: 2 }), 0);
    if (i >= 105 && i < 140 && i % 10 < 8) board.on(instance(id, "started"), 0);
    if (i >= 104 && i < 106) board.on(instance(id, "failed", { error: "no" }), 0);
  }
  return board;
}

test("a line a stage, the running ones below with fraction and message, and the whole", () => {
  const board = new Board(familiesOf({ lattices: 2, train: 3, verdict: 1 }));
  for (const id of ["lattices[i=1]", "lattices[i=2]"])
    board.on(instance(id, "ran", { seconds: 2 }), 0);
  board.on(instance("train[i=1]", "started"), 1000);
  board.on({ event: "progress", id: "train[i=1]", fraction: 0.256, message: "epoch 3" }, 1000);
  board.on(instance("train[i=2]", "started"), 3000);
  board.on({ event: "log", id: "train[i=2]", line: "loss 0.3" }, 3000);
  board.on({ event: "log", id: "train[i=2]", line: " " }, 3000);
  board.on(instance("train[i=3]", "failed", { error: "no" }), 3000);
  const lines = picture(board, footers, 66_000, { columns: 79, lines: 20 });
  expect(lines.map(plainText)).toEqual([
    "lattices       2/2  ████████████  done in 4.0 s",
    "train          1/3  ████░░░░░░░░  1 failed, 2 running",
    "verdict        0/1  ░░░░░░░░░░░░  waits",
    "1 min 05 s  25%  train[i=1]  epoch 3",
    "1 min 03 s       train[i=2]  loss 0.3",
    "3/30 done: and all the rest; about 5 s left",
  ]);
});

test("no picture is wider or higher than its place, and the whole is always on it", () => {
  for (const columns of [5, 19, 30, 59, 79, 199]) {
    for (const lines of [1, 2, 3, 5, 8, 12, 23, 60]) {
      const drawn = picture(busy(), footers, 5000, { columns, lines }).map(plainText);
      expect(drawn.length).toBeLessThanOrEqual(lines);
      if (columns > 5) for (const line of drawn) expect(line.length).toBeLessThanOrEqual(columns);
      expect(drawn.at(-1)).toMatch(/^3\/30/);
      if (columns < 59 || lines < 8) continue;
      expect(drawn.join("\n")).toMatch(/ fail/);
      expect(drawn.join("\n")).toMatch(/more running|^ .*s {2}/m);
    }
  }
});

test("first what is cached is folded, then what waits, then what is done", () => {
  const folds = (lines: number) =>
    picture(busy(), footers, 0, { columns: 79, lines })
      .map(plainText)
      .filter((line) => /^\d+ stage|more stage/.test(line));
  expect(folds(60)).toEqual(["5 stages are cached (50)"]);
  expect(folds(22)).toEqual(["5 stages are cached (50)", "6 stages wait (60)"]);
  expect(folds(14)).toEqual([
    "5 stages are cached (50)",
    "6 stages wait (60)",
    "5 stages are done (50)",
  ]);
});

test("a stage of which some is cached waits until this run does something for it", () => {
  const board = new Board(familiesOf({ a: 2, b: 2 }));
  for (const name of ["a", "b"]) board.on(instance(`${name}[i=1]`, "cached"), 0);
  board.on(instance("b[i=2]", "started"), 0);
  const [a, b] = picture(board, footers, 0, { columns: 79, lines: 9 }).map(plainText);
  expect(a).toBe("a       1/2  ██████░░░░░░  waits");
  expect(b).toBe("b       1/2  ██████░░░░░░  1 running");
});

test("of stages that have no room, those at work are shown", () => {
  const board = new Board(familiesOf({ a: 2, b: 2, c: 2, d: 2, e: 2 }));
  for (const name of ["a", "b", "c", "d"]) board.on(instance(`${name}[i=1]`, "ran"), 0);
  board.on(instance("d[i=2]", "started"), 0);
  const drawn = picture(board, footers, 0, { columns: 79, lines: 6 }).map(plainText);
  expect(drawn.map((line) => line.split("  ")[0])).toEqual([
    ...[
      "a",
      "d",
      "… and 2 more stages",
      "1 stage waits (2)",
      "",
      "3/30 done: and all the rest; about 5 s left",
    ],
  ]);
});

/** A screen as a terminal would show it: follows the escapes that are written. */
function emulate(columns: number, rows = 24) {
  const lines: string[] = [""];
  let [x, y] = [0, 0];
  const screen = {
    ...{ isTTY: true, columns, rows, writes: [] as string[] },
    write(text: string) {
      screen.writes.push(text);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is tested
      for (const [part] of text.matchAll(/\x1b\[[?\d;]*[A-Za-z]|[^\x1b]/g)) {
        if (part === "\n") {
          y++;
          x = 0;
          lines[y] ??= "";
        } else if (part === "\r") x = 0;
        else if (part === "\x1b[J") {
          lines.length = y + 1;
          lines[y] = lines[y]!.slice(0, x);
        } else if (part === "\x1b[K") lines[y] = lines[y]!.slice(0, x);
        else if (part.endsWith("A")) y -= Number(part.slice(2, -1));
        else if (!part.startsWith("\x1b")) {
          lines[y] = lines[y]!.padEnd(x).slice(0, x) + part + lines[y]!.slice(x + 1);
          x++;
        }
      }
      return true;
    },
    text: () => lines.join("\n").trimEnd(),
  };
  return screen;
}

test("warnings and failures stay above what is redrawn, and nothing of it stays at the end", () => {
  const screen = emulate(80);
  const out = new Terminal(screen as unknown as Screen, { NO_COLOR: "1" });
  const progress = new Progress(out, familiesOf({ a: 2, b: 1 }));
  out.draw(["stages", "a longer line", "whole"]);
  progress.on({ event: "warning", code: "w", message: "look\nhere", id: "a[i=1]" });
  expect(screen.text()).toBe("warning[w]: a[i=1]: look\n    here\nstages\na longer line\nwhole");
  out.draw(["one", "two"]);
  expect(screen.text()).toBe("warning[w]: a[i=1]: look\n    here\none\ntwo");
  progress.on(instance("b", "failed", { error: "no", log: ["x\x1b[2J"] }));
  progress.on(instance("a[i=1]", "ran", { seconds: 1 }));
  progress.on({ ...{ event: "finished", ran: 1, cached: 0, failed: 1, skipped: 1 }, seconds: 2 });
  expect(screen.text()).toBe(
    [
      ...["warning[w]: a[i=1]: look", "    here", "failed           b: no", "    │ x\\x1b[2J"],
      ...["ran       1.0 s  a[i=1]", "1 ran, 0 cached, 1 failed, 1 skipped in 2.0 s"],
    ].join("\n"),
  );
});

test("what has not changed is not written again, and a line is never wider than the terminal", () => {
  const screen = emulate(20);
  const out = new Terminal(screen as unknown as Screen, {});
  out.draw(["x".repeat(99), "tab\tin a \x1b[31m line of others"]);
  const before = screen.writes.length;
  out.draw(["x".repeat(99), "tab\tin a \x1b[31m line of others"]);
  expect(screen.writes.length).toBe(before);
  for (const line of screen.text().split("\n")) expect(line.length).toBeLessThanOrEqual(19);
  screen.columns = 10;
  out.draw(["x".repeat(99)]);
  expect(screen.text()).toBe("xxxx…xxxx");
  out.erase();
  expect(screen.text()).toBe("");
});

test("without a terminal, stages are announced when they start and when they end", () => {
  const screen = { ...emulate(80), isTTY: false };
  const progress = new Progress(
    new Terminal(screen as unknown as Screen, {}),
    familiesOf({ a: 2, b: 1 }),
  );
  progress.on({ event: "started", instances: 3 } as Event);
  progress.on(instance("a[i=1]", "started"));
  progress.on(instance("a[i=2]", "started"));
  progress.on({ event: "progress", id: "a[i=2]", fraction: 0.5 });
  progress.heartbeat();
  for (const id of ["a[i=1]", "a[i=2]"]) progress.on(instance(id, "ran", { seconds: 1 }));
  progress.on(instance("b", "started"));
  progress.close();
  progress.heartbeat();
  expect(screen.text()).toBe(
    [
      "start              a x 2",
      "running            a[i=1], a[i=2] 50%; 0/3 done: 0 ran, 0 cached; 0 s so far",
      "ran       2.0 s  a x 2",
      "start              b",
    ].join("\n"),
  );
});
