/**
 * Opens a project's store, with the remotes behind it and the key that signs. Knows neither a
 * pipeline nor a kind of remote.
 */
import { RemoteMistake } from "../../store/remote/kind.ts";
import { kindOf } from "../../store/remote/kinds.ts";
import { Remote } from "../../store/remote/remote.ts";
import type { Transport } from "../../store/remote/transport.ts";
import type { Trust } from "../../store/remote/trust.ts";
import { type Damage, Store } from "../../store/store.ts";
import { UsageError } from "../usage-error.ts";
import { loadSigner, readSecrets } from "./credentials.ts";
import type { Environment, Resolved } from "./project.ts";
import { type RemoteSetting, remoteOfPlace, type TrustSetting } from "./remote-settings.ts";

/** The command line's options about remotes. */
export interface RemoteFlags {
  /** Names, URLs or folders, in place of the configuration's remotes. */
  readonly remotes?: readonly string[] | undefined;
  /** Asks no remote. */
  readonly offline?: boolean | undefined;
  /** Uploads to all, or to none; undefined leaves it to the configuration. */
  readonly push?: boolean | undefined;
}

/** Where a store and its remotes are; plain data without secrets. */
export interface StoreSettings {
  readonly cache: string;
  readonly remotes: readonly RemoteSetting[];
  readonly trust: TrustSetting;
}

export interface StoreHooks {
  onDamage?(damage: Damage): void;
  /** The first problem of each remote. */
  onRemoteProblem?(message: string): void;
}

/** Damage as a message for a person. */
export function describeDamage({ kind, name, reason, quarantined }: Damage): string {
  const where = quarantined ? "it is in quarantine" : "it could not be moved";
  return `${kind} ${name}: ${reason}; ${where}`;
}

export function storeSettings(config: Resolved, flags: RemoteFlags): StoreSettings {
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
  const remotes = settings.map((setting) => {
    const { name, timeout, push } = setting;
    return new Remote(openTransport(setting, settings, environment), {
      ...{ name, timeout, push, trust: trustFor(setting, trust, signer?.publicKey) },
      onProblem: (message) => onRemoteProblem?.(message),
    });
  });
  return Store.open(cache, { signer, remotes, ...(onDamage ? { onDamage } : {}) });
}

function openTransport(
  { name, place, settings }: RemoteSetting,
  all: readonly RemoteSetting[],
  environment: Environment,
): Transport {
  const kind = kindOf(place);
  const alone = all.filter((remote) => kindOf(remote.place) === kind).length === 1;
  const secret = () => readSecrets(environment)[place];
  try {
    return kind.open({ name, place, settings, environment, alone, secret });
  } catch (error) {
    if (error instanceof RemoteMistake) throw new UsageError(error.message, error.hint);
    throw error;
  }
}

/** Trusts the keys of the remote's own list, else all keys of the configuration; and one's own. */
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
