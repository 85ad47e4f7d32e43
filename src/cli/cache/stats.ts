/** `blockspin cache stats`: prints what the store holds. */
import type { Command } from "commander";
import { openStore, storeStats } from "../../index.ts";
import { json, withStore } from "../options.ts";
import { size } from "../print/size.ts";
import { textTable } from "../print/table.ts";
import { out } from "../print/terminal.ts";

interface StoreOptions {
  readonly cache?: string;
  readonly json?: boolean;
}

export function define(command: Command) {
  withStore(command).addOption(json());
  return stats;
}

async function stats({ cache, json }: StoreOptions): Promise<number> {
  const store = openStore(cache);
  const found = storeStats(store);
  if (json) {
    out.json({ folder: store.folder, ...found });
    return 0;
  }
  const { nodeTypes, ...rooms } = found;
  const rows = Object.entries(rooms).map(([name, { files, bytes }]) => [name, files, size(bytes)]);
  out.print(store.folder, "");
  out.text(textTable(["what", "files", "size"], rows));
  if (nodeTypes.length > 0) {
    const types = nodeTypes.map((type) => [
      type.type,
      type.records,
      size(type.bytes),
      `${type.seconds.toFixed(1)} s`,
    ]);
    out.print("");
    out.text(textTable(["node type", "records", "size of outputs", "computed in"], types));
  }
  return 0;
}
