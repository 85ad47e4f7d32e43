/**
 * The command line: the commands by name, and how they end. A command is a file that is loaded when
 * it is called, so that `--help` loads none. Knows no process but its streams.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { type Commands, declareCommands, type Lent } from "./options.ts";
import { err, out } from "./print/terminal.ts";

const commands: Commands = {
  run: ["bring a pipeline up to date, then print its results", () => import("./run.ts")],
  plan: ["say what would run, what is cached, what is unknown, and why", () => import("./plan.ts")],
  why: [
    "say field by field what changed since the last run, or why it ran then",
    () => import("./why.ts"),
  ],
  show: ["print an artifact as a table", () => import("./show.ts")],
  export: [
    "write artifacts as files for other programs: CSV, NPY, Arrow, Parquet; or a run",
    () => import("./export/index.ts"),
  ],
  accept: [
    "keep results across a code change that is known not to matter",
    () => import("./accept.ts"),
  ],
  compare: [
    "compare metrics of ablations with the baseline, or of now with an earlier run",
    () => import("./compare.ts"),
  ],
  runs: ["list the earlier runs of a pipeline", () => import("./runs.ts")],
  log: ["print what an instance printed when it ran", () => import("./log.ts")],
  check: ["validate a pipeline and print every error and warning", () => import("./check.ts")],
  nodes: ["list the node types, or describe one", () => import("./nodes.ts")],
  schema: [
    "print the JSON Schema of pipeline files, or of one node type's parameters",
    () => import("./schema.ts"),
  ],
  cache: ["look after the store, and share it", () => import("./cache/index.ts")],
};

/** Options that take all that follows, the name of the pipeline included. */
const greedy = ["--only", "--ablation", "--metric"];

/** Runs one command. Returns the exit code: 0, 1, 2 or 130. */
export async function run(args: readonly string[], lent: Lent = {}): Promise<number> {
  let code = 0;
  const program = new Command("blockspin")
    .description("Runs pipelines of typed nodes; computes only what is stale.")
    .version(version())
    .configureOutput({ writeOut: (text) => out.text(text), writeErr: (text) => err.text(text) })
    .showHelpAfterError("(add --help for what there is)")
    .exitOverride()
    .configureHelp({ sortSubcommands: false });
  try {
    await declareCommands(program, commands, args, lent, (ended) => {
      code = ended;
    });
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      return (await import("./print/report-error.ts")).reportError(error);
    }
    const taker = args.find((text) => greedy.includes(text));
    if (error.code === "commander.missingArgument" && taker !== undefined) {
      err.print(`  = ${taker} takes all that follows: write the pipeline before it`);
    }
    return error.exitCode && 2;
  }
}

function version(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
