/** Runs the command line on a pseudo-terminal, with the help of Python's library. */
import { spawnSync } from "node:child_process";
import { main, type Space } from "./space.ts";

export const hasPty = spawnSync("python3", ["-c", "import pty"]).status === 0;

/** Returns what the terminal receives (standard output and error together) and the exit code. */
export function onTerminal(
  space: Space,
  args: readonly string[],
  { env = {}, columns = 80 }: { env?: Record<string, string>; columns?: number } = {},
): { code: number | null; screen: string } {
  const run = `stty rows 24 columns ${columns} 2>/dev/null; exec "$@"`;
  const script =
    "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
  const { status, stdout } = spawnSync(
    "python3",
    ["-c", script, "sh", "-c", run, "sh", process.execPath, main, ...args],
    {
      cwd: space.folder,
      env: { PATH: process.env["PATH"], HOME: space.folder, TERM: "xterm-256color", ...env },
      // Python stops when its input ends.
      stdio: ["pipe", "pipe", "inherit"],
      encoding: "utf8",
    },
  );
  return { code: status, screen: stdout.replaceAll("\r\n", "\n") };
}
