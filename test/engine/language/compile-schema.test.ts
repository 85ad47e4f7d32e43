import { createRequire } from "node:module";
import type { ErrorObject, ValidateFunction } from "ajv";
import { expect, test } from "vitest";
import { builtinValidators } from "../../../src/engine/document/index.ts";
import { documentSchema } from "../../../src/engine/document/pipeline-schema.ts";
import { tiles } from "../../../src/engine/figures/schema.ts";
import {
  compileSchema,
  compileToModule,
  type Schema,
} from "../../../src/engine/language/compile-schema.ts";
import { nodeTypes } from "../../../src/nodes/index.ts";

/** As the build writes it, and node loads it. */
function load(text: string): Record<string, ValidateFunction> {
  const exports = {};
  new Function("exports", "require", text)(exports, createRequire(import.meta.url));
  return exports;
}

/** What a validator says of a value and leaves of it: defaults, marks, errors. */
function say(validator: ValidateFunction, value: unknown) {
  const data = structuredClone(value);
  const marks: unknown[] = [];
  const valid = validator.call(marks, data);
  const told = (error: ErrorObject) => [error.instancePath, error.schemaPath, error.params];
  return { valid, data, marks, errors: (valid ? [] : (validator.errors ?? [])).map(told) };
}

/** Right and wrong in many places at once; every schema has something to say of each. */
const values: unknown[] = [
  {},
  { size: 3, betas: [], samples: "many", seed: [1, "a"], unknown: 1 },
  { blockspin: 1, stages: { a: { node: "x", for: 3 } } },
  { argv: ["sh"], files: ["a.py"], outputs: {}, layers: [{ dense: 3 }, { use: "x" }], seed: 1 },
];

test("what is compiled in the build says of every value what is compiled now", () => {
  const schemas: Schema[] = [
    documentSchema,
    tiles as Schema,
    ...nodeTypes.map(({ params }) => params as Schema),
  ];
  const distinct = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  const validators = Object.values(load(builtinValidators(nodeTypes)));
  expect(validators).toHaveLength(distinct.length);
  for (const [i, schema] of distinct.entries()) {
    const now = compileSchema(schema);
    for (const value of values) expect(say(validators[i]!, value)).toEqual(say(now, value));
  }
});

test("equal schemas share a function, with a name of their own or without", () => {
  const schema = (id: object, minimum: number): Schema => ({
    ...id,
    type: "object",
    properties: { size: { type: "integer", minimum } },
  });
  for (const id of [{}, { $id: "sizes" }]) {
    const text = compileToModule([schema(id, 1), schema({}, 5), schema(id, 1)]);
    const validators = Object.values(load(text));
    expect(validators.map((validator) => say(validator, { size: 3 }).valid)).toEqual([true, false]);
  }
});

test("a file parameter is marked with its place, which a pointer's escapes may hide", () => {
  const schema: Schema = {
    type: "object",
    additionalProperties: { type: "string", "x-blockspin": "file" },
  };
  const { marks } = say(compileSchema(schema), { "a/b": "x", c: "y" });
  expect(marks).toEqual([
    { kind: "file", pointer: "/a~1b" },
    { kind: "file", pointer: "/c" },
  ]);
});
