/**
 * A kind of remote, such as folders or web servers: which addresses and settings it has, where its
 * credentials come from, and how it is opened. A kind is one file; kinds.ts lists them all. Knows no
 * configuration file.
 */
import type { Transport } from "./transport.ts";

/** A mistake in what somebody wrote about a remote; the caller adds where. Quotes no credentials. */
export class RemoteMistake extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.name = "RemoteMistake";
    this.hint = hint;
  }
}

/** A key that a kind adds to the configuration of its remotes; never a secret. */
export interface RemoteKey {
  /** Ends the message `"region" must be …`. */
  readonly expected: string;
  fits(value: unknown): boolean;
}

/** A remote about to be opened, and what its kind may need for that. */
export interface Opening {
  /** As the configuration calls it. */
  readonly name: string;
  /** What `address` returned. */
  readonly place: string;
  /** Values of the kind's own keys, as far as they are written. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether the run uses no other remote of this kind. */
  readonly alone: boolean;
  /** What the user's `credentials.yaml` holds for this place. */
  secret(): string | undefined;
}

export interface RemoteKind {
  /** What precedes `://` in its addresses; "" for addresses without it. */
  readonly schemes: readonly string[];
  readonly keys: Readonly<Record<string, RemoteKey>>;
  /**
   * Checks an address and returns it in its one form, without credentials. Throws `RemoteMistake`.
   * @param pathOf - makes a path absolute
   */
  address(text: string, pathOf: (text: string) => string): string;
  /** Throws `RemoteMistake`. */
  open(opening: Opening): Transport;
}
