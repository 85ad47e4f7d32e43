/**
 * Every way in which a pipeline file can be wrong, with the whole message: `<code>.yaml` (or
 * `<code>--<variant>.yaml`) and `<code>.txt`. A line `# set: name=value` stands for `--set`, and one
 * `# nodes: shipped` for the node types that ship in place of small ones.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { loadDocument, type Pipeline, readPipeline } from "../../src/engine/document/index.ts";
import { expandPipeline } from "../../src/engine/expand/index.ts";
import {
  documentCodes,
  InvalidPipeline,
  renderDiagnostic,
} from "../../src/engine/language/diagnostic.ts";
import { Ablations } from "../../src/engine/open/ablations.ts";
import { resolveMetrics } from "../../src/engine/open/metrics.ts";
import { resolveConfig } from "../../src/engine/project/project.ts";
import { makeExecutor } from "../../src/engine/run/executors/index.ts";
import { builtinRegistry } from "../../src/index.ts";
import { constants } from "../../src/nodes/index.ts";
import { registry as small } from "../engine/expand/nodes.ts";
import { Folder } from "../store/folder.ts";

const folder = "test/errors";
const cases = readdirSync(folder)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => basename(file, ".yaml"));
const codeOf = (name: string) => name.split("--")[0]!;

/** A configuration, which is read where a project has it. */
function diagnoseConfig(path: string): string {
  using folder = new Folder();
  mkdirSync(folder.path, { recursive: true });
  const copy = join(folder.path, "blockspin.config.yaml");
  copyFileSync(path, copy);
  try {
    const none = { XDG_CONFIG_HOME: join(folder.path, "none") };
    const { executor } = resolveConfig(folder.path, {}, none);
    makeExecutor(executor, 1);
    return "";
  } catch (error) {
    if (!(error instanceof InvalidPipeline)) throw error;
    return `${error.message.replaceAll(copy, path)}\n`;
  }
}

/** Phase by phase, all ablations included, as `blockspin check` does. */
async function diagnose(path: string): Promise<string> {
  const text = readFileSync(path, "utf8");
  const set = [...text.matchAll(/^# set: (.*)$/gm)].map((match) => match[1]!);
  const registry = /^# nodes: shipped$/m.test(text) ? builtinRegistry() : small;
  const readFile = (file: string) => readFileSync(file, "utf8");
  const expand = (pipeline: Pipeline) => expandPipeline(pipeline, registry, { hashFile: readFile });
  const document = loadDocument(path, { set, constants, readFile });
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
  const path = `${folder}/${name}.yaml`;
  const isConfig = codeOf(name) === "invalid-config";
  const text = isConfig ? diagnoseConfig(path) : await diagnose(path);
  expect(text).toContain(`[${codeOf(name)}]`);
  await expect(text).toMatchFileSnapshot(`${name}.txt`);
});

test("every code of the document and expand phases and of configurations has a case", () => {
  const codes = [...documentCodes, "invalid-config"];
  expect([...new Set(cases.map(codeOf))].sort()).toEqual(codes.sort());
});
