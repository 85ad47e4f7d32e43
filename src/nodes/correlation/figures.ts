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
  retention: {
    port: "retention",
    title: "Correlation of images against that of their originals",
    text: "Sum of G over that of the originals: above the line images correlate more.",
    layer: [
      {
        mark: { type: "line", strokeWidth: 1.5 },
        encoding: {
          x: { field: "beta", title: "β", scale: { zero: false } },
          y: { field: "g_ratio", title: "sum of G, image / original", scale: { zero: false } },
        },
      },
      {
        mark: { type: "rule", strokeDash: [4, 4] },
        encoding: { y: { datum: 1 }, color: { value: "#5b6473" } },
      },
    ],
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
