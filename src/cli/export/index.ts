/** `blockspin export`: writes artifacts or figures as files, or a run as a crate. */
import { type Command, Option } from "commander";
import { positive, withPipeline } from "../options.ts";
import { type ExportFlags, endings, exportArtifacts } from "./export.ts";

export function define(command: Command) {
  withPipeline(command)
    .argument("[pattern...]", "stage, stage[axis=value,…], or either with .port")
    .option(
      "--out <path>",
      "write to this file, or one file per instance to this folder (default: print CSV)",
    )
    .addOption(
      new Option("--format <name>", "the format (default: by the ending of the file)").choices([
        ...endings,
        "svg",
        "png",
      ]),
    )
    .option("--figure <name>", "write this figure, as SVG or PNG")
    .option("--figures", "write all figures to the folder of --out")
    .addOption(new Option("--theme <name>", "figures: the colours").choices(["light", "dark"]))
    .option("--width <pixels>", "figures: how wide", positive)
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
  return async (file: string, patterns: string[], options: ExportFlags) => {
    const { crate, ...rest } = options;
    if (rest.figure !== undefined || rest.figures) {
      return (await import("./export-figures.ts")).exportFigures(file, patterns, rest);
    }
    return crate === undefined
      ? exportArtifacts(file, patterns, rest)
      : (await import("./export-crate.ts")).exportCrate(file, patterns, { ...rest, crate });
  };
}
