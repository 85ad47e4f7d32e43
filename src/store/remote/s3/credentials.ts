/**
 * Keeps a remote's credentials in memory, and renews them before they expire or when the server does
 * not take them any more. Prints and writes nothing. Knows no request.
 */
import { RemoteFailure, untilAborted } from "../transport.ts";

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** Milliseconds since 1970. */
  readonly expires?: number | undefined;
}

/** Where credentials come from. */
export interface Source {
  /** For messages, such as `profile "lab"`. */
  readonly name: string;
  /** Throws `RemoteFailure`. */
  load(): Promise<Keys>;
}

/** They are renewed this long before they expire, so that no request is refused. */
const EARLY_MS = 60_000;

export class Credentials {
  readonly #find: () => Source;
  #source: Source | undefined;
  #keys: Keys | undefined;
  #loading: Promise<Keys> | undefined;

  /** @param find - finds the source; throws `RemoteFailure` */
  constructor(find: () => Source) {
    this.#find = find;
  }

  /** Where they come from, for messages. */
  get source(): string {
    return this.#source?.name ?? "the environment";
  }

  /** Throws `RemoteFailure`. */
  async get(signal: AbortSignal): Promise<Keys> {
    const keys = this.#keys;
    if (keys && (keys.expires ?? Number.POSITIVE_INFINITY) > Date.now() + EARLY_MS) return keys;
    try {
      return await untilAborted(this.#load(), signal);
    } catch (error) {
      if (!(error === signal.reason && (error as RemoteFailure).kind === "transient")) throw error;
      throw new RemoteFailure("refused", `${this.source} gave no credentials in time`);
    }
  }

  /** Other keys than those that the server refused; undefined if the source has the same still. */
  async renew(refused: Keys, signal: AbortSignal): Promise<Keys | undefined> {
    // Another request may have renewed them since.
    const keys = isSame(refused, this.#keys)
      ? await untilAborted(this.#load(), signal)
      : this.#keys;
    return isSame(refused, keys) ? undefined : keys;
  }

  #load(): Promise<Keys> {
    this.#loading ??= (async () => {
      this.#source ??= this.#find();
      this.#keys = checked(await this.#source.load(), this.#source.name);
      return this.#keys;
    })().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }
}

/** What a header cannot hold would be quoted in an error, with the secret. */
function checked(keys: Keys, source: string): Keys {
  for (const text of [keys.accessKeyId, keys.secretAccessKey, keys.sessionToken ?? ""]) {
    if (/^[\x20-\x7e]*$/.test(text)) continue;
    throw new RemoteFailure("refused", `the keys from ${source} have characters that no key has`);
  }
  return keys;
}

function isSame(a: Keys, b: Keys | undefined): boolean {
  return (
    a.accessKeyId === b?.accessKeyId &&
    a.secretAccessKey === b.secretAccessKey &&
    a.sessionToken === b.sessionToken
  );
}
