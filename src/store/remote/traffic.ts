/** What one process exchanged with a remote, in numbers. */

export interface Amount {
  records: number;
  objects: number;
  bytes: number;
}

export interface Traffic {
  /** Verified, and now in the local store. */
  readonly pulled: Amount;
  readonly pushed: Amount;
  /** Records that the reader does not trust, and records and objects that are damaged. */
  readonly ignored: { unsigned: number; unknown: number; damaged: number };
  /** Who signed what is not trusted: public keys, and who says to have computed it. */
  readonly strangers: Map<string, string>;
}

/** A signer who is not trusted; `name` is what the record says, and proves nothing. */
export interface Stranger {
  readonly key: string;
  readonly name: string;
}

/** What a remote gave and took, for people. */
export interface Exchange extends Omit<Traffic, "strangers"> {
  readonly strangers: readonly Stranger[];
  readonly remote: string;
  /** Records that wait for the next run or for `cache push`. */
  readonly waiting: number;
}

export function noTraffic(): Traffic {
  return {
    pulled: { records: 0, objects: 0, bytes: 0 },
    pushed: { records: 0, objects: 0, bytes: 0 },
    ignored: { unsigned: 0, unknown: 0, damaged: 0 },
    strangers: new Map(),
  };
}
