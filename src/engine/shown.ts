/**
 * What a node type says of its results for whoever shows them: what its columns mean, figures, and what
 * they conclude. Plain data; enters no key.
 */
import type { Columns } from "../table/schema.ts";

/**
 * One line on each column of the ports, inputs and outputs alike, with its unit: by port, then by column.
 * `*` in the name of a column stands for any text.
 */
export type Notes = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What to list a node type by whose outputs depend on parameters and inputs. */
export interface Typical {
  /** Those without defaults, at least. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Columns of the connected inputs. */
  readonly inputs?: Readonly<Record<string, Columns>>;
  /** How the outputs depend on parameters and inputs. */
  readonly depends: string;
}

/**
 * Says that an output port is a table of conclusions, and which of its columns hold what, for whoever
 * shows them. A column of another port with the same rows is written `port.column`.
 */
export interface Concludes {
  readonly port: string;
  readonly columns: {
    /** What is claimed, in a few words. */
    readonly name: string;
    readonly verdict: string;
    /** Where it is claimed, such as `rule=majority`. */
    readonly at?: string;
    /** Rows of one group are counted together. */
    readonly group?: string;
    /** The fact that a row measures, by the name that it has in `facts`. */
    readonly fact?: string;
    /** What is claimed, in a sentence. */
    readonly text?: string;
    readonly estimate?: string;
    readonly low?: string;
    readonly high?: string;
    /** How far the estimate must lie beyond zero; on the scale `log`, beyond one. */
    readonly margin?: string;
    /** `greater`, `less`, `different` or `equal`: where, seen from the margin, the claim holds (default: greater). */
    readonly side?: string;
    /** `linear` or `log` (default: linear). */
    readonly scale?: string;
    /** The verdict that was expected; several are separated by " or ". Empty if none was. */
    readonly expected?: string;
    /** Whether it came; null if nothing was expected, or what is undecided leaves it open. */
    readonly as_expected?: string;
    /** What the outcome rests on: the data if `empirical`, `theorem`, `by-construction`, or another word. */
    readonly bearing?: string;
    /** `control` for a comparison that is not a claim. */
    readonly role?: string;
    /** Why the verdict is what it is. */
    readonly reason?: string;
    /** What a verdict that is `divided` is made of: `3 values hold, 2 undecided`. */
    readonly counts?: string;
    /** `opposite` of a claim that says the opposite of what its group says. */
    readonly states?: string;
    /** The column that is compared: `port.column` of an input, whose notes then explain it. */
    readonly metric?: string;
    /** p by a test that takes differences as normal, so that its least values mean little. */
    readonly p?: string;
    /** The same, corrected for other rows. */
    readonly p_adjusted?: string;
    /** p by a test that does not. */
    readonly p_flip?: string;
  };
  /** Another output port has what the rows of each fact come to, which then is counted. */
  readonly facts?: {
    readonly port: string;
    readonly columns: {
      readonly name: string;
      /** The one answer, a word of `verdicts`. */
      readonly verdict: string;
      /** The same in words, with its range. */
      readonly says?: string;
      readonly text?: string;
      readonly group?: string;
      readonly role?: string;
      readonly bearing?: string;
      readonly as_expected?: string;
      readonly expected?: string;
      readonly counts?: string;
      readonly states?: string;
    };
  };
  /** A parameter that says in a sentence what each group claims, by the group's name. */
  readonly groups?: string;
  /** Every verdict and what it means, in the order in which they are counted. */
  readonly verdicts: Readonly<Record<string, string>>;
  /** Those that differ from place to place, so that no interval speaks for or against them. */
  readonly divided?: readonly string[];
  /** Those that leave the question open. */
  readonly undecided?: readonly string[];
}

/**
 * A picture of an output port, as plain data: a Vega-Lite specification without data, `tiles` or
 * `image`. It shows all instances of a stage, whose axes are further columns.
 */
export interface NodeFigure {
  /** An output port; the main one, if absent. */
  readonly port?: string;
  readonly title?: string;
  readonly text?: string;
  readonly [key: string]: unknown;
}
