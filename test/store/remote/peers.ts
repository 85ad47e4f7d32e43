/** Stores with remotes behind them, as the engine opens them, but in the test's own hands. */
import { join } from "node:path";
import { DirectoryRemote } from "../../../src/store/remote/directory.ts";
import { HttpRemote } from "../../../src/store/remote/http.ts";
import { Peer } from "../../../src/store/remote/peer.ts";
import { SharedRemote } from "../../../src/store/remote/shared.ts";
import type { Trust } from "../../../src/store/remote/trust.ts";
import type { Signer } from "../../../src/store/sign.ts";
import { Store } from "../../../src/store/store.ts";
import type { Folder } from "../folder.ts";

export interface Sharing {
  readonly store: Store;
  /** What it told about its remotes. */
  readonly problems: string[];
}

interface Options {
  readonly push?: boolean;
  readonly trust?: Trust;
  /** Seconds. */
  readonly timeout?: number;
  readonly signer?: Signer;
  readonly authorization?: string;
}

/** The store `name` in a folder, with remotes at some places. */
export function share(
  folder: Folder,
  name: string,
  places: readonly string[],
  options: Options = {},
): Sharing {
  const { push = true, trust = "anyone", timeout = 5, signer, authorization } = options;
  const end = new AbortController();
  const problems: string[] = [];
  const remotes = places.map((place, i) => {
    const remote = place.startsWith("http")
      ? new HttpRemote(place, authorization)
      : new DirectoryRemote(place);
    const onProblem = (message: string) => problems.push(message);
    const peer = new Peer(remote, { name: `r${i}`, timeout, onProblem, signal: end.signal });
    return new SharedRemote(peer, { push, trust });
  });
  const store = Store.open(join(folder.path, name), { remotes, end, signer });
  store.prepare();
  return { store, problems };
}
