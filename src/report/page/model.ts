/**
 * All that the page shows, as plain data: what `content/` gathers, and what `view/` draws. Knows no
 * store and no markup.
 */
import type { Cell } from "../../formats/cells.ts";
import type { Conclusions } from "../summary/index.ts";

export interface Page {
  readonly pipeline: string;
  /** The pipeline file, as the command line named it. */
  readonly file: string;
  readonly about: About;
  readonly state: PageState;
  readonly conclusions: readonly Conclusions[];
  readonly results: readonly ResultTable[];
  readonly figures: readonly Figure[];
  /** Undefined for a pipeline without ablations. */
  readonly ablations: Ablations | undefined;
  readonly stages: readonly Stage[];
  readonly layout: Layout | undefined;
  readonly time: Time;
  readonly sources: readonly Source[];
  readonly again: Again;
}

export interface About {
  /** ISO 8601: when the page was made. */
  readonly at: string;
  /** Of Blockspin. */
  readonly version: string;
  readonly backend: string;
  readonly commit: Commit | undefined;
  /** The earlier run that the page is about; undefined for what is cached now. */
  readonly run: RunLine | undefined;
  /** The newest run, where the page is about now. */
  readonly latest: RunLine | undefined;
  /** The pipeline's parameters after all overrides, as JSON. */
  readonly params: readonly Field[];
  readonly set: readonly string[];
}

export interface Commit {
  readonly id: string;
  /** Files of the project differ from the commit. */
  readonly changed: boolean;
  /** Where the project comes from; undefined if it is on this machine alone. */
  readonly origin: string | undefined;
}

export interface RunLine {
  /** What a person called it, or its id. */
  readonly name: string;
  readonly note: string | undefined;
  readonly at: string | undefined;
  readonly seconds: number | undefined;
}

/** A name and a value for people. */
export interface Field {
  readonly name: string;
  readonly value: string;
}

/** Where an instance stands: in a plan, in a run that goes on, or in one that ended. */
export type Progress = "cached" | "run" | "unknown" | "running" | "failed" | "skipped";
export type Tally = Readonly<Record<Progress, number>>;

export interface PageState {
  readonly instances: Tally;
  /** Names of results that are not cached. */
  readonly missingResults: readonly string[];
  readonly failures: readonly Failure[];
  readonly warnings: readonly Warning[];
  /** Ids of instances of an earlier run that the pipeline no longer has. */
  readonly gone: readonly string[];
}

export interface Failure {
  readonly label: string;
  readonly error: string;
  readonly log: readonly string[];
  /** Prints its log. */
  readonly command: string;
}

/** The same warning of several instances. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly stages: readonly string[];
  readonly count: number;
}

export interface ResultTable {
  readonly id: string;
  /** `stage.port` */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly total: number;
  /** Columns that stand in one, as text. */
  readonly estimate: EstimateColumns | undefined;
  /** The same: a verdict, and what it is made of. */
  readonly verdict: VerdictColumns | undefined;
  /** A cell is longer than a person reads, and was cut. */
  readonly cut: boolean;
  /** Prints all of it. */
  readonly command: string;
  readonly missing: Missing | undefined;
  /** Ids of `Source`s. */
  readonly sources: readonly string[];
}

export interface Column {
  readonly name: string;
  readonly numeric: boolean;
  /** What it means; empty where nobody says. */
  readonly note: string;
  /** p values that rest on differences being normal. */
  readonly isP: boolean;
}

/** Indices of columns. */
export interface EstimateColumns {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface VerdictColumns {
  readonly verdict: number;
  readonly counts: number;
}

/** What is not cached, and the command that computes it. */
export interface Missing {
  readonly labels: readonly string[];
  readonly count: number;
  readonly command: string;
}

export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly text: string | undefined;
  readonly stages: readonly string[];
  /** The pipeline declares it; else a node type does, for one of its stages. */
  readonly own: boolean;
  readonly drawn:
    | { readonly svg: string; readonly notes: readonly string[] }
    | { readonly missing: string };
}

export interface Ablations {
  readonly variants: readonly {
    readonly name: string;
    /** What differs from the baseline. */
    readonly changes: readonly Field[];
    readonly instances: number;
    readonly cached: number;
    readonly command: string;
  }[];
  readonly metrics: readonly MetricPart[];
}

export interface MetricPart {
  readonly name: string;
  /** `column of stage.port`, and conditions. */
  readonly what: string;
  /** What the column means; empty where nobody says. */
  readonly note: string;
  readonly better: "higher" | "lower" | undefined;
  readonly over: string | undefined;
  readonly rows: readonly {
    readonly ablation: string;
    readonly at: string;
    readonly n: number;
    readonly baseline: number;
    readonly value: number;
    readonly difference: number;
    readonly low: number;
    readonly high: number;
    readonly p: number;
    readonly outcome: string;
  }[];
  readonly notes: readonly string[];
}

export interface Stage {
  readonly name: string;
  readonly type: string;
  readonly summary: string;
  readonly instances: Tally;
  readonly seconds: number;
  readonly bytes: number;
  /** Axes with their values. */
  readonly axes: readonly Field[];
  /** One value for all instances, or `varies`. */
  readonly params: readonly Field[];
  /** The first ones. */
  readonly members: readonly Member[];
  readonly reads: readonly string[];
  readonly commands: readonly Field[];
  readonly result: boolean;
}

export interface Member {
  readonly label: string;
  readonly progress: Progress;
  readonly key: string | undefined;
  readonly seconds: number | undefined;
  readonly bytes: number;
  /** Why it is in its state, the most important first. */
  readonly reason: string;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly { stage: string; x: number; y: number; width: number; height: number }[];
  readonly edges: readonly {
    from: string;
    to: string;
    points: readonly { x: number; y: number }[];
  }[];
}

export interface Time {
  readonly stages: readonly Share[];
  readonly types: readonly Share[];
}

export interface Share {
  readonly name: string;
  /** Seconds that the run of the page computed. */
  readonly computed: number;
  /** Seconds that earlier runs, or others, spent on what was cached. */
  readonly cached: number;
  readonly bytes: number;
}

/** Where numbers come from. */
export interface Source {
  readonly id: string;
  /** Its id; the label is for people. */
  readonly instance: string;
  readonly label: string;
  readonly stage: string;
  readonly type: string;
  readonly version: string;
  readonly backend: string | undefined;
  readonly key: string;
  readonly outputs: readonly Field[];
  readonly inputs: readonly Field[];
  readonly params: readonly Field[];
  readonly by: string;
  /** The public key that signed the record. */
  readonly signature: string | undefined;
  readonly accepted: string | undefined;
  readonly at: string;
  readonly seconds: number;
}

export interface Again {
  readonly commands: readonly string[];
  /** What the commands cannot bring back. */
  readonly note: string | undefined;
}
