/**
 * Digests the code of a user's module: the module and its static relative imports by content and
 * relative name, bare imports by resolved `name@version`. What a CommonJS file requires counts too. Of
 * TypeScript, the file as written counts, and what is imported when its types are gone.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import { init, parse } from "es-module-lexer";
import { canonicalJson, sha256 } from "../../store/digest.ts";
import { shellWord } from "../../text/shell.ts";
import { CodeError, type CodePlace } from "./code-error.ts";
import { flawOfEnding, isTypeScript, stripTypes, textOf } from "./strip-types.ts";

/** Raised when what `run` is given or may return changes: part of every user node's code digest. */
const nodeApiVersion = 1;

/** Code that does not parse as JavaScript. */
export class UnreadableCode extends CodeError {}

interface Code {
  /** Digest by name relative to the entry's folder. */
  readonly files: ReadonlyMap<string, string>;
  readonly packages: ReadonlySet<string>;
  /** Absolute, the entry first. */
  readonly paths: readonly string[];
}

/** Digest of a module and everything that it imports. Throws `CodeError`. */
export async function codeDigest(entry: string): Promise<string> {
  const { files, packages } = await readCode(entry);
  return sha256(
    canonicalJson({
      files: [...files].sort(([a], [b]) => (a < b ? -1 : 1)),
      packages: [...packages].sort(),
    }),
  );
}

/** Absolute paths of a module and of the files that it imports, packages excepted. Throws `CodeError`. */
export async function codeFiles(entry: string): Promise<readonly string[]> {
  return (await readCode(entry)).paths;
}

async function readCode(entry: string): Promise<Code> {
  await init();
  const root = dirname(entry);
  const files = new Map<string, string>();
  const packages = new Set<string>();
  const paths: string[] = [];
  const pending: { readonly path: string; readonly from?: CodePlace }[] = [
    { path: resolve(entry) },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path, from } = next;
    const name = relative(root, path);
    if (files.has(name)) continue;
    if (!existsSync(path)) {
      const reason = `there is no file ${JSON.stringify(path)} to import`;
      throw new CodeError(reason, from, hintFor(path));
    }
    const flaw = flawOfEnding(path);
    if (flaw) throw new CodeError(flaw.reason, from, flaw.hint);
    const bytes = readFileSync(path);
    files.set(name, sha256(bytes));
    paths.push(path);
    if ([".json", ".node", ".wasm"].includes(extname(path))) continue;
    const { text, code } = await readModule(path, bytes);
    for (const { specifier, required, at } of importsOf(path, text, code)) {
      if (specifier.startsWith("node:")) continue;
      if (!specifier.startsWith(".") && !isAbsolute(specifier)) {
        packages.add(packageVersion(at, specifier, required));
        continue;
      }
      const named = resolve(dirname(path), specifier);
      const found = required ? requiredFile(path, named) : named;
      if (found) pending.push({ path: found, from: at });
      else files.set(`${relative(root, named)} (required)`, "missing");
    }
  }
  return { files, packages, paths };
}

/** TypeScript's own way to name a file that is not there yet. */
function hintFor(path: string): string | undefined {
  const typed = path.replace(/\.(m?)js$/, ".$1ts");
  const found = [typed, `${path}.ts`].find((other) => other !== path && existsSync(other));
  return found && `name the file as it is: ${JSON.stringify(basename(found))}`;
}

/** The text as it is written, and the JavaScript that runs, which has everything at the same place. */
async function readModule(path: string, bytes: Buffer): Promise<{ text: string; code: string }> {
  if (!isTypeScript(path)) return { text: bytes.toString("utf8"), code: bytes.toString("utf8") };
  const text = textOf(path);
  return { text, code: await stripTypes(path, text) };
}

interface Import {
  readonly specifier: string;
  /** By `require()`, which may never be called: a missing file is not an error then. */
  readonly required: boolean;
  readonly at: CodePlace;
}

function importsOf(path: string, text: string, code: string): Import[] {
  const [imports, , , isModule] = lex(path, code);
  const factory = /\bcreateRequire\b/.exec(code);
  if (factory) {
    const why =
      "createRequire() hides code that cannot be part of the key; import the file instead";
    throw new CodeError(why, placeIn(path, text, factory.index, factory[0].length));
  }
  const found = imports.flatMap((found): Import[] => {
    if (found.type === "import-meta") return [];
    const { specifier, importStart, importEnd } = found;
    const at = placeIn(path, text, importStart, importEnd - importStart);
    if (specifier === undefined || (found.type === "dynamic" && found.glob)) {
      throw unknowable(at, "import()");
    }
    return [{ specifier, required: false, at }];
  });
  // A module has no `require`.
  const module = isTypeScript(path) || (isModule && extname(path) !== ".cjs");
  return module ? found : [...found, ...requiresOf(path, text)];
}

function lex(path: string, text: string): ReturnType<typeof parse> {
  try {
    return parse(text, path);
  } catch (error) {
    const { idx = 0 } = error as { idx?: number };
    throw new UnreadableCode("this is not JavaScript", placeIn(path, text, idx, 1));
  }
}

/** What may follow `require`: a literal alone, `.main`, or, in prose, another word. */
const literal = /^\s*\(\s*(?:"([^"\\\n]*)"|'([^'\\\n]*)'|`([^`\\$]*)`)\s*,?\s*\)/;
const harmless = /^(?:\.main\b|[ \t]+(?!(?:in|instanceof|of)\b)[A-Za-z])/;

/** Goes by the word, even in comments: it may add a file that is not needed, but overlooks none. */
function requiresOf(path: string, text: string): Import[] {
  return [...text.matchAll(/(\btypeof\s+)?\brequire\b(?!\$)/g)].flatMap((word) => {
    const rest = text.slice(word.index + word[0].length);
    const call = literal.exec(rest);
    const at = placeIn(path, text, word.index, word[0].length + (call?.[0].length ?? 0));
    if (call) return [{ specifier: (call[1] ?? call[2] ?? call[3])!, required: true, at }];
    if (word[1] || harmless.test(rest)) return [];
    throw unknowable(at, "require()");
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

function placeIn(path: string, text: string, start: number, length: number): CodePlace {
  return { path, text, start, end: start + length };
}

function unknowable(at: CodePlace, call: string): CodeError {
  const why = `${call} of something other than a literal: its code cannot be part of the key`;
  return new CodeError(why, at);
}

function packageVersion(at: CodePlace, specifier: string, required: boolean): string {
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  if (name === "blockspin") return `blockspin@api-${nodeApiVersion}`;
  const require = createRequire(at.path);
  if (require.resolve.paths(name) === null) return name; // a Node built-in without its prefix
  for (const folder of require.resolve.paths(name) ?? []) {
    const manifest = join(folder, name, "package.json");
    if (!existsSync(manifest)) continue;
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    return `${name}@${version}`;
  }
  if (required) return `${name}@missing`;
  const path = /^(?:[@~#]?\/|#)/.test(specifier);
  const hint = path
    ? "paths of tsconfig.json are not read: write where the file is, such as ./b.ts"
    : `npm install ${shellWord(name)}`;
  throw new CodeError(`cannot find package ${JSON.stringify(name)}`, at, hint);
}
