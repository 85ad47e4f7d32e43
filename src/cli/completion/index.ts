/** `blockspin completion`: prints the script with which a shell completes command lines. */
import { Argument, type Command } from "commander";
import { out } from "../print/terminal.ts";
import { scripts } from "./scripts.ts";

export function define(command: Command) {
  command.addArgument(new Argument("<shell>", "which shell").choices(Object.keys(scripts)));
  return completion;
}

async function completion(shell: string): Promise<number> {
  out.data(scripts[shell]!);
  return 0;
}
