/** Two stores and what lies between them: a folder, nginx, or a server in memory. */
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { actionKey, hexOf, sha256 } from "../../../src/store/digest.ts";
import { recordPath } from "../../../src/store/layout.ts";
import type { StoreRecord } from "../../../src/store/record.ts";
import { generateKey, signerOf } from "../../../src/store/sign.ts";
import type { Store } from "../../../src/store/store.ts";
import { readArtifact } from "../../../src/store/tables.ts";
import type { FaultServer } from "../../harness/fault-server.ts";
import { describeServers } from "../../harness/faulty.ts";
import { nginxMissing, startNginx } from "../../harness/nginx.ts";
import { aDraft, anArtifact, Folder, preimageOf } from "../folder.ts";
import { openStore, type Place } from "./open.ts";

const alice = signerOf(generateKey().pem);
const keyOf = (n: number) => actionKey(preimageOf(n));

async function compute(store: Store, n: number): Promise<StoreRecord> {
  return store.putRecord(aDraft(n, await anArtifact(store, n)));
}

async function valuesOf(store: Store, record: StoreRecord): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const { columns } of readArtifact(store, record.outputs["out"]!)) {
    values.push(...(columns["n"] as Int32Array));
  }
  return values;
}

async function checkSharing(place: Place): Promise<void> {
  using folder = new Folder();
  const { store: a } = openStore(folder, "a", [place], { signer: alice });
  const made = await Promise.all([1, 2, 3].map((n) => compute(a, n)));
  const [pushed] = await a.close(60_000);
  expect(pushed).toMatchObject({ pushed: { records: 3, objects: 3 }, waiting: 0 });
  const trust = new Set([alice.publicKey]);
  const { store: b, problems } = openStore(folder, "b", [place], { trust });
  expect(b.getRecord(keyOf(1))).toBeUndefined();
  expect(await b.findRecords([1, 2, 3, 4].map(keyOf))).toBe(3);
  expect([1, 2, 3].map((n) => b.getRecord(keyOf(n)))).toEqual(made);
  const { digest } = made[1]!.outputs["out"]!.chunks[0]!;
  expect([b.hasObject(digest), b.canRead(digest)]).toEqual([false, false]);
  expect(await b.locate([digest, sha256("nothing")])).toBe(1);
  expect([b.hasObject(digest), b.canRead(digest)]).toEqual([false, true]);
  expect(await valuesOf(b, made[1]!)).toEqual([2, 3]);
  expect([...b.local.listObjects()]).toEqual([digest]);
  const [pulled] = await b.close();
  expect(pulled!.pulled).toMatchObject({ records: 3, objects: 1 });
  expect(problems).toEqual([]);
}

test("records come when asked for, and objects only when read: a folder", async () => {
  using shared = new Folder();
  await checkSharing(shared.path);
});

test.skipIf(nginxMissing)(
  "records come when asked for, and objects only when read: nginx with WebDAV",
  async () => {
    await using nginx = await startNginx();
    await checkSharing(nginx.url);
  },
);

test("objects that only another remote has are passed on", async () => {
  using folder = new Folder();
  using from = new Folder();
  using to = new Folder();
  const a = openStore(folder, "a", [from.path]).store;
  const record = await compute(a, 1);
  await a.close(60_000);
  const { store } = openStore(folder, "b", [from.path, to.path]);
  await store.findRecords([record.key]);
  expect(await store.push(record.key, true)).toBe(true);
  expect(readdirSync(join(to.path, "cas"))).toEqual(readdirSync(join(from.path, "cas")));
  expect(readdirSync(join(to.path, "ac"))).toEqual([hexOf(record.key)]);
});

test("a file that is none of ours in a folder's place is only ever ignored", async () => {
  using folder = new Folder();
  using shared = new Folder();
  for (const name of ["ac", "cas"]) mkdirSync(join(shared.path, name));
  writeFileSync(
    join(shared.path, "ac", hexOf(keyOf(1))),
    readFileSync(process.execPath).subarray(0, 5000),
  );
  const { store } = openStore(folder, "a", [shared.path]);
  expect(await store.findRecords([keyOf(1)])).toBe(0);
});

/** Uploads that are not refused: Swift knows no conditional ones. */
const putsOf = ({ requests }: FaultServer) =>
  requests.filter(({ method, headers }) => method === "PUT" && !("if-none-match" in headers));

describeServers((start) => {
  test("records come when asked for, and objects only when read", async () => {
    await using server = await start();
    await checkSharing(server);
    expect([server.count("GET", "cas"), putsOf(server).length]).toEqual([1, 6]);
  });

  test("what is here is never asked for, and what is there is not sent again", async () => {
    using folder = new Folder();
    await using server = await start();
    const { store: a } = openStore(folder, "a", [server]);
    const record = await compute(a, 1);
    await a.close(60_000);
    const before = server.requests.length;
    const { store: again } = openStore(folder, "a", [server]);
    expect(await again.findRecords([record.key])).toBe(0);
    await again.fetch([record.outputs["out"]!]);
    expect(server.requests.length).toBe(before);
    expect(await again.push(record.key, true)).toBe(true);
    expect(putsOf(server).length).toBe(2);
  });

  test("a record is uploaded after its objects", async () => {
    using folder = new Folder();
    await using server = await start();
    const { store } = openStore(folder, "a", [server]);
    for (const n of [1, 2, 3, 4, 5]) await compute(store, n);
    await store.close(60_000);
    const puts = putsOf(server);
    for (const n of [1, 2, 3, 4, 5]) {
      const { digest } = store.getRecord(keyOf(n))!.outputs["out"]!.chunks[0]!;
      const at = (kind: string, hex: string) =>
        puts.findIndex((put) => put.kind === kind && put.hex === hex);
      expect(at("cas", hexOf(digest))).toBeGreaterThanOrEqual(0);
      expect(at("cas", hexOf(digest))).toBeLessThan(at("ac", hexOf(keyOf(n))));
    }
  });

  test("what a killed process left is uploaded by the next", async () => {
    using folder = new Folder();
    await using server = await start();
    const { store } = openStore(folder, "a", [server]);
    await compute(store, 1);
    await compute(store, 2);
    await store.close(0); // As good as dead.
    expect(await server.behind.names()).toHaveLength(0);
    const { store: next } = openStore(folder, "a", [server]);
    next.resumeUploads();
    expect((await next.close(60_000))[0]).toMatchObject({ pushed: { records: 2 }, waiting: 0 });
    expect(await server.behind.names()).toHaveLength(4);
  });

  test("an announced record that was never written is forgotten after a day, a gone object at once", async () => {
    using folder = new Folder();
    await using server = await start();
    const { store } = openStore(folder, "a", [server]);
    const record = await compute(store, 1);
    await store.close(0);
    rmSync(recordPath(store.folder, record.key));
    const again = async () => {
      const { store: next } = openStore(folder, "a", [server]);
      next.resumeUploads();
      return (await next.close(60_000))[0]!.waiting;
    };
    expect(await again()).toBe(1);
    const [outbox] = readdirSync(store.shelf("outbox"));
    const parcel = join(store.shelf("outbox"), outbox!, hexOf(record.key));
    const yesterday = Date.now() / 1000 - 25 * 3600;
    utimesSync(parcel, yesterday, yesterday);
    expect(await again()).toBe(0);
    writeFileSync(parcel, "");
    store.local.adoptRecord(record);
    rmSync(store.objectPath(record.outputs["out"]!.chunks[0]!.digest));
    expect(await again()).toBe(0);
    expect(await server.behind.names()).toHaveLength(0);
  });

  test("two stores compute and share at once; a third gets everything", async () => {
    using folder = new Folder();
    await using server = await start();
    const numbers = Array.from({ length: 40 }, (_, n) => n);
    const work = async (name: string) => {
      const { store, problems } = openStore(folder, name, [server], { signer: alice });
      for (const n of numbers) {
        if (!(await store.findRecord(keyOf(n)))) await compute(store, n);
      }
      await store.close(60_000);
      return problems;
    };
    expect(await Promise.all([work("a"), work("b")])).toEqual([[], []]);
    const { store } = openStore(folder, "c", [server], { trust: new Set([alice.publicKey]) });
    expect(await store.findRecords(numbers.map(keyOf))).toBe(40);
    for (const n of numbers) {
      expect(await valuesOf(store, store.getRecord(keyOf(n))!)).toEqual([n, n + 1]);
    }
  });

  test("hints of what extends what are shared, and nonsense in their place is none", async () => {
    using folder = new Folder();
    await using server = await start();
    const name = sha256("lineage");
    const note = async (store: string, value: number) => {
      const { store: to } = openStore(folder, store, [server]);
      to.noteHint(name, value, keyOf(value));
      await to.close(60_000);
    };
    await note("a", 400);
    await note("b", 600);
    const { store } = openStore(folder, "c", [server]);
    await store.findHints(name);
    expect(store.hintsBelow(name, 1000)).toEqual([
      { value: 600, digest: keyOf(600) },
      { value: 400, digest: keyOf(400) },
    ]);
    await server.behind.write(
      `ac/${hexOf(name)}`,
      Buffer.from('{"hints":{"5":"x","y":"z"}} nonsense'),
    );
    const { store: other } = openStore(folder, "d", [server]);
    await other.findHints(name);
    expect(other.hintsBelow(name, 1000)).toEqual([]);
  });
});
