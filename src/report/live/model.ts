/** What a live page shows of a run beside the report, as plain data. */
export interface Live {
  readonly phase: "planning" | "running" | "finished" | "failed" | "stopped";
  /** Instances of the run that have ended, and all of them. */
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly seconds: number;
  /** Seconds that it still takes; undefined while too little is known. */
  readonly left: number | undefined;
  readonly stages: readonly LiveStage[];
  readonly running: readonly Running[];
  /** The last lines that instances printed. */
  readonly log: readonly { readonly label: string; readonly line: string }[];
  readonly droppedLines: number;
}

export interface LiveStage {
  readonly name: string;
  readonly total: number;
  readonly done: number;
  readonly running: number;
  readonly failed: number;
}

export interface Running {
  readonly label: string;
  readonly fraction: number;
  readonly message: string;
  readonly seconds: number;
  readonly lines: readonly string[];
  readonly curves: readonly Curve[];
}

/** A number that an instance reports again and again, such as its loss. */
export interface Curve {
  readonly name: string;
  readonly points: readonly number[];
}
