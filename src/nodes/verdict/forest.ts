/** What a report shows of verdicts: every estimate with its interval and margin. */
import type { NodeFigure } from "../../engine/node-type.ts";

const verdicts = ["REPRODUCED", "EQUIVALENT", "INCONCLUSIVE", "NOT-REPRODUCED", "CONTRADICTED"];
const colours = ["#0072b2", "#3a92cd", "#6b7281", "#a87400", "#c44e00"];

export const forest: NodeFigure = {
  port: "table",
  title: "Every verdict",
  text:
    "Left minus right of each claim, or their ratio, with its interval; grey bars are the margins. " +
    "Far from zero the scale is logarithmic.",
  transform: [
    { calculate: "datum.claim + (datum.each ? ' (' + datum.each + ')' : '')", as: "name" },
    {
      calculate:
        "datum.as_expected === null ? 'nothing said' : datum.as_expected ? 'as expected' : 'not as expected'",
      as: "expectation",
    },
    { calculate: "-datum.margin", as: "below" },
  ],
  facet: {
    row: { field: "family", title: null, header: { labelOrient: "top", labelAnchor: "start" } },
  },
  resolve: { scale: { y: "independent" } },
  spacing: 16,
  spec: {
    width: 360,
    height: { step: 20 },
    layer: [
      {
        mark: { type: "bar", opacity: 0.35, height: 14, stroke: null },
        encoding: {
          x: { field: "below", type: "quantitative" },
          x2: { field: "margin" },
          color: { value: "#9aa3b0" },
        },
      },
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x: { field: "lo", type: "quantitative" }, x2: { field: "hi" } },
      },
      {
        mark: { type: "point", size: 60 },
        encoding: {
          x: { field: "estimate", type: "quantitative" },
          shape: {
            field: "expectation",
            type: "nominal",
            title: null,
            scale: {
              domain: ["as expected", "not as expected", "nothing said"],
              range: ["circle", "cross", "diamond"],
            },
          },
        },
      },
    ],
    encoding: {
      x: {
        type: "quantitative",
        title: "estimate",
        scale: { type: "symlog", constant: 0.02 },
        axis: {
          values: [-10, -1, -0.1, 0, 0.1, 1, 10, 100],
          tickCount: 20,
          format: "~f",
          labelOverlap: false,
          gridColor: {
            condition: { test: "datum.value === 0", value: "#5b6473" },
            value: "#e3e6ec",
          },
        },
      },
      y: {
        field: "name",
        type: "nominal",
        sort: null,
        title: null,
        axis: { labelLimit: 420 },
      },
      color: {
        field: "verdict",
        title: null,
        scale: { domain: verdicts, range: colours },
      },
    },
  },
};
