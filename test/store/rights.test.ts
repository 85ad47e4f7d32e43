/** Which rights the files and folders of a store and of a remote have, by the folder around them. */

import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "../../src/store/digest.ts";
import { Journal } from "../../src/store/journal.ts";
import { DirectoryTransport } from "../../src/store/remote/directory.ts";
import { Store } from "../../src/store/store.ts";
import { pin } from "../../src/store/upkeep/pins.ts";
import { aDraft, anArtifact, Folder } from "./folder.ts";

/** Makes one thing of every kind in the folder, under a umask. */
async function fill(folder: string, umask: number): Promise<void> {
  const before = process.umask(umask);
  try {
    const store = Store.open(join(folder, "store"));
    store.prepare();
    const { key } = store.putRecord(aDraft(1, await anArtifact(store, 1)));
    store.noteHint(sha256("a lineage"), 1, key);
    Journal.create(store, "p").close();
    pin(store, key, "note");
    store.claims.acquire(key);
    const remote = new DirectoryTransport(folder);
    const call = { signal: new AbortController().signal, alive() {} };
    for (const kind of ["ac", "cas"] as const) {
      await remote.put(kind, "0".repeat(64), Buffer.from("x"), call);
    }
  } finally {
    process.umask(before);
  }
}

/** The modes of all folders below, and of all files. */
function modesBelow(folder: string): { folders: Set<string>; files: Set<string> } {
  const [folders, files] = [new Set<string>(), new Set<string>()];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const { mode } = statSync(join(entry.parentPath, entry.name));
    (entry.isDirectory() ? folders : files).add((mode & 0o7777).toString(8));
  }
  return { folders, files };
}

const octal = (...modes: number[]) => new Set(modes.map((mode) => mode.toString(8)));

test.skipIf(process.platform !== "linux")(
  "what is made takes the rights of a shared folder, else those of the umask",
  async () => {
    for (const [mode, umask, folders, ...files] of [
      // Objects and records, which nobody writes again, then claims, journals and a remote's files.
      [0o2775, 0o022, 0o2775, 0o444, 0o664],
      [0o2775, 0o077, 0o2775, 0o444, 0o664],
      [0o2770, 0o022, 0o2770, 0o440, 0o660],
      [0o2770, 0o077, 0o2770, 0o440, 0o660],
      [0o2750, 0o002, 0o2750, 0o440, 0o640],
      [0o775, 0o077, 0o775, 0o444, 0o664],
      [0o777, 0o077, 0o777, 0o444, 0o666],
      [0o3775, 0o077, 0o2775, 0o444, 0o664],
      [0o755, 0o077, 0o700, 0o400, 0o600],
      [0o1777, 0o077, 0o700, 0o400, 0o600],
      [0o700, 0o022, 0o755, 0o444, 0o644],
    ] as const) {
      using folder = new Folder();
      const place = join(folder.path, "place");
      mkdirSync(place);
      chmodSync(place, mode);
      await fill(place, umask);
      const why = `in ${mode.toString(8)} under ${umask.toString(8)}`;
      expect(modesBelow(place), why).toEqual({ folders: octal(folders), files: octal(...files) });
      expect(existsSync(join(place, "cas", "0".repeat(64))), why).toBe(true);
    }
  },
);
