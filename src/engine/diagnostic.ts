/**
 * Errors and warnings that point at a place in a file, and how they are written out.
 * Knows nothing of YAML.
 */

/** A text that diagnostics can point into: a file, or an override such as `--set size=3`. */
export interface Source {
  /** As the user would write it. */
  readonly path: string;
  readonly text: string;
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

/** Every code there is; each has a golden test. */
export type Code = "yaml-syntax";

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
  const head = `${severity}[${code}]: ${message}`;
  const lines = span ? excerpt(span, head) : [head];
  for (const note of notes) lines.push(...excerpt(note.span, `note: ${note.message}`));
  if (hint) lines.push(`  = ${hint}`);
  return lines.join("\n");
}

function excerpt({ source, start, end }: Span, head: string): string[] {
  const lineStart = source.text.lastIndexOf("\n", start - 1) + 1;
  const newline = source.text.indexOf("\n", start);
  const text = source.text.slice(lineStart, newline < 0 ? undefined : newline).trimEnd();
  const line = source.text.slice(0, lineStart).split("\n").length;
  const column = start - lineStart + 1;
  const caret = "^".repeat(Math.max(1, Math.min(end - start, text.length - column + 1)));
  const gutter = String(line);
  return [
    `${source.path}:${line}:${column}: ${head}`,
    `${gutter} | ${text}`,
    `${" ".repeat(gutter.length)} | ${" ".repeat(column - 1)}${caret}`,
  ];
}
