/** What a report shows of verdicts: every estimate with its interval and margin, and claims along axes. */
import type { NodeFigure } from "../../engine/node-type.ts";

/** What claims and controls are found to be, with a colour. */
const outcomes = {
  "holds, is present": ["REPRODUCED", "PRESENT"],
  "is within the margin": ["EQUIVALENT"],
  mixed: ["MIXED"],
  "is undecided": ["INCONCLUSIVE", "UNCLEAR", "REPORT-ONLY"],
  "falls short, is absent": ["NOT-REPRODUCED", "ABSENT"],
  "is contradicted": ["CONTRADICTED"],
};
const colours = ["#0072b2", "#3a92cd", "#8f5da8", "#6b7281", "#a87400", "#c44e00"];
const outcome = {
  calculate: `${Object.entries(outcomes)
    .map(([text, words]) => `indexof(${JSON.stringify(words)}, datum.verdict) >= 0 ? '${text}' : `)
    .join("")}datum.verdict`,
  as: "outcome",
};
/** Rows stay in the order of the table. */
const inOrder = { window: [{ op: "row_number", as: "order" }] };
const sort = { field: "order", op: "min", order: "ascending" };
const color = {
  field: "outcome",
  type: "nominal",
  title: null,
  scale: { domain: Object.keys(outcomes), range: colours },
};

/** Of a ratio its logarithm, so that no difference is 0 on both scales. */
const onLog = (name: string) => `(datum.scale === 'log' ? log(datum.${name}) : datum.${name})`;
const half = `(${onLog("hi")} - ${onLog("lo")}) / 2`;

export const forest: NodeFigure = {
  port: "table",
  title: "Every verdict, by fact",
  text:
    "Left minus right of each row in units of its margin, ratios by logarithms; the grey zone is the " +
    "margin. Without a margin (hollow) the unit is half the interval. The scale is logarithmic beyond it.",
  transform: [
    outcome,
    inOrder,
    { calculate: "datum.claim + (datum.each ? ' (' + datum.each + ')' : '')", as: "name" },
    {
      calculate:
        "datum.expected === '' ? 'nothing said' : datum.as_expected === null ? 'not decided' : datum.as_expected ? 'as expected' : 'not as expected'",
      as: "expectation",
    },
    { calculate: `${onLog("margin")} > 0 ? 1 : 0`, as: "zone" },
    { calculate: `datum.zone ? ${onLog("margin")} : ${half}`, as: "unit" },
    ...["estimate", "lo", "hi"].map((name) => ({
      calculate: `isValid(datum.${name}) && datum.unit > 0 ? ${onLog(name)} / datum.unit : null`,
      as: `${name}_in_units`,
    })),
    { calculate: "-datum.zone", as: "below" },
  ],
  facet: {
    row: {
      field: "fact",
      title: null,
      sort,
      header: { labelOrient: "top", labelAnchor: "start" },
    },
  },
  resolve: { scale: { y: "independent" } },
  spacing: 8,
  spec: {
    width: 360,
    height: { step: 20 },
    layer: [
      {
        mark: { type: "bar", opacity: 0.35, height: 14, stroke: null },
        encoding: {
          x: { field: "below", type: "quantitative" },
          x2: { field: "zone" },
          color: { value: "#9aa3b0" },
        },
      },
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: {
          x: { field: "lo_in_units", type: "quantitative" },
          x2: { field: "hi_in_units" },
        },
      },
      {
        mark: { type: "point", size: 60 },
        encoding: {
          x: { field: "estimate_in_units", type: "quantitative" },
          shape: {
            field: "expectation",
            type: "nominal",
            title: null,
            scale: {
              domain: ["as expected", "not as expected", "not decided", "nothing said"],
              range: ["circle", "cross", "square", "diamond"],
            },
          },
          strokeDash: {
            condition: { test: "datum.zone === 0", value: [2, 2] },
            value: [1, 0],
          },
        },
      },
    ],
    encoding: {
      x: {
        type: "quantitative",
        title: "estimate in margins",
        scale: { type: "symlog", constant: 1 },
        axis: {
          values: [-100, -10, -1, 0, 1, 10, 100],
          format: "~f",
          labelOverlap: false,
          gridColor: {
            condition: { test: "datum.value === 0", value: "#5b6473" },
            value: "#e3e6ec",
          },
        },
      },
      y: { field: "name", type: "nominal", sort: null, title: null, axis: { labelLimit: 420 } },
      color,
    },
  },
};

/** Estimates along the axis of each claim that has one. */
export const along: NodeFigure = {
  port: "along",
  title: "Where claims hold",
  text:
    "Left minus right, or left over right, along the axis of each claim, with simultaneous intervals; the " +
    "dashed lines are the margins.",
  transform: [
    outcome,
    inOrder,
    { calculate: "datum.claim + (datum.each ? ' (' + datum.each + ')' : '')", as: "name" },
    { calculate: "datum.name + ' along ' + datum.axis", as: "panel" },
    { calculate: "datum.scale === 'log' ? 1 / datum.margin : -datum.margin", as: "below" },
  ],
  facet: { field: "panel", type: "nominal", title: null, sort },
  columns: 2,
  resolve: { scale: { x: "independent", y: "independent" } },
  spec: {
    width: 280,
    height: 170,
    layer: [
      {
        mark: { type: "line", color: "#9aa3b0", strokeDash: [4, 4] },
        encoding: { y: { field: "margin", type: "quantitative" } },
      },
      {
        mark: { type: "line", color: "#9aa3b0", strokeDash: [4, 4] },
        encoding: { y: { field: "below", type: "quantitative" } },
      },
      {
        mark: { type: "line", color: "#9aa3b0", strokeWidth: 1 },
        encoding: { y: { field: "estimate", type: "quantitative" } },
      },
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { y: { field: "lo", type: "quantitative" }, y2: { field: "hi" }, color },
      },
      {
        mark: { type: "point", filled: true, size: 50, opacity: 1 },
        encoding: { y: { field: "estimate", type: "quantitative", title: "estimate" }, color },
      },
    ],
    encoding: {
      x: { field: "value", type: "quantitative", title: null, scale: { zero: false } },
    },
  },
};
