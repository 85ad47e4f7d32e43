/**
 * Document → pipeline: checks everything that needs no node types. The only file that knows what the
 * top-level keys mean.
 */
import { basename, dirname, extname, resolve } from "node:path";
import { quote, spell } from "../../text/quote.ts";
import type { Graph } from "../graph.ts";
import type { Checked, Span } from "../language/diagnostic.ts";
import { didYouMean, lookAlike, Problems } from "../language/problems.ts";
import type { Constants } from "../language/range.ts";
import { referencesIn, scopeOf, substitute } from "../language/reference.ts";
import type { Scalar } from "../language/tree.ts";
import {
  type Entry,
  entriesOf,
  get,
  type MapTree,
  plain,
  removedFrom,
  sameValue,
  type Tree,
} from "../language/tree.ts";
import { report, validate } from "../language/validate.ts";
import { expandHome, homeHint } from "../project/paths.ts";
import { readAblations, reservedNames } from "./ablations.ts";
import { withDerived } from "./derived.ts";
import { readFigures } from "./figures.ts";
import { hintForKey } from "./foreign-keys.ts";
import { type Document, formatVersion, isDotted } from "./load.ts";
import { readMetrics } from "./metrics.ts";
import { checkLength, checkName, readPortName } from "./names.ts";
import { applyOverrides, type Override } from "./override.ts";
import type { Pipeline, PortName, Stage } from "./pipeline.ts";
import { documentSchema, ignored, properties } from "./pipeline-schema.ts";
import { spellingOf } from "./spelling.ts";
import { readStage } from "./stage.ts";

type Parts = Pipeline["parts"];

/** A pipeline's journal lies in a folder of its name. */
const fileName = /^[\p{L}\p{N}_][\p{L}\p{N}_ .+-]*$/u;

/** The pipeline that a document describes, after overrides (those of an ablation). */
export function readPipeline(
  document: Document,
  overrides: readonly Override[] = [],
): Checked<Pipeline> {
  const problems = new Problems();
  const tree = applyOverrides(document.tree, overrides, problems);
  if (!problems.failed) checkShape(tree, document, problems);
  if (problems.failed) return problems.check<Pipeline>(undefined);

  const { constants } = document;
  const params = readParams(tree, constants, problems);
  const removed = {
    params: new Map(["params", "derived"].flatMap((s) => [...removedFrom(get(tree, s))])),
    stages: removedFrom(get(tree, "stages")),
  };
  const scope = scopeOf(params, constants, removed.params);
  const defaults = entriesOf(get(tree, "defaults"));
  const stages = new Map<string, Stage>();
  const listed: Listed[] = [];
  for (const [name, { key, value }] of entriesOf(get(tree, "stages"))) {
    checkName("stage", name, key, problems);
    const { stage, parts } = readStage(name, key, value, { scope, defaults }, problems);
    stages.set(name, stage);
    for (const axis of stage.axes) listed.push({ stage, axis, parts: parts.get(axis.name) });
  }
  const parts = agreedAxes(listed, params, problems);
  const name = get(tree, "name");
  if (name) checkPipelineName(String(plain(name)), name.span, problems);
  for (const [name, { key }] of entriesOf(get(tree, "ablations"))) {
    if (!checkName("ablation", name, key, problems) || !reservedNames.includes(name)) continue;
    problems.error("invalid-name", `${quote(name)} cannot be an ablation's name`, key);
  }
  const of = (section: string) => (overrides.length > 0 ? undefined : get(tree, section));
  if (!problems.failed) warnUnused(tree, params, problems);
  return problems.check({
    ...header(tree, document),
    files: document.files,
    use: readUse(tree, document, problems),
    ...{ constants, params, parts, stages, removed, defaults },
    spelling: spellingOf(stages.values()),
    results: readResults(tree, problems),
    ablations: readAblations(of("ablations"), scope, problems),
    metrics: readMetrics(of("metrics"), scope, problems),
    figures: readFigures(of("figures"), scope, problems),
  });
}

function checkPipelineName(name: string, span: Span, problems: Problems): void {
  if (!fileName.test(name)) {
    const message = `expected a name that can be a folder's, got ${quote(name)}`;
    problems.error("invalid-name", message, span);
  } else checkLength("pipeline", name, span, problems);
}

function checkShape(tree: MapTree, { source }: Document, problems: Problems): void {
  const span: Span = { source, start: 0, end: 0 };
  const { errors } = validate(documentSchema, plain(tree));
  const versioned = ({ params }: { params: { missingProperty?: string } }) =>
    params.missingProperty !== "blockspin";
  // Dotted keys are for files that extend another; those that did have been applied.
  const dotted = [...tree.entries].filter(([name]) => isDotted(name));
  const anchored = [...tree.entries].filter(
    ([name, e]) => !Object.hasOwn(properties, name) && hasAnchor(e),
  );
  const reported = new Set([...dotted, ...anchored].map(([name]) => name));
  const others = errors.filter(
    ({ instancePath, params }) =>
      instancePath !== "" || !reported.has(params["additionalProperty"]),
  );
  report(others.filter(versioned), { tree, span, word: "key", hint: hintForKey }, problems);
  if (!others.every(versioned)) {
    const hint = `begin with "blockspin: ${formatVersion}", the version of the file format`;
    problems.error("missing-key", 'missing key "blockspin"', span, { hint });
  }
  for (const [name, { key }] of anchored) {
    if (ignored.test(name) || isDotted(name)) continue;
    const hint = `a key that only has an anchor begins with x-: ${quote(`x-${name}`)}`;
    problems.error("unknown-key", `unknown key ${quote(name)}`, key, { hint });
  }
  for (const [name, { key }] of dotted) {
    const hint = 'dotted keys change a file that this one "extends"';
    problems.error("unknown-key", `unknown key ${quote(name)}`, key, { hint });
  }
}

function hasAnchor({ key, value }: Entry): boolean {
  return key.source.text.slice(key.end, value.span.start).includes("&");
}

function header(tree: MapTree, { source }: Document) {
  const text = (key: string) => {
    const value = get(tree, key);
    return value?.kind === "scalar" ? String(value.value) : undefined;
  };
  const path = source.file ?? resolve(source.path);
  return {
    name: text("name") ?? basename(path, extname(path)),
    path,
    source,
    backend: (text("backend") ?? "wasm") as Graph["backend"],
  };
}

/** Modules, relative to the file that names them. */
function readUse(tree: MapTree, { source }: Document, problems: Problems): Pipeline["use"] {
  const use = get(tree, "use");
  return (use?.kind === "list" ? use.items : []).flatMap((item) => {
    const text = String(plain(item));
    const path = expandHome(text);
    const folder = dirname(item.span.source.file ?? source.file ?? source.path);
    if (path !== undefined) return { path: resolve(folder, path), span: item.span };
    const message = `cannot use the path ${quote(text)}`;
    problems.error("invalid-value", message, item.span, { hint: homeHint(text) });
    return [];
  });
}

function readParams(
  tree: MapTree,
  constants: Constants,
  problems: Problems,
): ReadonlyMap<string, Tree> {
  const params = new Map<string, Tree>();
  const nothing = scopeOf(new Map(), constants);
  for (const [name, { key, value }] of entriesOf(get(tree, "params"))) {
    checkName("param", name, key, problems);
    const [reference] = referencesIn(value);
    if (reference) {
      const hint = '"derived" holds products and quotients of params';
      const message = "params cannot refer to anything";
      problems.error("invalid-reference", message, reference.span, { hint });
      params.set(name, value);
    } else params.set(name, substitute(value, nothing, problems));
  }
  const derived = entriesOf(get(tree, "derived"));
  for (const [name, { key }] of derived) checkName("param", name, key, problems);
  return withDerived(params, derived, problems);
}

interface Listed {
  readonly stage: Stage;
  readonly axis: Stage["axes"][number];
  readonly parts: ReadonlyMap<Scalar, Tree> | undefined;
}

/** An axis means one thing in the whole pipeline: equal values, and one map behind them. */
function agreedAxes(
  listed: readonly Listed[],
  params: ReadonlyMap<string, Tree>,
  problems: Problems,
): Parts {
  const parts = new Map<string, ReadonlyMap<Scalar, Tree>>();
  const first = new Map<string, Listed>();
  const firstParts = new Map<string, Listed>();
  for (const found of listed) {
    const { axis, stage } = found;
    const param = params.get(axis.name);
    if (param) {
      const notes = [{ message: "the param", span: param.span }];
      const message = `axis ${quote(axis.name)} has the name of a param`;
      problems.error("clashing-axis", message, axis.span, { notes });
    }
    const other = first.get(axis.name);
    if (!other) first.set(axis.name, found);
    else compareValues(other, found, problems);
    if (!found.parts) continue;
    const before = firstParts.get(axis.name);
    if (!before) {
      firstParts.set(axis.name, found);
      parts.set(axis.name, found.parts);
    } else if (!sameParts(before.parts!, found.parts)) {
      const notes = [{ message: `in stage ${quote(before.stage.name)}`, span: before.axis.span }];
      const message = `axis ${quote(axis.name)} stands for other things in stage ${quote(stage.name)}`;
      problems.error("clashing-axis", message, axis.span, { notes });
    }
  }
  return parts;
}

function compareValues(other: Listed, found: Listed, problems: Problems): void {
  const here = found.axis.values.filter((value) => !other.axis.values.includes(value));
  const there = other.axis.values.filter((value) => !found.axis.values.includes(value));
  if (here.length + there.length === 0) return;
  if (found.axis.values.length === 0 || other.axis.values.length === 0) return;
  const [a, b] = [quote(found.stage.name), quote(other.stage.name)];
  const message = `axis ${quote(found.axis.name)} has other values in stage ${a} than in stage ${b}`;
  const notes = [{ message: `in stage ${b}`, span: other.axis.span }];
  const show = lookAlike([...here, ...there].map(String)).length > 0 ? spell : quote;
  const list = (values: readonly Scalar[]) =>
    values
      .slice(0, 5)
      .map((v) => show(v))
      .join(", ");
  const hint = [
    here.length > 0 ? `only in ${a}: ${list(here)}` : "",
    there.length > 0 ? `only in ${b}: ${list(there)}` : "",
  ];
  const only = hint.filter(Boolean).join("; ");
  problems.error("clashing-axis", message, found.axis.span, { notes, hint: only });
}

function sameParts(a: ReadonlyMap<Scalar, Tree>, b: ReadonlyMap<Scalar, Tree>): boolean {
  return [...a].every(([value, tree]) => {
    const other = b.get(value);
    return !other || sameValue(tree, other);
  });
}

function readResults(tree: MapTree, problems: Problems): PortName[] {
  const results = get(tree, "results");
  if (results?.kind !== "list") return [];
  const nothing = scopeOf(new Map(), {});
  return results.items.flatMap((item) => readPortName(item, nothing, problems) ?? []);
}

/** Warns of params that nothing refers to, which are often misspelt. */
function warnUnused(tree: MapTree, params: ReadonlyMap<string, Tree>, problems: Problems): void {
  const used = new Set<string>();
  for (const section of ["stages", "defaults", "ablations", "metrics", "figures"]) {
    const value = get(tree, section);
    for (const { name } of value ? referencesIn(value) : []) used.add(name);
  }
  for (const { value } of entriesOf(get(tree, "derived")).values()) {
    for (const { value: operands } of entriesOf(value).values()) {
      for (const operand of operands.kind === "list" ? operands.items : []) {
        used.add(String(plain(operand)));
      }
    }
  }
  const known = [...params.keys()].filter((name) => used.has(name));
  for (const section of ["params", "derived"]) {
    for (const [name, { key }] of entriesOf(get(tree, section))) {
      if (used.has(name) || !params.has(name)) continue;
      const hint = didYouMean(name, known);
      problems.warn("unused-param", `nothing refers to param ${quote(name)}`, key, { hint });
    }
  }
}
