/** YAML → pipeline: files put together, overrides applied, and checked without node types. */

import { tiles } from "../figures/schema.ts";
import { compileToModule, type Schema } from "../language/compile-schema.ts";
import type { AnyNodeType } from "../node-type.ts";
import { documentSchema } from "./pipeline-schema.ts";

export { pipelineJsonSchema, schemaFiles } from "./editor-schema.ts";
export { type Document, loadDocument } from "./load.ts";
export type { Ablation, MetricSpec, Pipeline } from "./pipeline.ts";
export { readPipeline } from "./read.ts";
export { noteOn, typicalOutputs } from "./typical.ts";

/** Text of the module that validates a pipeline's shape and these node types' parameters. */
export function builtinValidators(nodeTypes: readonly AnyNodeType[]): string {
  return compileToModule([
    documentSchema,
    tiles as Schema,
    ...nodeTypes.map(({ params }) => params as Schema),
  ]);
}
