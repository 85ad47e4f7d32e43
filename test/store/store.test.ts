import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { actionKey, sha256 } from "../../src/store/digest.ts";
import { MissingObject, StoreError } from "../../src/store/errors.ts";
import { recordPath } from "../../src/store/layout.ts";
import { type Damage, Store } from "../../src/store/store.ts";
import { readArtifact } from "../../src/store/tables.ts";
import { aDraft, anArtifact, Folder } from "./folder.ts";

const bytes = new TextEncoder().encode("some bytes");

/** Makes a published file writable and puts other bytes into it. */
function damage(path: string, content: Uint8Array): void {
  chmodSync(path, 0o644);
  writeFileSync(path, content);
}

function code(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof StoreError) return error.code;
    throw error;
  }
  return "none";
}

test("putObject() names bytes by their digest, and readObject() gives them back", () => {
  using folder = new Folder();
  const store = folder.open();
  const { digest, bytes: size } = store.putObject(bytes);
  expect([digest, size]).toEqual([sha256(bytes), bytes.length]);
  expect(store.objectPath(digest)).toBe(
    join(store.folder, "v1", "objects", digest.slice(7, 9), digest.slice(9)),
  );
  expect(store.readObject(digest)).toEqual(bytes);
  expect(store.putObject(bytes).digest).toBe(digest);
  expect([...store.local.listObjects()]).toEqual([digest]);
  expect(readdirSync(store.shelf("tmp"))).toEqual([]);
});

test("readObject() throws for an object that is not there", () => {
  using folder = new Folder();
  const store = folder.open();
  const digest = sha256("nothing");
  expect(store.hasObject(digest)).toBe(false);
  expect(() => store.readObject(digest)).toThrow(new MissingObject(digest, "absent"));
  expect(store.local.damages).toEqual([]);
});

test("readObject() quarantines an object with any bit flipped or cut off anywhere", () => {
  const cut = fc.nat(bytes.length - 1).map((length) => bytes.slice(0, length));
  const flip = fc.nat(8 * bytes.length - 1).map((bit) => {
    const copy = bytes.slice();
    copy[bit >> 3]! ^= 1 << (bit & 7);
    return copy;
  });
  using folder = new Folder();
  const seen: Damage[] = [];
  const store = folder.open({ onDamage: (found) => seen.push(found) });
  fc.assert(
    fc.property(fc.oneof(cut, flip), (damaged) => {
      const { digest } = store.putObject(bytes);
      damage(store.objectPath(digest), damaged);
      expect(() => store.readObject(digest)).toThrow(new MissingObject(digest, "corrupt"));
      expect(store.hasObject(digest)).toBe(false);
      expect(seen.at(-1)).toMatchObject({ kind: "object", name: digest });
      expect(new Uint8Array(readFileSync(seen.at(-1)!.quarantined!))).toEqual(damaged);
    }),
  );
  expect(store.local.damages).toEqual(seen);
});

test("putObject() replaces a damaged object of the same name", () => {
  using folder = new Folder();
  const store = folder.open();
  const { digest } = store.putObject(bytes);
  damage(store.objectPath(digest), bytes.slice(0, 3));
  store.putObject(bytes);
  expect(store.readObject(digest)).toEqual(bytes);
  expect(store.local.damages.map(({ kind }) => kind)).toEqual(["object"]);
});

test("putRecord() keeps the first record of a key", async () => {
  using folder = new Folder();
  const store = folder.open();
  const draft = aDraft(1, await anArtifact(store, 1));
  expect(store.getRecord(draft.key)).toBeUndefined();
  const first = store.putRecord(draft);
  expect(first).toMatchObject({ v: 1, ...draft });
  expect(store.getRecord(draft.key)).toEqual(first);
  const later = store.putRecord({ ...draft, seconds: 99 });
  expect(later).toEqual(first);
  expect([...store.listRecords()]).toEqual([draft.key]);
});

test("putRecord() refuses a key that is not that of the preimage", async () => {
  using folder = new Folder();
  const store = folder.open();
  const draft = { ...aDraft(1, await anArtifact(store, 1)), key: actionKey({ v: 2 }) };
  expect(() => store.putRecord(draft)).toThrow(/internal error: .* is not the key/);
});

test("getRecord() quarantines a record with a bit of any byte flipped, or cut off", async () => {
  using folder = new Folder();
  const store = folder.open();
  const draft = aDraft(1, await anArtifact(store, 1));
  const whole = store.putRecord(draft);
  const path = recordPath(store.folder, draft.key);
  const text = new Uint8Array(readFileSync(path));
  for (let byte = 0; byte < text.length; byte++) {
    const flipped = text.slice();
    flipped[byte]! ^= 1 << (byte % 8);
    // Every byte, and a cut at every seventh.
    for (const damaged of byte % 7 ? [flipped] : [flipped, text.slice(0, byte)]) {
      damage(path, damaged);
      expect(store.getRecord(draft.key)).toBeUndefined();
      expect(existsSync(path)).toBe(false);
      writeFileSync(path, text);
    }
  }
  expect(store.getRecord(draft.key)).toEqual(whole);
  expect(store.local.damages.length).toBe(text.length + Math.ceil(text.length / 7));
});

test("putRecord() replaces a damaged record", async () => {
  using folder = new Folder();
  const store = folder.open();
  const draft = aDraft(1, await anArtifact(store, 1));
  store.putRecord(draft);
  damage(recordPath(store.folder, draft.key), new Uint8Array());
  expect(store.putRecord({ ...draft, seconds: 3 }).seconds).toBe(3);
  expect(store.getRecord(draft.key)?.seconds).toBe(3);
});

test("quarantineRecord() makes room for another", async () => {
  using folder = new Folder();
  const store = folder.open();
  const draft = aDraft(1, await anArtifact(store, 1));
  store.putRecord(draft);
  store.quarantineRecord(draft.key, "nondeterministic");
  expect(store.getRecord(draft.key)).toBeUndefined();
  expect(store.local.damages).toMatchObject([{ kind: "record", reason: "nondeterministic" }]);
  const other = { ...draft, outputs: { out: await anArtifact(store, 2) } };
  expect(store.putRecord(other).outputs).toEqual(other.outputs);
});

test("readArtifact() gives an artifact's tables, and throws where an object is gone", async () => {
  using folder = new Folder();
  const store = folder.open();
  const artifact = await anArtifact(store, 5);
  const read = async () => {
    const tables = [];
    for await (const { columns } of readArtifact(store, artifact)) tables.push(columns);
    return tables;
  };
  expect(await read()).toEqual([{ n: Int32Array.of(5, 6) }]);
  damage(store.objectPath(artifact.chunks[0]!.digest), new Uint8Array(3));
  await expect(read()).rejects.toThrow(MissingObject);
});

test("Store.open() makes nothing, and prepare() makes the folders", () => {
  using folder = new Folder();
  const store = folder.open();
  expect(existsSync(store.folder)).toBe(false);
  expect([...store.listRecords(), ...store.local.listObjects()]).toEqual([]);
  store.prepare();
  store.prepare();
  expect(readdirSync(join(store.folder, "v1")).sort()).toEqual([
    "claims",
    "objects",
    "quarantine",
    "records",
    "runs",
    "tmp",
  ]);
  expect(readFileSync(join(store.folder, ".gitignore"), "utf8")).toBe("*\n");
  expect(readdirSync(store.shelf("tmp"))).toEqual([]);
});

test("Store.open() refuses a newer format and something that is not a folder", () => {
  using folder = new Folder();
  mkdirSync(join(folder.path, "cache", "v2"), { recursive: true });
  expect(code(() => folder.open())).toBe("store-version");
  const file = join(folder.path, "file");
  writeFileSync(file, "");
  expect(code(() => Store.open(file))).toBe("store-unwritable");
  expect(code(() => Store.open(join(file, "cache")).prepare())).toBe("store-unwritable");
});

test("prepare() says why a store cannot be written", () => {
  // /proc takes no folders, whoever asks.
  const folder = process.platform === "linux" ? "/proc/blockspin" : "/dev/null/blockspin";
  try {
    Store.open(folder).prepare();
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    expect((error as StoreError).message).toMatch(/^cannot write store ".*": .* \(E[A-Z]+\)$/);
  }
});

test("Store.open() removes what killed writers left a day ago, and nothing younger", () => {
  using folder = new Folder();
  const store = folder.open();
  store.prepare();
  // No process has an id beyond 2^22.
  const [old, young, ours] = [`${2 ** 22 + 1}-a`, `${2 ** 22 + 1}-b`, `${process.pid}-c`].map(
    (name) => {
      const path = join(store.shelf("tmp"), name);
      writeFileSync(path, "");
      return path;
    },
  ) as [string, string, string];
  const yesterday = Date.now() / 1000 - 25 * 3600;
  for (const path of [old, ours]) utimesSync(path, yesterday, yesterday);
  folder.open();
  expect([old, young, ours].map((path) => existsSync(path))).toEqual([false, true, true]);
});
