/** `blockspin runs`: lists the earlier runs of a pipeline, by their journals. */
import type { Command } from "commander";
import { listRuns, planPipeline } from "../index.ts";
import { type CommonOptions, open } from "./open.ts";
import { json, withPipeline } from "./options.ts";
import { textTable, widthOf } from "./print/table.ts";
import { out } from "./print/terminal.ts";

export function define(command: Command) {
  withPipeline(command).addOption(json());
  return runs;
}

async function runs(file: string, options: CommonOptions): Promise<number> {
  const opened = await open(file, options);
  const { store } = await planPipeline(opened);
  const found = listRuns(store, opened.graph.name);
  if (options.json) {
    const plain = found.map(({ keys: _, counts, ...run }) => ({ ...run, ...counts }));
    out.json(plain);
    return 0;
  }
  if (found.length === 0) {
    out.print(`${opened.graph.name} has not run in this store`);
    return 0;
  }
  const rows = found.map(({ name, at, counts, seconds, finished }, back) => [
    ...[back === 0 ? "latest" : `latest~${back}`, name, at ?? ""],
    ...[counts.ran, counts.cached, counts.failed, counts.skipped],
    finished ? `${seconds!.toFixed(1)} s` : "killed",
  ]);
  const header = ["run", "name", "started", "ran", "cached", "failed", "skipped", "took"];
  out.text(textTable(header, rows, { width: widthOf(out) }));
  return 0;
}
