/**
 * The protocol of a remote: three verbs that a folder, a web server or an object storage can speak,
 * and a fourth, `list`, where it answers a thousand questions at once.
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

/** What a listing says of a file. */
export interface Listed {
  readonly bytes: number;
  /** In hexadecimal digits, if the remote says it. */
  readonly md5: string | undefined;
}

/** A piece of a listing: everything there is after some name, up to another. */
export interface Page {
  readonly files: ReadonlyMap<string, Listed>;
  /** The last name that the page answers for; undefined if it answers for all that follow. */
  readonly through: string | undefined;
}

export interface Transport {
  /** The folder or the URL, for messages and to distinguish remotes; holds no credentials. */
  readonly place: string;
  /** All three throw `RemoteFailure`. */
  has(area: Area, hex: string, call: Call): Promise<boolean>;
  /** The bytes as they arrive; undefined if there is nothing of that name. */
  get(area: Area, hex: string, call: Call): Promise<AsyncIterable<Uint8Array> | undefined>;
  /**
   * Stores all bytes or none; replaces what is there.
   * @param keep - may leave what is there, and succeed
   */
  put(area: Area, hex: string, bytes: Uint8Array, call: Call, keep?: boolean): Promise<void>;
  /**
   * The names after one, in their order; undefined if this remote cannot list. Absent where it is not
   * cheaper than to ask. Throws `RemoteFailure`.
   */
  list?(area: Area, after: string, call: Call): Promise<Page | undefined>;
  /** How many requests it takes at a time; undefined leaves it to the policy. */
  readonly width?: number;
  /** What may be wrong though nothing failed, as long as nothing came from here. */
  readonly doubt?: string | undefined;
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
