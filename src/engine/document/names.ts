/** Names as a pipeline file writes them: their form, and what `stage.port` means. */

import { quote } from "../../text/quote.ts";
import type { Span } from "../language/diagnostic.ts";
import type { Problems } from "../language/problems.ts";
import { type Scope, substitute } from "../language/reference.ts";
import type { Tree } from "../language/tree.ts";
import type { PortName } from "./pipeline.ts";

/** `stage` or `stage.port`; may refer to params. */
export function readPortName(tree: Tree, scope: Scope, problems: Problems): PortName | undefined {
  const [, stage] =
    /^\$\{(?:stages\.)?([\w.-]+)\}$/.exec(tree.kind === "scalar" ? String(tree.value) : "") ?? [];
  if (stage !== undefined && !scope.value(stage.split(".")[0]!, tree.span)) {
    const hint = `a stage is written by its name alone: ${stage}`;
    const message = `unknown reference ${quote(stage)}`;
    problems.error("unknown-reference", message, tree.span, { hint });
    return undefined;
  }
  const before = problems.errors;
  const name = substitute(tree, scope, problems);
  if (problems.errors > before) return undefined;
  const text = name.kind === "scalar" ? String(name.value) : "";
  const match = /^([^.[\s]+)(?:\.([^.[\s]+))?$/.exec(text);
  if (!match) {
    const message = `expected stage or stage.port, got ${quote(text)}`;
    problems.error("invalid-value", message, name.span, { hint: hintForPort(text) });
    return undefined;
  }
  return { stage: match[1]!, port: match[2], span: tree.span };
}

/** A pattern, as the command line takes it, or a column. */
function hintForPort(text: string): string | undefined {
  const [, stage, axis, value] = /^([\w.-]+)\[(\w+)=([^,\]]*)\]$/.exec(text) ?? [];
  if (stage !== undefined) return `write { from: ${stage}, at: { ${axis}: ${value} } }`;
  const [, port] = /^([\w-]+\.[\w-]+)\./.exec(text) ?? [];
  return port === undefined ? undefined : `an input takes a whole table: ${port}`;
}

const forms = {
  stage: { pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, name: "kebab-case", mark: "-" },
  ablation: { pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, name: "kebab-case", mark: "-" },
  figure: { pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, name: "kebab-case", mark: "-" },
  axis: { pattern: /^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/, name: "snake_case", mark: "_" },
  param: { pattern: /^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/, name: "snake_case", mark: "_" },
  metric: { pattern: /^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/, name: "snake_case", mark: "_" },
};

/** Names become parts of file names, which may have 255 bytes on most systems. */
const maxName = 200;

export function checkLength(what: string, name: string, span: Span, problems: Problems): boolean {
  if (name.length <= maxName) return true;
  const message = `the name of this ${what} has ${name.length} characters: ${quote(name)}`;
  problems.error("invalid-name", message, span, { hint: `it may have ${maxName}` });
  return false;
}

/** Stages, ablations and figures are kebab-case; axes, params and metrics are snake_case. */
export function checkName(
  what: keyof typeof forms,
  name: string,
  span: Span,
  problems: Problems,
): boolean {
  if (what === "axis" && name === "ablation") {
    problems.error(
      "invalid-name",
      'no axis can be "ablation": instances have it in their names',
      span,
    );
    return false;
  }
  const { pattern, name: form, mark } = forms[what];
  if (pattern.test(name)) return checkLength(what, name, span, problems);
  const words = mark === "-" ? name.replaceAll(/([a-z])([A-Z])/g, "$1-$2").toLowerCase() : name;
  const better = words
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .join(mark);
  const hint = pattern.test(better) ? `did you mean ${quote(better)}?` : undefined;
  const message = `expected a ${form} name for this ${what}, got ${quote(name)}`;
  problems.error("invalid-name", message, span, { hint });
  return false;
}
