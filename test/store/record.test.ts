import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { actionKey, canonicalJson, fileDigest, sha256 } from "../../src/store/digest.ts";
import {
  completeRecord,
  parseRecord,
  recordText,
  type StoreRecord,
} from "../../src/store/record.ts";
import { aDraft, anArtifact, Folder } from "./folder.ts";

/** A record with a field changed by somebody who also mends the check. */
function forged(record: StoreRecord, change: object): Uint8Array {
  const { check: _, ...rest } = { ...record, ...change };
  const text = JSON.stringify({ check: sha256(JSON.stringify(rest)), ...rest });
  return new TextEncoder().encode(text);
}

test("parseRecord() reads what recordText() wrote", async () => {
  using folder = new Folder();
  const artifact = await anArtifact(folder.open(), 1);
  const draft = {
    ...aDraft(1, artifact),
    checkpoint: artifact,
    warnings: [{ code: "odd", message: '\ud83d\ude00 \u2028 "quoted"' }],
    log: ["\u0000", "é"],
  };
  const record = completeRecord(draft);
  const bytes = new TextEncoder().encode(recordText(record));
  expect(parseRecord(bytes, record.key)).toEqual(record);
});

test("parseRecord() says what is wrong with a record whose text is whole", async () => {
  using folder = new Folder();
  const artifact = await anArtifact(folder.open(), 1);
  const record = completeRecord(aDraft(1, artifact));
  const damage = (change: object) => parseRecord(forged(record, change), record.key);
  expect(damage({})).toEqual(record);
  expect(damage({ v: 2 })).toEqual({ damage: "unknown record version 2" });
  expect(damage({ preimage: { ...record.preimage, salt: 1 } })).toEqual({
    damage: "its key is not that of its preimage",
  });
  const other = { other: true };
  expect(damage({ preimage: other, key: actionKey(other) })).toEqual({
    damage: "it lies under another key",
  });
  const malformed = { damage: 'output "out" is malformed' };
  expect(damage({ outputs: { out: null } })).toEqual(malformed);
  expect(damage({ outputs: { out: { ...artifact, rows: 3 } } })).toEqual(malformed);
  expect(damage({ outputs: { out: { ...artifact, schema: { m: { type: "int32" } } } } })).toEqual(
    malformed,
  );
  expect(damage({ outputs: { out: { ...artifact, chunks: [] } } })).toEqual(malformed);
  expect(damage({ checkpoint: 1 })).toEqual({ damage: "its checkpoint is malformed" });
  for (const change of [{ seconds: "1" }, { startedAt: "soon" }, { warnings: 0 }, { log: "x" }]) {
    expect(damage(change)).toEqual({ damage: "it is malformed" });
  }
});

test("parseRecord() refuses text that it would write otherwise", async () => {
  using folder = new Folder();
  const record = completeRecord(aDraft(1, await anArtifact(folder.open(), 1)));
  const spaced = new TextEncoder().encode(`${recordText(record)}\n`);
  expect(parseRecord(spaced, record.key)).toEqual({
    damage: "its content does not match its check",
  });
  for (const text of ["null", "[]", "1", ""]) {
    expect(parseRecord(new TextEncoder().encode(text), record.key)).toHaveProperty("damage");
  }
});

test("actionKey() is the digest of canonical JSON", () => {
  // The example of RFC 8785, section 3.2.2.
  const numbers = [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001];
  const value = {
    numbers,
    string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
    literals: [null, true, false],
  };
  const text =
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
    '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}';
  expect(canonicalJson(value)).toBe(text);
  expect(actionKey({ b: 1, a: [2] })).toBe(sha256('{"a":[2],"b":1}'));
  expect(actionKey({ a: [2], b: 1.0 })).toBe(actionKey({ b: 1, a: [2] }));
  expect(() => actionKey({ x: Number.NaN })).toThrow();
});

test("fileDigest() is the digest of the file's bytes", () => {
  using folder = new Folder();
  const path = join(folder.path, "file");
  const bytes = new Uint8Array(3_000_000).fill(7); // More than the piece that is read at once.
  writeFileSync(path, bytes);
  expect(fileDigest(path)).toBe(sha256(bytes));
  expect(() => fileDigest(join(folder.path, "none"))).toThrow(/ENOENT/);
});

test("completeRecord() refuses what no reader would accept", async () => {
  using folder = new Folder();
  const artifact = await anArtifact(folder.open(), 1);
  const refusal = (change: object) => () => completeRecord({ ...aDraft(1, artifact), ...change });
  const parts = new Array(70_000).fill(artifact.digest);
  expect(refusal({ parts })).toThrow("the result cannot be recorded: it has more than 65536 parts");
  let nested: object = {};
  for (let i = 0; i < 300; i++) nested = { nested };
  const preimage = { nested };
  expect(refusal({ preimage, key: actionKey(preimage) })).toThrow("nested more than 256 deep");
  expect(refusal({ seconds: Number.NaN })).toThrow("it is malformed");
});
