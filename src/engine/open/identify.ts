/** Asks node types for what enters the key beside parameters, such as a program's version. */
import { dirname } from "node:path";
import type { Pipeline } from "../document/index.ts";
import type { Graph, Instance } from "../graph.ts";
import type { Checked, Diagnostic, Span } from "../language/diagnostic.ts";
import { locate } from "../language/tree.ts";
import type { InvalidParam } from "../node-type.ts";

/** Answers by instance index. Each question is asked once. */
export async function identify(
  graph: Graph,
  pipeline: Pipeline,
): Promise<Checked<Map<number, string>>> {
  const identities = new Map<number, string>();
  const diagnostics: Diagnostic[] = [];
  const asked = new Map<string, Promise<string>>();
  for (const [index, instance] of graph.instances.entries()) {
    const { node, params, label } = instance;
    if (!node.type.identify) continue;
    const question = JSON.stringify([node.type.type, params]);
    const first = !asked.has(question);
    const answer = asked.get(question) ?? node.type.identify(params, dirname(graph.path));
    asked.set(question, answer);
    try {
      identities.set(index, await answer);
    } catch (error) {
      const message = `${label}: ${error instanceof Error ? error.message : String(error)}`;
      const span = spanOf(error, instance, pipeline);
      if (first) diagnostics.push({ severity: "error", code: "invalid-param", message, span });
    }
  }
  return { value: identities, diagnostics };
}

/** Points at the parameter that an error names, or at the stage's name. */
function spanOf(error: unknown, { stage, span, node }: Instance, pipeline: Pipeline): Span {
  const { path } = error as Partial<InvalidParam>;
  if (typeof path !== "string") return span;
  const trees = [pipeline.stages.get(stage)?.with, pipeline.defaults.get(node.type.type)?.value];
  for (const tree of trees) {
    const found = tree && locate(tree, path.split("."));
    if (found?.complete) return found.tree.span;
  }
  return span;
}
