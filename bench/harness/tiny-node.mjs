/** A node type that does almost nothing, so that the engine's own time remains. */
import { defineNode, f64, Type, table } from "blockspin/node";

export const tiny = defineNode({
  type: "tiny",
  version: 1,
  summary: "Adds a number and the numbers at its inputs.",
  params: Type.Object(
    // `place` makes keys differ, and nothing else.
    { value: Type.Number(), place: Type.Optional(Type.Array(Type.Number())) },
    { additionalProperties: false },
  ),
  inputs: {},
  moreInputs: table({ x: f64 }),
  outputs: { sum: table({ x: f64 }) },

  async run({ params, moreInputs }) {
    let x = params.value;
    for (const input of Object.values(moreInputs)) x += (await input.table()).columns.x[0];
    return { sum: { x: [x] } };
  },
});
