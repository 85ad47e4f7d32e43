/**
 * An action as plain data, which crosses threads and processes: what performing it needs, and what
 * comes back. Knows neither the graph nor where the action runs.
 */
import type { Stamp } from "../../store/files.ts";
import type { StoreRecord } from "../../store/record.ts";
import type { ActionKey, Digest } from "../../table/digest.ts";
import type { Artifact } from "../../table/schema.ts";
import type { Coordinate } from "../graph.ts";
import type { Ports } from "../node-type.ts";
import type { Preimage } from "../plan/preimage.ts";

export interface Action extends ActionBody {
  /** Earlier results that the action may continue, the best first. */
  readonly prefixes: readonly Prefix[];
  /** Least seconds from one kept intermediate result to the next. */
  readonly publishEvery: number;
  /** Who performs it puts its record into the store too, which takes as long as a small action itself. */
  readonly recorded?: true;
}

/** What an action is, apart from what else is in the store. */
export interface ActionBody {
  /** The instance's, for messages. */
  readonly id: string;
  readonly key: ActionKey;
  /** What the key is the digest of; names the node type and holds the parameters. */
  readonly preimage: Preimage;
  /** URL of the module that exports the node type. */
  readonly module: string;
  /** Absolute paths of file parameters, by digest. */
  readonly files: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, ActionInput>>;
  readonly outputs: Ports;
  readonly backend: "wasm" | "tensorflow";
  /** Folder of the store. */
  readonly store: string;
}

/** One artifact, or several with the coordinates that become the first columns. */
export interface ActionInput {
  readonly axes: readonly string[];
  readonly members: readonly { readonly coordinate: Coordinate; readonly artifact: Artifact }[];
}

/** The outputs for a smaller value of what grows, or for the first rows of the mapped input. */
export interface Prefix {
  /** The record's. */
  readonly key: ActionKey;
  /** The smaller value, or the number of those rows. */
  readonly value: number;
  readonly outputs: Readonly<Record<string, Artifact>>;
  readonly checkpoint?: Artifact;
  /** Seconds to compute it from nothing. */
  readonly seconds: number;
  /** For a mapped input: the digest that those rows have as a chunk, if this is a prefix at all. */
  readonly begins?: Digest;
}

export interface ActionResult {
  /** Time of running and writing, without starting a thread and loading code. */
  readonly seconds: number;
  readonly outputs: Readonly<Record<string, Artifact>>;
  readonly checkpoint?: Artifact;
  /** Key of the prefix that was continued. */
  readonly continues?: ActionKey;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly log: readonly string[];
  /** Its record, where that is in the store already. */
  readonly kept?: Kept;
}

/** Of a record that who performed the action has put into the store: what neither action nor result say. */
export interface Kept
  extends Pick<StoreRecord, "check" | "startedAt" | "finishedAt" | "computedBy"> {
  /** The file that it lies in. */
  readonly file: Stamp;
}

/** What an action reports again and again, by name. */
export type Numbers = Readonly<Record<string, number>> | undefined;

/** What an action reports while it runs, and how it is stopped. */
export interface ActionHooks {
  progress(fraction: number, message: string | undefined, numbers?: Numbers): void;
  log(line: string): void;
  readonly signal: AbortSignal;
}
