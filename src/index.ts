/**
 * Blockspin as a library: the engine composed with the node types that ship. The command line uses
 * nothing else, and users' own node modules import from here.
 */

import { resolve } from "node:path";
import type { RegisteredNode, Registry } from "./engine/graph.ts";
import {
  type OpenOptions as EngineOpenOptions,
  type Opened,
  openPipeline as open,
} from "./engine/index.ts";
import { InvalidPipeline } from "./engine/language/diagnostic.ts";
import { loadUserNodes } from "./engine/modules/modules.ts";
import type { AnyNodeType } from "./engine/node-type.ts";
import { openStore as openSettings } from "./engine/project/open-store.ts";
import { projectRoot, resolveConfig } from "./engine/project/project.ts";
import { UsageError } from "./engine/usage-error.ts";
import { constants, nodeTypes } from "./nodes/index.ts";
import type { Store } from "./store/store.ts";

export type { Compared, Comparison } from "./compare/compare.ts";
export type { CrateArtifact, CrateFile, WorkflowFile } from "./crate/content.ts";
export { crateMetadata } from "./crate/crate.ts";
export { type Accepted, acceptResults, revokeAcceptance } from "./engine/commands/accept.ts";
export { joinArtifacts } from "./engine/commands/joined.ts";
export { pinInstances, recordedKeys } from "./engine/commands/pin.ts";
export { type Rerun, rerunSample } from "./engine/commands/rerun.ts";
export { pullPipeline, pushPipeline } from "./engine/commands/share.ts";
export { type Sources, sourcesNow, sourcesThen } from "./engine/commands/sources.ts";
export { pipelineJsonSchema, schemaFiles } from "./engine/document/index.ts";
export type { Event } from "./engine/events.ts";
export type { Coordinate, Graph, Instance } from "./engine/graph.ts";
export { findRun, listRuns, type PastRun } from "./engine/history/runs.ts";
export {
  type Opened,
  type Planning,
  planPipeline,
  type RunOptions,
  type RunSummary,
  runPipeline,
  selectInstances,
} from "./engine/index.ts";
export {
  type Diagnostic,
  InvalidPipeline,
  renderDiagnostic,
} from "./engine/language/diagnostic.ts";
export { plain as plainValue } from "./engine/language/tree.ts";
export * from "./engine/node-type.ts";
export type { Metric } from "./engine/open/metrics.ts";
export { ablationsIn, matchPattern } from "./engine/plan/pattern.ts";
export { makeSigningKey } from "./engine/project/credentials.ts";
export { readTables } from "./engine/run/input.ts";
export { UsageError } from "./engine/usage-error.ts";
export { describeBackends } from "./learn/backend/backend.ts";
export { nodeTypes } from "./nodes/index.ts";
export { fileDigest } from "./store/digest.ts";
export type { Shared } from "./store/remote/sharing.ts";
export type { Store } from "./store/store.ts";
export { toArrowFile } from "./store/tables.ts";
export { collectGarbage } from "./store/upkeep/gc.ts";
export { storeStats } from "./store/upkeep/stats.ts";
export { verifyStore } from "./store/upkeep/verify.ts";
export type { Artifact } from "./table/schema.ts";
export { printable } from "./text/printable.ts";

/** The node types that ship, and the module in which a worker finds them. */
export function builtinRegistry(): Registry {
  const module = new URL("./nodes/index.js", import.meta.url).href;
  return new Map(
    nodeTypes.map((type): [string, RegisteredNode] => [type.type, { type, module, code: null }]),
  );
}

export type OpenOptions = Omit<
  EngineOpenOptions,
  "registry" | "constants" | "resolveAuto" | "backendProblem"
>;

/** Reads, validates and expands a pipeline file. Throws `InvalidPipeline` with every error found. */
export function openPipeline(path: string, options: OpenOptions = {}): Promise<Opened> {
  return open(path, {
    ...options,
    registry: builtinRegistry(),
    constants,
    resolveAuto: async () => (await import("./learn/backend/backend.ts")).resolveAuto(),
    backendProblem: async (name) =>
      (await import("./learn/backend/backend.ts")).backendProblem(name),
  });
}

/**
 * The node types of users' own modules, as `use:` would load them. Throws `UsageError`, or
 * `InvalidPipeline` with the place in a module.
 */
export async function userNodeTypes(paths: readonly string[]): Promise<AnyNodeType[]> {
  const modules = paths.map((path) => {
    return { path: resolve(path), span: { source: { path, text: "" }, start: 0, end: 0 } };
  });
  const { value, diagnostics } = await loadUserNodes(
    modules,
    nodeTypes.map(({ type }) => type),
  );
  const [problem] = diagnostics;
  // Nothing is written in the argument that names the module.
  if (problem?.span?.source.text) throw new InvalidPipeline([{ ...problem, notes: [] }]);
  if (problem)
    throw new UsageError(`${problem.span!.source.path}: ${problem.message}`, problem.hint);
  return value!.map(({ type }) => type);
}

/** Loads statistics and Arrow, which other commands do not need. */
export const compareArtifacts: typeof import("./compare/compare.ts").compareArtifacts = async (
  ...args
) => (await import("./compare/compare.ts")).compareArtifacts(...args);

/** The store of the project that the working folder is in, or the one in `cache`. */
export function openStore(cache: string | undefined): Store {
  const root = projectRoot("anything.yaml");
  const config = resolveConfig(root, cache === undefined ? {} : { cache }, process.env);
  return openSettings({ cache: config.cache, remotes: [], trust: new Map() });
}
