/**
 * Writes and reads artifacts, against apache-arrow with SHA-256 and a plain file: the cost of canonical
 * bytes and verified reads. Both sides find their files in the page cache.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Table, tableFromIPC, tableToIPC } from "apache-arrow";
import { Store } from "../dist/store/store.js";
import { readArtifact, writeArtifact } from "../dist/store/tables.js";
import { compare, onCpu } from "./measure.mjs";
import { activations, configurations, measurements } from "./tables.mjs";

export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), "blockspin-bench-"));
  try {
    const rows = [];
    for (const tables of [configurations(), activations(), measurements()]) {
      rows.push(...(await compareTables(folder, tables)));
    }
    return { title: "artifacts, against apache-arrow, SHA-256 and a plain file, 1 core", rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes every table as an artifact, or as a file, of its own. */
async function compareTables(folder, { name, schema, batches, columns, units, show }) {
  const tables = columns.map((vectors) => new Table(vectors));
  const path = (i) => join(folder, `${i}.arrow`);
  const rows = tables.reduce((sum, { numRows }) => sum + numRows, 0);
  let [store, artifacts, digests] = [];
  const write = await compare(
    onCpu(
      units,
      async () => {
        artifacts = [];
        for (const batch of batches) artifacts.push(await writeArtifact(store, schema, [batch]));
      },
      () => {
        store = emptyStore(folder);
      },
    ),
    onCpu(
      units,
      () => {
        digests = tables.map((table, i) => writePlain(path(i), table));
      },
      () => {
        for (const i of tables.keys()) rmSync(path(i), { force: true });
      },
    ),
  );
  const read = await compare(
    onCpu(units, async () => {
      let seen = 0;
      for (const artifact of artifacts) {
        for await (const table of readArtifact(store, artifact)) {
          seen += table.columns.rule?.length ?? table.rows;
        }
      }
      requireRows(seen, rows);
    }),
    onCpu(units, () => {
      let seen = 0;
      for (const [i, digest] of digests.entries()) {
        const table = readPlain(path(i), digest);
        // Arrow makes strings on demand; the store's reader has made them.
        seen += table.getChild("rule")?.toArray().length ?? table.numRows;
      }
      requireRows(seen, rows);
    }),
  );
  return [
    { what: `write ${name}`, show, ...write },
    { what: `read ${name}`, show, ...read },
  ];
}

let stores = 0;

function emptyStore(folder) {
  rmSync(join(folder, `store-${stores}`), { recursive: true, force: true });
  const store = Store.open(join(folder, `store-${++stores}`));
  store.prepare();
  return store;
}

function writePlain(path, table) {
  const bytes = tableToIPC(table, "file");
  writeFileSync(path, bytes);
  return createHash("sha256").update(bytes).digest("hex");
}

function readPlain(path, digest) {
  const bytes = readFileSync(path);
  if (createHash("sha256").update(bytes).digest("hex") !== digest) throw new Error("damaged");
  return tableFromIPC(bytes);
}

function requireRows(seen, rows) {
  if (seen !== rows) throw new Error(`read ${seen} rows instead of ${rows}`);
}
