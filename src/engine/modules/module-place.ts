/**
 * Finds the place in a user's module where loading it failed. Knows what Node writes into stacks, and
 * nothing of node types.
 */
import { execFile } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { codeFiles, UnreadableCode } from "./code-digest.ts";
import { CodeError, type CodePlace, placeAt as placeIn } from "./code-error.ts";
import { isTypeScript, stripTypes, textOf } from "./strip-types.ts";

export interface Flaw {
  readonly reason: string;
  readonly at: CodePlace | undefined;
  readonly hint?: string | undefined;
}

/** What a thrown value says, and the place in the code that it comes from. */
export async function findFlaw(error: unknown, entry: string): Promise<Flaw> {
  if (error instanceof UnreadableCode) return (await syntaxFlaw(error.at!.path)) ?? error;
  if (error instanceof CodeError) return error;
  const { message, stack = "" } = Object(error) as Partial<Error>;
  const reason = message === undefined ? `it threw ${String(error)}` : message;
  const files = await codeFiles(entry).catch(() => [entry]);
  const at = fromHead(stack) ?? fromFrames(stack, files);
  if (at || !(error instanceof SyntaxError)) return { reason, at };
  for (const path of files) {
    const flaw = await syntaxFlaw(path);
    if (flaw) return flaw;
  }
  return { reason, at };
}

/** `path:3`, the line of code and a caret below it: how Node begins some stacks. */
const head = /^(.+):(\d+)\n.*\n([ \t]*)(\^*)/;

function fromHead(stack: string): CodePlace | undefined {
  const [, where, line, before, carets] = head.exec(stack) ?? [];
  const path = pathOf(where);
  if (path === undefined) return undefined;
  return placeAt(path, Number(line), before!.length + 1, carets!.length);
}

/** The innermost frame that is in this code: the error may be thrown by what it calls. */
function fromFrames(stack: string, files: readonly string[]): CodePlace | undefined {
  for (const [, where, line, column] of stack.matchAll(/^ {4}at .*?([^ (]+):(\d+):(\d+)\)?$/gm)) {
    const path = pathOf(where);
    if (path && files.includes(path)) return placeAt(path, Number(line), Number(column), 1);
  }
  return undefined;
}

function pathOf(where: string | undefined): string | undefined {
  if (where?.startsWith("/")) return where;
  return where?.startsWith("file:") ? fileURLToPath(where) : undefined;
}

function placeAt(path: string, line: number, column: number, width: number): CodePlace {
  return placeIn(path, textOf(path), { line, column, width });
}

/**
 * Asks Node to check a file's syntax, in a process of its own: the error of an `import()` does not say
 * where it is.
 */
async function syntaxFlaw(path: string): Promise<Flaw | undefined> {
  const kind = extname(path) === ".cjs" ? "commonjs" : "module";
  const text = isTypeScript(path) ? await stripTypes(path, textOf(path)) : textOf(path);
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["--check", `--input-type=${kind}`, "-"],
      { env: {} },
      (_, __, stderr) => {
        const [, , line, before, carets] = head.exec(stderr) ?? [];
        const reason = /^SyntaxError: (.*)$/m.exec(stderr)?.[1];
        if (line === undefined || reason === undefined) return resolve(undefined);
        resolve({ reason, at: placeAt(path, Number(line), before!.length + 1, carets!.length) });
      },
    );
    // The process may end before it has read everything.
    child.stdin!.on("error", () => {});
    child.stdin!.end(text);
  });
}
