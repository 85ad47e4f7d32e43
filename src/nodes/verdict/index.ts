/**
 * `verdict`: claims about metrics, judged over replicates. Knows nothing of what the metrics mean.
 */
import {
  type Columns,
  defineNode,
  InvalidParam,
  Seed,
  type Static,
  Type,
  table,
} from "../../engine/node-type.ts";
import { log } from "../../math/index.ts";
import { bcaInterval, bootstrapMinimum } from "../../statistics/bootstrap.ts";
import { judge } from "../../statistics/verdict.ts";
import { columnsOf } from "../shared/tables.ts";
import { type ClaimParam, claimsParam } from "./claim-params.ts";
import { compareSides } from "./claims.ts";
import { forest } from "./forest.ts";
import { notes, typical } from "./notes.ts";
import { concludes, detailColumns, verdictColumns, verdictRow } from "./rows.ts";

const params = Type.Object(
  {
    claims: claimsParam("claims", "What is claimed."),
    controls: claimsParam("controls", "Comparisons that say what else shows the same."),
    families: Type.Optional(
      Type.Record(Type.String(), Type.String({ minLength: 1 }), {
        description: "What each family claims, in a sentence, for summaries: by its name.",
      }),
    ),
    alpha: Type.Number({
      exclusiveMinimum: 0,
      maximum: 0.5,
      default: 0.05,
      description: "Chance of any wrong decision in a family; equivalence: per side.",
    }),
    replicate: Type.String({ default: "seed", description: "The column that counts as n." }),
    seed: Seed({ default: 1, description: "Seed of the bootstrap, which decides nothing." }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

export const verdict = defineNode({
  type: "verdict",
  version: 2,
  summary: "Judges claims about metrics over replicates, with intervals.",
  details: `
A claim compares a metric's rows on the \`left\` and the \`right\`, paired by replicate (a seed):
d = left - right, or ln(left / right) on the log scale, where \`left\` is claimed to be \`greater\` or
\`less\` by at least \`margin\`. Turned so that the claim is d > m, with the interval [lo, hi]:

| first that holds | verdict |
|---|---|
| lo > m | REPRODUCED |
| hi < -m | CONTRADICTED |
| -m < lo and hi < m, m > 0 | EQUIVALENT |
| hi < m | NOT-REPRODUCED |
| else | INCONCLUSIVE |

The first two are paired t tests, Holm-adjusted within the \`family\` (over claims and their \`each\`;
controls are families of their own), the interval Bonferroni's, of joint confidence 1 - alpha.
EQUIVALENT is two one-sided tests at alpha per side, Holm-adjusted, so there the interval has joint
confidence 1 - 2 alpha. Where Holm rejects and Bonferroni would not, an end is drawn at the margin (to
the next number beyond it), so the rows above always hold for what is printed. With \`over: { betas:
every }\` the estimate is that of the least favourable beta, named in \`beta\`; the claim must hold at
each of them (intersection-union, no correction), and so must EQUIVALENT, whose interval holds those of
all betas. Three replicates or fewer give REPORT-ONLY.

Nothing is decided on a selection: if a replicate that both sides have rows for lacks a value, at any
beta compared (null, not finite, or not positive on the log scale), the claim is INCONCLUSIVE without
an interval; \`reason\` and the warning \`missing-values\` name it. Replicates and betas that have rows
on one side only are not compared; \`reason\` and the warning \`unpaired\` report them.

\`expect\` of a claim names the verdict that is expected, or several. \`expected\` repeats it, and
\`as_expected\` is true or false; null where nothing is expected, or nothing judged (REPORT-ONLY).

\`estimate\`, \`lo\`, \`hi\` are left - right (log scale: left / right), \`left\` and \`right\` the means, \`n\`
replicates; \`p\` is of the two-sided test of |d| <= m, \`p_holm\` adjusted. In port \`details\`, of the same
rows, \`within_se\` is the error within a replicate, from the metric's \`_se\` column, both sides taken as
independent; it decides nothing, nor does the BCa bootstrap interval \`bca_lo\`, \`bca_hi\`, given from
20 replicates on. \`blockspin show FILE STAGE.details\` prints it.`,
  notes,
  typical,
  params,
  inputs: {
    metrics: table({}, { description: "Metrics with their axes: `collect: all`." }),
  },
  moreInputs: table({}, { description: "Further tables of metrics, for `port.column`." }),
  outputs: (given: Params, types) => {
    for (const { path, claim } of written(given)) checkClaim(given, claim, path, types);
    return {
      table: table(verdictColumns, { main: true }),
      details: table(detailColumns, { description: "More of each row of the table." }),
    };
  },

  concludes,
  figures: { forest },

  async run({ params, inputs, moreInputs, random, warn }) {
    const ports = new Map<string, Awaited<ReturnType<typeof inputs.metrics.table>>>();
    for (const [port, input] of Object.entries({ ...moreInputs, ...inputs })) {
      ports.set(port, await input.table());
    }
    const entries = written(params).flatMap(({ path, role, claim }) => {
      const { port, column } = metricOf(claim);
      const source = { claim, path, table: ports.get(port)!, column, replicate: params.replicate };
      return compareSides(source).map((comparison) => ({ role, claim, comparison }));
    });
    const judgements = judge(
      entries.map(({ role, claim, comparison }) => ({
        family: `${role} ${claim.family}`,
        points: comparison.differences,
        missing: comparison.missing,
        margin: marginOf(claim),
      })),
      params.alpha,
    );
    const rows = entries.map(({ role, claim, comparison }, i) => {
      const { n, point } = judgements[i]!;
      const name = comparison.each ? `${claim.name} (${comparison.each})` : claim.name;
      const { unpaired, missing, missingText } = comparison;
      for (const message of unpaired) warn("unpaired", `${name}: ${message}`);
      if (missing > 0) warn("missing-values", `${name}: ${missingText}`);
      const bootstrap =
        n < bootstrapMinimum || comparison.differences.length > 1 || missing > 0
          ? { lo: Number.NaN, hi: Number.NaN }
          : bcaInterval(
              comparison.differences[point]!,
              params.alpha,
              random("bootstrap", claim.name, comparison.each),
            );
      return { role, ...verdictRow(claim, comparison, judgements[i]!, bootstrap) };
    });
    return { table: columnsOf(verdictColumns, rows), details: columnsOf(detailColumns, rows) };
  },
});

function written({ claims, controls }: Params) {
  const list = (role: "claim" | "control", items: readonly ClaimParam[]) =>
    items.map((claim, i) => ({ path: `${role}s.${i}`, role, claim }));
  return [...list("claim", claims), ...list("control", controls)];
}

function metricOf({ metric }: ClaimParam): { port: string; column: string } {
  const dot = metric.indexOf(".");
  return dot < 0
    ? { port: "metrics", column: metric }
    : { port: metric.slice(0, dot), column: metric.slice(dot + 1) };
}

/** The margin on the scale of the differences. */
function marginOf({ margin, scale }: ClaimParam): number {
  return scale === "log" ? log(margin) : margin;
}

const numbers = ["float64", "float32", "int8", "uint8", "int16", "uint16", "int32", "uint32"];

function checkClaim(
  given: Params,
  claim: ClaimParam,
  path: string,
  types: Readonly<Record<string, Columns>>,
): void {
  const same = written(given).filter((other) => other.claim.name === claim.name);
  if (same[0]!.path !== path) {
    const message = `is ${JSON.stringify(claim.name)} again, as of ${same[0]!.path}`;
    throw new InvalidParam(`${path}.name`, message);
  }
  const { port, column } = metricOf(claim);
  const schema = Object.hasOwn(types, port) && types[port];
  if (!schema) {
    const known = Object.keys(types).join(", ");
    throw new InvalidParam(
      `${path}.metric`,
      `names the unknown port ${JSON.stringify(port)}; there is ${known}`,
    );
  }
  const known = (name: string, at: string) => {
    if (Object.hasOwn(schema, name)) return;
    const have = Object.keys(schema).join(", ");
    const message = `names the unknown column ${JSON.stringify(name)} of ${port}; there is ${have}`;
    throw new InvalidParam(at, message);
  };
  known(column, `${path}.metric`);
  if (!numbers.includes(schema[column]!.type)) {
    throw new InvalidParam(
      `${path}.metric`,
      `is ${JSON.stringify(column)}, which holds no numbers`,
    );
  }
  known(given.replicate, "replicate");
  const right = typeof claim.right === "number" ? {} : claim.right;
  for (const [key, side] of Object.entries({ where: claim.where, left: claim.left, right })) {
    for (const name of Object.keys(side)) known(name, `${path}.${key}.${name}`);
  }
  for (const [i, name] of claim.each.entries()) known(name, `${path}.each.${i}`);
  if (claim.over && !Object.hasOwn(schema, "beta")) {
    throw new InvalidParam(`${path}.over`, `asks for betas, but ${port} has no column "beta"`);
  }
  if (!claim.over && "beta" in schema && !("beta" in claim.where) && !("beta" in claim.left)) {
    throw new InvalidParam(
      path,
      `needs over: { betas: mean } or every, as ${port} has a row a beta`,
    );
  }
  if (claim.scale === "log" && typeof claim.right === "number" && claim.right <= 0) {
    throw new InvalidParam(
      `${path}.right`,
      `must be positive on the log scale, got ${claim.right}`,
    );
  }
  if (claim.scale === "log" && claim.margin < 1) {
    throw new InvalidParam(
      `${path}.margin`,
      `is a factor on the log scale, 1 or more, got ${claim.margin}`,
    );
  }
}
