/**
 * The graph that `expand` makes and that `plan` and `run` read: plain data, no behaviour.
 * An instance is one stage at one coordinate.
 */
import type { Columns } from "../table/schema.ts";
import type { Span } from "./language/diagnostic.ts";
import type { Scalar } from "./language/tree.ts";
import type { AnyNodeType, Ports } from "./node-type.ts";

/** A value for each axis; keys sorted by name. */
export type Coordinate = Readonly<Record<string, Scalar>>;

/** A node type and where a worker finds it. */
export interface RegisteredNode {
  readonly type: AnyNodeType;
  /** URL of a module whose exports include the node type. */
  readonly module: string;
  /** `sha256:` of a user's module and its static relative imports; null for ours. In the key. */
  readonly code: string | null;
}
export type Registry = ReadonlyMap<string, RegisteredNode>;

/** One output port of one instance. `instance` is an index into `Graph.instances`. */
export interface PortRef {
  readonly instance: number;
  readonly port: string;
}

export type Edge =
  | ({ readonly kind: "one" } & PortRef)
  | {
      readonly kind: "collect";
      /** Axes that become the first columns, by name. */
      readonly axes: readonly string[];
      /** In order of coordinate; `coordinate` holds the collected axes alone. */
      readonly members: readonly (PortRef & { readonly coordinate: Coordinate })[];
    };

/** The instances that an edge reads. */
export function producers(edge: Edge): readonly number[] {
  return edge.kind === "one" ? [edge.instance] : edge.members.map(({ instance }) => instance);
}

export interface Resources {
  /** CPU threads that the action uses. */
  readonly threads?: number;
  /** MiB of heap. */
  readonly memory?: number;
  /** Seconds. */
  readonly timeout?: number;
}

export interface Instance {
  /**
   * `train[rule=majority,seed=3]`: axes by name, and `ablation` among them where it has one; just
   * the stage where there is none.
   */
  readonly id: string;
  /** The id as people read it: numbers as the file writes them, `1.0` for 1. Identifies nothing. */
  readonly label: string;
  /** The coordinate of the label. */
  readonly shown: Coordinate;
  readonly stage: string;
  readonly coordinate: Coordinate;
  /** Its ablation; none if the baseline has it too. Is not an axis of its tables. */
  readonly ablation?: string;
  readonly node: RegisteredNode;
  /** After references and defaults; a file is `{ file: "sha256:…" }` (and `name`, if named). */
  readonly params: Readonly<Record<string, unknown>>;
  /** Where `run` finds the bytes of file parameters: digest to absolute path. Not in the key. */
  readonly files: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, Edge>>;
  readonly outputs: Ports;
  readonly resources: Resources;
  readonly salt: string | undefined;
  /** Where the pipeline file has the stage's name. */
  readonly span: Span;
}

/** The baseline or an ablation: which instances are its own, those it shares included. */
export interface Variant {
  /** Undefined for the baseline. */
  readonly ablation: string | undefined;
  readonly instances: readonly number[];
  readonly results: readonly PortRef[];
}

/** Lists of a fixed size as small pictures, in a grid. */
export interface Tiles {
  readonly column: string;
  readonly shape?: readonly number[];
  readonly scale?: "diverging" | "sequential" | "binary";
  readonly per?: "tile" | "row" | "figure";
  /** Columns whose values make the rows and the columns of the grid. */
  readonly rows?: string;
  readonly columns?: string;
  readonly where?: Readonly<Record<string, Scalar | readonly Scalar[]>>;
  readonly limit?: number;
}

export type FigureBody =
  | { readonly kind: "vega-lite"; readonly spec: Readonly<Record<string, unknown>> }
  | { readonly kind: "tiles"; readonly tiles: Tiles }
  | { readonly kind: "image" };

/** A picture of artifacts of the baseline: what it shows, and how. In no key. */
export interface Figure {
  /** As the file names it; `stage/name` for one that the stage's node type declares. */
  readonly name: string;
  readonly title: string | undefined;
  readonly text: string | undefined;
  /** The stage whose node type declares it; undefined for one of the file. */
  readonly stage: string | undefined;
  /** The axes that become its first columns, with their values in the order of the file. */
  readonly axes: Readonly<Record<string, readonly Scalar[]>>;
  /** Its rows, artifact after artifact; `coordinate` holds the axes. */
  readonly members: readonly (PortRef & { readonly coordinate: Coordinate })[];
  /** What any of its rows has, axes included. */
  readonly columns: Columns;
  readonly body: FigureBody;
  /** Where the file has its name, or that of the stage. */
  readonly span: Span;
}

export interface Graph {
  readonly name: string;
  /** Absolute path of the pipeline file. */
  readonly path: string;
  /** Producers before consumers. */
  readonly instances: readonly Instance[];
  /** What a run prints at its end: an artifact per coordinate of the stage. */
  readonly results: readonly PortRef[];
  /** What was asked for: the baseline, then ablations in the order of the file. */
  readonly variants: readonly Variant[];
  readonly backend: "wasm" | "tensorflow" | "auto";
  /** Of the baseline: those of the file, then those of its node types. */
  readonly figures: readonly Figure[];
}

/** Reads `name` or `name[axis=value,…]` with some axes; any other text is taken as a name. */
export function parseAblation(text: string): {
  family: string;
  axes: ReadonlyMap<string, string>;
} {
  const match = /^([^[\]]+)\[([^[\]]*)\]$/.exec(text.trim());
  if (!match) return { family: text.trim(), axes: new Map() };
  const parts = match[2]!.split(",").map((part): [string, string] => {
    const equals = part.indexOf("=");
    return [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
  });
  return { family: match[1]!, axes: new Map(parts) };
}

/** Whether a coordinate has these values, as a person writes them. */
export function isAt(coordinate: Coordinate, axes: ReadonlyMap<string, string>): boolean {
  return [...axes].every(
    ([axis, text]) => Object.hasOwn(coordinate, axis) && isWritten(coordinate[axis]!, text),
  );
}

/** A person may write a number (0.10) or an é in another way than it is printed. */
function isWritten(value: Scalar, text: string): boolean {
  if (typeof value === "number" && text !== "" && Number(text) === value) return true;
  return String(value).normalize("NFC") === text.normalize("NFC");
}
