/** `blockspin report`: writes one HTML page of what is cached. Computes nothing. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { renderReport, writing } from "../index.ts";
import { safeNames } from "../text/file-names.ts";
import { type AblationOptions, open } from "./open.ts";
import { withPipeline } from "./options.ts";
import { err } from "./print/terminal.ts";
import { version } from "./version.ts";

interface ReportFlags extends AblationOptions {
  readonly out?: string;
  readonly run?: string;
}

export function define(command: Command) {
  withPipeline(command)
    .option("--out <file>", "the page (default: the pipeline's name and .html)")
    .option("--run <run>", "show an earlier run: its name in blockspin runs, or latest~1")
    .option("--ablation <name...>", "show these ablations beside the baseline (default: all)");
  return report;
}

async function report(file: string, options: ReportFlags): Promise<number> {
  const opened = await open(file, {
    ...options,
    ablation: ["baseline", ...(options.ablation ?? ["all"])],
  });
  const page = await renderReport({ opened, file, version: version(), run: options.run });
  const path = options.out ?? safeNames([opened.graph.name], ".html").get(opened.graph.name)!;
  writing(path, () => writeFileSync(resolve(path), page));
  err.print(`wrote ${path}, ${(Buffer.byteLength(page) / 1e6).toFixed(1)} MB`);
  return 0;
}
