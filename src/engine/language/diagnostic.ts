/**
 * Errors and warnings that point at a place in a file, and how they are written out.
 * Knows nothing of YAML.
 */
import { printable } from "../../text/printable.ts";

/** A text that diagnostics can point into: a file, or an override such as `--set size=3`. */
export interface Source {
  /** As the user would write it. */
  readonly path: string;
  readonly text: string;
  /** Absolute path, where there is a file: what paths written in it are relative to. */
  readonly file?: string;
}

/** Characters `start` to `end` (exclusive) of a source. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly code: Code;
  /** Lower case, no full stop; user text in JSON quotes. */
  readonly message: string;
  readonly span?: Span | undefined;
  /** The other places of a conflict. */
  readonly notes?: readonly { readonly message: string; readonly span: Span }[];
  /** `did you mean "max_distance"?` */
  readonly hint?: string | undefined;
}

/** A value, if one could be made, and what is wrong. Errors mean that no later phase may run. */
export interface Checked<T> {
  readonly value: T | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Codes of the document and expand phases; each has a golden test in test/errors. */
export const documentCodes = [
  "alias-bomb",
  "ambiguous-port",
  "ambiguous-value",
  "clashing-axis",
  "clashing-column",
  "clashing-override",
  "cycle",
  "duplicate-anchor",
  "duplicate-key",
  "duplicate-value",
  "empty-axis",
  "extends-loop",
  "file-not-found",
  "file-unreadable",
  "inexact-number",
  "invalid-input",
  "invalid-name",
  "invalid-node-type",
  "invalid-override",
  "invalid-param",
  "invalid-range",
  "invalid-reference",
  "invalid-value",
  "missing-input",
  "missing-key",
  "missing-param",
  "newer-format",
  "port-mismatch",
  "ragged-join",
  "shared-stream",
  "size-mismatch",
  "too-many-instances",
  "unchanged-ablation",
  "unknown-ablation",
  "unknown-anchor",
  "unknown-axis",
  "unknown-column",
  "unknown-key",
  "unknown-node",
  "unknown-param",
  "unknown-path",
  "unknown-port",
  "unknown-reference",
  "unknown-stage",
  "unknown-value",
  "unmatched-exclude",
  "unmatched-instance",
  "unused-axis",
  "unused-param",
  "yaml-syntax",
] as const;

/** Codes of the other phases, with their golden tests there. */
export const laterCodes = ["invalid-config", "invalid-module", "nondeterministic"] as const;

/** Every code. */
export type Code = (typeof documentCodes)[number] | (typeof laterCodes)[number];

/** Diagnostics that stop a command: the pipeline or the command line is invalid (exit code 2). */
export class InvalidPipeline extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(renderDiagnostic).join("\n"));
    this.name = "InvalidPipeline";
    this.diagnostics = diagnostics;
  }
}

/**
 * `path:line:column: error[code]: message`, the source line with a caret, the notes likewise, and
 * the hint. Columns count from 1.
 */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const { severity, code, message, span, notes = [], hint } = diagnostic;
  const head = printable(`${severity}[${code}]: ${message}`);
  const lines = span ? excerpt(span, head) : [head];
  for (const note of notes) lines.push(...excerpt(note.span, printable(`note: ${note.message}`)));
  if (hint) lines.push(`  = ${printable(hint)}`);
  return lines.join("\n");
}

/** Longer lines are shown as a window around the caret. */
const maxLine = 120;

function excerpt({ source, start, end }: Span, head: string): string[] {
  // From -1, lastIndexOf would find a line end at 0.
  const lineStart = start === 0 ? 0 : source.text.lastIndexOf("\n", start - 1) + 1;
  const newline = source.text.indexOf("\n", start);
  const text = source.text.slice(lineStart, newline < 0 ? undefined : newline).trimEnd();
  const line = source.text.slice(0, lineStart).split("\n").length;
  const column = start - lineStart;
  const cut = text.length > maxLine ? Math.max(0, column - maxLine / 2) : 0;
  const shown = text.slice(cut, cut + maxLine);
  const before = printable(shown.slice(0, column - cut));
  const marked = printable(shown.slice(column - cut, column - cut + end - start));
  const gutter = String(line);
  return [
    `${printable(source.path)}:${line}:${column + 1}: ${head}`,
    `${gutter} | ${printable(shown)}`,
    // Tabs stay tabs, so that the caret stands below its text.
    `${" ".repeat(gutter.length)} | ${before.replaceAll(/[^\t]/g, " ")}${"^".repeat(Math.max(1, marked.length))}`,
  ];
}
