/** Lists the files that a pipeline is made of: what it extends, its code, its data. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Opened } from "../engine/index.ts";
import { codeFiles } from "../engine/modules/code-digest.ts";
import { UsageError } from "../engine/usage-error.ts";
import type { WorkflowFile } from "./content.ts";

interface Found {
  /** Absolute. */
  readonly from: string;
  /** In the crate, below `workflow/`; the files keep their places relative to each other. */
  readonly path: string;
  readonly role: WorkflowFile["role"];
}

/** The pipeline file first. Throws `UsageError` for a pipeline that cannot lie elsewhere. */
export async function workflowFiles({ pipeline, graph, set }: Opened): Promise<Found[]> {
  const roles = new Map<string, WorkflowFile["role"]>();
  const add = (role: WorkflowFile["role"]) => (path: string) => {
    if (!roles.has(path)) roles.set(path, role);
  };
  if (resolve(pipeline.source.path) !== pipeline.path) {
    const problem = `${pipeline.source.path} is not a file that a crate can hold`;
    throw new UsageError(problem, "save the pipeline to a file");
  }
  const [main, ...extended] = pipeline.files;
  add("pipeline")(main!);
  extended.forEach(add("extended"));
  const modules = graph.instances.filter(({ node }) => node.code !== null);
  for (const { node } of modules) {
    (await codeFiles(fileURLToPath(node.module))).forEach(add("module"));
  }
  for (const { files } of graph.instances) Object.values(files).forEach(add("input"));
  forbidPlaces(roles, set);
  const root = commonFolder([...roles.keys()]);
  return [...roles].map(([from, role]) => {
    const path = ["workflow", ...relative(root, from).split(sep)].join("/");
    return { from, path, role };
  });
}

/** Throws for an absolute path in the pipeline or an override: it means nothing elsewhere. */
function forbidPlaces(
  roles: ReadonlyMap<string, WorkflowFile["role"]>,
  overrides: readonly string[],
): void {
  const written = [...roles].filter(([, role]) => role === "pipeline" || role === "extended");
  const texts = [...written.map(([path]) => readFileSync(path, "utf8")), ...overrides];
  for (const path of roles.keys()) {
    const fromHome = `~/${relative(homedir(), path)}`;
    const named = [path, fromHome].find((name) => texts.some((text) => hasPlace(text, name)));
    if (named === undefined) continue;
    throw new UsageError(
      `the pipeline names ${JSON.stringify(named)}, which is a place on this machine`,
      "write it relative to the file that names it",
    );
  }
}

/** Whether a text contains a path that is not the end of another, such as `../../tmp/x.js`. */
function hasPlace(text: string, path: string): boolean {
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1)) {
    if (!/[\w./-]/.test(text[at - 1] ?? " ")) return true;
  }
  return false;
}

function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => dirname(path).split(sep));
  const shared = folders[0]!.findIndex((name, i) => folders.some((folder) => folder[i] !== name));
  return (shared < 0 ? folders[0]! : folders[0]!.slice(0, shared)).join(sep) || sep;
}
