/** The page of a pipeline: what is cached, as one HTML file. */
import { findRun, latestRun, type Opened, planPipeline } from "../../engine/index.ts";
import { projectOf } from "./content/project.ts";
import { gather, layoutOf } from "./gather.ts";
import { renderDocument } from "./html.tsx";
import { knownNow, knownThen } from "./known.ts";
import type { Page } from "./model.ts";

export interface ReportRequest {
  /** The baseline first, and the ablations to show. */
  readonly opened: Opened;
  /** The pipeline file, as a person would type it. */
  readonly file: string;
  /** Of Blockspin. */
  readonly version: string;
  /** An earlier run, by its name; what is cached now if there is none. */
  readonly run?: string | undefined;
}

/** One HTML file. Computes nothing. Throws `UsageError` for a run that does not exist. */
export async function renderReport(request: ReportRequest): Promise<string> {
  return renderDocument(await gatherReport(request), { live: false });
}

export async function gatherReport({
  opened,
  file,
  version,
  run: name,
}: ReportRequest): Promise<Page> {
  const { graph } = opened;
  const planning = await planPipeline(opened);
  const { store } = planning;
  const run = name === undefined ? undefined : findRun(store, graph.name, name);
  const latest = run ?? latestRun(store, graph.name);
  const known = run ? knownThen(graph, run, store) : knownNow(graph, planning, latest);
  const commit = await projectOf(graph.path, run);
  const subject = {
    opened,
    store,
    known,
    file,
    version,
    commit,
    run,
    latest: run ? undefined : latest,
    drawings: new Map(),
  };
  return gather(subject, await layoutOf(subject));
}
