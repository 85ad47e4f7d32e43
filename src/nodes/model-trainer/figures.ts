/** What a report shows of a stage of this type. */
import type { NodeFigure } from "../../engine/node-type.ts";

export const figures: Readonly<Record<string, NodeFigure>> = {
  history: {
    port: "history",
    title: "Training",
    text: "Loss of each epoch, and of the validation set where there is one.",
    transform: [
      { fold: ["loss", "validation_loss"], as: ["set", "value"] },
      { filter: "isValid(datum.value)" },
      { calculate: "datum.set === 'loss' ? 'training' : 'validation'", as: "set" },
    ],
    mark: { type: "line", strokeWidth: 1.5 },
    encoding: {
      x: { field: "epoch" },
      y: { field: "value", type: "quantitative", title: "loss", scale: { zero: false } },
      strokeDash: { field: "set", type: "nominal", title: null },
    },
  },
};
