/**
 * ajv's findings → located diagnostics in the project's words. Knows JSON Schema, and nothing of
 * pipelines or node types.
 */
import type { ErrorObject, ValidateFunction } from "ajv";
import { plural } from "../../text/plural.ts";
import { quote } from "../../text/quote.ts";
import { own } from "../own.ts";
import type { Schema } from "./compile-schema.ts";
import { compileSchema } from "./compile-schema.ts";
import type { Code, Span } from "./diagnostic.ts";
import { didYouMean, type Problems, suggest } from "./problems.ts";
import { locate, type MapTree, removedFrom, usedAt } from "./tree.ts";
import { hintForValue } from "./value-hints.ts";

/** What a schema's `x-blockspin` marks in a value: found while validating. */
export interface Mark {
  readonly kind: string;
  readonly path: readonly string[];
}

const compiled = new WeakMap<object, ValidateFunction>();

function validator(schema: Schema): ValidateFunction {
  const known = compiled.get(schema) ?? compileSchema(schema);
  compiled.set(schema, known);
  return known;
}

/** Validates in place, filling in defaults. */
export function validate(
  schema: Schema,
  data: unknown,
): { errors: readonly ErrorObject[]; marks: readonly Mark[] } {
  const check = validator(schema);
  const marked: { kind: string; pointer: string }[] = [];
  const valid = check.call(marked, data);
  const marks = marked.map(({ kind, pointer }) => ({ kind, path: steps(pointer) }));
  return { errors: valid ? [] : [...(check.errors ?? [])], marks };
}

export interface Context {
  /** The data as written. */
  readonly tree: MapTree;
  /** Where to point for what is missing at the top. */
  readonly span: Span;
  /** What the data's keys are called: "key" or "param". */
  readonly word: "key" | "param";
  /** The instance to name for what is wrong at a path, where that depends on the coordinate. */
  instance?(path: readonly string[]): string | undefined;
  /** What to do about an unknown key, or a value of the wrong kind, at a path. */
  hint?(path: readonly string[]): string | undefined;
}

/** Reports what `validate` found. */
export function report(errors: readonly ErrorObject[], context: Context, problems: Problems): void {
  for (const finding of findings(errors, [])) locateFinding(finding, context, problems);
}

type Finding =
  | {
      kind: "unknown";
      path: readonly string[];
      name: string;
      known: string[];
      instead?: string | undefined;
    }
  | { kind: "missing"; path: readonly string[]; name: string }
  | {
      kind: "invalid";
      path: readonly string[];
      message: string;
      hint: string | undefined;
      /** The kinds of value that are expected, as JSON Schema calls them. */
      types?: readonly string[];
      /** Whether another kind of value is expected, not another value of this kind. */
      otherKind?: boolean;
    };

function steps(pointer: string): string[] {
  const parts = pointer.split("/").slice(1);
  return parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Reports only the nearest branch of a union: what the others say is noise. */
function findings(errors: readonly ErrorObject[], base: readonly string[]): Finding[] {
  const unions = errors.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  const outer = unions.filter(
    (union) =>
      !unions.some((other) => other !== union && within(union, other) && before(other, union)),
  );
  const rest = errors.filter(
    (error) => !unions.includes(error) && !outer.some((union) => within(error, union)),
  );
  return [
    ...outer.flatMap((union) => unionFindings(union, [...base, ...steps(union.instancePath)])),
    ...rest.flatMap((error) => finding(error, [...base, ...steps(error.instancePath)])),
  ];
}

function within(error: ErrorObject, union: ErrorObject): boolean {
  const { instancePath } = union;
  return error.instancePath === instancePath || error.instancePath.startsWith(`${instancePath}/`);
}

/** Where two unions are about one value, the outer one is reported last. */
function before(a: ErrorObject, b: ErrorObject): boolean {
  return a.instancePath !== b.instancePath || a.schemaPath.length < b.schemaPath.length;
}

function unionFindings(union: ErrorObject, path: readonly string[]): Finding[] {
  const branches = (union.schema as Schema[]).filter((schema) => !isReference(schema));
  const tried = branches.map((schema) =>
    findings(validate(schema, structuredClone(union.data)).errors, path),
  );
  const fitting = tried.filter(
    (found) =>
      !found.some((f) => f.kind === "invalid" && f.otherKind && f.path.length === path.length),
  );
  if (fitting.length === 1) return fitting[0]!;
  if (fitting.length > 1) return nearest(fitting, branches, union.data, path);
  return [mismatch(branches, union.data, path)];
}

function isReference(schema: Schema): boolean {
  return schema["pattern"] === "\\$\\{";
}

/** Several kinds of mapping (or list): the one with the fewest mistakes, if its own key is there. */
function nearest(
  fitting: Finding[][],
  branches: readonly Schema[],
  data: unknown,
  path: readonly string[],
): Finding[] {
  const known = new Set(
    branches.flatMap((schema) => Object.keys((schema["properties"] ?? {}) as object)),
  );
  if (typeof data === "object" && data !== null && !Array.isArray(data)) {
    const strangers = Object.keys(data).filter((name) => !known.has(name));
    if (strangers.length > 0 && known.size > 0) {
      return strangers.map((name) => ({ kind: "unknown", path, name, known: [...known] }));
    }
  }
  return [...fitting].sort((a, b) => a.length - b.length)[0]!;
}

function mismatch(branches: readonly Schema[], data: unknown, path: readonly string[]): Finding {
  const constants = branches.flatMap(constantsOf);
  const near = typeof data === "string" ? didYouMean(data, constants.map(String)) : undefined;
  const hint = near ?? ofStep(branches);
  const expected = [...new Set(branches.flatMap(describeSchema))];
  const message = `must be ${or(expected)}, got ${got(data)}`;
  return {
    kind: "invalid",
    path,
    message,
    hint,
    types: branches.flatMap(typesOf),
    otherKind: true,
  };
}

function typesOf(schema: Schema): string[] {
  if (Array.isArray(schema["anyOf"])) return (schema["anyOf"] as Schema[]).flatMap(typesOf);
  return [schema["type"]].flat().filter((type) => typeof type === "string");
}

/** A share of a final value is what people write who meet such a parameter first. */
function ofStep(branches: readonly Schema[]): string | undefined {
  if (!branches.some((schema) => schema["x-blockspin"] === "step")) return undefined;
  return "count from the beginning: a share of the whole would be another place in a longer run";
}

function constantsOf(schema: Schema): unknown[] {
  if ("const" in schema) return [schema["const"]];
  return Array.isArray(schema["enum"]) ? schema["enum"] : [];
}

function or(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

const typeNames: Record<string, string> = {
  integer: "an integer",
  number: "a number",
  string: "text",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  null: "null",
};

function describeSchema(schema: Schema): string[] {
  const constants = constantsOf(schema);
  if (constants.length > 0) return constants.map(quote);
  if (Array.isArray(schema["anyOf"])) return (schema["anyOf"] as Schema[]).flatMap(describeSchema);
  return typesOf(schema).map((type) => typeNames[type] ?? type);
}

function got(data: unknown): string {
  if (Array.isArray(data)) return "a list";
  return typeof data === "object" && data !== null ? "a mapping" : quote(data);
}

/** A schema may say what to write instead of names that people expect: `x-blockspin-instead`. */
function unknownKey(schema: Schema, name: string, path: readonly string[]): Finding {
  const known = Object.keys((schema["properties"] ?? {}) as object);
  const instead = own((schema["x-blockspin-instead"] ?? {}) as Record<string, string>, name);
  return { kind: "unknown", path, name, known, instead };
}

function finding(error: ErrorObject, path: readonly string[]): Finding[] {
  const { keyword, params, data, parentSchema = {} } = error;
  const invalid = (message: string, hint?: string): Finding[] => [
    { kind: "invalid", path, message, hint },
  ];
  switch (keyword) {
    case "additionalProperties":
      return [unknownKey(parentSchema as Schema, params["additionalProperty"] as string, path)];
    case "required":
      return [{ kind: "missing", path, name: params["missingProperty"] as string }];
    case "enum":
    case "const":
    case "type":
      return [mismatch([parentSchema as Schema], data, path)];
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
      return invalid(`must be ${params["comparison"]} ${params["limit"]}, got ${got(data)}`);
    case "multipleOf":
      return invalid(`must be a multiple of ${params["multipleOf"]}, got ${got(data)}`);
    case "minItems":
    case "maxItems":
    case "minProperties":
    case "maxProperties": {
      const count = Array.isArray(data) ? data.length : Object.keys(data as object).length;
      const most = keyword.startsWith("max") ? "most" : "least";
      return invalid(`must have at ${most} ${plural(params["limit"], "element")}, got ${count}`);
    }
    case "if":
    case "propertyNames":
      return [];
    default:
      return invalid(`${error.message ?? "is invalid"}, got ${got(data)}`);
  }
}

function locateFinding(found: Finding, context: Context, problems: Problems): void {
  const { tree, key, complete, via } = locate(context.tree, found.path);
  const above = key ?? (found.path.length === 0 ? context.span : tree.span);
  const instance = { instance: context.instance?.(found.path) };
  const word = found.path.length === 0 ? context.word : "key";
  if (found.kind === "unknown") {
    const span = (tree.kind === "map" && tree.entries.get(found.name)?.key) || above;
    const told = found.instead ?? context.hint?.([...found.path, found.name]);
    const hint = told ?? suggest(found.name, found.known);
    const code: Code = `unknown-${word}`;
    problems.error(code, `unknown ${word} ${quote(found.name)}`, span, { hint, ...instance });
  } else if (found.kind === "missing") {
    const removed = removedFrom(tree).get(found.name);
    const name = [...(word === "key" ? found.path : []), found.name].join(".");
    problems.error(`missing-${word}`, `missing ${word} ${quote(name)}`, removed ?? above, instance);
  } else {
    const code = context.word === "param" ? "invalid-param" : "invalid-value";
    const own = complete
      ? hintForValue(tree, found.types ?? [], /^\d+$/.test(found.path.at(-1) ?? ""))
      : undefined;
    const hint = context.hint?.(found.path) ?? found.hint ?? own;
    const extra = { ...usedAt(via), hint, ...instance };
    const span = complete ? tree.span : above;
    problems.error(code, `${quote(found.path.join("."))} ${found.message}`, span, extra);
  }
}
