/** Artifacts, against files with a digest: what canonical bytes and verified reads cost. */
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Table, tableFromIPC, tableToIPC } from "apache-arrow";
import { Store } from "../../dist/store/store.js";
import { readArtifact, writeArtifact } from "../../dist/store/tables.js";
import { inProcess, script } from "../harness/sides.mjs";
import { activations, configurations, measurements } from "../harness/tables.mjs";

const entry = createRequire(import.meta.url).resolve("apache-arrow");
const { version } = JSON.parse(readFileSync(join(dirname(entry), "package.json"), "utf8"));

const megabytes = { of: "cpu", unit: "MB/s", rate: 1 };
const milliseconds = { of: "cpu", unit: "ms", scale: 1000 };

/** What each is, and the goals of writing and reading it. */
const kinds = {
  spins: { made: configurations, show: megabytes, goals: [{ atLeast: 800 }, { atLeast: 800 }] },
  activations: { made: activations, show: megabytes, goals: [{ atLeast: 800 }, { atLeast: 800 }] },
  small: { made: measurements, show: milliseconds, goals: [{ atMost: 0.2 }, { atMost: 0.15 }] },
};

export const job = {
  title: "Artifacts written and read",
  method:
    "Tables to and from the store, one core; peers keep an Arrow file and its SHA-256, and check it. " +
    "Files are in the page cache. MB are the columns' bytes.",

  cases({ folder, machine }) {
    return Object.entries(kinds).flatMap(([kind, { made, show, goals }], number) => {
      const tables = made();
      const sides = sidesOf(join(folder, String(number)), tables);
      const hash = { value: machine.hash / 1e6, text: "SHA-256 of every byte" };
      const limits = [
        { value: 1000 * machine.made, text: "one small file is made and renamed" },
        { value: 1000 * machine.read, text: "one small file is read" },
      ];
      return ["write", "read"].map((way, i) => ({
        name: `${way} ${tables.name}`,
        ...{ show, goals: [goals[i]], limit: show === megabytes ? hash : limits[i] },
        ours: sides.ours[way],
        peers: {
          "apache-arrow": sides.arrow[way],
          pyarrow: script("artifacts", kind, way, folder),
        },
      }));
    });
  },
};

/** Writes every table as an artifact, or as a file, of its own. */
function sidesOf(folder, { schema, batches, columns, units }) {
  const tables = columns.map((vectors) => new Table(vectors));
  const rows = tables.reduce((sum, { numRows }) => sum + numRows, 0);
  let [number, store] = [0];
  const renew = () => {
    rmSync(`${folder}-${number}`, { recursive: true, force: true });
    store = Store.open(`${folder}-${++number}`);
    store.prepare();
  };
  const write = async () => {
    const artifacts = [];
    for (const batch of batches) artifacts.push(await writeArtifact(store, schema, [batch]));
    return artifacts;
  };
  const path = (i) => `${folder}-${i}.arrow`;
  const remove = () => {
    for (const i of tables.keys()) rmSync(path(i), { force: true });
  };
  const writeFiles = () => tables.map((table, i) => writePlain(path(i), table));
  const name = `apache-arrow ${version}`;
  return {
    ours: {
      write: () => inProcess(units, async () => void (await write()), renew),
      async read() {
        renew();
        const artifacts = await write();
        return inProcess(
          units,
          async () => void requireRows(await readAll(store, artifacts), rows),
        );
      },
    },
    arrow: {
      write: () => inProcess(units, () => void writeFiles(), remove, name),
      read() {
        const digests = writeFiles();
        const read = () => digests.reduce((sum, digest, i) => sum + readPlain(path(i), digest), 0);
        return inProcess(units, () => requireRows(read(), rows), undefined, name);
      },
    },
  };
}

async function readAll(store, artifacts) {
  let seen = 0;
  for (const artifact of artifacts) {
    for await (const table of readArtifact(store, artifact)) {
      seen += table.columns.rule?.length ?? table.rows;
    }
  }
  return seen;
}

function writePlain(path, table) {
  const bytes = tableToIPC(table, "file");
  writeFileSync(path, bytes);
  return createHash("sha256").update(bytes).digest("hex");
}

function readPlain(path, digest) {
  const bytes = readFileSync(path);
  if (createHash("sha256").update(bytes).digest("hex") !== digest) throw new Error("damaged");
  const table = tableFromIPC(bytes);
  // Arrow makes strings on demand; the store's reader has made them.
  return table.getChild("rule")?.toArray().length ?? table.numRows;
}

function requireRows(seen, rows) {
  if (seen !== rows) throw new Error(`read ${seen} rows instead of ${rows}`);
}
