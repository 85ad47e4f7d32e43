/**
 * `thermodynamic-integration`: the entropy of Ising configurations from their energies, the ground
 * truth for estimators that see only configurations. Knows no sampler.
 */
import {
  bits,
  defineNode,
  f64,
  InvalidInput,
  i32,
  nullable,
  Type,
  table,
} from "../../engine/node-type.ts";
import { groupRows } from "../../statistics/groups.ts";
import { exactOf, sideOf } from "../shared/lattice.ts";
import { columnsOf } from "../shared/tables.ts";
import { notes, typical } from "./notes.ts";
import { integrationRows } from "./rows.ts";

const columns = {
  beta: f64,
  entropy: f64,
  entropy_se: nullable(f64),
  entropy_exact: f64,
  entropy_z: nullable(f64),
  energy: f64,
  energy_se: nullable(f64),
  energy_exact: f64,
  configurations: i32,
};

/** The widest step in beta whose error is small (see the reference). */
const widest = 0.05;

export const thermodynamicIntegration = defineNode({
  type: "thermodynamic-integration",
  version: 1,
  summary: "Entropy per site of Ising configurations, from their energies.",
  details: `
s(beta) = ln 2 + beta u(beta) - integral from 0 to beta of u, in nats per site, u the mean energy per
site, over the betas of the configurations, which must begin at 0 (where u = 0 and u' = -2 exactly,
and samples are not used). The integral is the trapezoidal rule with Euler and Maclaurin's correction
by u' = -Var(E) / N from the same samples. On the exact energies of tori of 8 to 64 sites a side its
error is below 2e-5 for steps of .025, 1e-3 for .05 and 3e-3 for .1: wider steps than .05 warn.

\`entropy_se\` is from block jackknifes over configurations (20 contiguous blocks per beta), betas being
independent. \`entropy_exact\` and \`energy_exact\` are Kaufman's for the torus (Phys. Rev. 76, 1232,
1949), and \`entropy_z\` the deviation in errors. It needs \`energy\`, which coarse-grained lattices and
images do not have: their entropy is not an integral of anything known.`,
  notes,
  typical,
  params: Type.Object({}, { additionalProperties: false }),
  inputs: {
    configurations: table(
      { spins: bits("*"), beta: f64, energy: i32 },
      { description: "From the sampler: energies are totals." },
    ),
  },
  outputs: (_, types) => {
    sideOf("configurations", types["configurations"]!);
    exactOf("configurations", types["configurations"]!);
    return { by_beta: table(columns) };
  },

  figures: {
    entropy: {
      port: "by_beta",
      title: "Entropy per site",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "beta", title: "β", scale: { zero: false } },
        y: { field: "entropy", title: "nats per site" },
      },
    },
  },

  async run({ inputs, warn }) {
    const { columns: read, schema } = await inputs.configurations.table();
    const side = sideOf("configurations", schema);
    const exact = exactOf("configurations", schema);
    const betas = groupRows(read.beta);
    const first = betas[0]?.value;
    if (first !== 0) {
      const found = first === undefined ? "has no rows" : `begins at beta ${first}`;
      throw new InvalidInput("configurations", `${found}: the integral begins at beta 0`);
    }
    const steps = betas.slice(1).map(({ value }, i) => value - betas[i]!.value);
    const worst = Math.max(0, ...steps);
    if (worst > widest * (1 + 1e-9)) {
      const at = betas[steps.indexOf(worst)]!.value;
      warn(
        "coarse-grid",
        `the step from beta ${at} is wider than ${widest}: the entropy is biased`,
      );
    }
    return { by_beta: columnsOf(columns, integrationRows(read.energy, betas, { side, exact })) };
  },
});
