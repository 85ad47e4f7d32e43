/**
 * How many requests it takes to push to a bucket and to pull from it, and how many go at once.
 * `BLOCKSPIN_OBJECTS=10000 npx vitest run test/store/remote/requests.test.ts` prints what that many take.
 */
import { describe, expect, test } from "vitest";
import { actionKey, hexOf } from "../../../src/store/digest.ts";
import type { Store } from "../../../src/store/store.ts";
import type { FaultServer } from "../../harness/fault-server.ts";
import { startS3, swiftMissing } from "../../harness/swift.ts";
import { aDraft, anArtifact, Folder, preimageOf } from "../folder.ts";
import { openStore } from "./open.ts";

const asMany = process.env["BLOCKSPIN_OBJECTS"];
const MANY = Number(asMany ?? 60);
/** Names in a page of a listing; S3 has 1,000. */
const PAGE = asMany ? 1000 : 25;
const TIMEOUT_MS = 60_000 + 300 * MANY;
const numbers = Array.from({ length: MANY }, (_, n) => n);
const keys = numbers.map((n) => actionKey(preimageOf(n)));

/** Requests since the last call: uploads that are not refused, listings, and others. */
function asked(server: FaultServer): { put: number; list: number; get: number; head: number } {
  const requests = server.requests.splice(0);
  const of = (method: string) => requests.filter((request) => request.method === method);
  const list = of("GET").filter(({ kind }) => kind === "").length;
  const put = of("PUT").filter(({ headers }) => !headers["if-none-match"]).length;
  if (asMany) console.log(`${requests.length} requests, ${requests.length / (2 * MANY)} an object`);
  return { put, list, get: of("GET").length - list, head: of("HEAD").length };
}

async function push(store: Store): Promise<void> {
  const all = new Map(keys.map((key) => [key, true]));
  await store.preparePush(all);
  const done = await Promise.all(keys.map((key) => store.push(key, true)));
  expect(done.every(Boolean)).toBe(true);
}

describe.skipIf(swiftMissing)("Swift", () => {
  test("what is there is listed, what is not is sent once, and 32 requests are under way", {
    timeout: TIMEOUT_MS,
  }, async () => {
    using folder = new Folder();
    await using server = await startS3("x", PAGE);
    const { store: made } = openStore(folder, "a", []);
    for (const n of numbers) made.putRecord(aDraft(n, await anArtifact(made, n)));
    const { store: a, problems } = openStore(folder, "a", [server], { timeout: 60 });
    await push(a);
    // Two listings, of which one page says that nothing is there.
    expect(asked(server)).toEqual({ put: 2 * MANY, list: 2, get: 0, head: 0 });
    expect(server.atOnce).toBe(32);
    // Again: pages alone, since the records have the MD5 that the listing says.
    const { store: again } = openStore(folder, "a", [server], { timeout: 60 });
    await push(again);
    const pages = 2 * Math.ceil(MANY / PAGE);
    expect(asked(server)).toEqual({ put: 0, list: pages, get: 0, head: 0 });
    expect((await again.close())[0]!.pushed.records).toBe(0);
    // An object that expired, one that was cut off, and a record of somebody else.
    const [gone, cut] = [3, 4].map((n) => a.getRecord(keys[n]!)!.outputs["out"]!.chunks[0]!.digest);
    await server.behind.remove(`cas/${hexOf(gone!)}`);
    await server.behind.write(`cas/${hexOf(cut!)}`, Buffer.from("cut"));
    await server.behind.write(`ac/${hexOf(keys[5]!)}`, Buffer.from("{}"));
    const { store: mending } = openStore(folder, "a", [server], { timeout: 60 });
    await push(mending);
    expect(asked(server)).toEqual({ put: 3, list: pages, get: 1, head: 0 });
    // A reader gets each record at once, and each object, without asking before.
    server.atOnce = 0;
    const { store: b } = openStore(folder, "b", [server], { timeout: 60 });
    expect(await b.findRecords(keys)).toBe(MANY);
    const artifacts = keys.map((key) => b.getRecord(key)!.outputs["out"]!);
    expect(await b.locate(artifacts.flatMap(({ chunks }) => chunks.map((c) => c.digest)))).toBe(
      MANY,
    );
    await b.fetch(artifacts);
    expect([...b.local.listObjects()].length).toBe(MANY);
    expect(asked(server)).toEqual({ put: 0, list: Math.ceil(MANY / PAGE), get: 2 * MANY, head: 0 });
    expect(server.atOnce).toBe(32);
    expect(problems).toEqual([]);
  });

  test("without the right to list, each name is asked for", { timeout: TIMEOUT_MS }, async () => {
    using folder = new Folder();
    await using server = await startS3();
    server.fault = ({ kind }) => (kind === "" ? 403 : undefined);
    const { store: a } = openStore(folder, "a", [], {});
    for (const n of numbers) a.putRecord(aDraft(n, await anArtifact(a, n)));
    const { store, problems } = openStore(folder, "a", [server], { timeout: 60 });
    await push(store);
    const { put, get, head } = asked(server);
    expect([put, get, head]).toEqual([2 * MANY, MANY, 0]);
    const { store: again } = openStore(folder, "a", [server], { timeout: 60 });
    await push(again);
    expect(asked(server)).toEqual({ put: 0, list: 2, get: MANY, head: MANY });
    expect(problems).toEqual([]);
  });
});
