/**
 * Every way in which a pipeline file can be wrong, with the whole message: `<code>.yaml` (or
 * `<code>--<variant>.yaml`) and `<code>.txt`. A line `# set: name=value` stands for `--set`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { documentCodes, renderDiagnostic } from "../../src/engine/diagnostic.ts";
import { loadPipeline } from "../../src/engine/document/index.ts";
import { expandPipeline } from "../../src/engine/expand/index.ts";
import { registry } from "../engine/expand/nodes.ts";

const folder = "test/errors";
const cases = readdirSync(folder)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => basename(file, ".yaml"));
const codeOf = (name: string) => name.split("--")[0]!;

function diagnose(path: string): string {
  const text = readFileSync(path, "utf8");
  const set = [...text.matchAll(/^# set: (.*)$/gm)].map((match) => match[1]!);
  const readFile = (file: string) => readFileSync(file, "utf8");
  const loaded = loadPipeline(path, { set, readFile });
  const expanded = loaded.value && expandPipeline(loaded.value, registry, { hashFile: readFile });
  const found = [...loaded.diagnostics, ...(expanded?.diagnostics ?? [])];
  return `${found.map(renderDiagnostic).join("\n\n")}\n`;
}

test.each(cases)("%s.yaml is told of as in its .txt", async (name) => {
  const text = diagnose(`${folder}/${name}.yaml`);
  expect(text).toContain(`[${codeOf(name)}]`);
  await expect(text).toMatchFileSnapshot(`${name}.txt`);
});

test("every code of the document and expand phases has a case", () => {
  expect([...new Set(cases.map(codeOf))].sort()).toEqual([...documentCodes].sort());
});
