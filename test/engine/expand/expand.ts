/** Loads and expands a pipeline that is given as text, with the node types for tests. */

import { loadDocument, readPipeline } from "../../../src/engine/document/index.ts";
import { Answers, expandPipeline } from "../../../src/engine/expand/index.ts";
import type { Graph, Instance } from "../../../src/engine/graph.ts";
import { type Diagnostic, renderDiagnostic } from "../../../src/engine/language/diagnostic.ts";
import { Ablations } from "../../../src/engine/open/ablations.ts";
import { loadPipeline } from "../../harness/load-pipeline.ts";
import { registry } from "./nodes.ts";

export type Files = Readonly<Record<string, string>>;

/** Files by absolute path below `/project`, as a disk would answer. */
export function fileSystem(files: Files) {
  const read = (path: string) => {
    const text = files[path.replace("/project/", "")];
    if (text === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    return text;
  };
  return { readFile: read, hashFile: (path: string) => `sha256:${read(path)}` };
}

export function tryExpand(
  stages: string,
  { set = [], files = {} }: { set?: readonly string[]; files?: Files } = {},
): { graph: Graph | undefined; diagnostics: readonly Diagnostic[]; text: string } {
  const text = stages.startsWith("blockspin:") ? stages : `blockspin: 1\n${stages}`;
  const { readFile, hashFile } = fileSystem({ "p.yaml": text, ...files });
  const loaded = loadPipeline("/project/p.yaml", { set, readFile });
  const expanded = loaded.value && expandPipeline(loaded.value, registry, { hashFile });
  const diagnostics = [...loaded.diagnostics, ...(expanded?.diagnostics ?? [])];
  const rendered = diagnostics.map(renderDiagnostic).join("\n\n");
  return { graph: expanded?.value, diagnostics, text: rendered };
}

/** One graph of the baseline (if asked for) and of ablations, as commands open it. */
export async function tryAblate(
  text: string,
  asked: readonly string[],
  nodes = registry,
): Promise<{ graph: Graph | undefined; text: string }> {
  const { readFile, hashFile } = fileSystem({ "p.yaml": `blockspin: 1\n${text}` });
  const document = loadDocument("/project/p.yaml", { readFile });
  const read = document.value && readPipeline(document.value);
  const answers = new Answers(true);
  const baseline = read?.value && expandPipeline(read.value, nodes, { hashFile, answers });
  const phases = [document, read, baseline];
  const before = phases.flatMap((phase) => phase?.diagnostics ?? []);
  if (!baseline?.value)
    return { graph: undefined, text: before.map(renderDiagnostic).join("\n\n") };
  const chosen = new Ablations(read!.value!.ablations, asked);
  const { value: graph, diagnostics } = await chosen.expand(
    document.value!,
    baseline.value,
    async (p) => expandPipeline(p, nodes, { hashFile, isAblation: true, answers }),
  );
  return { graph, text: [...before, ...diagnostics].map(renderDiagnostic).join("\n\n") };
}

export async function ablate(
  text: string,
  asked: readonly string[],
  nodes = registry,
): Promise<Graph> {
  const { graph, text: wrong } = await tryAblate(text, asked, nodes);
  if (!graph) throw new Error(wrong);
  return graph;
}

/** The graph of a pipeline that must be valid. */
export function expand(
  stages: string,
  options: { set?: readonly string[]; files?: Files } = {},
): Graph {
  const { graph, text } = tryExpand(stages, options);
  if (!graph) throw new Error(text);
  return graph;
}

export function ids(graph: Graph, stage?: string): string[] {
  return graph.instances.filter((i) => !stage || i.stage === stage).map(({ id }) => id);
}

/** `port <- instance.port`, or the members of what is collected. */
export function wiring(graph: Graph, id: string): Record<string, unknown> {
  const { inputs } = find(graph, id);
  return Object.fromEntries(
    Object.entries(inputs).map(([port, edge]) => {
      const name = (ref: { instance: number; port: string }) =>
        `${graph.instances[ref.instance]!.id}.${ref.port}`;
      if (edge.kind === "one") return [port, name(edge)];
      return [port, edge.members.map((member) => [member.coordinate, name(member)])];
    }),
  );
}

export function find(graph: Graph, id: string): Instance {
  const instance = graph.instances.find((candidate) => candidate.id === id);
  if (!instance) throw new Error(`no instance ${id} among ${ids(graph).join(" ")}`);
  return instance;
}
