/** Stores with remotes behind them, as the engine opens them, but in the test's own hands. */
import { join } from "node:path";
import { kindOf } from "../../../src/store/remote/kinds.ts";
import { Remote } from "../../../src/store/remote/remote.ts";
import type { Trust } from "../../../src/store/remote/trust.ts";
import type { Signer } from "../../../src/store/sign.ts";
import { Store } from "../../../src/store/store.ts";
import type { Folder } from "../folder.ts";

interface OpenStore {
  readonly store: Store;
  /** What it reported about its remotes. */
  readonly problems: string[];
}

interface Options {
  readonly push?: boolean;
  readonly trust?: Trust;
  /** Seconds. */
  readonly timeout?: number;
  readonly signer?: Signer;
  readonly authorization?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A folder, or a server. */
export type Place =
  | string
  | { readonly url: string; readonly environment: Readonly<Record<string, string>> };

/** The store `name` in a folder, with remotes at some places. */
export function openStore(
  folder: Folder,
  name: string,
  places: readonly Place[],
  options: Options = {},
): OpenStore {
  const { push = true, trust = "anyone", timeout = 30, signer, authorization } = options;
  const { settings = {} } = options;
  const problems: string[] = [];
  const remotes = places.map((given, i) => {
    const secret = () => authorization;
    const { url: place, environment } =
      typeof given === "string" ? { url: given, environment: {} } : given;
    const opening = { name: `r${i}`, place, settings, environment, alone: true, secret };
    const onProblem = (message: string) => problems.push(message);
    return new Remote(kindOf(place).open(opening), {
      ...{ name: `r${i}`, push, trust, timeout, onProblem },
    });
  });
  const store = Store.open(join(folder.path, name), { remotes, signer });
  store.prepare();
  return { store, problems };
}
