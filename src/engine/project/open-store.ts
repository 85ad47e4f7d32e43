/**
 * Opens the store that a project uses, with the remotes behind it and the key that signs. Knows no
 * pipeline.
 */
import { DirectoryRemote } from "../../store/remote/directory.ts";
import { HttpRemote } from "../../store/remote/http.ts";
import { Peer } from "../../store/remote/peer.ts";
import { SharedRemote } from "../../store/remote/shared.ts";
import type { Trust } from "../../store/remote/trust.ts";
import { type Damage, Store } from "../../store/store.ts";
import { UsageError } from "../usage-error.ts";
import { authorizationFor, loadSigner } from "./credentials.ts";
import type { Environment, Resolved } from "./project.ts";
import { type RemoteSetting, remoteOfPlace, type TrustSetting } from "./remote-settings.ts";

/** What the command line says about remotes. */
export interface SharingFlags {
  /** Instead of those of the configuration: their names, URLs or folders. */
  readonly remotes?: readonly string[] | undefined;
  /** Asks no remote. */
  readonly offline?: boolean | undefined;
  /** To all, or to none; undefined for what the configuration says of each. */
  readonly push?: boolean | undefined;
}

/** Where a store is and what is behind it; plain data without secrets. */
export interface StoreSettings {
  readonly cache: string;
  readonly remotes: readonly RemoteSetting[];
  readonly trust: TrustSetting;
}

export interface StoreHooks {
  onDamage?(damage: Damage): void;
  /** The first trouble with each remote. */
  onRemoteProblem?(message: string): void;
}

/** What a person is told of it. */
export function describeDamage({ kind, name, reason, quarantined }: Damage): string {
  const where = quarantined ? "it is in quarantine" : "it could not be moved";
  return `${kind} ${name}: ${reason}; ${where}`;
}

export function storeSettings(config: Resolved, flags: SharingFlags): StoreSettings {
  const { cache, trust } = config;
  if (flags.offline) return { cache, trust, remotes: [] };
  const named = flags.remotes?.map(
    (text) => config.remotes.find(({ name }) => name === text) ?? remoteOfPlace(text),
  );
  const remotes = (named ?? config.remotes).map((remote) => ({
    ...remote,
    push: flags.push ?? remote.push,
  }));
  return { cache, trust, remotes };
}

export function openStore(
  { cache, remotes: settings, trust }: StoreSettings,
  { onDamage, onRemoteProblem }: StoreHooks = {},
  environment: Environment = process.env,
): Store {
  const signer = loadSigner(environment);
  const end = new AbortController();
  const remotes = settings.map((setting) => {
    const { place, name, timeout, push } = setting;
    const remote = /^https?:/.test(place)
      ? new HttpRemote(place, authorizationFor(setting, settings, environment))
      : new DirectoryRemote(place);
    const onProblem = (message: string) => onRemoteProblem?.(message);
    const peer = new Peer(remote, { name, timeout, onProblem, signal: end.signal });
    return new SharedRemote(peer, { push, trust: trustFor(setting, trust, signer?.publicKey) });
  });
  return Store.open(cache, { signer, remotes, end, ...(onDamage ? { onDamage } : {}) });
}

/** Whoever the remote's own list names, else everyone whom the configuration trusts; and oneself. */
function trustFor(
  { name, trust: own }: RemoteSetting,
  known: TrustSetting,
  self: string | undefined,
): Trust {
  if (own === "anyone" || (own === undefined && known === "anyone")) return "anyone";
  const keys = known === "anyone" ? new Map<string, string>() : known;
  const trusted = own?.map((item) => {
    const key = keys.get(item) ?? item;
    if (key.startsWith("ed25519:")) return key;
    throw new UsageError(
      `remote ${JSON.stringify(name)} trusts ${JSON.stringify(item)}, which is neither a key nor a name under "trust"`,
    );
  });
  return new Set([...(trusted ?? keys.values()), ...(self === undefined ? [] : [self])]);
}
