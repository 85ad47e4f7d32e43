/**
 * JSON Schema → validating functions. Those of the node types that ship are compiled when the
 * package is built, so that starting up compiles nothing and does not even load the compiler.
 * Knows no schema.
 */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import type { Ajv, KeywordCxt, ValidateFunction } from "ajv";

export type Schema = { readonly [key: string]: unknown };

// Loaded when it is needed: a name that no import statement may say.
const require = createRequire(import.meta.url);
/** Beside the compiled modules, written by scripts/build-validators.mjs. */
const built = "./validators.cjs";
/** ajv in one file, written by scripts/bundle.mjs. */
const bundled = "./ajv.cjs";

type Compiled = Readonly<Record<string, ValidateFunction>>;

let known: Compiled | undefined;
let compiler: Ajv | undefined;

/** The function that was built for this very schema, else one that is compiled now. */
export function compileSchema(schema: Schema): ValidateFunction {
  known ??= (optional(built) as Compiled | undefined) ?? {};
  const found = known[nameOf(schema)];
  if (found) return found;
  compiler ??= makeCompiler(false);
  return compiler.compile(schema);
}

/** A CommonJS module that exports a function for each schema, by `nameOf`; equal ones share theirs. */
export function compileToModule(schemas: readonly Schema[]): string {
  const ajv = makeCompiler(true);
  // A schema may have an `$id` of its own; the functions go by content.
  const byName = new Map(schemas.map((schema) => [nameOf(schema), schema]));
  for (const [name, schema] of byName) ajv.addSchema(schema, name);
  const names = [...byName.keys()].map((name) => [name, name]);
  const { default: standalone } = require("ajv/dist/standalone") as Standalone;
  return standalone(ajv, Object.fromEntries(names));
}

interface Standalone {
  readonly default: (ajv: Ajv, names: Readonly<Record<string, string>>) => string;
}

/** A module that the build writes; undefined where there was none. */
function optional(name: string): unknown {
  try {
    return require(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** By content: a file that is out of date has no function for a schema that changed. */
function nameOf(schema: Schema): string {
  const digest = createHash("sha256").update(JSON.stringify(schema)).digest("hex");
  return `v${digest.slice(0, 32)}`;
}

function makeCompiler(source: boolean): Ajv {
  // What writes source has to share classes with ajv's own files.
  const { Ajv, Name, _, str } = (
    source ? require("ajv") : (optional(bundled) ?? require("ajv"))
  ) as typeof import("ajv");
  const ajv = new Ajv({
    meta: false,
    validateSchema: false,
    // What users' node types need is compiled at start-up, so compiling must be quick.
    code: { optimize: false, source },
    allErrors: true,
    useDefaults: true,
    strict: false,
    verbose: true,
    passContext: true,
    validateFormats: false,
  });
  const path = new Name("instancePath");
  ajv.addKeyword({
    keyword: "x-blockspin",
    type: ["string", "number", "boolean"],
    errors: false,
    // Validators are called with a list of marks as `this`.
    code: ({ gen, schema, it }: KeywordCxt) =>
      gen.code(_`this.push({ kind: ${schema}, pointer: ${str`${path}${it.errorPath}`} })`),
  });
  return ajv;
}
