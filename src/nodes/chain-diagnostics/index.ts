/** Node type `chain-diagnostics`: whether a sample can be trusted, and what it is worth. */
import {
  defineNode,
  f64,
  i8,
  i32,
  nullable,
  type Static,
  Type,
  table,
  utf8,
} from "../../engine/node-type.ts";
import { anySpins, exactOf, sideOf } from "../shared/lattice.ts";
import { averaged, columnsOf, defined } from "../shared/tables.ts";
import { chainsByBeta, type Measured, measureChains, readRows } from "./chain-series.ts";
import { notes, typical } from "./notes.ts";
import { pool, pooledColumns } from "./pooled.ts";

const params = Type.Object(
  {
    exact: Type.Unsafe<"torus" | "none">({
      enum: ["torus", "none"],
      default: "torus",
      description: "What the energy is compared with: the exact result for the torus, or nothing.",
    }),
    window: Type.Number({
      exclusiveMinimum: 0,
      default: 6,
      description: "c of the window: autocorrelations count up to the first lag W >= c tau.",
    }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

const inputs = {
  configurations: table(
    {
      spins: anySpins,
      beta: f64,
      chain: utf8,
      time: i32,
      energy: i32,
      magnetization: i32,
      sign: i8,
    },
    { description: "Output of `ising-sampler` or `import`." },
  ),
  diagnostics: table(
    { beta: f64, acceptance: nullable(f64), mean_cluster: nullable(f64) },
    { optional: true, description: "The sampler's second port." },
  ),
};

const byBetaColumns = {
  beta: f64,
  samples: i32,
  chains: i32,
  energy: f64,
  energy_se: nullable(f64),
  energy_exact: nullable(f64),
  z: nullable(f64),
  tau_energy: nullable(f64),
  tau_abs_m: nullable(f64),
  tau_m: nullable(f64),
  effective_samples: f64,
  acceptance: nullable(f64),
  mean_cluster: nullable(f64),
};

const quantityColumns = {
  beta: f64,
  quantity: utf8,
  mean: f64,
  mean_se: nullable(f64),
  error_from: utf8,
  tau: nullable(f64),
  tau_se: nullable(f64),
  window: i32,
  resolved: { type: "bool" },
  effective_samples: f64,
} as const;

const quantities = ["energy", "abs_m", "m"] as const;

/** Sigmas off the exact energy that are reported: one seed in 16,000 by chance. */
const alarm = 4;
/** Samples, in tau, below which tau itself is uncertain by half. */
const enough = 100;

export const chainDiagnostics = defineNode({
  type: "chain-diagnostics",
  version: 2,
  summary: "Autocorrelation times, effective sample sizes, and the energy against its exact value.",
  details: `
tau = 1/2 + sum of rho(t), t = 1 .. W, in samples (1/2 for independent ones), with the smallest
W >= c tau (Madras and Sokal, J. Stat. Phys. 50, 109 (1988)), error tau sqrt(2 (2W + 1) / n); rho
is averaged over chains about their common mean, and tau corrected for that (Wolff, Comput. Phys.
Commun. 156, 143 (2004)). n / (2 tau) samples are independent. \`m\` is measured with the sign that
\`symmetrize\` applied undone, so a frozen sign shows; where it alternates, as below the critical
temperature, where Wolff's clusters turn the whole lattice, there is no tau (null); \`effective_samples\` of \`by_beta\` is the
least of energy and |m|.

The error of a mean is sqrt(2 tau variance / n). Where the chains end before the window does
(\`resolved\` is false) tau is a lower bound, and the error is that between the chains' means
(\`error_from\`: tau, chains, or none). \`z\` is (energy - exact) / error, with the energy per site of
the L x L torus (Kaufman 1949). A warning reports |z| > ${alarm}, chains that end before the
window, and fewer than ${enough} tau samples.

Port \`pooled\` asks all betas at once, which finds what no single one shows: \`z_pooled\` = sum z / sqrt(n) is a
standard normal number if the sampler is right, and n times \`chi2\` = sum z² / n has the distribution chi² of n
degrees of freedom. A bias of half a sigma at each of 21 betas is 2.3 in \`z_pooled\`. A warning reports
|z_pooled| > ${alarm}.

\`acceptance\` and \`mean_cluster\` are means over the chains of \`diagnostics\`.`,
  notes,
  typical,
  params,
  inputs,
  outputs: ({ exact }: Params, types) => {
    if (exact === "torus") {
      sideOf("configurations", types["configurations"]!);
      exactOf("configurations", types["configurations"]!);
    }
    return {
      by_beta: table(byBetaColumns, { main: true, description: "One row a beta." }),
      quantities: table(quantityColumns, { description: "One row a beta and quantity." }),
      pooled: table(pooledColumns, { description: "One row: the energies of all betas together." }),
    };
  },

  figures: {
    energy: {
      port: "by_beta",
      title: "Energy against the exact one",
      text: "How many standard errors the sampled energy lies off; most within 2.",
      layer: [
        {
          mark: { type: "point", opacity: 0.7 },
          encoding: {
            x: { field: "beta", title: "β", scale: { zero: false } },
            y: { field: "z", title: "z of the energy" },
          },
        },
        ...[-2, 2].map((z) => ({
          mark: { type: "rule", strokeDash: [4, 4] },
          encoding: { y: { datum: z }, color: { value: "#5b6473" } },
        })),
      ],
    },
    autocorrelation: {
      port: "by_beta",
      title: "Autocorrelation",
      text: "Integrated autocorrelation time of the energy, in samples.",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "beta", title: "β", scale: { zero: false } },
        y: { field: "tau_energy", title: "τ of the energy" },
      },
    },
  },

  async run({ params, inputs, warn }) {
    const { configurations, diagnostics } = inputs;
    const { size: sites } = configurations.schema["spins"] as { size: number };
    const torus =
      params.exact === "torus" ? exactOf("configurations", configurations.schema).torus : undefined;
    const moves = diagnostics ? await diagnostics.table() : undefined;
    const moved = (column: "acceptance" | "mean_cluster", beta: number) => {
      const cells = moves?.columns[column] ?? [];
      return averaged(cells.filter((_, row) => moves!.columns.beta[row] === beta));
    };
    const rows = chainsByBeta(await readRows(configurations.chunks()), sites);
    const measured = rows.map(({ beta, series }) => {
      const of = (name: (typeof quantities)[number]) => measureChains(series[name], params.window);
      const by = { energy: of("energy"), abs_m: of("abs_m"), m: of("m") };
      const samples = series.energy.reduce((n, { length }) => n + length, 0);
      return { beta, by, samples, chains: series.energy.length };
    });
    const byBeta = measured.map(({ beta, by: { energy, abs_m, m }, samples, chains }) => {
      const exact = torus ? torus(Math.sqrt(sites), beta).energy : Number.NaN;
      const z = energy.error > 0 ? (energy.mean - exact) / energy.error : Number.NaN;
      return {
        beta,
        samples,
        chains,
        energy: energy.mean,
        energy_se: defined(energy.error),
        energy_exact: defined(exact),
        z: defined(z),
        tau_energy: defined(energy.tau),
        tau_abs_m: defined(abs_m.tau),
        tau_m: defined(m.tau),
        effective_samples: Math.min(energy.effectiveSize, abs_m.effectiveSize),
        acceptance: moved("acceptance", beta),
        mean_cluster: moved("mean_cluster", beta),
      };
    });
    const long = measured.flatMap(({ beta, by }) =>
      quantities.map((quantity) => quantityRow(beta, quantity, by[quantity])),
    );
    const pooled = pool(byBeta);
    warnOf(byBeta, measured, warn);
    const isSeen = byBeta.some(({ z }) => Math.abs(z ?? 0) > alarm);
    if (!isSeen && Math.abs(pooled.z_pooled ?? 0) > alarm) {
      const sigmas = pooled.z_pooled!.toFixed(1);
      warn("energy-off", `the energies of all betas together are ${sigmas} sigmas off`);
    }
    const resolved = long.map(({ resolved }) => resolved === 1);
    return {
      by_beta: columnsOf(byBetaColumns, byBeta),
      quantities: { ...columnsOf(quantityColumns, long), resolved },
      pooled: columnsOf(pooledColumns, [pooled]),
    };
  },
});

function quantityRow(beta: number, quantity: string, measured: Measured) {
  return {
    beta,
    quantity,
    mean: measured.mean,
    mean_se: defined(measured.error),
    error_from: measured.source,
    tau: defined(measured.tau),
    tau_se: defined(measured.tauError),
    window: measured.window,
    resolved: measured.resolved ? 1 : 0,
    effective_samples: measured.effectiveSize,
  };
}

type ByBeta = readonly { readonly beta: number; readonly z: number | null }[];
type AllMeasured = readonly {
  readonly beta: number;
  readonly samples: number;
  readonly by: Readonly<Record<"energy" | "abs_m", Measured>>;
}[];

function warnOf(
  byBeta: ByBeta,
  measured: AllMeasured,
  warn: (code: string, message: string) => void,
): void {
  const off = byBeta.filter(({ z }) => z !== null && Math.abs(z) > alarm);
  if (off.length > 0) {
    const worst = off.reduce((a, b) => (Math.abs(a.z!) > Math.abs(b.z!) ? a : b));
    const message = `the energy is ${worst.z!.toFixed(1)} sigmas off its exact value`;
    warn("energy-off", `${message} at beta ${worst.beta}${more(off.length)}`);
  }
  const unresolved = measured.filter(({ by }) => !by.energy.resolved || !by.abs_m.resolved);
  if (unresolved.length > 0) {
    const where = `at beta ${unresolved[0]!.beta}${more(unresolved.length)}`;
    const means = "tau is a lower bound there, and errors are those between chains";
    warn("chains-too-short", `chains end before their autocorrelation does ${where}: ${means}`);
  }
  const few = measured.filter(({ by, samples }) => {
    const tau = Math.max(by.energy.tau, by.abs_m.tau);
    return by.energy.resolved && by.abs_m.resolved && samples < enough * tau;
  });
  if (few.length > 0) {
    const { beta, samples, by } = few[0]!;
    const tau = Math.max(by.energy.tau, by.abs_m.tau).toFixed(1);
    const what = `${samples} samples for an autocorrelation time of ${tau} at beta ${beta}`;
    warn("few-samples", `${what}${more(few.length)}: below ${enough} tau its error is a guess`);
  }
}

function more(count: number): string {
  return count > 1 ? ` and at ${count - 1} more` : "";
}
