/**
 * Users' own node types (`use:`): loads their modules and checks that they export what the engine
 * can work with. Knows nothing of what a node does.
 */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { RegisteredNode } from "../graph.ts";
import type { Checked, Diagnostic, Span } from "../language/diagnostic.ts";
import type { AnyNodeType } from "../node-type.ts";
import { CodeError, codeDigest } from "./code-digest.ts";
import { nodeTypesOf } from "./load-node.ts";
import { resolveOwnName } from "./own-name.ts";

interface Module {
  readonly path: string;
  readonly span: Span;
}

/** @param shipped - node types that there are already */
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
      resolveOwnName(module);
      const found = nodeTypesOf((await import(module)) as Record<string, unknown>);
      if (found.length === 0) problem("exports no node type", "export what defineNode(…) returns");
      for (const type of found) {
        const flaw =
          flawOf({ ...type }) ?? (taken.has(type.type) ? "there is such a node type already" : "");
        if (flaw) problem(`cannot use node type ${JSON.stringify(type.type)}: ${flaw}`);
        taken.add(type.type);
        nodes.push({ type, module, code });
      }
    } catch (error) {
      problem(error instanceof CodeError ? error.message : `cannot load: ${whatIsWrong(error)}`);
    }
  }
  const failed = diagnostics.length > 0;
  return { value: failed ? undefined : nodes, diagnostics };
}

/** A syntax error's message says neither file nor line; the first line of its stack does. */
function whatIsWrong(error: unknown): string {
  const { message, stack } = Object(error) as Error;
  const place = /^file:\/\/(\S+:\d+)/.exec(stack ?? "")?.[1];
  return place ? `${message} (${place})` : (message ?? String(error));
}

/** What a node type, written in a language without types, has wrong. */
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
  return flawOfTraits(type as Traits, Object.keys(properties as object));
}

type Traits = Pick<AnyNodeType, "splits" | "grows" | "maps" | "checkpoint" | "inputs" | "outputs">;

/** What its traits name that is not there. */
function flawOfTraits(
  { splits, grows, maps, checkpoint, inputs, outputs }: Traits,
  params: readonly string[],
): string | undefined {
  const isMissing = (name: unknown) => !params.includes(name as string);
  if (splits !== undefined && isMissing(splits)) return "splits must name a parameter";
  if (maps !== undefined && !(maps in inputs)) return "maps must name an input port";
  if (checkpoint && !grows) return "a checkpoint is of use only with grows";
  if (!grows) return undefined;
  if (isMissing(grows.by)) return "grows.by must name a parameter";
  if (!Array.isArray(grows.extends)) return "grows.extends must be a list of output ports";
  if (typeof outputs === "function") return undefined;
  const stranger = grows.extends.find((port) => !(port in outputs));
  if (stranger !== undefined)
    return `grows.extends names no output port ${JSON.stringify(stranger)}`;
  if (checkpoint && "checkpoint" in outputs) return "no output port can be called checkpoint";
  return undefined;
}
