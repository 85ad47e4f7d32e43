/** `cache stats`: what a store holds, and the room that it takes. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { errno, readFailure } from "../errors.ts";
import type { Shelf } from "../layout.ts";
import type { Store } from "../store.ts";

export interface Room {
  readonly files: number;
  readonly bytes: number;
}

export interface StoreStats {
  readonly objects: Room;
  readonly records: Room;
  /** Journals of runs. */
  readonly runs: Room;
  /** Uploads that wait. */
  readonly outbox: Room;
  /** Claims of running processes, and of killed ones. */
  readonly claims: Room;
  readonly quarantine: Room;
  /** What `show --path --joined` wrote. */
  readonly joined: Room;
  /** Files being written, and those that killed processes left. */
  readonly tmp: Room;
  /** Largest first. An object that several node types made counts for each. */
  readonly nodeTypes: readonly NodeTypeStats[];
}

export interface NodeTypeStats {
  readonly type: string;
  readonly records: number;
  /** Bytes of the distinct objects in their outputs. */
  readonly bytes: number;
  /** The time that computing them took. */
  readonly seconds: number;
}

export function storeStats(store: Store): StoreStats {
  const room = (shelf: Shelf) => measure(store.shelf(shelf));
  return {
    objects: room("objects"),
    records: room("records"),
    runs: room("runs"),
    outbox: room("outbox"),
    claims: room("claims"),
    quarantine: room("quarantine"),
    joined: room("joined"),
    tmp: room("tmp"),
    nodeTypes: byNodeType(store),
  };
}

function byNodeType(store: Store): NodeTypeStats[] {
  const types = new Map<string, { records: number; seconds: number; sizes: Map<string, number> }>();
  for (const key of store.listRecords()) {
    const record = store.getRecord(key);
    if (!record) continue;
    const type = String(record.preimage["node"]);
    const entry = types.get(type) ?? { records: 0, seconds: 0, sizes: new Map() };
    types.set(type, entry);
    entry.records++;
    // The parts have records of their own, which count their seconds.
    if (!record.parts) entry.seconds += record.seconds;
    for (const { chunks } of Object.values(record.outputs)) {
      for (const { digest, bytes } of chunks) entry.sizes.set(digest, bytes);
    }
  }
  return [...types]
    .map(([type, { records, seconds, sizes }]) => {
      const bytes = [...sizes.values()].reduce((total, size) => total + size, 0);
      return { type, records, bytes, seconds };
    })
    .sort((a, b) => b.bytes - a.bytes);
}

function measure(folder: string): Room {
  let [files, bytes] = [0, 0];
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const inside = entry.isDirectory() ? measure(path) : sizeOf(path);
      files += inside.files;
      bytes += inside.bytes;
    }
  } catch (error) {
    if (errno(error) !== "ENOENT") throw readFailure(folder, error);
  }
  return { files, bytes };
}

function sizeOf(path: string): Room {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? { files: 1, bytes: stats.size } : { files: 0, bytes: 0 };
}
