/** YAML → pipeline: files put together, overrides applied, and checked without node types. */

import { compileToModule, type Schema } from "../language/compile-schema.ts";
import type { Checked } from "../language/diagnostic.ts";
import type { AnyNodeType } from "../node-type.ts";
import { type LoadOptions, loadDocument } from "./load.ts";
import type { Override } from "./override.ts";
import type { Pipeline } from "./pipeline.ts";
import { documentSchema } from "./pipeline-schema.ts";
import { readPipeline } from "./read.ts";

export { isAt, parseAblation } from "../graph.ts";
export { pipelineJsonSchema, schemaFiles } from "./editor-schema.ts";
export type { LoadOptions } from "./load.ts";
export { type Document, loadDocument } from "./load.ts";
export type { Override } from "./override.ts";
export type { Ablation, MetricSpec, Pipeline } from "./pipeline.ts";
export { readPipeline } from "./read.ts";

/**
 * Reads a pipeline file. All errors of reading are reported at once; if there are none, all errors
 * of what it says.
 */
export function loadPipeline(
  path: string,
  options: LoadOptions & { readonly overrides?: readonly Override[] },
): Checked<Pipeline> {
  const { value: document, diagnostics } = loadDocument(path, options);
  if (!document) return { value: undefined, diagnostics };
  const read = readPipeline(document, options.overrides);
  return { value: read.value, diagnostics: [...diagnostics, ...read.diagnostics] };
}

/** Text of the module that validates a pipeline's shape and these node types' parameters. */
export function builtinValidators(nodeTypes: readonly AnyNodeType[]): string {
  return compileToModule([documentSchema, ...nodeTypes.map(({ params }) => params as Schema)]);
}
