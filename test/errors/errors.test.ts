/**
 * Every way in which a pipeline file can be wrong, with the whole message: `<code>.yaml` (or
 * `<code>--<variant>.yaml`) and `<code>.txt`. A line `# set: name=value` stands for `--set`, and one
 * `# nodes: shipped` for the node types that ship in place of small ones.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { loadDocument, type Pipeline, readPipeline } from "../../src/engine/document/index.ts";
import { expandPipeline } from "../../src/engine/expand/index.ts";
import { documentCodes, renderDiagnostic } from "../../src/engine/language/diagnostic.ts";
import { Ablations } from "../../src/engine/open/ablations.ts";
import { resolveMetrics } from "../../src/engine/open/metrics.ts";
import { builtinRegistry } from "../../src/index.ts";
import { registry as small } from "../engine/expand/nodes.ts";

const folder = "test/errors";
const cases = readdirSync(folder)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => basename(file, ".yaml"));
const codeOf = (name: string) => name.split("--")[0]!;

/** Phase by phase, all ablations included, as `blockspin check` does. */
async function diagnose(path: string): Promise<string> {
  const text = readFileSync(path, "utf8");
  const set = [...text.matchAll(/^# set: (.*)$/gm)].map((match) => match[1]!);
  const registry = /^# nodes: shipped$/m.test(text) ? builtinRegistry() : small;
  const readFile = (file: string) => readFileSync(file, "utf8");
  const expand = (pipeline: Pipeline) => expandPipeline(pipeline, registry, { hashFile: readFile });
  const document = loadDocument(path, { set, readFile });
  const pipeline = document.value && readPipeline(document.value);
  const graph = pipeline?.value && expand(pipeline.value);
  const metrics = graph?.value && resolveMetrics(pipeline!.value!, graph.value);
  const ablations = graph?.value && new Ablations(pipeline!.value!.ablations, ["all"]);
  const ablated = await ablations?.expand(document.value!, graph!.value!, async (p) => expand(p));
  const phases = [document, pipeline, graph, metrics, ablated];
  const found = phases.flatMap((phase) => phase?.diagnostics ?? []);
  return `${found.map(renderDiagnostic).join("\n\n")}\n`;
}

test.each(cases)("%s.yaml gives the whole text of its .txt", async (name) => {
  const text = await diagnose(`${folder}/${name}.yaml`);
  expect(text).toContain(`[${codeOf(name)}]`);
  await expect(text).toMatchFileSnapshot(`${name}.txt`);
});

test("every code of the document and expand phases has a case", () => {
  expect([...new Set(cases.map(codeOf))].sort()).toEqual([...documentCodes].sort());
});
