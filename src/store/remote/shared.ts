/** A remote with what one process knows of it, and what went to and fro. */

import type { Peer } from "./peer.ts";
import type { Trust } from "./trust.ts";

export interface Amount {
  records: number;
  objects: number;
  bytes: number;
}

export interface Traffic {
  /** Verified, and now in the local store. */
  readonly pulled: Amount;
  readonly pushed: Amount;
  /** Records that the reader does not trust, and records and objects that are not what they say. */
  readonly ignored: { unsigned: number; unknown: number; damaged: number };
}

export class SharedRemote {
  readonly peer: Peer;
  readonly push: boolean;
  readonly trust: Trust;
  /** Objects that it said it has. */
  readonly present = new Set<string>();
  /** Objects that it could not give, or gave wrong. */
  readonly bad = new Set<string>();
  readonly traffic: Traffic = {
    pulled: { records: 0, objects: 0, bytes: 0 },
    pushed: { records: 0, objects: 0, bytes: 0 },
    ignored: { unsigned: 0, unknown: 0, damaged: 0 },
  };

  constructor(peer: Peer, { push, trust }: { push: boolean; trust: Trust }) {
    this.peer = peer;
    this.push = push;
    this.trust = trust;
  }

  /** Whether it is worth asking for an object. */
  mayHave(digest: string): boolean {
    return this.peer.down === undefined && !this.bad.has(digest);
  }
}
