/** `blockspin cache …`: looks after the store. */
import { openStore, storeStats, verifyStore } from "../index.ts";
import { size } from "./size.ts";
import { textTable } from "./table.ts";

interface StoreOptions {
  readonly cache?: string;
  readonly json?: boolean;
}

export async function stats({ cache, json }: StoreOptions): Promise<number> {
  const store = openStore(cache);
  const found = storeStats(store);
  if (json) {
    process.stdout.write(`${JSON.stringify({ folder: store.folder, ...found }, null, 1)}\n`);
    return 0;
  }
  const { nodeTypes, ...rooms } = found;
  const rows = Object.entries(rooms).map(([name, { files, bytes }]) => [name, files, size(bytes)]);
  process.stdout.write(`${store.folder}\n\n${textTable(["what", "files", "size"], rows)}\n`);
  if (nodeTypes.length > 0) {
    const types = nodeTypes.map((type) => [
      type.type,
      type.records,
      size(type.bytes),
      `${type.seconds.toFixed(1)} s`,
    ]);
    process.stdout.write(
      `\n${textTable(["node type", "records", "size of outputs", "computed in"], types)}\n`,
    );
  }
  return 0;
}

export async function verify({ cache, json }: StoreOptions): Promise<number> {
  const store = openStore(cache);
  const found = await verifyStore(store);
  if (json) process.stdout.write(`${JSON.stringify(found, null, 1)}\n`);
  else {
    for (const { kind, name, reason, quarantined } of found.damaged) {
      const where = quarantined ? `now in ${quarantined}` : "it could not be moved";
      process.stdout.write(`damaged ${kind} ${name}: ${reason}; ${where}\n`);
    }
    if (found.missing.length > 0) {
      process.stdout.write(
        `${found.missing.length} objects that records name are not here; what needs them runs again\n`,
      );
    }
    process.stdout.write(
      `${found.objects} objects (${size(found.bytes)}) and ${found.records} records are whole, ${found.damaged.length} damaged\n`,
    );
  }
  return found.damaged.length > 0 ? 1 : 0;
}
