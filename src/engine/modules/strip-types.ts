/**
 * Makes JavaScript of TypeScript: puts blanks in the place of types, so that lines and columns stay what
 * they are. Node does so by itself from version 22.18 on; doing it here gives the same on every version.
 * Translates nothing. The hooks of Node's loader call this too, in a thread of theirs.
 */
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { CodeError, placeAt } from "./code-error.ts";

/** What the stripper throws. Columns count from 0. */
interface Thrown {
  readonly code: string;
  readonly message: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

const erasable =
  'types are removed and nothing is translated: "erasableSyntaxOnly": true in tsconfig.json finds such code';

export const isTypeScript = (path: string) => /\.m?ts$/.test(path);

/** Why a file with this ending cannot be loaded; `undefined` if it can. */
export function flawOfEnding(path: string): { reason: string; hint: string } | undefined {
  const ending = extname(path);
  if (ending === ".tsx" || ending === ".jsx") {
    return { reason: `${ending} would have to be translated`, hint: "write .ts, without JSX" };
  }
  if (ending !== ".cts") return undefined;
  return { reason: ".cts would be CommonJS", hint: "write .ts or .mts, which are modules" };
}

/** Throws `CodeError` at the place of what is not TypeScript, or is more than types. */
export async function stripTypes(path: string, text: string): Promise<string> {
  const { default: swc } = await import("@swc/wasm-typescript");
  try {
    return swc.transformSync(text, { mode: "strip-only", module: true, filename: path }).code;
  } catch (error) {
    const { code, message, startLine, startColumn, endLine, endColumn } = error as Thrown;
    if (startLine === undefined) throw error;
    const width = endLine === startLine ? Math.max(1, endColumn - startColumn) : 1;
    const at = placeAt(path, text, { line: startLine, column: startColumn + 1, width });
    throw new CodeError(message, at, code === "UnsupportedSyntax" ? erasable : undefined);
  }
}

/** The JavaScript of a file that is loaded. */
export async function sourceOf(url: string): Promise<string> {
  const path = fileURLToPath(url);
  return await stripTypes(path, textOf(path));
}

/** Without the mark of byte order, which neither Node nor the stripper counts. */
export function textOf(path: string): string {
  return readFileSync(path, "utf8").replace(/^\ufeff/, "");
}
