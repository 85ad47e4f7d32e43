/** A pipeline as its file says it: stages, axes and inputs by name, before anything is repeated. */

import type { Coordinate, Graph } from "../graph.ts";
import type { Source, Span } from "../language/diagnostic.ts";
import type { Constants } from "../language/range.ts";
import type { Entry, MapTree, Scalar, Tree } from "../language/tree.ts";
import type { Override } from "./override.ts";

/** How a file writes a value, by axis and value; what is not here is printed as JavaScript does. */
export type Spelling = ReadonlyMap<string, ReadonlyMap<Scalar, string>>;

export interface Axis {
  readonly name: string;
  readonly span: Span;
  /** In the order written. A map-valued axis has the keys here. */
  readonly values: readonly Scalar[];
  /** Numbers as the file has them, where they are printed in another way: 1 as `1.0`. */
  readonly written: ReadonlyMap<Scalar, string>;
}

/** A value for some axes, as `include` and `exclude` write it. */
export interface Pattern {
  readonly values: ReadonlyMap<string, Scalar>;
  /** By axis: a number as the file has it, where it is printed in another way. */
  readonly written: ReadonlyMap<string, string>;
  readonly span: Span;
}

/** An output port of a stage; without a name, the only one or the one marked `main`. */
export interface PortName {
  readonly stage: string;
  readonly port: string | undefined;
  readonly span: Span;
}

/** `at: { axis: value }`; the value may refer to params and to the stage's own axes. */
export interface Selection {
  readonly axis: string;
  readonly span: Span;
  readonly value: Tree;
}

export interface Collect {
  /** `all`, or names. */
  readonly axes: "all" | readonly { readonly name: string; readonly span: Span }[];
  readonly span: Span;
}

interface UnionMember {
  readonly value: Scalar;
  /** A number as the file has it, where it is printed in another way. */
  readonly written: string | undefined;
  readonly input: InputSpec;
}

export type InputSource =
  | ({ readonly kind: "stage" } & PortName)
  | {
      readonly kind: "union";
      readonly axis: string;
      readonly span: Span;
      readonly of: readonly UnionMember[];
    };

export interface InputSpec {
  readonly source: InputSource;
  readonly at: readonly Selection[];
  readonly collect: Collect | undefined;
}

/** What an input port receives. */
export interface StageInput {
  readonly port: string;
  /** Where the port's name is. */
  readonly span: Span;
  readonly input: InputSpec;
}

export interface Stage {
  readonly name: string;
  /** All of it, as written. */
  readonly tree: Tree;
  /** Where the name is. */
  readonly span: Span;
  readonly node: Tree;
  /** Its own, not those that it inherits. */
  readonly axes: readonly Axis[];
  readonly zip: readonly (readonly string[])[];
  readonly include: readonly Pattern[];
  readonly exclude: readonly Pattern[];
  readonly inputs: readonly StageInput[];
  readonly with: MapTree;
  /** Where the key `with` (`inputs`) is, or the stage's name if it has none. */
  readonly withSpan: Span;
  readonly inputsSpan: Span;
  readonly resources: Tree | undefined;
  readonly salt: Tree | undefined;
}

/** A set of changes against the baseline. */
export interface Ablation {
  /** `short-training`, or `lr[learning_rate=0.001]` for a member of a family. */
  readonly name: string;
  /** As the file has it: `lr`. */
  readonly family: string;
  /** Where a member stands in its family's grid. */
  readonly coordinate: Coordinate;
  readonly overrides: readonly Override[];
  /** Where the file has the name. */
  readonly span: Span;
}

export interface Named {
  readonly name: string;
  readonly span: Span;
}

/** As `at` does: one value removes the column or axis, a list keeps it. */
export interface Condition extends Named {
  readonly values: readonly Scalar[];
  readonly keeps: boolean;
}

export interface MetricSpec extends Named {
  readonly from: PortName;
  readonly column: Named;
  readonly where: readonly Condition[];
  /** Columns that distinguish the rows of one table, as axes distinguish instances. */
  readonly by: readonly Named[];
  /** The axis or column of replicates: its values are the units. */
  readonly over: Named | undefined;
  readonly better: "higher" | "lower" | undefined;
}

/** A picture. Everything but its data is as written, with references filled in. */
export interface FigureSpec extends Named {
  readonly data: InputSpec;
  readonly body: MapTree;
}

export interface Pipeline {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly source: Source;
  /** Absolute: the pipeline file, the one that it extends, and so on. */
  readonly files: readonly string[];
  /** What a range may call by name: `also: [critical]`. */
  readonly constants: Constants;
  /** Derived ones included. */
  readonly params: ReadonlyMap<string, Tree>;
  /** What `${axis.key}` reads, for every axis that some stage lists as a map. */
  readonly parts: ReadonlyMap<string, ReadonlyMap<Scalar, Tree>>;
  readonly stages: ReadonlyMap<string, Stage>;
  readonly spelling: Spelling;
  /** What overrides removed, and where: an error then points there, not at what still names it. */
  readonly removed: {
    readonly params: ReadonlyMap<string, Span>;
    readonly stages: ReadonlyMap<string, Span>;
  };
  /** Parameters per node type, below a stage's own. */
  readonly defaults: ReadonlyMap<string, Entry>;
  readonly results: readonly PortName[];
  readonly backend: Graph["backend"];
  /** Modules with node types: absolute paths. */
  readonly use: readonly { readonly path: string; readonly span: Span }[];
  /** The ablations of the file; empty for a pipeline with an ablation's overrides. */
  readonly ablations: readonly Ablation[];
  readonly metrics: readonly MetricSpec[];
  /** Likewise empty. */
  readonly figures: readonly FigureSpec[];
}
