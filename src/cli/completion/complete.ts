/**
 * What could stand at the cursor, a candidate a line with what it is after a tab; `:files`, `:yaml` and
 * `:folders` leave it to the shell. Says nothing of what is wrong.
 */
import type { Command, Option } from "commander";
import { nodeTypes, outlineOf, runNames } from "../../index.ts";
import { completePattern } from "./patterns.ts";

/** Candidates, with what they are. */
type Candidate = readonly [text: string, about?: string];

/** What the values of an option are, and what an argument is, by its name. */
const kinds: Readonly<Record<string, (at: Cursor) => readonly Candidate[]>> = {
  pipeline: () => [[":yaml"]],
  pattern: ({ typed, outline }) => plain(completePattern(typed, outline()?.stages ?? new Map())),
  only: (at) => kinds["pattern"]!(at),
  ablation: ({ outline }) => plain(["all", "baseline", ...(outline()?.ablations ?? [])]),
  metric: ({ outline }) => plain(outline()?.metrics ?? []),
  figure: ({ outline }) => plain(outline()?.figures ?? []),
  set: ({ outline }) => plain((outline()?.params ?? []).map((name) => `${name}=`)),
  with: (at) => runs(at),
  run: (at) => runs(at),
  type: () => nodeTypes.map(({ type, summary }) => [type, summary]),
  shell: () => plain(["bash", "zsh", "fish"]),
  folder: () => [[":folders"]],
  cache: () => [[":folders"]],
  crate: () => [[":folders"]],
  out: () => [[":files"]],
  use: () => [[":files"]],
};

interface Cursor {
  readonly typed: string;
  /** Of the pipeline that the line names. */
  outline(): ReturnType<typeof outlineOf>;
  readonly file: string | undefined;
}

const plain = (texts: readonly string[]): Candidate[] => texts.map((text) => [text]);

function runs({ file, outline }: Cursor): Candidate[] {
  const name = outline()?.name;
  return name === undefined ? [] : plain(["latest", "latest~1", ...runNames(file!, name)]);
}

/**
 * @param program - with the commands of the line declared
 * @param words - after the program's name; the last is being typed
 */
export function complete(program: Command, words: readonly string[]): readonly Candidate[] {
  const typed = words.at(-1)!;
  const before = words.slice(0, -1);
  let command = program;
  while (before.length > 0) {
    const inner = command.commands.find((one) => one.name() === before[0]);
    if (!inner) break;
    command = inner;
    before.shift();
  }
  const { given, open } = readWords(command, before);
  const file = argumentName(command, 0) === "pipeline" ? given[0] : undefined;
  let read: { outline: ReturnType<typeof outlineOf> } | undefined;
  const outline = () => {
    read ??= { outline: file === undefined ? undefined : outlineOf(file) };
    return read.outline;
  };
  const found = candidates({ command, given, open }, { typed, file, outline });
  return found.filter(([text]) => text.startsWith(":") || text.startsWith(typed));
}

interface Place {
  readonly command: Command;
  /** Arguments before the cursor. */
  readonly given: readonly string[];
  /** The option whose value is being typed. */
  readonly open: Option | undefined;
}

function candidates({ command, given, open }: Place, at: Cursor): readonly Candidate[] {
  const equals = /^(--[\w-]+=)(.*)$/s.exec(at.typed);
  if (equals) {
    const [, start, typed] = equals as unknown as [string, string, string];
    const option = command.options.find(({ long }) => `${long}=` === start);
    const values = option ? valuesOf(option, { ...at, typed }) : [];
    return values.map(([text, about]) => [text.startsWith(":") ? text : start + text, about ?? ""]);
  }
  if (at.typed.startsWith("-")) {
    const options = command.options.filter(({ hidden }) => !hidden);
    return [
      ...options.map(({ long, description }): Candidate => [long ?? "", description]),
      ["--help", "display help for command"],
    ];
  }
  if (open) return valuesOf(open, at);
  if (command.commands.length > 0) {
    return command.commands.map((one) => [one.name(), one.description()]);
  }
  return kinds[argumentName(command, given.length) ?? ""]?.(at) ?? [];
}

function valuesOf({ long, argChoices }: Option, at: Cursor): readonly Candidate[] {
  if (argChoices) return plain(argChoices);
  return kinds[(long ?? "").replace(/^--/, "")]?.(at) ?? [];
}

/** A list of arguments is the last one. */
function argumentName({ registeredArguments: all }: Command, index: number): string | undefined {
  const last = all.at(-1);
  return (all[index] ?? (last?.variadic ? last : undefined))?.name();
}

function readWords(command: Command, words: readonly string[]): Omit<Place, "command"> {
  const given: string[] = [];
  let open: Option | undefined;
  for (const word of words) {
    if (word.startsWith("-")) {
      const option = command.options.find(({ long, short }) => word === long || word === short);
      open = option && (option.required || option.optional) ? option : undefined;
    } else if (open) {
      if (!open.variadic) open = undefined;
    } else given.push(word);
  }
  return { given, open };
}
