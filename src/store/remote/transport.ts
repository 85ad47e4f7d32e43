/**
 * The protocol of a remote: three verbs that a folder, a web server or an object storage can speak.
 * Knows no record, no policy and no retries. `ac/<key>` is a record's text, `cas/<digest>` an
 * object's bytes, both named by 64 hexadecimal digits: the layout that servers of build caches use.
 */

/** Records ("action cache") or objects ("content-addressable storage"). */
export type Area = "ac" | "cas";

/** Tells a call when to end, and hears from it that bytes arrive. */
export interface Call {
  readonly signal: AbortSignal;
  /** To be called whenever something arrived: puts off the timeout. */
  alive(): void;
}

export interface Transport {
  /** The folder or the URL, for messages and to distinguish remotes; holds no credentials. */
  readonly place: string;
  /** All three throw `RemoteFailure`. */
  has(area: Area, hex: string, call: Call): Promise<boolean>;
  /** The bytes as they arrive; undefined if there is nothing of that name. */
  get(area: Area, hex: string, call: Call): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Stores all bytes or none; replaces what is there. */
  put(area: Area, hex: string, bytes: Uint8Array, call: Call): Promise<void>;
}

/**
 * `transient`: may pass by itself. `refused`: this remote takes or gives nothing at all, such as one
 * that is full or read-only. `failed`: this one request cannot succeed.
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
