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
import { FaultServer } from "../../harness/fault-server.ts";
import { nginxMissing, startNginx } from "../../harness/nginx.ts";
import { aDraft, anArtifact, Folder, preimageOf } from "../folder.ts";
import { share } from "./peers.ts";

const alice = signerOf(generateKey().pem);
const mallory = signerOf(generateKey().pem);
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

async function checkSharing(place: string): Promise<void> {
  using folder = new Folder();
  const { store: a } = share(folder, "a", [place], { signer: alice });
  const made = await Promise.all([1, 2, 3].map((n) => compute(a, n)));
  const [pushed] = await a.close();
  expect(pushed).toMatchObject({ pushed: { records: 3, objects: 3 }, waiting: 0 });
  const trust = new Set([alice.publicKey]);
  const { store: b, problems } = share(folder, "b", [place], { trust });
  expect(b.getRecord(keyOf(1))).toBeUndefined();
  expect(await b.findRecords([1, 2, 3, 4].map(keyOf))).toBe(3);
  expect([1, 2, 3].map((n) => b.getRecord(keyOf(n)))).toEqual(made);
  const { digest } = made[1]!.outputs["out"]!.chunks[0]!;
  expect([b.hasObject(digest), b.canRead(digest)]).toEqual([false, false]);
  expect(await b.locate([digest, sha256("nothing")])).toBe(1);
  expect([b.hasObject(digest), b.canRead(digest)]).toEqual([false, true]);
  expect(await valuesOf(b, made[1]!)).toEqual([2, 3]);
  expect([...b.listObjects()]).toEqual([digest]);
  const [pulled] = await b.close();
  expect(pulled!.pulled).toMatchObject({ records: 3, objects: 1 });
  expect(problems).toEqual([]);
}

test("records come when asked for, and objects only when read: a folder", async () => {
  using shared = new Folder();
  await checkSharing(shared.path);
});

test("records come when asked for, and objects only when read: a server in memory", async () => {
  await using server = await FaultServer.start();
  await checkSharing(server.url);
  expect([server.count("GET", "cas"), server.count("PUT")]).toEqual([1, 6]);
});

test.skipIf(nginxMissing)(
  "records come when asked for, and objects only when read: nginx with WebDAV",
  async () => {
    await using nginx = await startNginx();
    await checkSharing(nginx.url);
  },
);

test("what is here is never asked for, and what is there is not sent again", async () => {
  using folder = new Folder();
  await using server = await FaultServer.start();
  const { store: a } = share(folder, "a", [server.url]);
  const record = await compute(a, 1);
  await a.close();
  const before = server.requests.length;
  const { store: again } = share(folder, "a", [server.url]);
  expect(await again.findRecords([record.key])).toBe(0);
  await again.fetch(record.outputs["out"]!.chunks);
  expect(server.requests.length).toBe(before);
  expect(await again.push(record.key, true)).toBe(true);
  expect(server.count("PUT")).toBe(2);
});

test("a record is uploaded after its objects", async () => {
  using folder = new Folder();
  await using server = await FaultServer.start();
  const { store } = share(folder, "a", [server.url]);
  for (const n of [1, 2, 3, 4, 5]) await compute(store, n);
  await store.close();
  const puts = server.requests.filter(({ method }) => method === "PUT");
  for (const n of [1, 2, 3, 4, 5]) {
    const { digest } = store.getRecord(keyOf(n))!.outputs["out"]!.chunks[0]!;
    const at = (kind: string, hex: string) =>
      puts.findIndex((put) => put.kind === kind && put.hex === hex);
    expect(at("cas", hexOf(digest))).toBeGreaterThanOrEqual(0);
    expect(at("cas", hexOf(digest))).toBeLessThan(at("ac", hexOf(keyOf(n))));
  }
});

test("records of who is not trusted are ignored and counted, and their objects never asked for", async () => {
  using folder = new Folder();
  await using server = await FaultServer.start();
  const nobody = share(folder, "nobody", [server.url]).store;
  const forger = share(folder, "mallory", [server.url], { signer: mallory }).store;
  await compute(nobody, 1);
  await compute(forger, 2);
  await nobody.close();
  await forger.close();
  const trust = new Set([alice.publicKey]);
  const { store, problems } = share(folder, "b", [server.url], { trust });
  expect(await store.findRecords([keyOf(1), keyOf(2)])).toBe(0);
  const [summary] = await store.close();
  expect(summary!.ignored).toEqual({ unsigned: 1, unknown: 1, damaged: 0 });
  expect([...store.listRecords()]).toEqual([]);
  expect(problems).toEqual([]);
});

/** Changes what the server has under a key, as somebody who can write there might. */
function tamper(server: FaultServer, key: string, change: (record: StoreRecord) => object): void {
  const name = `ac/${hexOf(key)}`;
  const record = JSON.parse(server.files.get(name)!.toString()) as StoreRecord;
  server.files.set(name, Buffer.from(JSON.stringify(change(record))));
}

/** Mends the check, as somebody without the key can. */
function mended({ check: _, signature, ...rest }: StoreRecord): object {
  return { check: sha256(JSON.stringify(rest)), ...(signature ? { signature } : {}), ...rest };
}

test.each<[string, (record: StoreRecord) => object]>([
  ["a field", (r) => ({ ...r, seconds: 9 })],
  ["a field, with its check mended", (r) => mended({ ...r, seconds: 9 })],
  ["an output, with its check mended", (r) => mended({ ...r, outputs: {} })],
  [
    "its signature's value",
    (r) => ({ ...r, signature: { ...r.signature, value: alice.sign("x").value } }),
  ],
  ["its signature's key", (r) => ({ ...r, signature: { ...r.signature, key: mallory.publicKey } })],
  ["its signature's form", (r) => ({ ...r, signature: "none" })],
])("a record with %s changed is ignored, told of and counted", async (_, change) => {
  using folder = new Folder();
  await using server = await FaultServer.start();
  const a = share(folder, "a", [server.url], { signer: alice }).store;
  const record = await compute(a, 1);
  await a.close();
  tamper(server, record.key, change);
  const trust = new Set([alice.publicKey, mallory.publicKey]);
  const { store, problems } = share(folder, "b", [server.url], { trust });
  expect(await store.findRecords([record.key])).toBe(0);
  const [summary] = await store.close();
  expect(summary!.ignored).toEqual({ unsigned: 0, unknown: 0, damaged: 1 });
  expect(problems).toEqual([
    'remote "r0" holds a record that was tampered with; what is damaged there is ignored',
  ]);
});

test("a record whose signature is removed counts as unsigned, and one under another key as damaged", async () => {
  using folder = new Folder();
  await using server = await FaultServer.start();
  const a = share(folder, "a", [server.url], { signer: alice }).store;
  await compute(a, 1);
  await compute(a, 2);
  await a.close();
  tamper(server, keyOf(1), ({ signature: _, ...rest }) => rest);
  server.files.set(`ac/${hexOf(keyOf(3))}`, server.files.get(`ac/${hexOf(keyOf(2))}`)!);
  const { store } = share(folder, "b", [server.url], { trust: new Set([alice.publicKey]) });
  expect(await store.findRecords([keyOf(1), keyOf(3)])).toBe(0);
  expect((await store.close())[0]!.ignored).toEqual({ unsigned: 1, unknown: 0, damaged: 1 });
});

test("a tampered object is ignored, and replaced by who computes it anew", async () => {
  using folder = new Folder();
  await using server = await FaultServer.start();
  const a = share(folder, "a", [server.url]).store;
  const record = await compute(a, 1);
  await a.close();
  const { digest } = record.outputs["out"]!.chunks[0]!;
  const name = `cas/${hexOf(digest)}`;
  const whole = server.files.get(name)!;
  server.files.set(name, Buffer.from(whole).fill(7, 20, 30));
  const { store, problems } = share(folder, "b", [server.url]);
  await store.findRecords([record.key]);
  expect(await store.locate([digest])).toBe(1);
  await store.fetch(record.outputs["out"]!.chunks);
  expect([store.hasObject(digest), store.canRead(digest)]).toEqual([false, false]);
  expect(await store.locate([digest])).toBe(0);
  expect(problems).toEqual([
    'remote "r0" gave wrong bytes for an object; what it gives wrong is ignored',
  ]);
  await compute(store, 1);
  const [summary] = await store.close();
  expect(summary!.ignored.damaged).toBe(1);
  expect(Buffer.compare(server.files.get(name)!, whole)).toBe(0);
  expect(readdirSync(store.shelf("tmp"))).toEqual([]);
});

test("an unsigned or damaged record gives way to a signed one, a well signed one stays", async () => {
  using folder = new Folder();
  await using server = await FaultServer.start();
  const there = () => server.files.get(`ac/${hexOf(keyOf(1))}`)!.toString();
  const put = async (name: string, signer?: typeof alice) => {
    const { store } = share(folder, name, [server.url], {
      trust: new Set([alice.publicKey]),
      ...(signer ? { signer } : {}),
    });
    await compute(store, 1);
    await store.close();
  };
  await put("first");
  expect(there()).not.toContain("signature");
  await put("second");
  await put("third", mallory);
  expect(there()).toContain(mallory.publicKey);
  await put("fourth", alice);
  expect(there()).toContain(mallory.publicKey);
  server.files.set(`ac/${hexOf(keyOf(1))}`, Buffer.from("{}"));
  await put("fifth", alice);
  expect(there()).toContain(alice.publicKey);
});

test("what a killed process left is uploaded by the next", async () => {
  using folder = new Folder();
  await using server = await FaultServer.start();
  const { store } = share(folder, "a", [server.url]);
  await compute(store, 1);
  await compute(store, 2);
  await store.close(0); // As good as dead.
  expect(server.files.size).toBe(0);
  const { store: next } = share(folder, "a", [server.url]);
  next.resumeUploads();
  expect((await next.close())[0]).toMatchObject({ pushed: { records: 2 }, waiting: 0 });
  expect(server.files.size).toBe(4);
});

test("an announced record that was never written is forgotten after a day, a gone object at once", async () => {
  using folder = new Folder();
  await using server = await FaultServer.start();
  const { store } = share(folder, "a", [server.url]);
  const record = await compute(store, 1);
  await store.close(0);
  rmSync(recordPath(store.folder, record.key));
  const again = async () => {
    const { store: next } = share(folder, "a", [server.url]);
    next.resumeUploads();
    return (await next.close())[0]!.waiting;
  };
  expect(await again()).toBe(1);
  const [outbox] = readdirSync(store.shelf("outbox"));
  const parcel = join(store.shelf("outbox"), outbox!, hexOf(record.key));
  const yesterday = Date.now() / 1000 - 25 * 3600;
  utimesSync(parcel, yesterday, yesterday);
  expect(await again()).toBe(0);
  writeFileSync(parcel, "");
  store.adoptRecord(record);
  rmSync(store.objectPath(record.outputs["out"]!.chunks[0]!.digest));
  expect(await again()).toBe(0);
  expect(server.files.size).toBe(0);
});

test("objects that only another remote has are passed on", async () => {
  using folder = new Folder();
  using from = new Folder();
  using to = new Folder();
  const a = share(folder, "a", [from.path]).store;
  const record = await compute(a, 1);
  await a.close();
  const { store } = share(folder, "b", [from.path, to.path]);
  await store.findRecords([record.key]);
  expect(await store.push(record.key, true)).toBe(true);
  expect(readdirSync(join(to.path, "cas"))).toEqual(readdirSync(join(from.path, "cas")));
  expect(readdirSync(join(to.path, "ac"))).toEqual([hexOf(record.key)]);
});

test("two stores compute and share at once; a third gets everything", async () => {
  using folder = new Folder();
  await using server = await FaultServer.start();
  const numbers = Array.from({ length: 40 }, (_, n) => n);
  const work = async (name: string) => {
    const { store, problems } = share(folder, name, [server.url], { signer: alice });
    for (const n of numbers) {
      if (!(await store.findRecord(keyOf(n)))) await compute(store, n);
    }
    await store.close();
    return problems;
  };
  expect(await Promise.all([work("a"), work("b")])).toEqual([[], []]);
  const { store } = share(folder, "c", [server.url], { trust: new Set([alice.publicKey]) });
  expect(await store.findRecords(numbers.map(keyOf))).toBe(40);
  for (const n of numbers) {
    expect(await valuesOf(store, store.getRecord(keyOf(n))!)).toEqual([n, n + 1]);
  }
});

test("hints of what extends what are shared, and nonsense in their place is none", async () => {
  using folder = new Folder();
  await using server = await FaultServer.start();
  const name = sha256("lineage");
  const note = async (store: string, value: number) => {
    const { store: to } = share(folder, store, [server.url]);
    to.lineages.note(name, value, keyOf(value));
    await to.close();
  };
  await note("a", 400);
  await note("b", 600);
  const { store } = share(folder, "c", [server.url]);
  await store.findHints(name);
  expect(store.lineages.below(name, 1000)).toEqual([
    { value: 600, digest: keyOf(600) },
    { value: 400, digest: keyOf(400) },
  ]);
  server.files.set(`ac/${hexOf(name)}`, Buffer.from('{"hints":{"5":"x","y":"z"}} nonsense'));
  const { store: other } = share(folder, "d", [server.url]);
  await other.findHints(name);
  expect(other.lineages.below(name, 1000)).toEqual([]);
});

test("a file that is none of ours in a folder's place is only ever ignored", async () => {
  using folder = new Folder();
  using shared = new Folder();
  for (const name of ["ac", "cas"]) mkdirSync(join(shared.path, name));
  writeFileSync(
    join(shared.path, "ac", hexOf(keyOf(1))),
    readFileSync(process.execPath).subarray(0, 5000),
  );
  const { store } = share(folder, "a", [shared.path]);
  expect(await store.findRecords([keyOf(1)])).toBe(0);
});
