/**
 * The command line: the commands by name, and their exit codes. The file of a command is loaded when
 * the command is called, so `--help` loads none. Knows no process but its streams.
 */
import { Command, CommanderError } from "commander";
import { type Commands, declareCommands, type Lent } from "./options.ts";
import { err, out } from "./print/terminal.ts";
import { version } from "./version.ts";

const commands: Commands = {
  run: ["bring a pipeline up to date, then print its results", () => import("./run.ts")],
  watch: ["run a pipeline again after each edit", () => import("./watch/watch.ts")],
  plan: [
    "print what would run, what is cached, what is not known yet, and why",
    () => import("./plan.ts"),
  ],
  why: ["print field by field what changed since an instance last ran", () => import("./why.ts")],
  show: ["print an artifact as a table", () => import("./show/index.ts")],
  export: [
    "write artifacts as CSV, NPY, Arrow or Parquet, or a whole run as a crate",
    () => import("./export/index.ts"),
  ],
  accept: [
    "keep results across a code change that does not affect them",
    () => import("./accept.ts"),
  ],
  compare: [
    "compare metrics of ablations with the baseline, or with an earlier run",
    () => import("./compare.ts"),
  ],
  report: ["write one HTML page of what is cached", () => import("./report.ts")],
  ui: ["bring a pipeline up to date, and show it live in a browser", () => import("./ui.ts")],
  runs: ["list the earlier runs of a pipeline", () => import("./runs.ts")],
  log: ["print the log of an instance", () => import("./log.ts")],
  check: ["validate a pipeline and print every error and warning", () => import("./check.ts")],
  graph: ["print the stages and what they read", () => import("./graph/index.ts")],
  nodes: ["list the node types, or describe one", () => import("./nodes.ts")],
  schema: [
    "print the JSON Schema of pipeline files, or of one node type's parameters",
    () => import("./schema.ts"),
  ],
  init: ["make a new project, with a pipeline that runs", () => import("./init/index.ts")],
  completion: [
    "print a script that completes commands in a shell",
    () => import("./completion/index.ts"),
  ],
  cache: ["inspect, clean and share the store", () => import("./cache/index.ts")],
  work: ["", () => import("./work.ts")],
};

/** Options that take every word that follows, the name of the pipeline included. */
const greedy = ["--only", "--ablation", "--metric"];

/** The commands, of which those are loaded that the arguments call. */
async function declareProgram(
  args: readonly string[],
  lent: Lent,
  ended: (code: number) => void,
): Promise<Command> {
  const program = new Command("blockspin")
    .description("Runs pipelines of typed nodes; computes only what is stale.")
    .version(version())
    .configureOutput({ writeOut: (text) => out.text(text), writeErr: (text) => err.text(text) })
    .showHelpAfterError("(add --help to see what there is)")
    .exitOverride()
    .configureHelp({ sortSubcommands: false });
  await declareCommands(program, commands, args, lent, ended);
  return program;
}

/** Runs one command. Returns the exit code: 0, 1, 2 or 130. */
export async function run(given: readonly string[], lent: Lent = {}): Promise<number> {
  // Commander reads only one name after `help`, and `help cache gc` has two.
  const args = given[0] === "help" ? [...given.slice(1), "--help"] : given;
  let code = 0;
  if (args[0] === "__complete") {
    const { answer } = await import("./completion/answer.ts");
    return await answer(args.slice(1), (words) => declareProgram(words, lent, () => {}));
  }
  try {
    const program = await declareProgram(args, lent, (ended) => {
      code = ended;
    });
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      return (await import("./print/report-error.ts")).reportError(error, args);
    }
    const { hintForArguments } = await import("./print/foreign-arguments.ts");
    const hint = hintForArguments(error.code, args);
    if (hint !== undefined) err.print(`  = ${hint}`);
    const taker = args.find((text) => greedy.includes(text));
    if (error.code === "commander.missingArgument" && taker !== undefined && hint === undefined) {
      err.print(`  = ${taker} takes every word that follows: write the pipeline before it`);
    }
    return error.exitCode && 2;
  }
}
