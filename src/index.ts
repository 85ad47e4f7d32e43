/**
 * Blockspin as a library: the engine composed with the node types that ship. The command line uses
 * nothing else, and users' own node modules import from here.
 */

import { resolve } from "node:path";
import type { CrateRequest } from "./crate/write-crate.ts";
import {
  type OpenOptions as EngineOpenOptions,
  InvalidPipeline,
  loadUserNodes,
  runNames as namesOfRuns,
  type Opened,
  type Outline,
  openPipeline as open,
  openStore as openSettings,
  outlineOf as outline,
  pipelineJsonSchema,
  projectRoot,
  type RegisteredNode,
  type Registry,
  resolveConfig,
  UsageError,
} from "./engine/index.ts";
import type { AnyNodeType } from "./engine/node-type.ts";
import type { BackendDescription } from "./learn/backend/description.ts";
import { constants, nodeTypes } from "./nodes/index.ts";
import type { Store } from "./store/store.ts";

export type { Compared, Comparison } from "./compare/compare.ts";
export type { CrateArtifact, CrateFile, WorkflowFile } from "./crate/content.ts";
export { crateMetadata } from "./crate/crate.ts";
export {
  type About,
  type Accepted,
  ablationsIn,
  acceptResults,
  type Change,
  type Coordinate,
  changesSince,
  Detached,
  type Diagnostic,
  didYouMean,
  type Event,
  type Figure,
  type Followed,
  type Forecast,
  findRun,
  followLogs,
  type Graph,
  type Instance,
  type InstanceLog,
  InvalidPipeline,
  joinArtifacts,
  type Left,
  listRuns,
  type Metric,
  mainPort,
  makeSigningKey,
  matchPattern,
  matchThen,
  type Naming,
  nameRun,
  noteOn,
  type Opened,
  type PastRun,
  type PlannedJobs,
  type Planning,
  parseAblation,
  pinInstances,
  pipelineJsonSchema,
  plainValue,
  planJobs,
  planPipeline,
  producers,
  pullPipeline,
  pushPipeline,
  Replaced,
  type Rerun,
  type RunChanges,
  type RunOptions,
  type RunStage,
  type RunState,
  type RunSummary,
  readLogs,
  readTables,
  recordedKeys,
  renderDiagnostic,
  rerunSample,
  revokeAcceptance,
  runPipeline,
  type ShownState,
  type Sources,
  schemaFiles,
  selectInstances,
  shownState,
  sourcesNow,
  sourcesThen,
  stagesOf,
  timeFor,
  typicalOutputs,
  UsageError,
  valueText,
  workTask,
  writing,
} from "./engine/index.ts";
export * from "./engine/node-type.ts";
export type { BackendDescription } from "./learn/backend/description.ts";
export { nodeTypes } from "./nodes/index.ts";
export {
  type Drawn,
  drawFigure,
  figureColours,
  type Look,
  rasterize,
} from "./report/figures/index.ts";
export {
  type Conclusion,
  type Conclusions,
  type Count,
  type Fact,
  type Group,
  summarize,
  unitsOf,
} from "./report/summary/index.ts";
export { fileDigest } from "./store/digest.ts";
export type { StoreRecord } from "./store/record.ts";
export type { Exchange as Shared } from "./store/remote/traffic.ts";
export type { Store } from "./store/store.ts";
export { toArrowFile } from "./store/tables.ts";
export { collectGarbage } from "./store/upkeep/gc.ts";
export { storeStats } from "./store/upkeep/stats.ts";
export { verifyStore } from "./store/upkeep/verify.ts";
export type { ActionKey, Digest } from "./table/digest.ts";
export type { Artifact } from "./table/schema.ts";
export { formatType } from "./table/type-text.ts";
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

/** Which backends work on this machine, and why the others do not. Loads them. */
export async function describeBackends(): Promise<readonly BackendDescription[]> {
  return await (await import("./learn/backend/backend.ts")).describeBackends();
}

/** The names in a pipeline file; `undefined` if it cannot be read. Runs nothing of the user's. */
export const outlineOf = (path: string): Outline | undefined => outline(path, constants);

/** Names of a pipeline's runs, the newest first. */
export function runNames(path: string, pipeline: string): readonly string[] {
  const { cache } = resolveConfig(projectRoot(path), {}, process.env);
  return namesOfRuns(openSettings({ cache, remotes: [], trust: new Map() }), pipeline);
}

/** Loads statistics and Arrow, which other commands do not need. */
export const compareArtifacts: typeof import("./compare/compare.ts").compareArtifacts = async (
  ...args
) => (await import("./compare/compare.ts")).compareArtifacts(...args);

/** What is cached, as one HTML page. Computes nothing. Loads Preact and Vega. */
export const renderReport: typeof import("./report/page/index.ts").renderReport = async (...args) =>
  (await import("./report/page/index.ts")).renderReport(...args);

/** The same page, served on this machine while a run goes on. */
export const serveLive: typeof import("./report/live/index.tsx").serveLive = async (...args) =>
  (await import("./report/live/index.tsx")).serveLive(...args);

/** A run as a crate. Loads what other commands do not need. */
export async function writeCrate(request: Omit<CrateRequest, "schema">): Promise<void> {
  const { writeCrate: write } = await import("./crate/write-crate.ts");
  await write({ ...request, schema: pipelineJsonSchema(nodeTypes) });
}

/** The store of the project that the working folder is in, or the one in `cache`. */
export function openStore(cache: string | undefined): Store {
  const root = projectRoot("anything.yaml");
  const config = resolveConfig(root, cache === undefined ? {} : { cache }, process.env);
  return openSettings({ cache: config.cache, remotes: [], trust: new Map() });
}
