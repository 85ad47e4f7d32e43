/**
 * Users' own node types (`use:`): loads their modules and checks that they export what the engine
 * can work with. Knows nothing of what a node does.
 */
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { TObject } from "@sinclair/typebox";
import { flawOfFigures } from "../figures/declared.ts";
import type { RegisteredNode } from "../graph.ts";
import type { Checked, Diagnostic, Span } from "../language/diagnostic.ts";
import type { AnyNodeType, Ports } from "../node-type.ts";
import { flawOfSeeds } from "../seed.ts";
import { codeDigest } from "./code-digest.ts";
import { flawOfConcludes } from "./declared-conclusions.ts";
import { flawOfInputs, flawOfOutputs } from "./declared-ports.ts";
import { importModule } from "./import-module.ts";
import { nodeTypesOf } from "./load-node.ts";
import { prepareLoader } from "./loader-hooks.ts";
import { type Flaw, findFlaw } from "./module-place.ts";
import { isTypeScript } from "./strip-types.ts";

interface Module {
  readonly path: string;
  readonly span: Span;
}

/** @param shipped - names that are taken */
export async function loadUserNodes(
  modules: readonly Module[],
  shipped: Iterable<string>,
): Promise<Checked<readonly RegisteredNode[]>> {
  const nodes: RegisteredNode[] = [];
  const diagnostics: Diagnostic[] = [];
  const taken = new Set(shipped);
  // A file and the one that it extends may both name a module.
  const distinct = new Map(modules.map((module) => [module.path, module]));
  for (const { path, span } of distinct.values()) {
    const problem = (message: string, hint?: string) =>
      diagnostics.push({ severity: "error", code: "invalid-module", message, span, hint });
    if (!existsSync(path)) {
      problem(`module ${JSON.stringify(path)} does not exist`);
      continue;
    }
    try {
      const code = await codeDigest(path);
      const module = pathToFileURL(path).href;
      prepareLoader(module);
      const found = nodeTypesOf(await importModule(module));
      if (found.length === 0) problem("exports no node type", "export what defineNode(…) returns");
      for (const type of found) {
        const flaw =
          flawOf({ ...type }) ?? (taken.has(type.type) ? "there is such a node type already" : "");
        if (flaw) problem(`cannot use node type ${JSON.stringify(type.type)}: ${flaw}`);
        taken.add(type.type);
        nodes.push({ type, module, code });
      }
    } catch (error) {
      diagnostics.push(describeFlaw(await findFlaw(error, path), span));
    }
  }
  const failed = diagnostics.length > 0;
  return { value: failed ? undefined : nodes, diagnostics };
}

/** Points into the module where that is possible, else to where it is used. */
function describeFlaw({ reason, at, hint = hintFor(reason, at) }: Flaw, span: Span): Diagnostic {
  const problem = { severity: "error", code: "invalid-module", hint } as const;
  const message = `cannot load this module: ${reason}`;
  if (!at) return { ...problem, message, span };
  const { path, text, start, end } = at;
  const source = { path: asWritten(path, span), text, file: path };
  const notes = [{ message: "used here", span }];
  return { ...problem, message, span: { source, start, end }, notes };
}

function hintFor(reason: string, at: Flaw["at"]): string | undefined {
  if (reason === "Invalid or unexpected token" && at?.text[at.start] === "@") {
    return "JavaScript has no decorators: call the function instead";
  }
  const [, from, name] = /module '(.*)' does not provide an export named '(.*)'/.exec(reason) ?? [];
  if (from && isTypeScript(from)) return `if ${name} is a type, write: import type { ${name} }`;
  // Node takes the file for CommonJS, as the package.json beside it says.
  if (!/import statement outside a module|Unexpected token 'export'/.test(reason)) return undefined;
  return 'write "type": "module" in the package.json of this file, or call it .mjs';
}

/** The path in the style in which the person wrote the pipeline's path. */
function asWritten(path: string, { source }: Span): string {
  const file = source.file ?? resolve(source.path);
  return join(dirname(source.path), relative(dirname(file), path));
}

/** The first flaw of a node type, which may be written in a language without types. */
function flawOf(type: Readonly<Record<string, unknown>>): string | undefined {
  const isObject = (value: unknown) => typeof value === "object" && value !== null;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(String(type["type"]))) return "type must be kebab-case";
  if (!Number.isInteger(type["version"])) return "version must be an integer";
  if (typeof type["summary"] !== "string") return "summary must be a text";
  const { properties } = Object(type["params"]) as { properties?: unknown };
  if (!isObject(properties)) return "params must be Type.Object({ … })";
  if (!isObject(type["inputs"])) return "inputs must be an object of ports, or {}";
  const outputs = type["outputs"];
  if (!isObject(outputs) && typeof outputs !== "function")
    return "outputs must be an object of ports";
  const isolation = type["isolation"] ?? "thread";
  if (isolation !== "thread" && isolation !== "process")
    return "isolation must be thread or process";
  const { notes = {}, typical = { params: {} } } = type;
  if (!isObject(notes) || !Object.values(Object(notes)).every(isObject))
    return "notes must be an object of ports, each with a text for a column";
  if (!isObject(typical) || !isObject(Object(typical).params)) return "typical must have params";
  const params = { properties } as TObject;
  const inherited = Object.keys(params.properties).find((name) => name in Object.prototype);
  if (inherited !== undefined) return `no parameter can be called ${inherited}`;
  return (
    flawOfTraits(type as Traits, Object.keys(params.properties)) ??
    flawOfSeeds(params) ??
    flawOfInputs(type["inputs"]) ??
    (typeof outputs === "function" ? undefined : flawOfOutputs(outputs)) ??
    flawOfFigures(type as Pick<AnyNodeType, "figures" | "outputs">) ??
    flawOfConcludes(
      type["concludes"],
      typeof outputs === "function" ? undefined : (outputs as Ports),
    )
  );
}

type Traits = Pick<AnyNodeType, "splits" | "grows" | "maps" | "checkpoint" | "inputs" | "outputs">;

/** A trait that names something that does not exist. */
function flawOfTraits(
  { splits, grows, maps, checkpoint, inputs, outputs }: Traits,
  params: readonly string[],
): string | undefined {
  const isMissing = (name: unknown) => !params.includes(name as string);
  if (splits !== undefined && isMissing(splits)) return "splits must name a parameter";
  if (maps !== undefined && !Object.hasOwn(inputs, maps)) return "maps must name an input port";
  if (checkpoint && !grows) return "a checkpoint is of use only with grows";
  if (!grows) return undefined;
  if (isMissing(grows.by)) return "grows.by must name a parameter";
  if (!Array.isArray(grows.extends)) return "grows.extends must be a list of output ports";
  if (typeof outputs === "function") return undefined;
  const stranger = grows.extends.find((port) => !Object.hasOwn(outputs, port));
  if (stranger !== undefined)
    return `grows.extends names no output port ${JSON.stringify(stranger)}`;
  if (checkpoint && Object.hasOwn(outputs, "checkpoint"))
    return "no output port can be called checkpoint";
  return undefined;
}
