/**
 * `block-filter`: a block-spin rule as a network, so that rules and encoders go through the same stages.
 * Knows no data.
 */
import {
  bits,
  type Columns,
  defineNode,
  InvalidParam,
  type Static,
  Type,
  table,
} from "../engine/node-type.ts";
import { layerOf } from "../learn/block-filter.ts";
import { modelBatch, modelSchema } from "../learn/model-table.ts";
import { sideOf } from "./shared/lattice.ts";
import * as note from "./shared/notes.ts";

const params = Type.Object(
  {
    rule: Type.Optional(
      Type.Unsafe<"decimation" | "majority">({
        enum: ["decimation", "majority"],
        description: "The first site of a block, or all of its sites alike.",
      }),
    ),
    weights: Type.Optional(
      Type.Array(Type.Array(Type.Number()), {
        minItems: 1,
        description: "In place of a rule: rows of the window's weights, as many as columns.",
      }),
    ),
    factor: Type.Integer({ default: 2, minimum: 2, description: "Sites a side of a block, b." }),
    size: Type.Optional(
      Type.Integer({
        minimum: 2,
        description: "Sites a side of the lattices that the model takes; else of configurations.",
      }),
    ),
  },
  { additionalProperties: false },
);

export const blockFilter = defineNode({
  type: "block-filter",
  version: 1,
  summary: "A block-spin rule as a network: one filter for every block.",
  details: `
The layer \`code\` is a convolution by one filter, \`factor\` sites from one window to the next, with tanh
and without a bias: the sign of what it gives is the rule's block spin. A window of \`weights\` that is
wider than a block is centred on it. Majority ties, which give 0, are for the user of the model:
\`block-spins\` and \`mcrg\` toss a coin.`,
  notes: { configurations: { spins: note.configurations.spins }, model: note.model },
  typical: {
    params: { rule: "majority", size: 16 },
    inputs: {},
    depends: "The tensors of the model have the sizes of `size`, `factor` and `weights`.",
  },
  params,
  inputs: {
    configurations: table(
      { spins: bits("*") },
      { optional: true, description: "Lattices of the size that the model takes; none is read." },
    ),
  },
  outputs: (given, types) => ({
    model: table(modelSchema([layerFor(given, types["configurations"])]), { main: true }),
  }),
  async run({ params, inputs }) {
    const layers = [layerFor(params, inputs.configurations?.schema)];
    return { model: modelBatch({ layers, loss: "mse", chains: [] }) };
  },
});
type Params = Static<typeof params>;

function layerFor({ rule, weights, factor, size: given }: Params, lattices?: Columns) {
  if ((given === undefined) === (lattices === undefined)) {
    throw new InvalidParam("size", "expected either a size or configurations that have one");
  }
  const size = given ?? sideOf("configurations", lattices!);
  if ((rule === undefined) === (weights === undefined)) {
    throw new InvalidParam(rule ? "weights" : "rule", "expected either a rule or weights");
  }
  if (size % factor) throw new InvalidParam("factor", `${factor} does not divide ${size}`);
  const side = weights?.length ?? factor;
  const uneven = weights?.findIndex((row) => row.length !== side) ?? -1;
  if (uneven >= 0) {
    const message = `has ${weights![uneven]!.length} numbers in a window of ${side} rows`;
    throw new InvalidParam(`weights.${uneven}`, message);
  }
  if (side > size) throw new InvalidParam("weights", `${side} is wider than a lattice of ${size}`);
  const ofRule = (_: unknown, i: number) => (rule === "majority" || i === 0 ? 1 : 0);
  const flat = weights?.flat() ?? Array.from({ length: side * side }, ofRule);
  return layerOf({ side, stride: factor, weights: flat }, size);
}
