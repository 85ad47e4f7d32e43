/**
 * `verdict`: claims about metrics, judged over replicates. Knows nothing of what the metrics mean.
 */
import { defineNode, Seed, type Static, Type, table } from "../../engine/node-type.ts";
import { bcaInterval, bootstrapMinimum } from "../../statistics/bootstrap.ts";
import { judge } from "../../statistics/verdict.ts";
import { columnsOf } from "../shared/tables.ts";
import { alongColumns, alongRows } from "./along.ts";
import { checkClaims, metricOf, written } from "./check.ts";
import { claimsParam } from "./claim-params.ts";
import { alongOf, compareSides, placeName } from "./claims.ts";
import { concludes } from "./concludes.ts";
import { factColumns, factRows } from "./facts.ts";
import { along, forest } from "./figures.ts";
import type { Judged } from "./judged.ts";
import { notes, typical } from "./notes.ts";
import { detailColumns, verdictColumns, verdictRow } from "./rows.ts";

const params = Type.Object(
  {
    claims: claimsParam("claim", "claims", "What is claimed."),
    controls: claimsParam(
      "control",
      "controls",
      "Effects that are looked for beside the claims: is it there, or not?",
    ),
    families: Type.Optional(
      Type.Record(Type.String(), Type.String({ minLength: 1 }), {
        description: "What each family claims, in a sentence, for summaries: by its name.",
      }),
    ),
    facts: Type.Optional(
      Type.Record(Type.String(), Type.String({ minLength: 1 }), {
        description: "What each fact says, in a sentence, for summaries: by its name.",
      }),
    ),
    alpha: Type.Number({
      exclusiveMinimum: 0,
      maximum: 0.5,
      default: 0.05,
      description:
        "Chance of any wrong decision in a family, at most, whatever the true differences are; replicates are taken as normal.",
    }),
    replicate: Type.String({ default: "seed", description: "The column that counts as n." }),
    seed: Seed({ default: 1, description: "Seed of the bootstrap, which decides nothing." }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

const alongPort = table(alongColumns, {
  description: "Each value of claims that are judged along one; only with such claims.",
});
const hasAlong = (given: Params) => written(given).some(({ claim }) => alongOf(claim));

export const verdict = defineNode({
  type: "verdict",
  version: 4,
  summary: "Judges claims about metrics over replicates, with intervals.",
  details: `
A claim compares a metric's rows on the \`left\` and the \`right\`, paired by replicate (a seed):
d = left - right, or ln(left / right) on the log scale, with an interval [lo, hi] and a \`margin\` m. By
its \`side\` it says that left is \`greater\`, \`less\`, \`equal\` or \`different\`; \`less\` is \`greater\` of -d.

| \`greater\`: first that holds | claim | control |
|---|---|---|
| lo > m | REPRODUCED | PRESENT |
| hi < -m | CONTRADICTED | ABSENT |
| -m < lo and hi < m, m > 0 | EQUIVALENT | ABSENT |
| hi < m | NOT-REPRODUCED | ABSENT |
| else | INCONCLUSIVE | UNCLEAR |

\`equal\` is REPRODUCED where -m < lo and hi < m, and CONTRADICTED beyond m on either side. \`different\` is
REPRODUCED beyond m on either side, and EQUIVALENT within. Controls are effects that are looked for beside
the claims. A margin of none (0, or a factor of 1) lets any difference decide: it needs \`why_zero\`.

All decisions are read from paired t intervals that cover jointly: the rows of a \`family\` (over claims and
their \`each\`; controls are families of their own) share \`alpha\` equally. A wrong decision needs an
interval that misses, so its chance in a family is at most alpha, whatever the true differences are,
margins included. With \`over: { betas: every }\` a claim \`greater\` is one of the least d of all betas, which
\`beta\` names: its lower end needs no correction for their number, its upper end has one (Bonferroni), and
EQUIVALENT, of all of them, shows the interval that holds all. Three replicates or fewer give REPORT-ONLY.

\`along: beta\`, or another column of numbers, judges a claim at each value, which share what the row has of
alpha. Where the words differ the row is MIXED; \`counts\` says how many values hold, fail or are undecided,
\`reason\` where, and the port \`along\` has each value. Estimate and interval of the row are of the least favourable value.

Claims that measure one fact have one \`fact:\`. The port \`facts\` has its one answer: the word that all of its
rows have, else MIXED (\`counts\`: how many hold, fail or are undecided), and in \`says\` the range of each metric.

\`p\` is of the test that decides: the least alpha at which the row alone would be decided so; where nothing
is, the least that would decide. It is twice the one-sided p value, for EQUIVALENT twice the larger of two
one-sided tests. \`p_adjusted\` is the same in the family: at most alpha where something is decided.
\`p_flip\` is p of the exact sign-flip test over 2^n signs, up to 32 replicates, which
needs symmetric differences and not normal ones. It is never below 2^(1-n), 1/16 of five replicates, so of
so few it decides nothing: it warns where it is large and p is small. Normality cannot be checked at n = 5.

Nothing is decided on a selection: if a replicate that both sides have rows for, or all of them, lack a
value, at any beta compared (null, not finite, or not positive on the log scale), the claim is INCONCLUSIVE
without an interval; \`reason\` and the warning \`missing-values\` name it. Replicates and betas that have rows
on one side only are not compared; \`reason\` and the warning \`unpaired\` report them.

\`expect\` names the word that is expected, or several. \`expected\` repeats it, and \`as_expected\` is true
or false; null where nothing is expected, nothing judged (REPORT-ONLY), or where it is not decided: a value
that is UNCLEAR or INCONCLUSIVE is no evidence against what was expected.

\`bearing\` says what an outcome rests on, and \`states: opposite\` that a claim says the opposite of what its
family says: summaries count both apart from findings.

\`estimate\`, \`lo\`, \`hi\` are left - right (log scale: left / right), \`left\` and \`right\` the means, \`n\`
replicates. In port \`details\`, of the same rows, \`within_se\` is the error within a replicate, from the
metric's \`_se\` column, both sides taken as independent; it decides nothing, nor does the BCa bootstrap
interval \`bca_lo\`, \`bca_hi\`, given from 20 replicates on. \`blockspin show FILE STAGE.details\` prints it.`,
  notes,
  typical,
  params,
  inputs: {
    metrics: table({}, { description: "Metrics with their axes: `collect: all`." }),
  },
  moreInputs: table({}, { description: "Further tables of metrics, for `port.column`." }),
  outputs: (given: Params, types) => {
    checkClaims(given, types);
    return {
      table: table(verdictColumns, { main: true }),
      facts: table(factColumns, { description: "What the rows of each fact come to." }),
      ...(hasAlong(given) ? { along: alongPort } : {}),
      details: table(detailColumns, { description: "More of each row of the table." }),
    };
  },

  concludes,
  figures: { forest, along },

  async run({ params, inputs, moreInputs, random, warn }) {
    const ports = new Map<string, Awaited<ReturnType<typeof inputs.metrics.table>>>();
    for (const [port, input] of Object.entries({ ...moreInputs, ...inputs })) {
      ports.set(port, await input.table());
    }
    const entries = written(params).flatMap(({ path, role, claim }) => {
      const { port, column } = metricOf(claim);
      const source = { claim, path, table: ports.get(port)!, column, replicate: params.replicate };
      return compareSides(source).map((comparisons) => ({ role, claim, comparisons }));
    });
    for (const { claim, comparisons } of entries) {
      for (const comparison of comparisons) {
        const place = placeName(claim, comparison);
        const name = place ? `${claim.name} (${place})` : claim.name;
        const { unpaired, missing, missingText } = comparison;
        for (const message of unpaired) warn("unpaired", `${name}: ${message}`);
        if (missing > 0) warn("missing-values", `${name}: ${missingText}`);
      }
    }
    const answers = judge(
      entries.map(({ role, claim, comparisons }) => ({
        family: `${role} ${claim.family}`,
        questions: comparisons.map(({ differences, missing }) => ({
          ...{ side: claim.side, margin: claim.margin, ratio: claim.scale === "log" },
          ...{ points: differences, missing },
        })),
      })),
      params.alpha,
    );
    const judged: Judged[] = entries.map((entry, i) => ({ ...entry, answers: answers[i]! }));
    const all = judged.map((one) => {
      const [{ each, differences, missing }] = one.comparisons as [(typeof one.comparisons)[0]];
      const isPlain = one.comparisons.length === 1 && differences.length === 1 && missing === 0;
      const bootstrap =
        !isPlain || one.answers[0]!.n < bootstrapMinimum
          ? { lo: Number.NaN, hi: Number.NaN }
          : bcaInterval(differences[0]!, params.alpha, random("bootstrap", one.claim.name, each));
      return { row: verdictRow(one, bootstrap), judged: one };
    });
    const rows = all.map(({ row }) => row);
    return {
      table: columnsOf(verdictColumns, rows),
      facts: columnsOf(factColumns, factRows(all, params.facts)),
      ...(hasAlong(params) ? { along: columnsOf(alongColumns, judged.flatMap(alongRows)) } : {}),
      details: columnsOf(detailColumns, rows),
    };
  },
});
