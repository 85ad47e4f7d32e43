/**
 * Reads a configuration file, and says where in it a mistake is. What looks like a secret is never
 * shown. Does not know what a configuration may hold.
 */
import { readFileSync } from "node:fs";
import { type Diagnostic, InvalidPipeline, type Source } from "../language/diagnostic.ts";
import { parseYaml } from "../language/parse.ts";
import { isNull, locate, map, plain, type Tree } from "../language/tree.ts";
import { UsageError } from "../usage-error.ts";

/** A mistake in settings: at the value that the steps lead to, or at its key. */
export class Misconfigured extends UsageError {
  readonly steps: readonly string[];
  readonly at: "key" | "value";
  constructor(
    steps: readonly string[],
    message: string,
    hint?: string,
    at: "key" | "value" = "value",
  ) {
    super(message, hint);
    this.steps = steps;
    this.at = at;
  }
}

/** A file that is read, and how to point into it. */
export interface ConfigFile {
  readonly values: unknown;
  /** Where a mistake is. */
  locate(mistake: Misconfigured): Diagnostic;
}

/** Reads the same YAML as a pipeline: it refuses the same texts, and warnings too. */
export function readConfigFile(path: string): ConfigFile {
  const text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
  const shown: Source = { path, text: hideSecrets(text) };
  const { value, diagnostics } = parseYaml({ path, text });
  const [first] = diagnostics;
  if (!value || first) throw new InvalidPipeline([inSource(first!, shown)]);
  const tree: Tree = isNull(value) ? map(new Map(), value.span) : value;
  return {
    values: plain(tree),
    locate({ steps, at, message, hint }) {
      const { tree: found, key } = locate(tree, steps);
      const { start, end } = at === "key" && key ? key : found.span;
      const span = { source: shown, start, end };
      return { severity: "error", code: "invalid-config", message, span, hint };
    },
  };
}

function inSource({ span, ...rest }: Diagnostic, source: Source): Diagnostic {
  return { ...rest, severity: "error", ...(span ? { span: { ...span, source } } : {}) };
}

/** The same text, character by character, without what a URL or a key of that name may hold. */
function hideSecrets(text: string): string {
  const stars = (hidden: string) => "*".repeat(hidden.length);
  return text
    .replace(/(?<=:\/\/)(?:.*@)?\S+?(?=["']?[,}\]]*(?:\s|$))/g, stars)
    .replace(
      /(?<=(?:pass\w*|secret\w*|token\w*|authori[sz]ation|credentials?|api_?key)["']?\s*:\s*)\S.*/gi,
      stars,
    );
}
