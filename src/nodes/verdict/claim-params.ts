/** The claims of the `verdict` node as written: their schema and their type. */
import { Type } from "../../engine/node-type.ts";
import type { Side } from "../../statistics/limits.ts";
import { claimWords, controlWords, mixed, type Role, type Word } from "../../statistics/words.ts";

type Selector = Readonly<Record<string, string | number | boolean>>;

/** A claim as written. */
export interface ClaimParam {
  readonly name: string;
  readonly text?: string;
  readonly metric: string;
  readonly where: Selector;
  readonly left: Selector;
  readonly right: Selector | number;
  readonly each: readonly string[];
  readonly along?: string | { readonly axis: string; readonly window?: Window };
  readonly side: Side;
  readonly margin: number;
  readonly why_zero?: string;
  readonly scale: "linear" | "log";
  readonly over?: { readonly betas: "mean" | "every"; readonly window?: Window };
  readonly fact?: string;
  readonly family: string;
  /** Of controls never. */
  readonly states?: "claim" | "opposite";
  readonly bearing: Bearing | Readonly<Partial<Record<Exclude<Bearing, "empirical">, Selector>>>;
  readonly expect?: Word | readonly Word[];
}

export type Window = readonly [number, number];
export type Bearing = "theorem" | "by-construction" | "empirical";

const selector = (description: string) =>
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
    description,
  });

const window = (description: string) =>
  Type.Optional(
    Type.Unsafe<Window>({
      type: "array",
      items: { type: "number" },
      minItems: 2,
      maxItems: 2,
      description,
    }),
  );

const over = Type.Object(
  {
    betas: Type.Union([Type.Literal("mean"), Type.Literal("every")], {
      description: "The mean over betas, or at every beta.",
    }),
    window: window("Betas from and to, both included."),
  },
  { additionalProperties: false },
);

const along = Type.Union(
  [
    Type.String(),
    Type.Object(
      { axis: Type.String(), window: window("Values from and to, both included.") },
      { additionalProperties: false },
    ),
  ],
  {
    description:
      "A column of numbers, say beta or epochs, at each value of which the claim is judged: where does it hold?",
  },
);

const bearing = Type.Union(
  [
    Type.Literal("theorem"),
    Type.Literal("by-construction"),
    Type.Literal("empirical"),
    Type.Object(
      {
        theorem: Type.Optional(selector("Values of `each` where a theorem implies the outcome.")),
        "by-construction": Type.Optional(
          selector("Values of `each` where the outcome follows from the construction."),
        ),
      },
      { additionalProperties: false },
    ),
  ],
  {
    default: "empirical",
    description:
      "What the outcome rests on: a theorem, the construction, or the data; or { by-construction: { rule: decimation } }, and the data elsewhere.",
  },
);

const states = Type.Union([Type.Literal("claim"), Type.Literal("opposite")], {
  default: "claim",
  description:
    "Whether it says what the family claims, or the opposite: summaries count that apart, as it speaks against the family where it is REPRODUCED.",
});

/** What to write instead of what people expect in a claim. */
const instead = {
  by: "write each: [axis] to judge every value of an axis, over: { betas: every } to judge every beta",
  group_by: "write each: [axis] to judge every value of an axis",
  column: "write metric: column, or metric: port.column",
  from: "metrics come by the input ports: metric: port.column",
  baseline: "write right: with the columns' values of the baseline, say { model: ae }",
  a: "write left: and right:",
  b: "write left: and right:",
  better: "write side: greater or side: less",
  direction: "write side: greater, less, equal or different",
  tolerance: "write margin:",
  group: "write fact: to group claims that measure one fact, family: to correct them together",
  threshold: "write right: with a number",
  alpha: "alpha: holds for all claims: write it beside claims:",
};

/** A list of claims or controls, with the family of those that name none. */
export const claimsParam = (role: Role, family: string, description: string) => {
  const words = [...(role === "claim" ? claimWords : controlWords), mixed]
    .filter((word) => word !== "REPORT-ONLY")
    .map((word) => Type.Literal(word));
  return Type.Unsafe<ClaimParam[]>(
    Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1, description: "Short and unique." }),
          text: Type.Optional(Type.String({ description: "What is claimed, in words." })),
          fact: Type.Optional(
            Type.String({
              minLength: 1,
              description:
                "The fact that this measures, and others of that name do too (default: the name).",
            }),
          ),
          metric: Type.String({ description: "`column` of port metrics, or `port.column`." }),
          where: { ...selector("Column values that hold for both sides."), default: {} },
          left: selector("Column values of the rows on the left, say { model: ae }."),
          right: Type.Union([Type.Number(), selector("Column values of the rows on the right.")], {
            description: "Column values of the rows on the right, or a number.",
          }),
          each: Type.Array(Type.String(), {
            default: [],
            description: "Axes for each value of which the claim is made, and judged, anew.",
          }),
          along: Type.Optional(along),
          side: Type.Union(
            (["greater", "less", "equal", "different"] as const).map((side) => Type.Literal(side)),
            {
              description:
                "left is greater or less than right by more than the margin, equal within it, or different beyond it.",
            },
          ),
          margin: Type.Number({
            minimum: 0,
            description:
              "The least difference that matters; on the log scale a factor, 1 or more. 0 (there 1) needs `why_zero`.",
          }),
          why_zero: Type.Optional(
            Type.String({
              minLength: 1,
              description: "Why every difference matters, however small, where the margin is none.",
            }),
          ),
          scale: Type.Union([Type.Literal("linear"), Type.Literal("log")], {
            default: "linear",
            description: "linear compares by left - right, log by left / right.",
          }),
          over: Type.Optional(over),
          family: Type.String({
            default: family,
            description: "Claims of one family share alpha.",
          }),
          ...(role === "claim" ? { states } : {}),
          bearing,
          expect: Type.Optional(
            Type.Union([...words, Type.Array(Type.Union(words), { minItems: 1 })], {
              description: "The word that is expected, or several; `as_expected` says if it came.",
            }),
          ),
        },
        { additionalProperties: false, "x-blockspin-instead": instead },
      ),
      { default: [], description },
    ),
  );
};
