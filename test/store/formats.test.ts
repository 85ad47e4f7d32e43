/**
 * Stores of earlier versions must still load. `test/formats/v1` was written by version 0.1.0 and is
 * never written again; a change that needs that is a new format.
 */

import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { named } from "../../src/store/digest.ts";
import { readJournals } from "../../src/store/journal.ts";
import { readArtifact, writeArtifact } from "../../src/store/tables.ts";
import { verifyStore } from "../../src/store/upkeep/verify.ts";
import type { ActionKey } from "../../src/table/digest.ts";
import { batch, schema } from "../table/every-type.ts";
import { Folder } from "./folder.ts";

const v1 = fileURLToPath(new URL("../formats/v1", import.meta.url));
const key = named<ActionKey>("531330cdfd9c3e9746f7c196c710e1e51e47c016df366bc640f4f6744ac68211");

/** A copy, since a damaged object would be moved to quarantine. */
function copied(folder: Folder) {
  cpSync(v1, join(folder.path, "cache", "v1"), { recursive: true });
  return folder.open();
}

test("a store of format 1 is whole", async () => {
  using folder = new Folder();
  const found = await verifyStore(copied(folder));
  expect(found).toMatchObject({ objects: 2, records: 1, damaged: [], missing: [] });
});

test("getRecord() and readArtifact() load a record and objects of format 1", async () => {
  using folder = new Folder();
  const store = copied(folder);
  const record = store.getRecord(key);
  expect(record).toMatchObject({
    v: 1,
    preimage: { node: "every-type", params: { text: "é\n", number: 0.1 } },
    seconds: 1.25,
    warnings: [{ code: "a-warning", message: "about nothing" }],
    log: ["a line"],
    collected: { metrics: [{ coordinate: { seed: 1, rule: "majority" } }] },
  });
  const { table, checkpoint } = {
    table: record!.outputs["table"]!,
    checkpoint: record!.checkpoint!,
  };
  expect([table.rows, table.schema]).toEqual([3, schema]);
  for await (const { columns } of readArtifact(store, table)) {
    expect(columns["int8"]).toEqual(Int8Array.of(-128, 0, 127));
    expect(columns["spins"]).toEqual(Uint8Array.of(0b0110_1001, 0b1111));
    expect(columns["null_utf8"]).toEqual(["", null, "x"]);
    expect(columns["list_float64"]).toEqual([
      Float64Array.of(0.5),
      Float64Array.of(1, 2, 3),
      Float64Array.of(),
    ]);
  }
  for await (const { rows } of readArtifact(store, checkpoint)) expect(rows).toBe(0);
});

test("writeArtifact() still makes the bytes of format 1", async () => {
  using folder = new Folder();
  const record = copied(folder).getRecord(key)!;
  using fresh = new Folder();
  expect(await writeArtifact(fresh.open(), schema, [batch])).toEqual(record.outputs["table"]);
  expect(await writeArtifact(fresh.open(), schema, [])).toEqual(record.checkpoint);
});

test("readJournals() loads a journal of format 1", () => {
  using folder = new Folder();
  expect(readJournals(copied(folder), "a-pipeline")).toEqual([
    [{ event: "started" }, { event: "finished" }],
  ]);
});
