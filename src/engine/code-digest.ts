/**
 * What the code of a user's module is: a digest of the module and its static relative imports, by
 * content and relative name, and of bare imports by resolved `name@version`.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import { init, parse } from "es-module-lexer";
import { canonicalJson, sha256 } from "../store/digest.ts";

/** Raised when what `run` is given or may return changes: part of every user node's code digest. */
const nodeApiVersion = 1;

/** Code that cannot be part of a key. */
export class CodeError extends Error {}

/** Digest of a module and everything that it imports. Throws `CodeError`. */
export async function codeDigest(entry: string): Promise<string> {
  await init();
  const root = dirname(entry);
  const files = new Map<string, string>();
  const packages = new Set<string>();
  const pending = [resolve(entry)];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const name = relative(root, path);
    if (files.has(name)) continue;
    if (!existsSync(path))
      throw new CodeError(`there is no file ${JSON.stringify(path)} to import`);
    const bytes = readFileSync(path);
    files.set(name, sha256(bytes));
    if (extname(path) === ".json") continue;
    for (const specifier of importsOf(path, bytes.toString("utf8"))) {
      if (specifier.startsWith(".") || isAbsolute(specifier))
        pending.push(resolve(dirname(path), specifier));
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
