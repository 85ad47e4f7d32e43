/**
 * `code-information`: what a code says of the spins, by measures that prefer no basis of the code and no
 * local unit: the linear R² of spins from codes, and the information between blocks and codes. Does not
 * know how the code was made.
 */
import {
  defineNode,
  f64,
  InvalidInput,
  i32,
  nullable,
  Type,
  table,
  utf8,
} from "../../engine/node-type.ts";
import { modelColumns } from "../../learn/model-table.ts";
import { groupRows } from "../../statistics/groups.ts";
import { requireTwoConfigurations, warnOfFewConfigurations } from "../shared/few.ts";
import { sideOf } from "../shared/lattice.ts";
import { spinColumns } from "../shared/sample.ts";
import { columnsOf } from "../shared/tables.ts";
import { allowTrainingChains } from "../shared/training-chains.ts";
import { checkCodes, pick, readCodes, valuesOf } from "./codes.ts";
import { figures } from "./figures.ts";
import { notes, typical } from "./notes.ts";
import { inform, informSummary } from "./rows.ts";

const params = Type.Object(
  {
    fit: Type.Unsafe<"together" | "apart">({
      enum: ["together", "apart"],
      default: "together",
      description: "together: one linear map for all betas, as a decoder is; apart: one a beta.",
    }),
    ridge: Type.Number({
      minimum: 1e-9,
      maximum: 1,
      default: 1e-6,
      description: "Penalty on the squared weights of the map, in mean variances of a code.",
    }),
    allow_training_chains: allowTrainingChains,
  },
  { additionalProperties: false },
);

const inputs = {
  configurations: table(spinColumns, { description: "Spins that the measures are of." }),
  train: table(spinColumns, { description: "Spins that the linear map is fitted to." }),
  model: table(modelColumns, { optional: true, description: "Its code layer makes the codes." }),
  codes: table({}, { optional: true, description: "Or the codes of the configurations." }),
  train_codes: table({}, { optional: true, description: "With `codes`: those of `train`." }),
};

const measured = [
  "r2",
  "accuracy",
  "block_entropy",
  "block_surroundings_information",
  "block_information",
  "surroundings_information",
  "own_block_information",
  "own_surroundings_information",
].flatMap((name) => [[name, nullable(f64)] as const, [`${name}_se`, nullable(f64)] as const]);
const metrics = { codes: utf8, configurations: i32, ...Object.fromEntries(measured) };

export const codeInformation = defineNode({
  type: "code-information",
  version: 1,
  summary: "What codes say of spins, whatever their basis: linear R² and information.",
  details: `
A code may say much of every spin while no unit looks like a spin: \`correlation\` and \`weights\` prefer
units that do, and these measures do not. A linear map from the units to the spins, W h + b, is fitted to
\`train\` by least squares with a small ridge, and measured on \`configurations\`, which share no chain with
it. The rows \`real\` read the codes as they are, the rows \`signs\` one bit a unit, its side of zero
(1/2 for sigmoid). Codes of bits have the rows \`signs\` alone.

- r2 = 1 - sum (s - W h - b)^2 / sum (s - <s>)^2 over sites and configurations, with <s> the mean of the
  site in \`train\` at the same beta: out-of-sample R² (Hawinkel, Waegeman and Maere, Am. Stat. 78, 15,
  2024). The same for every invertible linear map of the units. The fitted map falls short of the best
  one by about (1 - r2) units / rows of \`train\`. In \`summary\` the sums run over all betas.
- accuracy: the share of spins with the sign of W h + b.
- block_information: I(A; Z) in nats, A the four spins of a 2 x 2 block, Z the signs of the four numbers
  that the map makes of it, over all blocks of the tiling that begins at site 0. No more than what all units
  together say of the block (data processing), and than \`block_entropy\`.
- surroundings_information: I(E; Z), E one spin beyond each side of the block (above its first site, and
  so on clockwise); block_surroundings_information: I(A; E), which no code changes.
- own_…: the same with the sign of the one unit of the block's own index for Z, a mean over blocks, where
  there are as many units as blocks, in the rows \`signs\`: what real-space mutual information is about (Koch-Janusz and Ringel,
  Nature Physics 14, 578, 2018). It means nothing of units that are numbered as they like.

Information is I = H(A) + H(Z) - H(A, Z) of the counts. It is biased high by about (K_A - 1)(K_Z - 1) / 2n for n
independent pairs; blocks of one configuration are not independent, so the bias of order 1/n is removed by
the jackknife over configurations (Quenouille 1956). What is left is of order 1/n^2.

\`…_se\` are block jackknifes over configurations, 20 contiguous blocks per beta, with the map as it is.`,
  notes,
  typical,
  params,
  inputs,
  outputs: (_, types) => {
    const side = sideOf("configurations", types["configurations"]!);
    if (side % 2 || side < 4) {
      const message = `expected an even side of 4 or more for blocks with surroundings, got ${side}`;
      throw new InvalidInput("configurations", message);
    }
    if (sideOf("train", types["train"]!) !== side) {
      throw new InvalidInput("train", "has lattices of another size than configurations");
    }
    checkCodes(types);
    return {
      summary: table(metrics, { main: true }),
      by_beta: table({ beta: f64, ...metrics }),
    };
  },
  backend: true,
  tolerance: { "*": 1e-3 },

  figures,

  async run({ params, inputs, backend: name, warn, signal }) {
    const { loadBackend } = await import("../../learn/backend/backend.ts");
    const { predict } = await import("../../learn/layers/forward.ts");
    const { fitProbe, meanOf } = await import("../../learn/linear-probe.ts");
    const backend = await loadBackend(name);
    const { spins, beta, readings } = await readCodes(inputs as never, params, backend);
    const betas = groupRows(beta.test);
    requireTwoConfigurations("configurations", betas);
    warnOfFewConfigurations(betas, warn);
    const trained = new Map(groupRows(beta.train).map(({ value, rows }) => [value, rows]));
    const lacking = betas.find(({ value }) => !trained.has(value));
    if (lacking) throw new InvalidInput("train", `has no beta ${lacking.value}`);
    const side = Math.sqrt(spins.test.width);
    const isOwn = 4 * readings[0]!.test.width === spins.test.width;
    const found = readings.map(({ codes, test, train }) => {
      const together =
        params.fit === "together" ? fitProbe(train, spins.train, params.ridge) : undefined;
      const informed = betas.map(({ value, rows }) => {
        signal.throwIfAborted();
        const fitted = trained.get(value)!;
        const shown = pick(spins.train, fitted);
        const probe = together ?? fitProbe(pick(train, fitted), shown, params.ridge);
        return inform(value, {
          side,
          spins: valuesOf(pick(spins.test, rows)),
          image: predict(backend, [probe], pick(test, rows)),
          means: meanOf(shown),
          own: isOwn && codes === "signs" ? valuesOf(pick(test, rows)) : undefined,
        });
      });
      return { codes, informed };
    });
    const summary = found.map(({ codes, informed }) => ({ codes, ...informSummary(informed) }));
    const byBeta = found.flatMap(({ codes, informed }) =>
      informed.map(({ row }) => ({ codes, ...row })),
    );
    return {
      summary: columnsOf(metrics, summary),
      by_beta: columnsOf({ beta: f64, ...metrics }, byBeta),
    };
  },
});
