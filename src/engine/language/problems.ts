/** Collects the diagnostics of a phase. Knows nothing of what is wrong. */
import { distance } from "fastest-levenshtein";
import { quote } from "../../text/quote.ts";
import type { Checked, Code, Diagnostic, Span } from "./diagnostic.ts";

export interface Extra {
  readonly notes?: Diagnostic["notes"];
  readonly hint?: string | undefined;
  /** The instance that has the problem, where not every instance of the stage does. */
  readonly instance?: string | undefined;
}

export class Problems {
  /** By code, place and message, so that a sweep reports a mistake once. */
  readonly #found = new Map<string, { diagnostic: Diagnostic; instances: Set<string> }>();
  readonly #sources = new Map<unknown, number>();
  #errors = 0;

  error(code: Code, message: string, span: Span | undefined, extra: Extra = {}): void {
    this.#add("error", code, message, span, extra);
  }

  warn(code: Code, message: string, span: Span | undefined, extra: Extra = {}): void {
    this.#add("warning", code, message, span, extra);
  }

  addAll(diagnostics: readonly Diagnostic[]): void {
    for (const { severity, code, message, span, notes, hint } of diagnostics) {
      this.#add(severity, code, message, span, { ...(notes ? { notes } : {}), hint });
    }
  }

  /** How many errors were reported, repetitions included (warnings do not count). */
  get errors(): number {
    return this.#errors;
  }

  get failed(): boolean {
    return this.#errors > 0;
  }

  /** In the order of the text. */
  list(): Diagnostic[] {
    const place = ({ span }: Diagnostic) => this.#place(span);
    return [...this.#found.values()]
      .map(({ diagnostic, instances }) => {
        const [first] = instances;
        if (first === undefined) return diagnostic;
        const more = instances.size > 1 ? ` and ${instances.size - 1} more` : "";
        return { ...diagnostic, message: `${diagnostic.message}, in ${first}${more}` };
      })
      .sort((a, b) => comparePlaces(place(a), place(b)));
  }

  /** The value, unless there is an error. */
  check<T>(value: T | undefined): Checked<T> {
    return { value: this.failed ? undefined : value, diagnostics: this.list() };
  }

  #add(
    severity: Diagnostic["severity"],
    code: Code,
    message: string,
    span: Span | undefined,
    { notes, hint, instance }: Extra,
  ): void {
    if (severity === "error") this.#errors++;
    const key = JSON.stringify([code, message, this.#place(span)]);
    let found = this.#found.get(key);
    if (!found) {
      const diagnostic = { severity, code, message, span, ...(notes ? { notes } : {}), hint };
      found = { diagnostic, instances: new Set() };
      this.#found.set(key, found);
    }
    if (instance !== undefined) found.instances.add(instance);
  }

  #place(span: Span | undefined): readonly number[] {
    if (!span) return [];
    const source = this.#sources.get(span.source) ?? this.#sources.size;
    this.#sources.set(span.source, source);
    return [source, span.start, span.end];
  }
}

/** A file that cannot be read; anything but a file system's error is a bug and is thrown on. */
export function reportUnreadable(
  error: unknown,
  path: string,
  span: Span | undefined,
  problems: Problems,
  extra: { notes?: readonly { message: string; span: Span }[] } = {},
): void {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  if (code === "ENOENT" || code === "ENOTDIR") {
    problems.error("file-not-found", `there is no file ${quote(path)}`, span, extra);
  } else {
    const why = { EISDIR: "it is a folder", EACCES: "permission denied" }[code] ?? code;
    problems.error("file-unreadable", `cannot read ${quote(path)}: ${why}`, span, extra);
  }
}

function comparePlaces(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!;
  }
  return a.length - b.length;
}

/** Texts that look like an earlier one, with that one: equal in Unicode's normal form, but not equal. */
export function lookAlike(texts: Iterable<string>): [first: string, second: string][] {
  const known = new Map<string, string>();
  return [...texts].flatMap((text): [string, string][] => {
    const form = text.normalize("NFC");
    const first = known.get(form);
    if (first === undefined) known.set(form, text);
    return first === undefined || first === text ? [] : [[first, text]];
  });
}

/** `did you mean "x"?` for the nearest of the known names, if one is near. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  // Two, because swapped neighbours count as two.
  let nearest = (name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3))) + 1;
  for (const candidate of known) {
    const steps = distance(name.toLowerCase(), candidate.toLowerCase());
    if (steps < nearest && steps < candidate.length) {
      nearest = steps;
      best = candidate;
    }
  }
  return best === undefined ? undefined : `did you mean ${quote(best)}?`;
}

/** `did you mean` for a near name, else what there is to choose from. */
export function suggest(name: string, known: Iterable<string>): string | undefined {
  const all = [...known];
  const near = didYouMean(name, all);
  if (near !== undefined || all.length === 0 || all.length > 12) return near;
  return `known: ${all.join(", ")}`;
}
