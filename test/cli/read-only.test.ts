/** Stores that cannot be written: protected, on a disk that is full or mounted so, or not there. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chain, checkout, config } from "../harness/checkout.ts";
import { alone, Member } from "../harness/member.ts";
import { Space } from "../harness/space.ts";

/** A checkout with everything computed; of a user that is bound by rights, as root is not. */
async function computed(): Promise<Space> {
  const space = alone ? new Space() : new Member(20001);
  space.write("p.yaml", chain);
  const run = await space.run("p.yaml");
  expect(run.finished, run.stderr).toMatchObject({ ran: 3 });
  return space;
}

/** Takes away everybody's right to write in a folder, until it is disposed of. */
function protect(folder: string): Disposable {
  const paths = [
    folder,
    ...readdirSync(folder, { recursive: true }).map((p) => join(folder, `${p}`)),
  ];
  const modes = paths.map((path) => statSync(path).mode);
  // Of somebody else, where there is one: an owner could change the rights back.
  const owner = statSync(folder).uid;
  for (const [i, path] of paths.entries()) {
    if (!alone) chownSync(path, 0, 0);
    chmodSync(path, modes[i]! & 0o7555);
  }
  return {
    [Symbol.dispose]() {
      for (const [i, path] of paths.entries()) {
        chmodSync(path, modes[i]!);
        if (!alone) chownSync(path, owner, owner);
      }
    },
  };
}

const warningsIn = (stderr: string) => stderr.split("\n").filter((line) => /^warning/.test(line));
const errorOf = (cache: string, reason: string) =>
  `error[store-unwritable]: cannot write store ${JSON.stringify(cache)}: ${reason}\n`;
const changed = ["--set", "stages.last.with.a=7"];
const DENIED = "permission denied (EACCES)";

test("an up-to-date run on a protected store prints its results and one warning", async () => {
  using space = await computed();
  const before = await space.cli(["run", "p.yaml"]);
  using _ = protect(space.path("cache"));
  const { code, stdout, stderr } = await space.cli(["run", "p.yaml"]);
  expect(code, stderr).toBe(0);
  expect(stdout).toBe(before.stdout);
  expect(stdout).toContain("last");
  expect(stderr).toContain("0 ran, 3 cached");
  expect(warningsIn(stderr)).toEqual([
    `warning[journal]: this run is not in the journal: cannot write store ${JSON.stringify(space.path("cache"))}: ${DENIED}`,
  ]);
  const json = await space.run("p.yaml");
  expect(json.finished).toMatchObject({ ran: 0, cached: 3 });
  expect(json.events.filter(({ event }) => event === "warning").length).toBe(1);
  expect((await space.cli(["run", "p.yaml", "--frozen"])).code).toBe(0);
});

test("with a remote, a protected store is planned with all that the remote has", async () => {
  using remote = new Space();
  chmodSync(remote.folder, 0o755);
  using first = checkout(chain, config(remote.folder));
  expect((await first.run("p.yaml")).code).toBe(0);
  using space = alone ? new Space() : new Member(20001);
  space.write("p.yaml", chain);
  space.write("blockspin.config.yaml", config(remote.folder, "trust: anyone"));
  mkdirSync(space.path("cache"));
  using _ = protect(space.path("cache"));
  const plan = await space.cli(["plan", "p.yaml"]);
  expect(plan.code, plan.stderr).toBe(0);
  expect(plan.stdout).toContain("3 cached; 0 run");
  expect(plan.stderr).toBe("");
  // The bytes have no place.
  const show = await space.cli(["show", "p.yaml", "last"]);
  expect(show).toMatchObject({ code: 1, stdout: "", stderr: errorOf(space.path("cache"), DENIED) });
});

test("what has to run fails before it runs, with one error", async () => {
  using space = await computed();
  using _ = protect(space.path("cache"));
  const { code, stdout, stderr } = await space.cli(["run", "p.yaml", ...changed]);
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: "",
    stderr: errorOf(space.path("cache"), DENIED),
  });
  const json = await space.run("p.yaml", changed);
  expect(json).toMatchObject({ code: 1, events: [] });
  // This computes nothing.
  const frozen = await space.cli(["run", "p.yaml", "--frozen", ...changed]);
  expect(frozen.code).toBe(1);
  expect(frozen.stderr).toContain("--frozen: 1 instance would be computed\n  last: ");
});

test("commands that look do on a protected store what they do elsewhere", async () => {
  using space = await computed();
  const commands = [
    ["plan", "p.yaml", ...changed],
    ["run", "p.yaml", "--dry-run"],
    ["why", "p.yaml", "last", ...changed],
    ["show", "p.yaml", "last", "--csv"],
    ["show", "p.yaml", "last", "--path"],
    ["log", "p.yaml", "last"],
    ["runs", "p.yaml"],
    ["export", "p.yaml", "last", "--format", "csv"],
    ["check", "p.yaml"],
    ["nodes"],
    ["cache", "stats"],
    ["cache", "verify"],
    ["cache", "gc", "--dry-run", "--size", "0"],
  ];
  const all = async () => {
    const ended = [];
    for (const command of commands) ended.push({ command, ...(await space.cli(command)) });
    return ended;
  };
  const before = await all();
  for (const { command, code, stderr } of before) expect(code, `${command} ${stderr}`).toBe(0);
  using _ = protect(space.path("cache"));
  expect(await all()).toEqual(before);
}, 180_000);

test("commands that change a protected store say that they cannot", async () => {
  using space = await computed();
  expect((await space.cli(["cache", "pin", "p.yaml", "last"])).code).toBe(0);
  using _ = protect(space.path("cache"));
  for (const command of [
    ["cache", "pin", "p.yaml", "first"],
    ["cache", "unpin", "p.yaml", "last"],
  ]) {
    const { code, stdout, stderr } = await space.cli(command);
    expect({ command, code, stdout }).toEqual({ command, code: 1, stdout: "" });
    expect(stderr).toBe(errorOf(space.path("cache"), DENIED));
  }
});

test("what may not be read is an error with its place", async () => {
  using space = await computed();
  const [objects, runs] = ["objects", "runs"].map((shelf) => space.path(`cache/v1/${shelf}`));
  for (const path of [objects!, runs!]) {
    if (!alone) chownSync(path, 0, 0);
    chmodSync(path, alone ? 0 : 0o700);
  }
  const denied = (path: string) =>
    `error[store-io]: cannot read ${JSON.stringify(path)}: ${DENIED}\n`;
  for (const [command, path] of [
    [["cache", "verify"], objects!],
    [["cache", "stats"], objects!],
    [["cache", "gc", "--dry-run"], runs!],
    [["runs", "p.yaml"], join(runs!, "test")],
  ] as const) {
    const { code, stderr } = await space.cli(command);
    expect({ command, code, stderr }).toEqual({ command, code: 1, stderr: denied(path) });
  }
  for (const path of [objects!, runs!]) chmodSync(path, 0o700);
});

test("what is damaged in a protected store is never a result", async () => {
  using space = await computed();
  const path = (await space.cli(["show", "p.yaml", "last", "--path"])).stdout.trim();
  chmodSync(path, 0o644);
  writeFileSync(path, "no Arrow file");
  using _ = protect(space.path("cache"));
  const { code, stdout, stderr } = await space.cli(["run", "p.yaml"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(errorOf(space.path("cache"), DENIED));
  expect(stderr.match(/its bytes do not match its digest; it could not be moved/g)!.length).toBe(1);
});

test("a store that cannot be made is one error where something has to run", async () => {
  using space = await computed();
  mkdirSync(space.path("closed"));
  using _ = protect(space.path("closed"));
  const cache = ["--cache", space.path("closed/store")];
  const { code, stderr } = await space.cli(["run", "p.yaml", ...cache]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: errorOf(cache[1]!, DENIED) });
  expect((await space.cli(["plan", "p.yaml", ...cache])).code).toBe(0);
  expect(existsSync(cache[1]!)).toBe(false);
});

/** Mounts something at a folder; false where not even root may. */
function mount(...args: string[]): boolean {
  try {
    execFileSync("mount", args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test("a store that is mounted for reading only", async (test) => {
  if (alone) return test.skip(alone);
  using space = await computed();
  const cache = space.path("cache");
  if (!mount("--bind", cache, cache)) return test.skip("nothing can be mounted here");
  try {
    expect(mount("-o", "remount,bind,ro", cache)).toBe(true);
    const { code, stderr } = await space.cli(["run", "p.yaml"]);
    expect(code, stderr).toBe(0);
    expect(warningsIn(stderr).join()).toMatch(
      /^warning\[journal\]: .*: read-only file system \(EROFS\)$/,
    );
    const error = await space.cli(["run", "p.yaml", ...changed]);
    expect(error.stderr).toBe(errorOf(cache, "read-only file system (EROFS)"));
  } finally {
    execFileSync("umount", ["--lazy", cache]);
  }
});

test("a store on a disk that is full", async (test) => {
  if (alone) return test.skip(alone);
  using space = await computed();
  mkdirSync(space.path("disk"));
  const disk = space.path("disk");
  if (!mount("-t", "tmpfs", "-o", "size=512k", "none", disk))
    return test.skip("nothing can be mounted here");
  try {
    chmodSync(disk, 0o777);
    const cache = ["--cache", join(disk, "store")];
    expect((await space.run("p.yaml", cache)).finished).toMatchObject({ ran: 3 });
    expect(() => writeFileSync(join(disk, "rest"), Buffer.alloc(1 << 20))).toThrow("ENOSPC");
    const { code, stderr } = await space.cli(["run", "p.yaml", ...cache]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("0 ran, 3 cached");
    expect(warningsIn(stderr).join()).toMatch(
      /^warning\[journal\]: .* is full: no space left on device \(ENOSPC\)$/,
    );
    const error = await space.cli(["run", "p.yaml", ...changed, ...cache]);
    expect(error.code).toBe(1);
    expect(error.stderr).toMatch(/^error\[store-full\]: .*\(ENOSPC\)\n$/);
  } finally {
    execFileSync("umount", ["--lazy", disk]);
  }
});
