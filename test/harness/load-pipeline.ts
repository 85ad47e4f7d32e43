/** Reads and interprets a document in one step. */
import { loadDocument, type Pipeline, readPipeline } from "../../src/engine/document/index.ts";
import type { Checked } from "../../src/engine/language/diagnostic.ts";

/** Reports all errors of reading; if there are none, all errors of interpretation. */
export function loadPipeline(
  path: string,
  options: Parameters<typeof loadDocument>[1],
): Checked<Pipeline> {
  const { value: document, diagnostics } = loadDocument(path, options);
  if (!document) return { value: undefined, diagnostics };
  const read = readPipeline(document);
  return { value: read.value, diagnostics: [...diagnostics, ...read.diagnostics] };
}
