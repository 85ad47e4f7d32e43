/** What a report shows of a stage of this type. */
import type { NodeFigure } from "../../engine/node-type.ts";

export const figures: Readonly<Record<string, NodeFigure>> = {
  spread: {
    port: "by_beta",
    title: "Spread of the readings, and the least",
    text: "Of one configuration. Dotted: the least of an unbiased reading (Cramér and Rao).",
    transform: [
      { fold: ["spread", "cramer_rao"], as: ["what", "width"] },
      { filter: "datum.what === 'spread' || datum.estimator === 'energy'" },
    ],
    mark: { type: "line", strokeWidth: 1.5 },
    encoding: {
      x: { field: "beta", title: "β", scale: { zero: false } },
      y: { field: "width", type: "quantitative", title: "spread" },
      color: { field: "estimator" },
      strokeDash: { field: "what", type: "nominal", sort: ["spread", "cramer_rao"] },
    },
  },
  bias: {
    port: "by_beta",
    title: "Bias of the readings",
    text: "Mean of reading less target, with its sign.",
    mark: { type: "line", strokeWidth: 1.5 },
    encoding: {
      x: { field: "beta", title: "β", scale: { zero: false } },
      y: { field: "bias", title: "reading - target" },
      strokeDash: { field: "estimator" },
    },
  },
  readings: {
    port: "by_beta",
    title: "Readings",
    mark: { type: "line", strokeWidth: 1.5 },
    encoding: {
      x: { field: "target", title: "to be read", scale: { zero: false } },
      y: { field: "estimate", title: "reading" },
      strokeDash: { field: "estimator" },
    },
  },
};
