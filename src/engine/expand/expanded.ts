/** What comes of expanding: places of stages, and a baseline that ablations take from. Plain data. */
import type { Pipeline } from "../document/pipeline.ts";
import type { Coordinate, Instance } from "../graph.ts";
import type { Origin } from "./relation.ts";

/** One coordinate of a stage, before it is an instance. */
export interface Place {
  /** As people read it. */
  readonly label: string;
  readonly coordinate: Coordinate;
  /** The coordinate of the label. */
  readonly shown: Coordinate;
  /** In the order of the stage's inputs. */
  readonly inputs: readonly Origin[];
}

/** Stages in the order of the flow of data; those with errors are left out. */
export type Layout = ReadonlyMap<string, readonly Place[]>;

/** The instances made so far, by their numbers in the graph. */
export interface Numbered {
  /** Of the instance with this number within its stage; undefined where that has errors. */
  indexOf(stage: string, index: number): number | undefined;
  instance(index: number): Instance;
}

/** The baseline, expanded without errors, as its ablations find it. */
export interface Expanded {
  readonly pipeline: Pipeline;
  readonly layout: Layout;
  readonly made: Numbered;
}

/** What an ablation may take over from the baseline. */
export interface Kept extends Expanded {
  /** Stages that are the same, by name. */
  readonly stages: ReadonlySet<string>;
}
