/** How commands are declared, and the options and values that several of them take. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { RunOptions } from "../index.ts";

/** 0 done, 1 an instance failed, 2 the pipeline or the command line is invalid, 130 interrupted. */
type ExitCode = number;

/** What the caller of the command line lends to a command: where actions run, and who watches it. */
export interface Lent extends Pick<RunOptions, "executors"> {
  readonly watched?: Watched;
}

/** What a run is asked and told by the process that starts it anew after each edit. */
export interface Watched extends Required<Pick<RunOptions, "onWanted" | "replaced">> {
  /** Called with each file that opening the pipeline reads. */
  onRead(path: string): void;
  /** Aborted when that process is gone, or wants the run to stop. */
  readonly stop: AbortSignal;
  /** Calls back when the run shall print nothing for a while, and when it shall go on. */
  onHush(listener: (quiet: boolean) => void): void;
  /** Resolves when it may print, or when another run has taken over. */
  turn(): Promise<void>;
}

/** Does what a command is for. */
type Action = (...args: never[]) => Promise<ExitCode>;

export interface Given extends Lent {
  /** The arguments of the command, as they are written. */
  readonly args: readonly string[];
  /** Declares the commands of a command. */
  declare(commands: Commands): Promise<undefined>;
}

/** The exports of a command's file: `define` adds arguments and options, and returns the action. */
interface CommandFile {
  define(command: Command, given: Given): Action | Promise<undefined>;
}

/** By name: a line of help, and the file. One without a line is not for people. */
export type Commands = Readonly<
  Record<string, readonly [summary: string, load: () => Promise<CommandFile>]>
>;

/** Declares all by name, and loads the file of the one that the arguments call. */
export async function declareCommands(
  parent: Command,
  commands: Commands,
  args: readonly string[],
  lent: Lent,
  ended: (code: ExitCode) => void,
): Promise<undefined> {
  const at = args.findIndex((arg) => !arg.startsWith("-") && arg !== "help");
  const called = args[at];
  // The help of its parent would hide that there is no such command.
  if (called !== undefined && !Object.hasOwn(commands, called)) parent.helpOption(false);
  for (const [name, [summary, load]] of Object.entries(commands)) {
    const command = parent.command(name, { hidden: summary === "" }).description(summary);
    if (called !== name) continue;
    const rest = args.slice(at + 1);
    const { define } = await load();
    const declare = (inner: Commands) => declareCommands(command, inner, rest, lent, ended);
    const action = await define(command, { ...lent, args: rest, declare });
    if (action) command.action(async (...values) => ended(await action(...(values as never[]))));
  }
}

export const json = () => new Option("--json", "print only JSON, for programs");

export const onCluster = () =>
  new Option(
    "--on <scheduler>",
    "compute in jobs of a cluster: slurm, processes (of this machine), or cluster (as configured)",
  );

export const collectValues = (value: string, before: string[] = []) => [...before, value];

export function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError("expected 1, 2, 3, …");
  return number;
}

/** `10GiB`, `500 MB`: bytes. */
export function bytes(value: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?) ?(|[KMGT])(?:i?B)?$/i.exec(value.trim()) ?? [];
  if (number === undefined) throw new InvalidArgumentError("expected a size like 10GiB or 500MiB");
  return Number(number) * 1024 ** " KMGT".indexOf(unit.toUpperCase() || " ");
}

/** `12h`, `30d`, `4w`: milliseconds. */
export function duration(value: string): number {
  const [, number, unit] = /^(\d+) ?([hdw])$/.exec(value.trim()) ?? [];
  const hours = { h: 1, d: 24, w: 7 * 24 }[unit ?? ""];
  if (hours === undefined) throw new InvalidArgumentError("expected an age like 12h, 30d or 4w");
  return Number(number) * hours * 3_600_000;
}

/** `5%`: a fraction. */
export function percent(value: string): number {
  const number = Number(/^(\d+(?:\.\d+)?)%$/.exec(value.trim())?.[1] ?? Number.NaN);
  if (!(number > 0 && number <= 100)) throw new InvalidArgumentError("expected a share like 5%");
  return number / 100;
}

export function natural(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError("expected 0, 1, 2, …");
  return Number(value);
}

/** Help for a pattern in a command that reads no port. */
export const onePattern = "stage, or stage[axis=value,…]";

const cacheHelp = "the store (default: BLOCKSPIN_CACHE, or cache/ in the project root)";

export function withStore(command: Command): Command {
  return command.option("--cache <folder>", cacheHelp);
}

/** A pipeline file, and the options of all commands that take one. */
export function withPipeline(command: Command, argument = "<pipeline>"): Command {
  command
    .argument(argument, "pipeline file (YAML)")
    .option(
      "--set <name=value>",
      "override a parameter or a dotted path (repeatable)",
      collectValues,
    );
  return withStore(command)
    .addOption(
      new Option("--backend <name>", "compute the training with this backend").choices([
        "wasm",
        "tensorflow",
        "auto",
      ]),
    )
    .option(
      "--remote <place>",
      "use this remote instead of the configured ones: a name, a URL or a folder (repeatable)",
      collectValues,
    )
    .option("--offline", "use no remote");
}

/** The options of everything that runs a pipeline. */
export function withRunOptions(command: Command): Command {
  return withPipeline(command)
    .option("--only <pattern...>", "run only these instances and what they need")
    .option("--ablation <name...>", "run these ablations instead of the baseline; or all")
    .option(
      "--jobs <n>",
      "how many actions to run at once (default: the number of cores)",
      positive,
    )
    .option("--keep-going", "after a failure, go on with everything that does not depend on it")
    .option("--push", "upload what is computed to every remote")
    .option("--no-push", "upload nothing")
    .option("--name <text>", "what to call this run; cache gc keeps what a run with a name used")
    .option("--note <text>", "what there is to say of this run, for blockspin runs")
    .option("--verbose", "print a line for each instance instead of each stage");
}
