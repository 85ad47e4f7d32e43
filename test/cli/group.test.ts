/** What the members of a group share: a folder as a remote, as docs/sharing.md says, and a store. */
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chain, config, probe, shared } from "../harness/checkout.ts";
import { alone, LAB, Member } from "../harness/member.ts";
import { Space } from "../harness/space.ts";

const UMASKS = [0o022, 0o077];
const [ALICE, BOB] = [20001, 20002] as const;

/** A place that everybody reaches, with a folder in it. */
function place(mode: number, { owner = ALICE, group = LAB } = {}) {
  const space = new Space();
  chmodSync(space.folder, 0o755);
  const path = space.path("blockspin");
  mkdirSync(path);
  chownSync(path, owner, group);
  chmodSync(path, mode);
  return { path, [Symbol.dispose]: () => space[Symbol.dispose]() };
}

function member(user: number, umask: number, settings: string, pipeline = chain): Member {
  const one = new Member(user, { umask, group: LAB });
  one.write("p.yaml", pipeline);
  one.write("blockspin.config.yaml", settings);
  return one;
}

/** Every folder and file below, with its group and its mode. */
const below = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const { mode, gid } = statSync(path);
    return { path, isFolder: entry.isDirectory(), mode: mode & 0o7777, gid };
  });

/** Whoever is in the group can go on with everything. */
function expectShared(folder: string, group = LAB): void {
  const { mode } = statSync(folder);
  const all = below(folder);
  expect(all.length).toBeGreaterThan(5);
  for (const one of all) {
    expect(one.gid, one.path).toBe(group);
    if (one.isFolder) expect(one.mode.toString(8), one.path).toBe((mode & 0o7777).toString(8));
    // What its owner may write, the group may: claims and journals, but no object.
    else expect((one.mode & 0o060) << 3, one.path).toBe(one.mode & 0o600);
  }
}

/** Only A has these. */
const more = chain.replace("results: [last]", "  more: { node: probe, inputs: { x: last } }\n$&");

/** A stage that somebody can be killed in. */
const slow = probe("  only: { node: probe, with: { sleep_ms: 700 } }\nresults: [only]\n");

for (const umask of UMASKS) {
  const under = `under umask ${umask.toString(8).padStart(3, "0")}`;

  test(`two members push to one folder, and pull from it, ${under}`, async (test) => {
    if (alone) return test.skip(alone);
    using lab = place(0o2775);
    const url = config(lab.path, "push: true");
    using a = member(ALICE, umask, url);
    using b = member(BOB, umask, url, more);
    await a.run("p.yaml", ["--no-push"]);
    const keys: string[] = [];
    for (const one of [a, b]) keys.push((await one.cli(["cache", "keygen"])).stdout.trim());
    expect(statSync(a.path(".config/blockspin/signing-key.pem")).mode & 0o777).toBe(0o600);
    const trust = `${url}trust:\n  alice: ${keys[0]}\n  bob: ${keys[1]}\n`;
    for (const one of [a, b]) one.write("blockspin.config.yaml", trust);

    const pushed = await a.cli(["cache", "push", "p.yaml", "--sign"]);
    expect(pushed.stderr + pushed.stdout).toContain("3 records and 3 objects");
    expectShared(lab.path);
    const second = await b.run("p.yaml");
    expect(second.events.filter(({ event }) => event === "warning")).toEqual([]);
    expect(second.finished).toMatchObject({ ran: 1, cached: 3 });
    expect(shared(second)).toMatchObject({ pushed: { records: 1 }, waiting: 0 });
    expectShared(lab.path);
    a.write("p.yaml", more);
    expect((await a.run("p.yaml", ["--frozen"])).finished).toMatchObject({ ran: 0, cached: 4 });
  });

  test(`two members use one store, one after the other and at once, ${under}`, async (test) => {
    if (alone) return test.skip(alone);
    using lab = place(0o2775);
    using a = member(ALICE, umask, "{}\n");
    using b = member(BOB, umask, "{}\n", more);
    const cache = ["--cache", join(lab.path, "store")];
    expect((await a.run("p.yaml", cache)).finished).toMatchObject({ ran: 3 });
    const second = await b.run("p.yaml", cache);
    expect(second.finished, second.stderr).toMatchObject({ ran: 1, cached: 3 });
    a.write("p.yaml", more);
    expect((await a.run("p.yaml", cache)).finished).toMatchObject({ ran: 0, cached: 4 });
    expectShared(lab.path);

    const wide = probe(
      Array.from(
        { length: 8 },
        (_, i) => `  s${i}: { node: probe, with: { a: ${10 + i} } }\n`,
      ).join(""),
    );
    for (const one of [a, b]) one.write("p.yaml", wide);
    const atOnce = { process: true };
    const both = await Promise.all([a, b].map((one) => one.run("p.yaml", cache, atOnce)));
    for (const run of both) expect(run.code, run.stderr).toBe(0);
    const { objects } = JSON.parse((await b.cli(["cache", "stats", "--json", ...cache])).stdout);
    expect(objects.files).toBe(4 + 8);
    // Each may look into what the other did.
    expect((await b.cli(["runs", "p.yaml", ...cache])).code).toBe(0);
    expect((await b.cli(["plan", "p.yaml", ...cache])).code).toBe(0);
    expect((await a.cli(["cache", "verify", ...cache])).code).toBe(0);
    // A joined file is written anew by whoever asks for it.
    for (const one of [a, b]) {
      const joined = await one.cli(["show", "p.yaml", "s0", "--path", "--joined", ...cache]);
      expect(joined.code, joined.stderr).toBe(0);
    }
    expectShared(lab.path);
  });

  test(`a member goes on where another was killed, and makes room, ${under}`, async (test) => {
    if (alone) return test.skip(alone);
    using lab = place(0o2775);
    using a = member(ALICE, umask, "{}\n", slow);
    using b = member(BOB, umask, "{}\n", slow);
    const cache = ["--cache", join(lab.path, "store")];
    const killed = await b.run("p.yaml", cache, {
      onOutput: (stdout, pid) => {
        if (stdout.includes('"state":"started"')) process.kill(pid, "SIGKILL");
      },
    });
    expect(killed.signal).toBe("SIGKILL");
    expect(readdirSync(join(lab.path, "store/v1/claims")).length).toBe(1);
    const next = await a.run("p.yaml", cache);
    expect(next.finished, next.stderr).toMatchObject({ ran: 1 });
    expect(readdirSync(join(lab.path, "store/v1/claims"))).toEqual([]);

    expect((await a.cli(["cache", "pin", "p.yaml", "only", ...cache])).code).toBe(0);
    const twice = await b.cli(["cache", "pin", "p.yaml", "only", ...cache]);
    expect(twice.code, twice.stderr).toBe(0);
    expect((await b.cli(["cache", "unpin", "p.yaml", "only", ...cache])).code).toBe(0);
    expectShared(lab.path);

    // Long ago: what is young stays.
    for (const { path } of below(join(lab.path, "store/v1"))) utimesSync(path, 1, 1);
    const objects = () =>
      below(join(lab.path, "store/v1/objects")).filter(({ isFolder }) => !isFolder);
    expect(objects().length).toBe(1);
    const gc = await b.cli(["cache", "gc", "--size", "0", "--keep-runs", "0", ...cache]);
    expect(gc.code, gc.stderr).toBe(0);
    expect(objects()).toEqual([]);
  });
}

test("folders with other rights work too, and their rights go on below", async (test) => {
  if (alone) return test.skip(alone);
  // Without setgid; kept from the rest of the world; nobody removes what is another's, but for us;
  // and for everybody, where nobody may give a file to the group, as on servers without chown.
  for (const [mode, inside, group] of [
    [0o775, 0o775, LAB],
    [0o2770, 0o2770, LAB],
    [0o3775, 0o2775, LAB],
    [0o777, 0o777, 20300],
  ] as const) {
    using lab = place(mode, { group });
    const settings = config(lab.path);
    using a = member(ALICE, 0o077, settings);
    using b = member(BOB, 0o077, settings, more);
    const store = (name: string) => ["--cache", join(lab.path, name)];
    for (const [one, name] of [
      [a, "of-a"],
      [b, "of-b"],
    ] as const) {
      const run = await one.run("p.yaml", store(name));
      expect(run.events.filter(({ event }) => event === "warning")).toEqual([]);
      expect(shared(run).waiting).toBe(0);
    }
    const again = await a.run("p.yaml", store("of-b"));
    expect(again.finished, again.stderr).toMatchObject({ ran: 0, cached: 3 });
    for (const one of below(lab.path)) {
      if (one.isFolder) expect(one.mode.toString(8), one.path).toBe(inside.toString(8));
      if (group === LAB) expect(one.gid, one.path).toBe(group);
    }
  }
});

test("what a member may not remove, gc does not claim to have removed", async (test) => {
  if (alone) return test.skip(alone);
  using lab = place(0o755);
  using a = member(ALICE, 0o022, "{}\n");
  using b = member(BOB, 0o022, "{}\n");
  const cache = ["--cache", lab.path];
  await a.run("p.yaml", cache);
  for (const { path } of below(lab.path)) utimesSync(path, 1, 1);
  const gc = await b.cli(["cache", "gc", "--size", "0", "--keep-runs", "0", ...cache]);
  expect(gc.code).toBe(1);
  expect(gc.stdout).toBe("");
  expect(gc.stderr).toBe(
    `error[store-unwritable]: cannot write store ${JSON.stringify(lab.path)}: permission denied (EACCES)\n`,
  );
  expect((await a.run("p.yaml", cache)).finished).toMatchObject({ ran: 0, cached: 3 });
});

test("where nothing is shared, the umask decides", async (test) => {
  if (alone) return test.skip(alone);
  for (const [mode, umask, folder, file] of [
    [0o755, 0o077, 0o700, 0o400],
    [0o700, 0o022, 0o755, 0o444],
    [0o1777, 0o077, 0o700, 0o400],
  ] as const) {
    using home = place(mode, { group: ALICE });
    using a = member(ALICE, umask, "{}\n");
    expect((await a.run("p.yaml", ["--cache", join(home.path, "store")])).code).toBe(0);
    const objects = below(join(home.path, "store/v1/objects"));
    expect(objects.length).toBe(6);
    for (const one of objects) expect(one.mode, one.path).toBe(one.isFolder ? folder : file);
  }
});
