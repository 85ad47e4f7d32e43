/**
 * An action as plain data: it crosses threads and processes. Everything that performing it needs,
 * and what comes back. Unaware of the graph and of where it runs.
 */
import type { Artifact } from "../../table/schema.ts";
import type { Coordinate } from "../graph.ts";
import type { Ports } from "../node-type.ts";
import type { Preimage } from "../plan/preimage.ts";

export interface Action extends ActionBody {
  /** Earlier results that may be continued, the best first. */
  readonly prefixes: readonly Prefix[];
  /** Least seconds from one intermediate result that is kept to the next. */
  readonly publishEvery: number;
}

/** What an action is, whatever else is in the store. */
export interface ActionBody {
  /** The instance's, for messages. */
  readonly id: string;
  readonly key: string;
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
  /** Of the record. */
  readonly key: string;
  /** The smaller value, or the number of those rows. */
  readonly value: number;
  readonly outputs: Readonly<Record<string, Artifact>>;
  readonly checkpoint?: Artifact;
  /** What it took, from nothing. */
  readonly seconds: number;
  /** For a mapped input: the digest that those rows have as a chunk, if this is a prefix at all. */
  readonly begins?: string;
}

export interface ActionResult {
  /** Of running and writing, without the start of a thread and the loading of code. */
  readonly seconds: number;
  readonly outputs: Readonly<Record<string, Artifact>>;
  readonly checkpoint?: Artifact;
  /** Key of the prefix that was continued. */
  readonly continues?: string;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly log: readonly string[];
}

/** What an action tells while it runs. */
export interface ActionHooks {
  progress(fraction: number, message: string | undefined): void;
  log(line: string): void;
  readonly signal: AbortSignal;
}
