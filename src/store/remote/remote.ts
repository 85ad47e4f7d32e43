/**
 * What a remote is: a place that others read too, with three verbs. Knows no record, no policy and
 * no retries. `ac/<key>` is a record's text, `cas/<digest>` an object's bytes, both named by their
 * 64 hexadecimal digits: the layout that servers of build caches speak.
 */

/** Records ("action cache") and objects ("content-addressable storage"). */
export type Kind = "ac" | "cas";

/** How a call learns that it should end, and tells that bytes arrive. */
export interface Call {
  readonly signal: AbortSignal;
  /** To be called whenever something arrived: puts off the timeout. */
  alive(): void;
}

export interface Remote {
  /** The folder or the URL, for messages and to tell remotes apart; holds no credentials. */
  readonly place: string;
  /** All three throw `RemoteFailure`. */
  has(kind: Kind, hex: string, call: Call): Promise<boolean>;
  /** The bytes as they arrive; undefined if there is nothing of that name. */
  get(kind: Kind, hex: string, call: Call): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Whole or not at all; replaces what is there. */
  put(kind: Kind, hex: string, bytes: Uint8Array, call: Call): Promise<void>;
}

/**
 * `transient`: may go away by itself. `refused`: this remote will not take or give anything, as
 * one that is full or read-only. `failed`: this one request cannot succeed.
 */
export type FailureKind = "transient" | "refused" | "failed";

export class RemoteFailure extends Error {
  readonly kind: FailureKind;
  constructor(kind: FailureKind, message: string) {
    super(message);
    this.name = "RemoteFailure";
    this.kind = kind;
  }
}

/** Settles as the promise does, or rejects when the signal aborts, whichever comes first. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
