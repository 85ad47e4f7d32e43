/**
 * The engine: a table of contents. It knows no node type and no physics; the list of node types is
 * passed in.
 *
 * A pipeline file goes through these rooms, in this order:
 *
 * 1. `document/` reads YAML: text → `Document` → `Pipeline`.
 * 2. `modules/` loads users' node types and digests their code.
 * 3. `expand/` makes the `Graph` of instances.
 * 4. `plan/` makes keys and decides what would run: `Plan`.
 * 5. `run/` carries a plan out: records.
 *
 * `open/` does 1 to 3 for every command. `commands/` has one file for each thing that a person asks
 * for. Beside them: `estimate/` (how long a plan takes), `language/` (located values and their errors),
 * `history/` (journals of earlier runs), `project/` (configuration, credentials, opening the store),
 * `figures/` (what a figure may say). `graph.ts`, `states.ts` and
 * `events.ts` are the data that the rooms hand to each other; `node-type.ts` is all that a node knows.
 */
export { type Accepted, acceptResults, revokeAcceptance } from "./commands/accept.ts";
export { changesSince, type RunChanges } from "./commands/changes.ts";
export { type PlannedJobs, planJobs } from "./commands/cluster-plan.ts";
export { type Followed, followLogs } from "./commands/follow.ts";
export { joinArtifacts } from "./commands/joined.ts";
export { type InstanceLog, readLogs } from "./commands/log.ts";
export { pinInstances, recordedKeys } from "./commands/pin.ts";
export { type Planning, planPipeline, selectInstances, timeFor } from "./commands/plan.ts";
export { type Rerun, rerunSample } from "./commands/rerun.ts";
export { type RunOptions, type RunSummary, runPipeline } from "./commands/run.ts";
export { pullPipeline, pushPipeline } from "./commands/share.ts";
export { matchThen, type Sources, sourcesNow, sourcesThen } from "./commands/sources.ts";
export { workTask } from "./commands/work.ts";
export { noteOn, pipelineJsonSchema, schemaFiles, typicalOutputs } from "./document/index.ts";
export { type Outline, outlineOf } from "./document/outline.ts";
export type { Forecast, Left } from "./estimate/forecast.ts";
export type { Event } from "./events.ts";
export { mainPort } from "./expand/index.ts";
export {
  type Coordinate,
  type Figure,
  type Graph,
  type Instance,
  parseAblation,
  producers,
  type RegisteredNode,
  type Registry,
} from "./graph.ts";
export type { About, Naming } from "./history/about.ts";
export { nameRun } from "./history/naming.ts";
export { type RunStage, stagesOf } from "./history/run-stages.ts";
export { findRun, latestRun, listRuns, type PastRun, runNames } from "./history/runs.ts";
export { type Diagnostic, InvalidPipeline, renderDiagnostic } from "./language/diagnostic.ts";
export { didYouMean } from "./language/problems.ts";
export { plain as plainValue } from "./language/tree.ts";
export { placeOf } from "./modules/declared-conclusions.ts";
export { loadUserNodes } from "./modules/modules.ts";
export type { Metric } from "./open/metrics.ts";
export { type Opened, type OpenOptions, openPipeline } from "./open/open.ts";
export { ablationsIn, matchPattern } from "./plan/pattern.ts";
export { type Change, show as valueText } from "./plan/why.ts";
export { commitOf, originOf } from "./project/commit.ts";
export { makeSigningKey } from "./project/credentials.ts";
export { openStore } from "./project/open-store.ts";
export { projectRoot, resolveConfig } from "./project/project.ts";
export { Detached } from "./run/cluster/cluster.ts";
export { readTables } from "./run/input.ts";
export { Replaced } from "./run/workplace.ts";
export { type RunState, type ShownState, shownState } from "./states.ts";
export { UsageError, writing } from "./usage-error.ts";
