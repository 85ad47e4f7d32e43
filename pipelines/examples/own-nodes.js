/** A node type of one's own: the Binder cumulant of each inverse temperature. */
import { defineNode, f64, i32, Type, table } from "blockspin";

export const binderCumulant = defineNode({
  type: "binder-cumulant",
  version: 1,
  summary: "U4 = 1 - <m^4> / (3 <m^2>^2), by inverse temperature.",
  params: Type.Object({}, { additionalProperties: false }),
  inputs: { configurations: table({ beta: f64, magnetization: i32 }) },
  outputs: { cumulants: table({ beta: f64, u4: f64 }) },

  async run({ inputs }) {
    const { columns, rows } = await inputs.configurations.table();
    const sums = new Map();
    for (let row = 0; row < rows; row++) {
      const beta = columns.beta[row];
      const square = columns.magnetization[row] * columns.magnetization[row];
      const { n, m2, m4 } = sums.get(beta) ?? { n: 0, m2: 0, m4: 0 };
      sums.set(beta, { n: n + 1, m2: m2 + square, m4: m4 + square * square });
    }
    const u4 = [...sums.values()].map(({ n, m2, m4 }) => 1 - m4 / n / (3 * (m2 / n) * (m2 / n)));
    return { cumulants: { beta: [...sums.keys()], u4 } };
  },
});
