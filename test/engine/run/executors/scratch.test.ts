import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename } from "node:path";
import { expect, test } from "vitest";
import {
  makeScratch,
  removeScratch,
  sweepScratch,
} from "../../../../src/engine/run/executors/scratch.ts";
import { Space } from "../../../harness/space.ts";

test("sweepScratch() removes what dead processes left, and nothing else", () => {
  using space = new Space();
  const own = basename(makeScratch());
  removeScratch(`${tmpdir()}/${own}`);
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  const of = (pid: number, machine = own.split("-")[1]) => `blockspin-${machine}-${pid}-abcdef`;
  const elsewhere = [of(dead, "0".repeat(12)), of(dead, "1".repeat(12))];
  const names = [own, of(dead), ...elsewhere, "blockspin-test-abcdef"];
  for (const name of names) mkdirSync(space.path(name));
  space.write(`${of(dead)}/inputs/a.arrow`, "");
  utimesSync(space.path(elsewhere[1]!), 0, 0);
  sweepScratch(space.folder);
  expect(readdirSync(space.folder).sort()).toEqual(
    [own, elsewhere[0], "blockspin-test-abcdef", "package.json"].sort(),
  );
});

test("a program that has to be killed leaves no folder; nor does a run that was killed, for long", async () => {
  using space = new Space();
  const env = { TMPDIR: space.path("tmp") };
  mkdirSync(env.TMPDIR);
  const program = (shell: string, timeout: number) =>
    space.write(
      "p.yaml",
      `blockspin: 1
name: test
stages:
  call:
    node: command
    with: { argv: [sh, -c, "${shell}"], outputs: { out: { x: float64 } } }
    resources: { timeout: ${timeout} }
`,
    );
  program("touch here; sleep 50", 60);
  let killed = false;
  await space.run("p.yaml", [], {
    env,
    onStart(pid) {
      const timer = setInterval(() => {
        if (!readdirSync(env.TMPDIR, { recursive: true }).some((n) => String(n).endsWith("here")))
          return;
        killed = true;
        clearInterval(timer);
        process.kill(pid, "SIGKILL");
      }, 50);
    },
  });
  expect(killed).toBe(true);
  expect(readdirSync(env.TMPDIR)).toHaveLength(1);
  program("trap '' TERM; sleep 50", 1);
  expect((await space.run("p.yaml", [], { env })).finished).toMatchObject({ failed: 1 });
  expect(readdirSync(env.TMPDIR)).toEqual([]);
});
