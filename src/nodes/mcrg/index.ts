/** Node type `mcrg`: critical exponents by the Monte Carlo renormalization group. */
import {
  bits,
  type Columns,
  defineNode,
  f64,
  type Input,
  InvalidInput,
  InvalidParam,
  i32,
  nullable,
  Seed,
  type Static,
  type Table,
  Type,
  table,
  utf8,
} from "../../engine/node-type.ts";
import { type BlockFilter, blockSpins } from "../../lattice/block-filter.ts";
import { decimate, majority } from "../../lattice/coarse-graining.ts";
import { evenCouplings, oddCouplings } from "../../lattice/couplings.ts";
import { packSpins, unpackRows, unpackSpins } from "../../lattice/spins.ts";
import type { Tie, TieBits } from "../../lattice/systems/system.ts";
import { filterLayer, filterOf } from "../../learn/block-filter.ts";
import { at } from "../../learn/misfit.ts";
import { modelColumns, readModel } from "../../learn/model-table.ts";
import { requireSameRows } from "../../learn/training/examples.ts";
import { jackknifeBlocks } from "../../statistics/jackknife.ts";
import { filterSize, sideAfter } from "../block-spins.ts";
import { sideOf } from "../shared/lattice.ts";
import { located } from "../shared/located.ts";
import { readSample, spinColumns } from "../shared/sample.ts";
import { columnsOf, defined } from "../shared/tables.ts";
import { tieStreams } from "../shared/ties.ts";
import { refuseTrainingChains } from "../shared/training-chains.ts";
import { notes, typical } from "./notes.ts";
import { type Ensemble, exponents } from "./rows.ts";

const params = Type.Object(
  {
    rule: Type.Unsafe<"majority" | "decimation">({
      enum: ["majority", "decimation"],
      default: "majority",
      description: "How blocks are made; not used where `coarse` or `model` is connected.",
    }),
    factor: Type.Integer({ default: 2, minimum: 2, description: "Sites a side of a block, b." }),
    steps: Type.Integer({ default: 1, minimum: 1, description: "How often the rule is applied." }),
    tie: Type.Unsafe<Tie>({
      enum: ["random", "up", "down", "top-left"],
      default: "random",
      description: "What majority does with a block whose sum is 0.",
    }),
    blocks: Type.Integer({
      minimum: 2,
      default: jackknifeBlocks,
      description: "Contiguous blocks of configurations for the jackknife error.",
    }),
    seed: Seed({ default: 1, description: "Seed of the random ties." }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

const inputs = {
  configurations: table(spinColumns),
  coarse: table(
    { spins: bits("*") },
    {
      optional: true,
      description: "The configurations coarse-grained by another node, row by row.",
    },
  ),
  model: table(modelColumns, {
    optional: true,
    description: "An encoder in place of a rule: its code is one filter for every block.",
  }),
};

const columns = {
  beta: f64,
  step: i32,
  size: i32,
  exponent: utf8,
  couplings: i32,
  y: nullable(f64),
  y_se: nullable(f64),
  eigenvalue: nullable(f64),
  configurations: i32,
};

/** On smaller coarse lattices some patterns coincide. */
const smallestSize = 4;
/** Configurations below which covariances of so many operators are noise. */
const fewest = 100;

export const mcrg = defineNode({
  type: "mcrg",
  version: 3,
  summary: "Critical exponents y_T and y_h from the linearized renormalization group (Swendsen).",
  details: `
R. H. Swendsen, Phys. Rev. Lett. 42, 859 (1979). With O the operators on the lattice before a step
and O' the same ones on the lattice after it, T = A^-1 B is the derivative of the coarse couplings by
the fine ones, A = <O' O'> - <O'><O'>, B = <O' O> - <O'><O>, and y = ln lambda / ln b with the largest
eigenvalue lambda of T. The configurations should be at the critical point; no Hamiltonian after the
first step need be known. Exact values: y_T = 1, y_h = 15/8.

Row by row: \`exponent\` is y_t (even operators) or y_h (odd ones), and \`couplings\` says how many
operators were used, the first ones of
${list("even", evenCouplings)} and
${list("odd", oddCouplings)}. An estimate
converges as \`step\` and \`couplings\` grow and is cut short by the size of the coarse lattice
(\`size\`, at least ${smallestSize}); \`y\` is null where T has no single real largest eigenvalue. A
random tie takes its bit from the seed, the configuration (its spins and, if there are such columns,
its \`chain\` and \`time\`) and the block.

Errors are block jackknives over contiguous configurations. \`decimation\` is a control: its
coarse-grained Hamiltonian never becomes local, so y_T drifts away from 1 with every step and y_h
stays near d = 2. With \`coarse\`, say the code of a trained encoder, row i of it belongs to row i of
the configurations, its spins are a lattice in the order of the blocks (as an encoder that was
trained on blocks has them), there is one step, and b is the ratio of sizes. With \`model\`, an encoder
with one filter for every block (its bias left out, as \`block-spins\` does), every step applies it,
and ties, sums of exactly 0, are random; chains that it was trained on are refused.`,
  notes,
  typical,
  params,
  inputs,
  outputs: (given: Params, types) => {
    const size = sideOf("configurations", types["configurations"]!);
    const { coarse, model } = types;
    if (coarse && model)
      throw new InvalidInput("coarse", "is connected, and so is model: keep one");
    if (coarse) checkCoarse(given, size, sideOf("coarse", coarse));
    else if (model) checkModel(given, size, model);
    else checkSteps(given, size);
    return { exponents: table(columns) };
  },

  figures: {
    exponents: {
      title: "Exponents after each step",
      transform: [
        { joinaggregate: [{ op: "max", field: "couplings", as: "most" }], groupby: ["exponent"] },
        { filter: "datum.couplings === datum.most" },
      ],
      mark: { type: "line", point: true },
      encoding: {
        x: { field: "step", type: "ordinal" },
        y: { field: "y", scale: { zero: false } },
        strokeDash: { field: "exponent" },
      },
    },
  },

  async run({ params, inputs, random, warn, signal, progress }) {
    const read = await inputs.configurations.table();
    const sample = readSample(read, inputs.configurations.axes);
    const coarse = inputs.coarse && (await readCoarse(inputs.coarse, inputs.configurations));
    const filter = inputs.model && (await readFilter(inputs.model, read));
    if (!coarse && !filter && params.rule === "majority" && ["up", "down"].includes(params.tie)) {
      const what = "even and odd operators then mix";
      warn("tie-breaks-symmetry", `tie "${params.tie}" tells up from down: ${what}`);
    }
    const ties = tieStreams(random, read, (row) => packSpins(sample.spinsOf([row])));
    const rows: ReturnType<typeof stepRows> = [];
    for (const [i, { value: beta, rows: members }] of sample.betas.entries()) {
      if (members.length < fewest) {
        const message = `${members.length} configurations at beta ${beta}: expected ${fewest}`;
        throw new InvalidInput("configurations", `${message} or more`);
      }
      let fine: Ensemble = { size: sample.side, spins: sample.spinsOf(members) };
      const steps = coarse ? 1 : params.steps;
      for (let step = 1; step <= steps; step++) {
        signal.throwIfAborted();
        progress((i + (step - 1) / steps) / sample.betas.length, `beta ${beta}, step ${step}`);
        const next = coarse
          ? { size: coarse.size, spins: coarse.spinsOf(members) }
          : coarsen(filter ?? params, fine, (row) => ties(step)(members[row]!));
        rows.push(...stepRows({ fine, coarse: next }, { beta, step }, params.blocks));
        fine = next;
      }
    }
    return { exponents: columnsOf(columns, rows) };
  },
});

function list(kind: string, couplings: readonly { readonly name: string }[]): string {
  return `${kind}: ${couplings.map(({ name }) => name).join(", ")}`;
}

function checkSteps({ factor, steps }: Params, size: number): void {
  let width = size;
  for (let step = 0; step < steps; step++) {
    if (width % factor) {
      const when = step ? ` (the size after ${step === 1 ? "1 step" : `${step} steps`})` : "";
      throw new InvalidParam("factor", `${factor} does not divide ${width}${when}`);
    }
    width /= factor;
  }
  checkLeft(steps, size, width);
}

function checkLeft(steps: number, size: number, left: number): void {
  if (left >= smallestSize) return;
  const message = `${steps} would leave ${left} sites a side of ${size}`;
  throw new InvalidParam("steps", `${message}: expected at least ${smallestSize}`);
}

function checkModel({ steps }: Params, size: number, model: Columns): void {
  const { windows } = located(() => at("port", "model", () => filterSize(model)));
  checkLeft(steps, size, sideAfter(size, windows, steps));
}

function checkCoarse({ steps }: Params, size: number, coarse: number): void {
  if (steps !== 1)
    throw new InvalidParam("steps", `must be 1 where coarse is connected, got ${steps}`);
  if (coarse < smallestSize || coarse >= size) {
    const message = `${coarse} sites a side for ${size}: expected fewer, and at least`;
    throw new InvalidInput("coarse", `${message} ${smallestSize}`);
  }
}

/** Refuses coarse rows that differ from the configurations in a column that both have. */
async function readCoarse(
  input: Input<{ spins: ReturnType<typeof bits> }>,
  configurations: Input<typeof spinColumns>,
): Promise<{ readonly size: number; spinsOf(rows: ArrayLike<number>): Int8Array }> {
  const [table, fine] = [await input.table(), await configurations.table()] as [Table, Table];
  const names = ["configurations", "coarse lattices"] as const;
  located(() => at("port", "coarse", () => requireSameRows(fine, table, names)));
  const size = sideOf("coarse", table.schema);
  const packed = table.columns["spins"] as Uint8Array;
  return { size, spinsOf: (rows) => unpackRows(packed, size * size, rows) };
}

async function readFilter(
  input: Input<typeof modelColumns>,
  configurations: Table,
): Promise<BlockFilter> {
  const table = await input.table();
  const model = located(() => at("port", "model", () => readModel(table)));
  refuseTrainingChains(configurations, model, { allow_training_chains: false });
  return located(() => at("port", "model", () => filterOf(filterLayer(model.layers))));
}

function coarsen(by: Params | BlockFilter, { size, spins }: Ensemble, ties: TieBits): Ensemble {
  if ("weights" in by) {
    return { size: size / by.stride, spins: blockSpins(by, spins, size, ties) };
  }
  const { rule, factor, tie } = by;
  const rows = spins.length / (size * size);
  const packed = { bits: packSpins(spins), rows };
  const { bits: coarse } =
    rule === "decimation"
      ? decimate(packed, size, factor)
      : majority(packed, size, factor, tie, ties);
  const width = size / factor;
  return { size: width, spins: unpackSpins(coarse, width * width, 0, rows) };
}

function stepRows(
  { fine, coarse }: { fine: Ensemble; coarse: Ensemble },
  labels: { readonly beta: number; readonly step: number },
  blocks: number,
) {
  const sectors = { y_t: evenCouplings, y_h: oddCouplings };
  return Object.entries(sectors).flatMap(([exponent, couplings]) =>
    exponents(fine, coarse, couplings, blocks).map((found) => ({
      ...labels,
      size: coarse.size,
      exponent,
      couplings: found.couplings,
      y: defined(found.y),
      y_se: defined(found.error),
      eigenvalue: defined(found.eigenvalue),
      configurations: fine.spins.length / (fine.size * fine.size),
    })),
  );
}
