/** `blockspin export`: artifacts as files, or a run as a crate. */
import { type Command, Option } from "commander";
import { withPipeline } from "../options.ts";
import { endings, exportArtifacts } from "./export.ts";

export function define(command: Command) {
  withPipeline(command)
    .argument("[pattern...]", "stage, stage[axis=value,…], or either with .port")
    .option("--out <path>", "a file; or a folder, for a file an instance (default: CSV to stdout)")
    .addOption(
      new Option("--format <name>", "what to write (default: by the file's ending)").choices(
        endings,
      ),
    )
    .option("--column <name>", "npy: the column (default: spins, values, or the only one)")
    .option(
      "--crate <folder>",
      "a run, as a Workflow Run RO-Crate with these artifacts or its results",
    )
    .option("--run <name>", "crate: the run, as blockspin runs names it (default: latest)")
    .option("--license <id>", "crate: an SPDX identifier or a URL");
  return async (file: string, patterns: string[], { crate, ...options }: { crate?: string }) =>
    crate === undefined
      ? exportArtifacts(file, patterns, options)
      : (await import("./export-crate.ts")).exportCrate(file, patterns, { ...options, crate });
}
