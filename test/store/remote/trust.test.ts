/** Whose records count, and what becomes of those that somebody changed on the way. */

import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { actionKey, hexOf, sha256 } from "../../../src/store/digest.ts";
import type { StoreRecord } from "../../../src/store/record.ts";
import { generateKey, signerOf } from "../../../src/store/sign.ts";
import type { Store } from "../../../src/store/store.ts";
import type { ActionKey } from "../../../src/table/digest.ts";
import type { FaultServer } from "../../harness/fault-server.ts";
import { describeServers } from "../../harness/faulty.ts";
import { aDraft, anArtifact, Folder, preimageOf } from "../folder.ts";
import { openStore } from "./open.ts";

const alice = signerOf(generateKey().pem);
const mallory = signerOf(generateKey().pem);
const keyOf = (n: number) => actionKey(preimageOf(n));

async function compute(store: Store, n: number): Promise<StoreRecord> {
  return store.putRecord(aDraft(n, await anArtifact(store, n)));
}

/** Changes what the server has under a key, as somebody who can write there might. */
async function tamper(
  server: FaultServer,
  key: ActionKey,
  change: (record: StoreRecord) => object,
): Promise<void> {
  const name = `ac/${hexOf(key)}`;
  const record = JSON.parse((await server.behind.read(name)).toString()) as StoreRecord;
  await server.behind.write(name, Buffer.from(JSON.stringify(change(record))));
}

/** Mends the check, as somebody without the key can. */
function mended({ check: _, signature, ...rest }: StoreRecord): object {
  return { check: sha256(JSON.stringify(rest)), ...(signature ? { signature } : {}), ...rest };
}

describeServers((start) => {
  test("records of who is not trusted are ignored and counted, and their objects never asked for", async () => {
    using folder = new Folder();
    await using server = await start();
    const nobody = openStore(folder, "nobody", [server]).store;
    const forger = openStore(folder, "mallory", [server], { signer: mallory }).store;
    await compute(nobody, 1);
    await compute(forger, 2);
    await nobody.close(60_000);
    await forger.close(60_000);
    const trust = new Set([alice.publicKey]);
    const { store, problems } = openStore(folder, "b", [server], { trust });
    expect(await store.findRecords([keyOf(1), keyOf(2)])).toBe(0);
    const [summary] = await store.close(60_000);
    expect(summary!.ignored).toEqual({ unsigned: 1, unknown: 1, damaged: 0 });
    expect(summary!.strangers).toEqual([
      { key: expect.stringMatching(/^ed25519:/), name: expect.any(String) },
    ]);
    expect([...store.listRecords()]).toEqual([]);
    expect(problems).toEqual([]);
  });

  test.each<[string, string, (record: StoreRecord) => object]>([
    ["a field", "damaged", (r) => ({ ...r, seconds: 9 })],
    ["a field, with its check mended", "forged", (r) => mended({ ...r, seconds: 9 })],
    ["an output, with its check mended", "forged", (r) => mended({ ...r, outputs: {} })],
    [
      "its signature's value",
      "forged",
      (r) => ({ ...r, signature: { ...r.signature, value: alice.sign("x").value } }),
    ],
    [
      "its signature's key",
      "forged",
      (r) => ({ ...r, signature: { ...r.signature, key: mallory.publicKey } }),
    ],
    ["its signature's form", "malformed", (r) => ({ ...r, signature: "none" })],
  ])("a record with %s changed is ignored, told of and counted", async (_, fault, change) => {
    using folder = new Folder();
    await using server = await start();
    const a = openStore(folder, "a", [server], { signer: alice }).store;
    const record = await compute(a, 1);
    await a.close(60_000);
    await tamper(server, record.key, change);
    const trust = new Set([alice.publicKey, mallory.publicKey]);
    const { store, problems } = openStore(folder, "b", [server], { trust });
    expect(await store.findRecords([record.key])).toBe(0);
    const [summary] = await store.close(60_000);
    expect(summary!.ignored).toEqual({ unsigned: 0, unknown: 0, damaged: 1 });
    const words: Record<string, string> = {
      damaged: "a damaged record: its content does not match its check",
      forged: "a record that was tampered with",
      malformed: "a damaged record: its signature is malformed",
    };
    expect(problems).toEqual([`remote "r0" holds ${words[fault]}; it is ignored`]);
  });

  test("a record whose signature is removed counts as unsigned, and one under another key as damaged", async () => {
    using folder = new Folder();
    await using server = await start();
    const a = openStore(folder, "a", [server], { signer: alice }).store;
    await compute(a, 1);
    await compute(a, 2);
    await a.close(60_000);
    await tamper(server, keyOf(1), ({ signature: _, ...rest }) => rest);
    await server.behind.write(
      `ac/${hexOf(keyOf(3))}`,
      await server.behind.read(`ac/${hexOf(keyOf(2))}`),
    );
    const { store } = openStore(folder, "b", [server], { trust: new Set([alice.publicKey]) });
    expect(await store.findRecords([keyOf(1), keyOf(3)])).toBe(0);
    expect((await store.close())[0]!.ignored).toEqual({ unsigned: 1, unknown: 0, damaged: 1 });
  });

  test("a tampered object is ignored, and replaced by who computes it anew", async () => {
    using folder = new Folder();
    await using server = await start();
    const a = openStore(folder, "a", [server]).store;
    const record = await compute(a, 1);
    await a.close(60_000);
    const { digest } = record.outputs["out"]!.chunks[0]!;
    const name = `cas/${hexOf(digest)}`;
    const whole = await server.behind.read(name);
    await server.behind.write(name, Buffer.from(whole).fill(7, 20, 30));
    const { store, problems } = openStore(folder, "b", [server]);
    await store.findRecords([record.key]);
    expect(await store.locate([digest])).toBe(1);
    await store.fetch([record.outputs["out"]!]);
    expect([store.hasObject(digest), store.canRead(digest)]).toEqual([false, false]);
    expect(await store.locate([digest])).toBe(0);
    expect(problems).toEqual(['remote "r0" gave wrong bytes for an object; they are ignored']);
    await compute(store, 1);
    const [summary] = await store.close(60_000);
    expect(summary!.ignored.damaged).toBe(1);
    expect(Buffer.compare(await server.behind.read(name), whole)).toBe(0);
    expect(readdirSync(store.shelf("tmp"))).toEqual([]);
  });

  test("an unsigned or damaged record gives way to a signed one, a well signed one stays", async () => {
    using folder = new Folder();
    await using server = await start();
    const there = async () => (await server.behind.read(`ac/${hexOf(keyOf(1))}`)).toString();
    const put = async (name: string, signer?: typeof alice) => {
      const { store } = openStore(folder, name, [server], {
        trust: new Set([alice.publicKey]),
        ...(signer ? { signer } : {}),
      });
      await compute(store, 1);
      await store.close(60_000);
    };
    await put("first");
    expect(await there()).not.toContain("signature");
    await put("second");
    await put("third", mallory);
    expect(await there()).toContain(mallory.publicKey);
    await put("fourth", alice);
    expect(await there()).toContain(mallory.publicKey);
    await server.behind.write(`ac/${hexOf(keyOf(1))}`, Buffer.from("{}"));
    await put("fifth", alice);
    expect(await there()).toContain(alice.publicKey);
  });

  test("a record that was set aside here does not come back from a remote", async () => {
    using folder = new Folder();
    await using server = await start();
    const { store } = openStore(folder, "a", [server]);
    const record = await compute(store, 1);
    await store.close(60_000);
    const { store: again, problems } = openStore(folder, "a", [server]);
    again.quarantineRecord(record.key, "its acceptance was revoked");
    expect(await again.findRecords([record.key])).toBe(0);
    expect(again.getRecord(record.key)).toBeUndefined();
    // Another result under the same key is another matter.
    await tamper(server, record.key, (there) => mended({ ...there, seconds: 2 }));
    expect(await again.findRecords([record.key])).toBe(1);
    expect(problems).toEqual([]);
  });
});
