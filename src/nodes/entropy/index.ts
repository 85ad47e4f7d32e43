/**
 * `entropy`: the entropy per site of spin configurations, estimated from local patterns.
 * Knows nothing of what made the configurations.
 */
import {
  defineNode,
  f64,
  InvalidParam,
  i32,
  nullable,
  type Port,
  Seed,
  type Static,
  Type,
  table,
  utf8,
} from "../../engine/node-type.ts";
import type { EstimatorName } from "../../lattice/entropy.ts";
import { jackknifeBlocks } from "../../statistics/jackknife.ts";
import {
  checkEstimator,
  correctionParam,
  estimatorNames,
  warnOfFewWindows,
} from "../shared/entropy.ts";
import { warnOfFewConfigurations } from "../shared/few.ts";
import { sideOf } from "../shared/lattice.ts";
import { openSample, spinColumns, splitSample } from "../shared/sample.ts";
import { columnsOf } from "../shared/tables.ts";
import { notes, typical } from "./notes.ts";
import { bootstrapRows, entropyRows } from "./rows.ts";

const params = Type.Object(
  {
    estimators: Type.Array(
      Type.Unsafe<EstimatorName>({
        enum: estimatorNames,
        description: "One estimator; see the reference.",
      }),
      {
        default: ["pattern2x2", "kikuchi3x3", "cond5"],
        minItems: 1,
        uniqueItems: true,
        description: "Which estimators; claims should use cond5.",
      },
    ),
    correction: correctionParam,
    blocks: Type.Integer({
      minimum: 2,
      default: jackknifeBlocks,
      description: "Contiguous blocks of configurations for the jackknife error.",
    }),
    bootstrap: Type.Optional(
      Type.Object(
        {
          over: Type.String({
            description: "The collected axis, say seed, whose values are replicates.",
          }),
          resamples: Type.Integer({ minimum: 100, default: 1000 }),
          alpha: Type.Number({
            exclusiveMinimum: 0,
            maximum: 0.5,
            default: 0.05,
            description: "The interval has confidence 1 - alpha.",
          }),
        },
        {
          additionalProperties: false,
          description: "Adds an interval by a hierarchical bootstrap, which decides nothing.",
        },
      ),
    ),
    seed: Seed({ default: 1, description: "Seed of the bootstrap." }),
  },
  { additionalProperties: false },
);

const byBetaColumns = {
  beta: f64,
  estimator: utf8,
  entropy: f64,
  entropy_se: nullable(f64),
  block_entropy: nullable(f64),
  correction: f64,
  patterns: i32,
  windows: f64,
  configurations: i32,
};

const bootstrapColumns = {
  beta: f64,
  estimator: utf8,
  replicates: i32,
  entropy: f64,
  lo: f64,
  hi: f64,
  bootstrap_se: f64,
};

export const entropy = defineNode({
  type: "entropy",
  version: 2,
  summary: "Entropy per site of spin configurations, from local patterns.",
  details: `
In nats per site of the lattice that is measured. H_ab is the entropy of overlapping a x b windows,
which wrap around; a window must fit the lattice.

- pattern2x2, pattern3x3: H_ab / (ab); \`block_entropy\` is H_ab itself.
- bethe: H_12 + H_21 - 3 H_11. Invalid below the critical temperature: it turns negative.
- kikuchi2x2: H_22 - H_12 - H_21 + H_11 (Kikuchi, Phys. Rev. 81, 988, 1951). At L = 8, beta = .6 it
  orders a lattice and its decimation wrongly without any sampling error: look at it, decide nothing
  by it.
- kikuchi3x3: H_33 - H_23 - H_32 + H_22.
- cond5, cond11: H(s | neighbours) of the half plane before s (Alexandrowicz, J. Chem. Phys. 55, 2765,
  1971; Meirovitch, Chem. Phys. Lett. 45, 389, 1977): with (dy, dx) = (0,-1) (0,-2) (-1,-1) (-1,0)
  (-1,1), and (0,-1..-3) (-1,-2..2) (-2,-1..1). Upper bounds on the infinite lattice; on a small torus
  they can lie below the entropy.

Not among them: the Shannon entropy of each image's share of up spins, and the compressed size of
each image. The first cannot see a coarse-graining that keeps the magnetization, the second is made
of headers (see \`compression\`).

Estimates from few windows are biased low; \`correction\` is what was added (Miller-Madow:
(K - 1)/2n for K patterns seen among n windows, window by window; Grassberger, arXiv
physics/0307138). Compare lattices at equal numbers of windows: a decimation by 2 has as many as its
original with all four offsets, collected. Windows overlap, so the error is a block jackknife over
contiguous configurations; the k-th configurations of collected tables share a block.

\`bootstrap\`, if asked for: the mean over the values of a collected axis of what each gives by
itself, and the percentile interval of a hierarchical bootstrap that draws those values and, within
each, blocks (Davison & Hinkley 1997, section 3.8). Of few replicates bootstrap intervals cover too
little (a BCa interval of nominal .95 covers .70 at three): verdicts do not use it.`,
  notes,
  typical,
  params,
  inputs: { configurations: table(spinColumns) },
  outputs: (given: Static<typeof params>, types): { by_beta: Port<typeof byBetaColumns> } => {
    const side = sideOf("configurations", types["configurations"]!);
    for (const [i, name] of given.estimators.entries()) {
      checkEstimator(`estimators.${i}`, name, side);
    }
    const over = given.bootstrap?.over;
    if (over !== undefined && !(over in types["configurations"]!)) {
      throw new InvalidParam("bootstrap.over", `is ${JSON.stringify(over)}, which is not a column`);
    }
    return {
      by_beta: table(byBetaColumns, { main: true }),
      ...(over === undefined ? {} : { bootstrap: table(bootstrapColumns) }),
    };
  },

  figures: {
    entropy: {
      port: "by_beta",
      title: "Entropy per site",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "beta", title: "β", scale: { zero: false } },
        y: { field: "entropy", title: "nats per site" },
        strokeDash: { field: "estimator" },
      },
    },
  },

  async run({ params, inputs, random, warn }) {
    const { axes } = inputs.configurations;
    const { sample, table: read } = await openSample(inputs.configurations);
    const rows = entropyRows(sample, params);
    warnOfFewWindows(rows, warn);
    warnOfFewConfigurations(sample.betas, warn, params.blocks);
    const by_beta = columnsOf(byBetaColumns, rows);
    if (!params.bootstrap) return { by_beta };
    const { over, resamples, alpha } = params.bootstrap;
    const settings = { ...params, resamples, alpha };
    const randomAt = (beta: number, name: string) => random("bootstrap", beta, name);
    const samples = splitSample(sample, read, axes, over);
    const intervals = bootstrapRows(samples, { ...settings, randomAt });
    return { by_beta, bootstrap: columnsOf(bootstrapColumns, intervals) };
  },
});
