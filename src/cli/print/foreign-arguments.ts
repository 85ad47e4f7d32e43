/** What to write instead of arguments that other tools take: Hydra, Snakemake, DVC, make. */
import { shellWord } from "../../text/shell.ts";

const jobs = "write --jobs 4";
const dry = "write --dry-run, or blockspin plan <pipeline>";
const sweep = "values to run over are an axis in the file (for:), or ablations: and --ablation all";
const again = "to compute a stage again on purpose, write another salt: on it";

/** Options. */
const options: Readonly<Record<string, string>> = {
  ...{ "-n": dry, "--dry": dry, "--dryrun": dry, "--just-print": dry },
  ...{ "-j": jobs, "-c": jobs, "--cores": jobs, "--parallel": jobs, "--workers": jobs },
  ...{ "-m": sweep, "--multirun": sweep, "--sweep": sweep },
  ...{ "-k": "write --keep-going", "--keepgoing": "write --keep-going" },
  ...{ "-f": again, "--force": again, "-F": again, "--forceall": again, "-R": again },
  ...{ "--forcerun": again, "--rerun": again, "--no-cache": again },
  ...{ "-s": "write the pipeline without an option", "--single-item": "write --only <stage>" },
  ...{ "--snakefile": "write the pipeline without an option" },
  ...{ "--file": "write the pipeline without an option" },
  ...{ "--config-name": "write the pipeline without an option" },
  ...{ "-S": "write --set name=value", "--set-param": "write --set name=value" },
  ...{ "--config": "write --set name=value", "--param": "write --set name=value" },
  ...{ "-p": "write --set name=value", "-P": "write --set name=value" },
  ...{ "-t": "write --only <stage>", "--until": "write --only <stage>" },
  ...{ "--target": "write --only <stage>", "--stage": "write --only <stage>" },
  ...{ "--output": "write --out", "-o": "write --out", "-v": "write --verbose" },
};

/** Commands. */
const commands: Readonly<Record<string, string>> = {
  ...{ repro: "write blockspin run <pipeline>", exp: "write blockspin run <pipeline>" },
  ...{ exec: "write blockspin run <pipeline>", start: "write blockspin run <pipeline>" },
  ...{ make: "write blockspin run <pipeline>", build: "write blockspin run <pipeline>" },
  ...{ status: "write blockspin plan <pipeline>", diff: "write blockspin compare <pipeline>" },
  ...{ metrics: "write blockspin compare <pipeline>", params: "write blockspin plan <pipeline>" },
  ...{ lint: "write blockspin check <pipeline>", validate: "write blockspin check <pipeline>" },
  ...{ gc: "write blockspin cache gc", push: "write blockspin cache push <pipeline>" },
  ...{ pull: "write blockspin cache pull <pipeline>", clean: "write blockspin cache gc" },
  ...{ list: "write blockspin nodes, or blockspin runs <pipeline>" },
  ...{ ls: "write blockspin nodes, or blockspin runs <pipeline>" },
  ...{ history: "write blockspin runs <pipeline>", logs: "write blockspin log <pipeline> <stage>" },
};

/**
 * The hint for arguments that were refused, if what is wrong with them is known.
 * @param code - Commander's
 */
export function hintForArguments(code: string, args: readonly string[]): string | undefined {
  const [called = "", ...rest] = args;
  if (code === "commander.unknownCommand") {
    if (/\.ya?ml$/.test(called)) return `write blockspin run ${shellWord(called)}`;
    return Object.hasOwn(commands, called) ? commands[called] : undefined;
  }
  if (code === "commander.unknownOption") return hintForOptions(rest);
  if (code === "commander.missingArgument" && rest.length === 1 && !/[./]/.test(rest[0]!)) {
    return `write the pipeline first: blockspin ${called} <pipeline> ${shellWord(rest[0]!)}`;
  }
  if (code !== "commander.excessArguments") return undefined;
  const isValue = (text: string) => /^[+~]*[A-Za-z_][\w./-]*=/.test(text);
  const setting = rest.find((text, i) => isValue(text) && rest[i - 1] !== "--set");
  if (setting !== undefined) return `write --set ${shellWord(setting.replace(/^[+~]+/, ""))}`;
  const at = rest.indexOf("--set");
  if (at >= 0 && !rest[at + 1]?.includes("=")) {
    return `write --set ${rest[at + 1]}=${shellWord(rest[at + 2] ?? "value")}`;
  }
  const word = rest.find((text) => !text.startsWith("-") && !/[./]/.test(text));
  return word !== undefined && called === "run"
    ? `to run a stage alone, write --only ${shellWord(word)}`
    : undefined;
}

function hintForOptions(args: readonly string[]): string | undefined {
  for (const [i, text] of args.entries()) {
    const [name, value = args[i + 1]] = text.split("=") as [string, string?];
    const hint = Object.hasOwn(options, name) ? options[name] : ofShort(name);
    if (hint !== undefined) return hint;
    const isParam = /^--[a-z]\w*$/.test(name) && value !== undefined && !/^-|\.ya?ml$/.test(value);
    if (isParam && isUnknown(name))
      return `a param is set with --set ${name.slice(2)}=${shellWord(value)}`;
  }
  return undefined;
}

/** `-j4` */
function ofShort(text: string): string | undefined {
  const [, count] = /^-[jc](\d+)$/.exec(text) ?? [];
  return count === undefined ? undefined : `write --jobs ${count}`;
}

/** Options that some command has. */
const ours = [
  "--set",
  "--cache",
  "--backend",
  "--remote",
  "--only",
  "--ablation",
  "--jobs",
  "--rows",
];
const isUnknown = (name: string) => !ours.includes(name);
