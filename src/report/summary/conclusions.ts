/** Conclusions as plain data: what the command line and the page print. Knows no node type. */

/** One row of a table of conclusions. */
export interface Conclusion {
  /** Id of the instance that concludes it. */
  readonly id: string;
  readonly name: string;
  /** Where it is claimed, such as `rule=majority`; empty if everywhere. */
  readonly at: string;
  readonly text: string;
  readonly group: string;
  /** The fact that it measures; empty if the node type names none. */
  readonly fact: string;
  readonly role: "claim" | "control";
  readonly verdict: string;
  readonly decided: boolean;
  readonly expected: readonly string[];
  /** Null if nothing was expected, or what is undecided leaves it open. */
  readonly asExpected: boolean | null;
  readonly expectation: Expectation;
  /** What a verdict that differs from place to place is made of: `3 values hold, 2 undecided`. */
  readonly counts: string;
  /** It says the opposite of what its group says. */
  readonly opposite: boolean;
  /** The column that is compared, and what it means; both empty where nobody says. */
  readonly metric: MetricNote;
  /** NaN where there is none. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly margin: number;
  /** The estimate is a ratio, and not a difference. */
  readonly ratio: boolean;
  /** `empirical`, `theorem`, `by-construction`, or a word of the node type's own. */
  readonly bearing: string;
  readonly reason: string;
  /**
   * How far the estimate lies beyond the margin, on the side that is claimed, in units of the
   * interval's half that faces the margin: above 1 the whole interval does, below 0 the estimate
   * falls short. It compares what has different units. NaN without an interval.
   */
  readonly strength: number;
  /** By a test that takes differences as normal, of the row alone. NaN where there is none. */
  readonly p: number;
  /** By a test that does not. */
  readonly pFlip: number;
}

export interface MetricNote {
  readonly name: string;
  readonly note: string;
}

/** What became of what was expected; `none` where nothing was. */
export type Expectation = "met" | "missed" | "open" | "none";

/** What all rows that measure one thing come to. */
export interface Fact
  extends Pick<Conclusion, "id" | "name" | "at" | "text" | "group" | "role">,
    Pick<Conclusion, "verdict" | "decided" | "bearing" | "counts" | "opposite">,
    Pick<Conclusion, "asExpected" | "expectation"> {
  /** The answer in words, with its range. */
  readonly says: string;
  readonly rows: readonly Conclusion[];
}

/** The rows of one group, such as all that belong to one claim of a paper. */
export interface Group {
  readonly name: string;
  /** What it claims, in a sentence; empty if nobody says. */
  readonly text: string;
  readonly role: "claim" | "control";
  readonly rows: readonly Conclusion[];
  /** What its rows come to; empty if the node type has no facts. What is counted are facts, or else rows. */
  readonly facts: readonly Fact[];
  /** How often each verdict came, in the order of the node type; none that did not come. */
  readonly counts: readonly Count[];
  /** How often each bearing other than `empirical` came, in words. */
  readonly bearings: readonly Count[];
  readonly asExpected: number;
  readonly notAsExpected: number;
  /** Something was expected, and is not decided. */
  readonly expectationOpen: number;
  readonly withoutExpectation: number;
  /**
   * The row with the most strength, and that with the least: of those that rest on data, if there are
   * any. Undefined for controls, whose claims nobody holds, and where no row has an interval.
   */
  readonly strongest: Conclusion | undefined;
  readonly weakest: Conclusion | undefined;
}

export interface Count {
  readonly word: string;
  readonly count: number;
}

/** All that one stage concludes, in the baseline or in an ablation. */
export interface Conclusions {
  readonly stage: string;
  readonly port: string;
  /** Undefined for the baseline. */
  readonly ablation: string | undefined;
  /** An ablation that changes nothing here: all instances are the baseline's. */
  readonly shared: boolean;
  /** What each verdict means. */
  readonly verdicts: Readonly<Record<string, string>>;
  /** In the order of the table. */
  readonly rows: readonly Conclusion[];
  /** Groups of claims, then groups of controls. */
  readonly groups: readonly Group[];
  /** What the claims come to, in a sentence; empty without any. */
  readonly headline: string;
  /** What the headline does not count: what was implied, and what is the opposite of a claim. */
  readonly apart: string;
  readonly notAsExpected: readonly Conclusion[];
  /** Rows that are not decided, or of which something was expected that is not. */
  readonly undecided: readonly Conclusion[];
  /** Ids of the instances whose conclusions are not there. */
  readonly missing: readonly string[];
}
