/**
 * Users' own node types (`use:`): loads their modules and digests their code. The digest covers the
 * module and its static relative imports by content and relative name, and bare imports by resolved
 * `name@version`. Knows nothing of what a node does.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire, register } from "node:module";
import { dirname, extname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { init, parse } from "es-module-lexer";
import { canonicalJson, sha256 } from "../store/digest.ts";
import type { Checked, Diagnostic, Span } from "./diagnostic.ts";
import type { RegisteredNode } from "./graph.ts";
import { nodeTypesOf } from "./run/load-node.ts";

/** Raised when what `run` is given or may return changes: part of every user node's code digest. */
export const nodeApiVersion = 1;

interface Module {
  readonly path: string;
  readonly span: Span;
}

/** Resolves a bare `blockspin` to this package, wherever the module lies. */
export function resolveOwnName(): void {
  const own = new URL("../index.js", import.meta.url).href;
  const hook = `export async function resolve(specifier, context, next) {
    return specifier === "blockspin" ? { url: ${JSON.stringify(own)}, shortCircuit: true } : next(specifier, context);
  }`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

export async function loadUserNodes(
  modules: readonly Module[],
): Promise<Checked<readonly RegisteredNode[]>> {
  const nodes: RegisteredNode[] = [];
  const diagnostics: Diagnostic[] = [];
  if (modules.length > 0) {
    await init();
    resolveOwnName();
  }
  for (const { path, span } of modules) {
    const problem = (message: string, hint?: string) =>
      diagnostics.push({ severity: "error", code: "invalid-module", message, span, hint });
    if (!existsSync(path)) {
      problem(`module ${JSON.stringify(path)} does not exist`);
      continue;
    }
    try {
      const code = codeDigest(path);
      const module = pathToFileURL(path).href;
      const found = nodeTypesOf((await import(module)) as Record<string, unknown>);
      if (found.length === 0) problem("exports no node type", "export what defineNode(…) returns");
      nodes.push(...found.map((type) => ({ type, module, code })));
    } catch (error) {
      problem(
        error instanceof CodeError ? error.message : `cannot load: ${(error as Error).message}`,
      );
    }
  }
  const failed = diagnostics.length > 0;
  return { value: failed ? undefined : nodes, diagnostics };
}

class CodeError extends Error {}

/** Digest of a module and everything that it imports. Throws `CodeError`. */
export function codeDigest(entry: string): string {
  const root = dirname(entry);
  const files = new Map<string, string>();
  const packages = new Set<string>();
  const pending = [resolve(entry)];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const name = relative(root, path);
    if (files.has(name)) continue;
    const bytes = readFileSync(path);
    files.set(name, sha256(bytes));
    if (extname(path) === ".json") continue;
    for (const specifier of importsOf(path, bytes.toString("utf8"))) {
      if (specifier.startsWith(".")) pending.push(resolve(dirname(path), specifier));
      else if (!specifier.startsWith("node:")) packages.add(packageVersion(path, specifier));
    }
  }
  return sha256(
    canonicalJson({
      files: [...files].sort(([a], [b]) => (a < b ? -1 : 1)),
      packages: [...packages].sort(),
    }),
  );
}

function importsOf(path: string, code: string): string[] {
  const [imports] = parse(code, path);
  return imports.flatMap((found) => {
    if (found.type === "import-meta") return [];
    if (found.specifier === undefined || (found.type === "dynamic" && found.glob)) {
      const line = code.slice(0, found.importStart).split("\n").length;
      throw new CodeError(
        `${path}:${line}: import() of something other than a literal: its code cannot be part of the key`,
      );
    }
    return [found.specifier];
  });
}

function packageVersion(from: string, specifier: string): string {
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  if (name === "blockspin") return `blockspin@api-${nodeApiVersion}`;
  const require = createRequire(from);
  if (require.resolve.paths(name) === null) return name; // a Node built-in without its prefix
  for (const folder of require.resolve.paths(name) ?? []) {
    const manifest = join(folder, name, "package.json");
    if (!existsSync(manifest)) continue;
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    return `${name}@${version}`;
  }
  throw new CodeError(`cannot find package ${JSON.stringify(name)}, imported by ${from}`);
}
