/**
 * `pca`: principal components as a model, the exact optimum of a linear autoencoder. Knows neither
 * lattices nor what the rows mean.
 */
import {
  defineNode,
  f64,
  InvalidInput,
  InvalidParam,
  i32,
  Type,
  table,
} from "../engine/node-type.ts";
import { dataColumn, rowsOf, unusualShape } from "../learn/columns.ts";
import { at } from "../learn/misfit.ts";
import { modelBatch, modelSchema } from "../learn/model-table.ts";
import { chainsOf } from "../learn/training/examples.ts";
import { located } from "./shared/located.ts";
import * as note from "./shared/notes.ts";

export const pca = defineNode({
  type: "pca",
  version: 1,
  summary: "Principal components of configurations, as a model with a linear code.",
  details: `
The eigenvectors of the covariance <(x_i - <x_i>)(x_j - <x_j>)> over all rows (with 1/n), by Householder
reduction and QL iteration in float64. The model has the layers \`code\`, W (x - <x>) with the first
\`units\` eigenvectors as rows, and \`image\`, W^T code + <x>: no linear autoencoder of this width has a
smaller mean square error on these rows (Baldi and Hornik, Neural Networks 2, 53 (1989)).

Spins enter as -1 and +1. Of each eigenvector the component of largest size is positive. Translations
make eigenvalues of the Ising model degenerate, and within an eigenspace (a momentum shell) the basis
is an accident of the sample: compare projectors, not vectors.

\`components\` has a row for every eigenvalue: its variance, its share of the whole, and the share of
all up to it; the mean square error on the same rows is the variance left over, divided by the sites.`,
  notes: {
    model: {
      ...note.model,
    },
    components: {
      component: "Number of the component, from 1, the largest first.",
      variance: "Variance along the component: eigenvalue of the covariance of the sites.",
      share: "Its share of the total variance, 0 to 1.",
      cumulative: "Share of the variance of all components up to it, 0 to 1.",
    },
  },
  typical: {
    params: { units: 64 },
    inputs: { x: note.lattices },
    depends: "The tensors of the model have the sizes of the rows and of `units`.",
  },
  params: Type.Object(
    {
      units: Type.Integer({ minimum: 1, description: "Components that the code keeps." }),
      column: Type.Optional(Type.String({ description: "Column of x; else spins or values." })),
    },
    { additionalProperties: false },
  ),
  inputs: { x: table({}, { description: "Rows with a column spins or values." }) },
  outputs: (given, types) => {
    const [kind, where] =
      given.column === undefined ? (["port", "x"] as const) : (["param", "column"] as const);
    const { width } = located(() => at(kind, where, () => dataColumn(types["x"]!, given.column)));
    if (given.units > width) {
      throw new InvalidParam("units", `${given.units} components of ${width} numbers`);
    }
    const size = { kind: "dense" } as const;
    return {
      model: table(
        modelSchema([
          { ...size, name: "code", inputs: width, outputs: given.units },
          { ...size, name: "image", inputs: given.units, outputs: width },
        ]),
        { main: true },
      ),
      components: table({ component: i32, variance: f64, share: f64, cumulative: f64 }),
    };
  },

  figures: {
    spectrum: {
      port: "components",
      title: "Share of the variance",
      text: "Of the first components together.",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "component" },
        y: { field: "cumulative", title: "share of the variance" },
      },
    },
  },

  async run({ params, inputs }) {
    const { principalComponents } = await import("../learn/pca.ts");
    const x = await inputs.x.table();
    if (x.rows === 0) throw new InvalidInput("x", "holds no rows");
    const column = dataColumn(inputs.x.schema, params.column);
    const rows = rowsOf(x, column);
    const { layers, variances } = principalComponents(rows, params.units);
    const total = variances.reduce((sum, variance) => sum + variance, 0);
    const shares = variances.map((variance) => (total > 0 ? variance / total : 0));
    let sum = 0;
    return {
      model: modelBatch({
        ...{ layers, loss: "mse", chains: [...chainsOf(x)].sort() },
        shape: unusualShape(column),
      }),
      components: {
        component: Int32Array.from(variances, (_, i) => i + 1),
        variance: variances,
        share: shares,
        cumulative: shares.map((share) => {
          sum += share;
          return sum;
        }),
      },
    };
  },
});
