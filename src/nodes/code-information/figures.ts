/** What a report shows of a stage of this type. */
import type { NodeFigure } from "../../engine/node-type.ts";

const beta = { field: "beta", title: "β", scale: { zero: false } };
const dash = { field: "codes", title: "codes read as" };

export const figures: Readonly<Record<string, NodeFigure>> = {
  r2: {
    port: "by_beta",
    title: "Linear R² of spins from codes",
    text: "The share of the spins' variance that a linear map of the code explains, on other chains than its own.",
    mark: { type: "line", strokeWidth: 1.5 },
    encoding: {
      x: beta,
      y: { field: "r2", title: "R²", scale: { zero: false } },
      strokeDash: dash,
    },
  },
  information: {
    port: "by_beta",
    title: "Information of a code on a block of four spins",
    text: "What is known of a 2 x 2 block from all units by a linear map; dotted, all there is to know.",
    layer: [
      {
        mark: { type: "line", strokeWidth: 1.5 },
        encoding: { y: { field: "block_information", title: "nats a block" }, strokeDash: dash },
      },
      {
        mark: { type: "line", strokeWidth: 1, strokeDash: [2, 3] },
        encoding: {
          y: { field: "block_entropy", aggregate: "mean" },
          color: { value: "#5b6473" },
        },
      },
    ],
    encoding: { x: beta },
  },
};
