/** The claims of the `verdict` node as written: their schema and their type. */
import { Type } from "../../engine/node-type.ts";
import { type Verdict, verdicts } from "../../statistics/drawn.ts";

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
  readonly side: "greater" | "less";
  readonly margin: number;
  readonly scale: "linear" | "log";
  readonly over?: { readonly betas: "mean" | "every"; readonly window?: readonly [number, number] };
  readonly family: string;
  readonly bearing: "theorem" | "by-construction" | "empirical";
  readonly expect?: Verdict | readonly Verdict[];
}

const selector = (description: string) =>
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
    description,
  });

const decisions = verdicts
  .filter((name) => name !== "REPORT-ONLY")
  .map((name) => Type.Literal(name));

const over = Type.Object(
  {
    betas: Type.Union([Type.Literal("mean"), Type.Literal("every")], {
      description: "The mean over betas, or at every beta.",
    }),
    window: Type.Optional(
      Type.Unsafe<readonly [number, number]>({
        type: "array",
        items: { type: "number" },
        minItems: 2,
        maxItems: 2,
        description: "Betas from and to, both included.",
      }),
    ),
  },
  { additionalProperties: false },
);

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
  threshold: "write right: with a number",
  alpha: "alpha: holds for all claims: write it beside claims:",
};

/** A list of claims, with the family of those that name none. */
export const claimsParam = (family: string, description: string) =>
  Type.Unsafe<ClaimParam[]>(
    Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1, description: "Short and unique." }),
          text: Type.Optional(Type.String({ description: "What is claimed, in words." })),
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
          side: Type.Union([Type.Literal("greater"), Type.Literal("less")], {
            description: "left is claimed to be greater or less than right.",
          }),
          margin: Type.Number({
            minimum: 0,
            description: "By how much at least; on the log scale a factor, 1 or more.",
          }),
          scale: Type.Union([Type.Literal("linear"), Type.Literal("log")], {
            default: "linear",
            description: "linear compares by left - right, log by left / right.",
          }),
          over: Type.Optional(over),
          family: Type.String({
            default: family,
            description: "Claims of one family are corrected together.",
          }),
          bearing: Type.Union(
            [Type.Literal("theorem"), Type.Literal("by-construction"), Type.Literal("empirical")],
            {
              default: "empirical",
              description: "What the outcome rests on: a theorem, the construction, or the data.",
            },
          ),
          expect: Type.Optional(
            Type.Union([...decisions, Type.Array(Type.Union(decisions), { minItems: 1 })], {
              description:
                "The verdict that is expected, or several; `as_expected` says if it came.",
            }),
          ),
        },
        { additionalProperties: false, "x-blockspin-instead": instead },
      ),
      { default: [], description },
    ),
  );
