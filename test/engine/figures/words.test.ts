/** The words of a view are those that Vega-Lite knows, and none that it reads from outside. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { channels, marks } from "../../../src/engine/figures/words.ts";

const path = new URL(
  "../../../node_modules/vega-lite/build/vega-lite-schema.json",
  import.meta.url,
);
const { definitions } = JSON.parse(readFileSync(path, "utf8"));

test("every mark but images by address", () => {
  const composite = ["BoxPlot", "ErrorBand", "ErrorBar"].map((name) => definitions[name].const);
  const known = [...definitions.Mark.enum, ...composite].filter((mark) => mark !== "image");
  expect([...marks].sort()).toEqual(known.sort());
});

test("every channel but addresses", () => {
  const known = Object.keys(definitions.FacetedEncoding.properties);
  expect([...channels].sort()).toEqual(known.filter((name) => !/^(href|url)$/.test(name)).sort());
});
