/** `blockspin export`: writes artifacts as files, or a run as a crate. */
import { type Command, Option } from "commander";
import { withPipeline } from "../options.ts";
import { endings, exportArtifacts } from "./export.ts";

export function define(command: Command) {
  withPipeline(command)
    .argument("[pattern...]", "stage, stage[axis=value,…], or either with .port")
    .option(
      "--out <path>",
      "write to this file, or one file per instance to this folder (default: print CSV)",
    )
    .addOption(
      new Option("--format <name>", "the format (default: by the ending of the file)").choices(
        endings,
      ),
    )
    .option("--column <name>", "npy: write this column (default: spins, values, or the only one)")
    .addOption(
      new Option("--spins <type>", "how to write spins: as bits, or as +1 and -1").choices([
        "bits",
        "int8",
      ]),
    )
    .option(
      "--crate <folder>",
      "write a run as a Workflow Run RO-Crate, with these artifacts (default: its results)",
    )
    .option("--run <name>", "crate: write this run, as blockspin runs names it (default: latest)")
    .option("--license <id>", "crate: state this license, an SPDX identifier or a URL");
  return async (file: string, patterns: string[], { crate, ...options }: { crate?: string }) =>
    crate === undefined
      ? exportArtifacts(file, patterns, options)
      : (await import("./export-crate.ts")).exportCrate(file, patterns, { ...options, crate });
}
