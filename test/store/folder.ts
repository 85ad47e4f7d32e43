/** A store in a folder of its own, and small things to put into it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { actionKey } from "../../src/store/digest.ts";
import type { RecordDraft } from "../../src/store/record.ts";
import { Store, type StoreOptions } from "../../src/store/store.ts";
import { writeArtifact } from "../../src/store/tables.ts";
import type { Artifact } from "../../src/table/schema.ts";

export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "blockspin-store-"));

  open(options: StoreOptions = {}): Store {
    return Store.open(join(this.path, "cache"), options);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A small artifact that differs by `n`. */
export function anArtifact(store: Store, n: number): Promise<Artifact> {
  return writeArtifact(store, { n: { type: "int32" } }, [{ n: [n, n + 1] }]);
}

/** The same as in process.mjs. */
export function preimageOf(n: number) {
  return { v: 1, node: "probe", version: 1, params: { n }, inputs: {}, numerics: null };
}

/** A record that differs by `n`. */
export function aDraft(n: number, out: Artifact): RecordDraft {
  const preimage = preimageOf(n);
  return {
    key: actionKey(preimage),
    preimage,
    outputs: { out },
    seconds: 1.5,
    startedAt: "2026-01-01T00:00:00.000Z",
    finishedAt: "2026-01-01T00:00:01.500Z",
    warnings: [],
    log: ["a line"],
  };
}
