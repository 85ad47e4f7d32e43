/** Several real processes on one store; they run `dist`, which `npm test` builds first. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Claim } from "../../src/store/claims.ts";
import { actionKey } from "../../src/store/digest.ts";
import { readJournals } from "../../src/store/journal.ts";
import type { Store } from "../../src/store/store.ts";
import { readArtifact } from "../../src/store/tables.ts";
import { verifyStore } from "../../src/store/upkeep/verify.ts";
import { aDraft, anArtifact, Folder, preimageOf } from "./folder.ts";

const script = fileURLToPath(new URL("process.mjs", import.meta.url));
const killer = new URL("kill-at.mjs", import.meta.url).href;

/** A process and what it says, line by line. */
class Child {
  readonly process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly ended: Promise<NodeJS.Signals | number | null>;

  constructor(args: readonly string[], options: { env?: object; node?: string[] } = {}) {
    const env = { ...process.env, ...options.env };
    this.process = spawn(process.execPath, [...(options.node ?? []), script, ...args], { env });
    this.process.stderr!.pipe(process.stderr);
    this.#lines = createInterface({ input: this.process.stdout! })[Symbol.asyncIterator]();
    this.ended = new Promise((resolve) =>
      this.process.once("close", (code, signal) => resolve(signal ?? code)),
    );
  }

  async line(): Promise<string> {
    return (await this.#lines.next()).value ?? "(ended)";
  }

  go(): void {
    this.process.stdin!.write("go\n");
  }

  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.ended;
  }
}

/** Starts several at the same moment, as far as a parent can. */
async function together(count: number, args: readonly string[]): Promise<Child[]> {
  const children = Array.from({ length: count }, () => new Child(args));
  for (const child of children) expect(await child.line()).toBe("ready");
  for (const child of children) child.go();
  return children;
}

async function whole(store: Store): Promise<void> {
  const { damaged, missing } = await verifyStore(store);
  expect([damaged, missing]).toEqual([[], []]);
}

test("putRecord() has one winner among processes, whom all see", async () => {
  using folder = new Folder();
  const store = folder.open();
  const children = await together(3, ["put", store.folder, "40"]);
  const makers = await Promise.all(children.map((child) => child.line()));
  expect(makers[0]!.split(" ").length).toBe(40);
  expect(new Set(makers).size).toBe(1);
  expect([...store.listRecords()].length).toBe(40);
  expect(readdirSync(store.shelf("tmp"))).toEqual([]);
  await whole(store);
});

test("several processes that keep one index find nothing in it that is not so", async () => {
  using folder = new Folder();
  const store = folder.open();
  store.prepare();
  const children = await together(3, ["index", store.folder, "40", "12"]);
  for (const child of children) expect(await child.line()).toBe("done");
  const last = folder.open();
  last.useIndex("p");
  for (let n = 0; n < 40; n++) {
    const key = actionKey(preimageOf(n));
    const { outputs } = store.getRecord(key)!;
    expect(last.knownRecord(key, () => undefined)).toMatchObject({ key, outputs });
  }
  expect(readdirSync(store.shelf("index"))).toEqual(["p"]);
  expect(readdirSync(store.shelf("tmp"))).toEqual([]);
  await whole(store);
});

test("acquire() lets several processes compute each key once", async () => {
  using folder = new Folder();
  const store = folder.open();
  const log = join(folder.path, "log");
  const children = await together(3, ["work", store.folder, "30", log]);
  for (const child of children) expect(await child.line()).toBe("done");
  const computed = readFileSync(log, "utf8").trim().split("\n").map(Number);
  expect(computed.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n));
  expect(readdirSync(store.shelf("claims"))).toEqual([]);
  await whole(store);
});

test("acquire() takes over the claim of a killed process, for one taker", async () => {
  using folder = new Folder();
  const store = folder.open();
  const [holder] = await together(1, ["claim", store.folder, "1"]);
  expect(await holder!.line()).toBe("claimed");
  const key = actionKey(preimageOf(1));
  expect(store.claims.acquire(key)).toMatchObject({ holder: { pid: holder!.process.pid } });
  await holder!.kill();

  const takers = await together(4, ["claim", store.folder, "1"]);
  const said = await Promise.all(takers.map((taker) => taker.line()));
  expect(said.filter((line) => line === "claimed").length).toBe(1);
  const winner = takers[said.indexOf("claimed")]!;
  expect(store.claims.holder(key)).toMatchObject({ pid: winner.process.pid });
  await Promise.all(takers.map((taker) => taker.kill()));
  const last = store.claims.acquire(key);
  expect(last).toBeInstanceOf(Claim);
  (last as Claim).release();
  expect(readdirSync(store.shelf("claims"))).toEqual([]);
});

test("acquire() takes over from a taker that was killed anywhere on its way", async () => {
  let said: string[] = [];
  for (let k = 1; !said.includes("claimed"); k += 4) {
    said = await Promise.all([k, k + 1, k + 2, k + 3].map(takerKilledAt));
    if (k === 1) expect(said).toEqual(Array(4).fill("(ended)"));
  }
});

/** Kills the taker of a dead claim after its k-th operation, and takes the claim. */
async function takerKilledAt(k: number): Promise<string> {
  using folder = new Folder();
  const store = folder.open();
  const [holder] = await together(1, ["claim", store.folder, "1"]);
  expect(await holder!.line()).toBe("claimed");
  await holder!.kill();
  const options = { env: { KILL_AT: String(k) }, node: ["--import", killer] };
  const taker = new Child(["claim", store.folder, "1"], options);
  expect(await taker.line()).toBe("ready");
  taker.go();
  const said = await taker.line();
  await taker.kill();
  const claim = store.claims.acquire(actionKey(preimageOf(1)));
  expect(claim).toBeInstanceOf(Claim);
  (claim as Claim).release();
  return said;
}

test("a process killed after any file operation leaves a store that works", async () => {
  using work = new Folder();
  const made = await anArtifact(work.open(), 1);
  const chunk = work.open().objectPath(made.chunks[0]!.digest);
  const draft = join(work.path, "draft.json");
  writeFileSync(draft, JSON.stringify(aDraft(1, made)));
  let ended: Awaited<Child["ended"]>[] = [];
  for (let k = 1; !ended.includes(0); k += 4) {
    ended = await Promise.all([0, 1, 2, 3].map((i) => killedAt(k + i, chunk, draft)));
    for (const end of ended) expect(["SIGKILL", 0]).toContain(end);
    if (k === 1) expect(ended).not.toContain(0); // The operations are seen.
  }
});

/** Kills a writer after its k-th operation, and does its work again. */
async function killedAt(k: number, ...work: string[]): Promise<NodeJS.Signals | number | null> {
  using folder = new Folder();
  const store = folder.open();
  const options = { env: { KILL_AT: String(k) }, node: ["--import", killer] };
  const ended = await new Child(["write", store.folder, ...work], options).ended;
  await whole(store);
  for (const events of readJournals(store, "probe")) {
    expect([[], [{ event: "made", n: 1 }]]).toContainEqual(events);
  }
  const draft = aDraft(1, await anArtifact(store, 1));
  const claim = store.claims.acquire(draft.key);
  expect(claim).toBeInstanceOf(Claim);
  const { outputs } = store.putRecord(draft);
  for await (const { columns } of readArtifact(store, outputs["out"]!)) {
    expect(columns["n"]).toEqual(Int32Array.of(1, 2));
  }
  (claim as Claim).release();
  expect(readdirSync(store.shelf("claims"))).toEqual([]);
  expect(store.local.damages).toEqual([]);
  return ended;
}

test("a file system without hard links does too", async () => {
  using folder = new Folder();
  const store = folder.open();
  const node = ["--import", new URL("no-links.mjs", import.meta.url).href];
  for (let run = 0; run < 2; run++) {
    const child = new Child(["put", store.folder, "3"], { node });
    expect(await child.line()).toBe("ready");
    child.go();
    const makers = (await child.line()).split(" ");
    // The second process takes what the first has made.
    expect(makers.includes(String(child.process.pid))).toBe(run === 0);
  }
  const child = new Child(["claim", store.folder, "1"], { node });
  expect(await child.line()).toBe("ready");
  child.go();
  expect(await child.line()).toBe("claimed");
  expect(store.claims.holder(actionKey(preimageOf(1)))).toMatchObject({ pid: child.process.pid });
  await child.kill();
  await whole(store);
});

test("putObject() on a full disk throws store-full and leaves no torn object", async (context) => {
  using folder = new Folder();
  const disk = join(folder.path, "disk");
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "none", disk], { stdio: "ignore" });
  } catch {
    context.skip("mounting a small disk needs root");
  }
  try {
    const child = new Child(["fill", join(disk, "cache")]);
    const error = JSON.parse(await child.line());
    expect(error).toMatchObject({ name: "StoreError", code: "store-full" });
    expect(error.message).toMatch(/^store ".*" is full: no space left on device \(ENOSPC\)$/);
    await child.ended;
    const { Store } = await import("../../src/store/store.ts");
    const store = Store.open(join(disk, "cache"));
    await whole(store);
    expect(readdirSync(store.shelf("tmp"))).toEqual([]);
  } finally {
    execFileSync("umount", [disk]);
  }
});
