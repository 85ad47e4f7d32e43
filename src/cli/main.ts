#!/usr/bin/env node
/**
 * The command line: names, options, help and exit codes. Every command is a file of its own, loaded
 * when it is called, so that `--help` loads nothing.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { declareCache } from "./cache-commands.ts";
import { finish, json, positive, withPipeline } from "./options.ts";
import { watchStreams } from "./print/streams.ts";
import { err, out } from "./print/terminal.ts";

const { version } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { version: string };

const program = new Command("blockspin")
  .description("Runs pipelines of typed nodes; computes only what is stale.")
  .version(version)
  .showHelpAfterError("(add --help for what there is)")
  .configureOutput({ writeOut: (text) => out.text(text), writeErr: (text) => err.text(text) })
  .exitOverride()
  .configureHelp({ sortSubcommands: false });

const onPipeline = (name: string, summary: string) =>
  withPipeline(program.command(name).description(summary));

onPipeline("run", "bring a pipeline up to date, then print its results")
  .option("--only <pattern...>", "only these instances and what they need")
  .option("--ablation <name...>", "these ablations instead of the baseline; or all")
  .option("--jobs <n>", "actions at a time (default: the number of cores)", positive)
  .option("--keep-going", "after a failure, run everything that does not depend on it")
  .option("--dry-run", "print what would run, and stop")
  .option("--frozen", "compute nothing; fail if anything would be computed")
  .option("--push", "upload what is computed to every remote")
  .option("--no-push", "upload nothing")
  .option("--verbose", "a line for every instance, instead of one for a stage's")
  .addOption(json())
  .action(finish(async (file: string, options) => (await import("./run.ts")).run(file, options)));

onPipeline("plan", "say what would run, what is cached, what is unknown, and why")
  .option("--only <pattern...>", "only these instances and what they need")
  .option("--ablation <name...>", "these ablations instead of the baseline; or all")
  .option("--verbose", "a line for every instance, instead of one for a stage's")
  .addOption(json())
  .action(finish(async (file: string, options) => (await import("./plan.ts")).plan(file, options)));

onPipeline("why", "say field by field what changed since the last run, or why it ran then")
  .argument("<pattern>", "stage, or stage[axis=value,…]")
  .addOption(json())
  .action(
    finish(async (file: string, pattern: string, options) =>
      (await import("./why.ts")).why(file, pattern, options),
    ),
  );

onPipeline("show", "print an artifact as a table")
  .argument("<pattern>", "stage, stage[axis=value,…], or either with .port")
  .option("--rows <n>", "rows to print on a terminal", positive, 20)
  .option("--csv", "print comma-separated values, all rows")
  .option("--path", "print the paths of the Arrow files")
  .option(
    "--joined",
    "with --path: write all rows to one Arrow file in the store, and print its path",
  )
  .option("--schema", "print the columns and their types")
  .addOption(json())
  .action(
    finish(async (file: string, pattern: string, options) =>
      (await import("./show.ts")).show(file, pattern, options),
    ),
  );

onPipeline(
  "export",
  "write artifacts as files for other programs: CSV, NPY, Arrow, Parquet; or a run",
)
  .argument("[pattern...]", "stage, stage[axis=value,…], or either with .port")
  .option("--out <path>", "a file; or a folder, for a file an instance (default: CSV to stdout)")
  .addOption(
    new Option("--format <name>", "what to write (default: by the file's ending)").choices([
      "csv",
      "npy",
      "arrow",
      "parquet",
    ]),
  )
  .option("--column <name>", "npy: the column (default: spins, values, or the only one)")
  .option(
    "--crate <folder>",
    "a run, as a Workflow Run RO-Crate with these artifacts or its results",
  )
  .option("--run <name>", "crate: the run, as blockspin runs names it (default: latest)")
  .option("--license <id>", "crate: an SPDX identifier or a URL")
  .action(
    finish(async (file: string, patterns: string[], { crate, ...options }: { crate?: string }) =>
      crate === undefined
        ? (await import("./export/export.ts")).exportArtifacts(file, patterns, options)
        : (await import("./export/export-crate.ts")).exportCrate(file, patterns, {
            ...options,
            crate,
          }),
    ),
  );

onPipeline("accept", "keep results across a code change that is known not to matter")
  .argument("<pattern...>", "stage, or stage[axis=value,…]")
  .option("--reason <text>", "why it does not matter; stands in the record")
  .option("--revoke", "take it back: what was accepted counts as not computed")
  .addOption(json())
  .action(
    finish(async (file: string, patterns: string[], options) =>
      (await import("./accept.ts")).accept(file, patterns, options),
    ),
  );

onPipeline(
  "compare",
  "compare metrics of ablations with the baseline, or of now with an earlier run",
)
  .option("--ablation <name...>", "these ablations (default: all; with --with: the baseline)")
  .option("--metric <name...>", "these metrics (default: all)")
  .option("--with <run>", "an earlier run: its name in blockspin runs, or latest~1")
  .option("--csv", "print comma-separated values at full precision")
  .addOption(json())
  .action(
    finish(async (file: string, options) => (await import("./compare.ts")).compare(file, options)),
  );

onPipeline("runs", "list the earlier runs of a pipeline")
  .addOption(json())
  .action(finish(async (file: string, options) => (await import("./runs.ts")).runs(file, options)));

onPipeline("log", "print what an instance printed when it ran")
  .argument("<pattern>", "stage, or stage[axis=value,…]")
  .action(
    finish(async (file: string, pattern: string, options) =>
      (await import("./log.ts")).log(file, pattern, options),
    ),
  );

onPipeline("check", "validate a pipeline and print every error and warning")
  .addOption(json())
  .action(
    finish(async (file: string, options) => (await import("./check.ts")).check(file, options)),
  );

program
  .command("nodes")
  .description("list the node types, or describe one")
  .argument("[type]", "a node type")
  .option("--use <file...>", "modules with node types of your own, as under use:")
  .option("--backends", "say which backends are there, and why not")
  .addOption(json())
  .action(
    finish(async (type: string | undefined, options) =>
      (await import("./nodes.ts")).nodes(type, options),
    ),
  );

program
  .command("schema")
  .description("print the JSON Schema of pipeline files, or of one node type's parameters")
  .argument("[type]", "a node type")
  .option("--use <file...>", "modules with node types of your own, as under use:")
  .action(
    finish(async (type: string | undefined, options) =>
      (await import("./schema.ts")).schema(type, options),
    ),
  );

declareCache(program);

program
  .command("exec", { hidden: true })
  .description("perform one action, given as JSON on standard input (used by process executors)")
  .action(
    finish(async () => {
      await (await import("../engine/run/exec.ts")).exec();
      return 0;
    }),
  );

watchStreams();

try {
  await program.parseAsync();
} catch (error) {
  const swallowed = error instanceof CommanderError && error.code === "commander.missingArgument";
  const taker = process.argv.find((text) => ["--only", "--ablation", "--metric"].includes(text));
  if (swallowed && taker !== undefined) {
    err.print(`  = ${taker} takes all that follows: write the pipeline before it`);
  }
  process.exitCode =
    error instanceof CommanderError
      ? error.exitCode && 2
      : (await import("./print/report-error.ts")).reportError(error);
}
