/** What instances print: kept through every end of a run, followed as it comes, and never obeyed. */
import { readdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { probe, Space } from "../harness/space.ts";

/** Prints numbered lines, and waits after the `pause`-th until a file is there. */
const program = `
import { copyFileSync, existsSync } from "node:fs";
const [count, pause, file] = process.argv.slice(2);
for (let i = 1; i <= count; i++) {
  console.log("line " + i + " \\x1b[31mred");
  if (i === Number(pause)) while (!existsSync(file)) await new Promise((go) => setTimeout(go, 20));
}
copyFileSync("inputs/x.arrow", "outputs/out.arrow");
`;

function spaceWith(count: number, pause: number): Space {
  const space = new Space();
  space.write("go.mjs", program);
  space.write(
    "p.yaml",
    `blockspin: 1
name: test
use: [${JSON.stringify(probe)}]
stages:
  a: { node: probe, for: { i: [1, 2] }, with: { a: "\${i}" } }
  talks:
    node: command
    inputs: { x: a }
    with:
      argv: [node, go.mjs, ${count}, ${pause}, ${space.path("go")}]
      files: [go.mjs]
      outputs: { out: { digest: utf8, number: float64 } }
`,
  );
  return space;
}

const args = ["p.yaml", "talks[i=1]"];

/** Waits until the log of the talking instance, or of those of a pattern, has a text. */
async function untilLogged(space: Space, text: string, of = "talks[i=1]"): Promise<void> {
  for (let i = 0; i < 400; i++) {
    const { stdout } = await space.cli(["log", "p.yaml", of]);
    if (stdout.includes(text)) return;
    await setTimeout(50);
  }
  throw new Error(`no ${text} in the log`);
}

const run = (space: Space, onStart: (pid: number) => void = () => {}) =>
  space.cli(["run", "p.yaml", "--only", "talks[i=1]"], { onStart, process: true });

test("another process follows what an instance prints, until it has ended", async () => {
  using space = spaceWith(5, 3);
  const running = run(space);
  await untilLogged(space, "line 3");
  const still = await space.cli(["log", ...args]);
  expect(still.stderr).toBe("it still runs; --follow prints what is to come\n");
  let opened = false;
  const followed = await space.cli(["log", ...args, "--follow"], {
    onOutput(stdout) {
      if (opened || !stdout.includes("line 3")) return;
      opened = true;
      // Only now the program goes on: its first lines were there before.
      space.write("go", "");
    },
  });
  const lines = [1, 2, 3, 4, 5].map((i) => `line ${i} \\x1b[31mred\n`).join("");
  expect(followed).toMatchObject({ code: 0, stdout: lines, stderr: "talks[i=1]: done\n" });
  expect((await running).code).toBe(0);
  const after = await space.cli(["log", ...args, "--follow"]);
  expect(after.stdout).toBe(lines);
  expect(after.stderr).toBe("no run goes on; this is what is kept\n");
});

test("of two runs, the one that computes the instance is followed, not the one that waits", async () => {
  using space = spaceWith(5, 3);
  const first = run(space);
  await untilLogged(space, "line 3");
  const second = space.cli(["run", "p.yaml", "--only", "talks[i=1]"], { process: true });
  while ((await runsOf(space)) < 2) await setTimeout(50);
  const following = space.cli(["log", ...args, "--follow"], {
    onOutput: (stdout) => {
      if (stdout.includes("line 3")) space.write("go", "");
    },
    process: true,
  });
  const { stdout, stderr } = await following;
  expect(stdout).toContain("line 1 ");
  expect(stdout).toContain("line 5 ");
  expect(stderr).toMatch(/^talks\[i=1\]: (done|cached)\n$/);
  await Promise.all([first, second]);
});

const runsOf = async (space: Space) =>
  JSON.parse((await space.cli(["runs", "p.yaml", "--json"])).stdout).length;

test("several instances are told apart, and one that waits is waited for", async () => {
  using space = spaceWith(2, 1);
  const running = space.cli(["run", "p.yaml", "--jobs", "1"], { process: true });
  await untilLogged(space, "line 1", "talks");
  const { stdout, stderr, code } = await space.cli(["log", "p.yaml", "talks", "--follow"], {
    // Only when it follows may the run go on.
    onOutput: (stdout) => {
      if (stdout.includes("line 1")) space.write("go", "");
    },
  });
  expect(code).toBe(0);
  for (const i of [1, 2]) {
    for (const n of [1, 2]) expect(stdout).toContain(`talks[i=${i}] │ line ${n} `);
    expect(stderr).toContain(`talks[i=${i}]: done\n`);
  }
  await running;
});

test.each(["SIGINT", "SIGKILL"] as const)("what was printed before %s is kept", async (signal) => {
  using space = spaceWith(3, 2);
  let pid = 0;
  const running = run(space, (started) => {
    pid = started;
  });
  await untilLogged(space, "line 2");
  process.kill(pid, signal);
  await running;
  const { stdout, stderr } = await space.cli(["log", ...args]);
  expect(stdout).toBe("line 1 \\x1b[31mred\nline 2 \\x1b[31mred\n");
  expect(stderr).toBe("it was stopped before its end\n");
});

test("more lines than a record keeps are kept, and of a flood the number that was dropped is said", async () => {
  using space = spaceWith(60_000, 0);
  expect((await run(space)).code).toBe(0);
  const { stdout, stderr } = await space.cli(["log", ...args]);
  const dropped = Number(/^… (\d+) lines before these not kept\n$/.exec(stderr)?.[1]);
  expect(dropped).toBeGreaterThan(1000);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.length).toBe(60_000 - dropped);
  expect(lines.length).toBeGreaterThan(200);
  expect(lines[0]).toMatch(new RegExp(`^line ${dropped + 1} `));
  // Without the files of its run, the record's own lines are left.
  const [logs] = readdirSync(space.path("cache/v1/runs/test")).filter((name) =>
    name.endsWith(".logs"),
  );
  space.remove(`cache/v1/runs/test/${logs}`);
  const kept = await space.cli(["log", ...args]);
  expect(kept.stdout.trimEnd().split("\n")).toHaveLength(200);
  expect(kept.stderr).toBe("… lines before these, if there were any, are not kept\n");
});

test("a failure keeps its log, and an earlier run is looked up by name", async () => {
  using space = new Space();
  const write = (more: string) =>
    space.write(
      "p.yaml",
      `blockspin: 1\nname: test\nuse: [${JSON.stringify(probe)}]\nstages:\n  a: { node: probe, with: { ${more} } }\n`,
    );
  write("print: first");
  await space.run("p.yaml");
  write("print: second, fail: true");
  await space.run("p.yaml");
  const log = (...more: string[]) => space.cli(["log", "p.yaml", "a", ...more]);
  expect((await log()).stdout).toMatch(/^failed: asked to fail\n.*\nsecond\n/);
  expect((await log("--run", "latest~1")).stdout).toBe("first\n");
  write("print: third");
  const changed = await log();
  expect(changed.stderr).toBe("a has changed since; this is of the last time that it ran\n");
  expect(changed.stdout).toContain("second");
  write("print: first");
  expect(await log()).toMatchObject({ stdout: "first\n", stderr: "" });
  const none = await space.cli(["log", "p.yaml", "a", "--run", "latest~9"]);
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no run") });
});
