import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { Claim } from "../../src/store/claims.ts";
import { actionKey } from "../../src/store/digest.ts";
import type { Store } from "../../src/store/store.ts";
import { Folder } from "./folder.ts";

const key = actionKey({ n: 1 });

function held(store: Store): Claim {
  const claim = store.claims.acquire(key);
  if (!(claim instanceof Claim)) throw new Error(`held by process ${claim.holder.pid}`);
  return claim;
}

/** Makes the claim on `key` look as if another machine had made it. */
function disguise(store: Store, ageSeconds: number): void {
  const path = join(store.shelf("claims"), key.slice(7));
  const claim = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...claim, host: "far", machine: "far/1", pid: 1 }));
  const then = Date.now() / 1000 - ageSeconds;
  utimesSync(path, then, then);
}

test("acquire() gives a key to one holder at a time and tells who it is", () => {
  using folder = new Folder();
  const store = folder.open();
  const claim = held(store);
  expect(folder.open().claims.acquire(key)).toMatchObject({ holder: { pid: process.pid } });
  expect(store.claims.holder(key)).toMatchObject({ pid: process.pid, host: expect.any(String) });
  expect(store.claims.acquire(actionKey({ n: 2 }))).toBeInstanceOf(Claim);
  claim.release();
  claim.release();
  expect(store.claims.holder(key)).toBeUndefined();
  held(store).release();
});

test("mayBeHeld() looks at all claims, and again after a moment", async () => {
  using folder = new Folder();
  const claim = held(folder.open());
  const { claims } = folder.open();
  expect(claims.mayBeHeld(key)).toBe(true);
  expect(claims.mayBeHeld(actionKey({ n: 2 }))).toBe(false);
  claim.release();
  while (claims.mayBeHeld(key)) await sleep(1);
});

test("acquire() takes over from another host that was silent for a minute, and not before", () => {
  using folder = new Folder();
  const store = folder.open();
  const first = held(folder.open());
  disguise(store, 50);
  expect(store.claims.acquire(key)).toMatchObject({ holder: { host: "far" } });
  disguise(store, 70);
  const second = held(store);
  // The first wakes up: it must neither touch nor remove what is no longer its own.
  const path = join(store.shelf("claims"), key.slice(7));
  const text = readFileSync(path, "utf8");
  first.touch();
  first.release();
  expect(readFileSync(path, "utf8")).toBe(text);
  second.release();
  expect(readdirSync(store.shelf("claims"))).toEqual([]);
});

test("acquire() takes over a claim that a power cut tore, once it is old", () => {
  using folder = new Folder();
  const store = folder.open();
  store.prepare();
  const path = join(store.shelf("claims"), key.slice(7));
  writeFileSync(path, "");
  expect(store.claims.acquire(key)).toMatchObject({ holder: { host: "unknown" } });
  utimesSync(path, 0, 0);
  held(store).release();
});

test("touch() tells other hosts that the holder lives", () => {
  using folder = new Folder();
  const store = folder.open();
  const claim = held(store);
  disguise(store, 70);
  claim.touch();
  const path = join(store.shelf("claims"), key.slice(7));
  const { pid } = JSON.parse(readFileSync(path, "utf8"));
  expect(pid).toBe(process.pid);
  disguise(store, 0);
  expect(folder.open().claims.acquire(key)).toMatchObject({ holder: { host: "far" } });
  claim.release();
});

test("waitFor() resolves when the holder is done, and rejects when it is told to stop", async () => {
  using folder = new Folder();
  const store = folder.open();
  const claim = held(store);
  const stop = new AbortController();
  const stopped = store.claims.waitFor(key, { signal: stop.signal, poll: 5 });
  stop.abort();
  await expect(stopped).rejects.toThrow(/abort/);
  let done = false;
  const waiting = store.claims.waitFor(key, { poll: 5 }).then(() => {
    done = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(done).toBe(false);
  claim.release();
  await waiting;
});

test("prepare() removes the claims of this machine's dead processes, and no others", () => {
  using folder = new Folder();
  const store = folder.open();
  // Of different stores: the claims of one are one file.
  const [dead, alive] = [held(store), folder.open().claims.acquire(actionKey({ n: 2 }))];
  const path = join(store.shelf("claims"), key.slice(7));
  // No process has this number: it is beyond what the system hands out.
  const claim = { ...JSON.parse(readFileSync(path, "utf8")), pid: 2 ** 30 };
  writeFileSync(path, JSON.stringify(claim));
  folder.open().prepare();
  expect(readdirSync(store.shelf("claims"))).toEqual([actionKey({ n: 2 }).slice(7)]);
  dead.release();
  expect(alive).toBeInstanceOf(Claim);
});

test("Store.open() removes the claims of dead processes after a day", () => {
  using folder = new Folder();
  const store = folder.open();
  held(store);
  disguise(store, 25 * 3600);
  const path = join(store.shelf("claims"), key.slice(7));
  expect(existsSync(path)).toBe(true);
  folder.open();
  expect(readdirSync(store.shelf("claims"))).toEqual([]);
});

test("claims of one store share a file, which goes with the last of them", () => {
  using folder = new Folder();
  const store = folder.open();
  const other = actionKey({ n: 2 });
  const first = held(store);
  const second = store.claims.acquire(other) as Claim;
  const inode = (of: string) => statSync(join(store.shelf("claims"), of.slice(7))).ino;
  expect(inode(key)).toBe(inode(other));
  // The one who holds a key is told so, too.
  expect(store.claims.acquire(key)).toMatchObject({ holder: { pid: process.pid } });
  disguise(store, 70);
  second.touch();
  expect(store.claims.holder(key)).toMatchObject({ pid: process.pid });
  first.release();
  expect(store.claims.holder(key)).toBeUndefined();
  expect(store.claims.holder(other)).toMatchObject({ pid: process.pid });
  second.release();
  expect(readdirSync(store.shelf("claims"))).toEqual([]);
  expect(readdirSync(store.shelf("tmp"))).toEqual([]);
});
