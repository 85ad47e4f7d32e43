/**
 * What the code of a user's module is: a digest of the module and its static relative imports, by
 * content and relative name, and of bare imports by resolved `name@version`. So, too, for what a
 * CommonJS file requires.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import { init, parse } from "es-module-lexer";
import { canonicalJson, sha256 } from "../../store/digest.ts";

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
    if ([".json", ".node", ".wasm"].includes(extname(path))) continue;
    for (const { specifier, required } of importsOf(path, bytes.toString("utf8"))) {
      if (specifier.startsWith("node:")) continue;
      if (!specifier.startsWith(".") && !isAbsolute(specifier)) {
        packages.add(packageVersion(path, specifier, required));
        continue;
      }
      const named = resolve(dirname(path), specifier);
      const found = required ? requiredFile(path, named) : named;
      if (found) pending.push(found);
      else files.set(`${relative(root, named)} (required)`, "missing");
    }
  }
  return sha256(
    canonicalJson({
      files: [...files].sort(([a], [b]) => (a < b ? -1 : 1)),
      packages: [...packages].sort(),
    }),
  );
}

interface Import {
  readonly specifier: string;
  /** By `require()`. Perhaps never called: that it is not there is then no error. */
  readonly required: boolean;
}

function importsOf(path: string, code: string): Import[] {
  const [imports, , , isModule] = parse(code, path);
  const factory = /\bcreateRequire\b/.exec(code);
  if (factory) {
    const why =
      "createRequire() hides code that cannot be part of the key; import the file instead";
    throw new CodeError(`${placeIn(path, code, factory.index)}: ${why}`);
  }
  const found = imports.flatMap((found) => {
    if (found.type === "import-meta") return [];
    if (found.specifier === undefined || (found.type === "dynamic" && found.glob)) {
      throw unknowable(path, code, found.importStart, "import()");
    }
    return [{ specifier: found.specifier, required: false }];
  });
  // A module has no `require`.
  return isModule && extname(path) !== ".cjs" ? found : [...found, ...requiresOf(path, code)];
}

/** What may follow `require`: a literal alone, `.main`, or, where prose has the word, another. */
const literal = /^\s*\(\s*(?:"([^"\\\n]*)"|'([^'\\\n]*)'|`([^`\\$]*)`)\s*,?\s*\)/;
const harmless = /^(?:\.main\b|[ \t]+(?!(?:in|instanceof|of)\b)[A-Za-z])/;

/**
 * By the word, wherever it stands: one in a comment adds a file that is not needed, and none is
 * overlooked.
 */
function requiresOf(path: string, code: string): Import[] {
  return [...code.matchAll(/(\btypeof\s+)?\brequire\b(?!\$)/g)].flatMap((word) => {
    const rest = code.slice(word.index + word[0].length);
    const call = literal.exec(rest);
    if (call) return [{ specifier: (call[1] ?? call[2] ?? call[3])!, required: true }];
    if (word[1] || harmless.test(rest)) return [];
    throw unknowable(path, code, word.index, "require()");
  });
}

/** As Node finds a file that is required; `undefined` if there is none. */
function requiredFile(from: string, named: string): string | undefined {
  const endings = ["", ".js", ".json", ".node"];
  const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile();
  const file = endings.map((ending) => named + ending).find(isFile);
  if (file) return file;
  if (existsSync(join(named, "package.json"))) {
    throw new CodeError(`${from}: require() of a folder with a package.json: name its file`);
  }
  return endings.map((ending) => join(named, `index${ending}`)).find(isFile);
}

function placeIn(path: string, code: string, index: number): string {
  return `${path}:${code.slice(0, index).split("\n").length}`;
}

function unknowable(path: string, code: string, index: number, call: string): CodeError {
  const why = `${call} of something other than a literal: its code cannot be part of the key`;
  return new CodeError(`${placeIn(path, code, index)}: ${why}`);
}

function packageVersion(from: string, specifier: string, required: boolean): string {
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
  if (required) return `${name}@missing`;
  throw new CodeError(`cannot find package ${JSON.stringify(name)}, imported by ${from}`);
}
