/**
 * What waits to be uploaded: an empty file for each record and each name with hints, in a folder for
 * each remote, so that a killed process loses no upload. Knows no request.
 */

import { statSync } from "node:fs";
import { join } from "node:path";
import type { ActionKey, Digest } from "../../table/digest.ts";
import { hexOf, named, sha256 } from "../digest.ts";
import { namesIn, remove, replace } from "../files.ts";

/** A record or the hints under a name; the file is `<hex>` or `<hex>.hints`. */
export type Parcel =
  | { readonly kind: "record"; readonly name: ActionKey }
  | { readonly kind: "hints"; readonly name: Digest };

export class Outbox {
  readonly #folder: string;

  /** @param shelf - the store's folder for all outboxes; @param place - the remote's */
  constructor(shelf: string, place: string) {
    this.#folder = join(shelf, hexOf(sha256(place)).slice(0, 16));
  }

  /** May fail, for instance on a full disk; the run goes on. */
  add(parcel: Parcel): void {
    try {
      // Even if it is there: its time counts.
      replace(this.#folder, this.#path(parcel), "", 0o644);
    } catch {
      // Then `cache push` finds it.
    }
  }

  remove(parcel: Parcel): void {
    remove(this.#path(parcel));
  }

  list(): Parcel[] {
    return namesIn(this.#folder).flatMap((file): Parcel[] => {
      const [, hex, ending] = /^([0-9a-f]{64})(\.hints)?$/.exec(file) ?? [];
      if (hex === undefined) return [];
      return [ending ? { kind: "hints", name: named(hex) } : { kind: "record", name: named(hex) }];
    });
  }

  /** Milliseconds since it was added; 0 if it is gone. */
  age(parcel: Parcel): number {
    const stats = statSync(this.#path(parcel), { throwIfNoEntry: false });
    return stats ? Date.now() - stats.mtimeMs : 0;
  }

  #path({ kind, name }: Parcel): string {
    return join(this.#folder, hexOf(name) + (kind === "hints" ? ".hints" : ""));
  }
}
