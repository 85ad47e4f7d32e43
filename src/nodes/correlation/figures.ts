/** What a report shows of a stage of this type. */
import type { NodeFigure } from "../../engine/node-type.ts";

export const figures: Readonly<Record<string, NodeFigure>> = {
  "visible-hidden": {
    port: "visible_hidden",
    title: "Correlation of units with spins",
    text: "Largest |C| of a unit, mean over units, above what shuffled configurations have.",
    mark: { type: "line", strokeWidth: 1.5 },
    encoding: {
      x: { field: "beta", title: "β", scale: { zero: false } },
      y: { field: "max_c_excess", title: "excess of max |C|" },
    },
  },
  "two-point": {
    port: "two_point",
    title: "Two-point function along an axis",
    transform: [
      { filter: "datum.dy === 0" },
      { aggregate: [{ op: "mean", field: "g", as: "g" }], groupby: ["beta", "dx"] },
    ],
    mark: { type: "line", strokeWidth: 1.5 },
    encoding: {
      x: { field: "dx", title: "distance" },
      y: { field: "g", title: "G" },
      color: { field: "beta", title: "β" },
      detail: { field: "beta" },
    },
  },
};
