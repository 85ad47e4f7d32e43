/**
 * Paths as people write them → absolute paths. Every path that a person writes (store, remotes,
 * modules, files) goes through here. Does not know what lies there.
 */
import { statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The hint for `~user`. */
export const homeHint = (text: string) =>
  `~ is your own home folder; write the whole path, or ./${text} for a name that begins with ~`;

/** `~` and `~/…` lie in the home folder. Undefined for `~user`, which only a shell knows. */
export function expandHome(text: string): string | undefined {
  if (!text.startsWith("~")) return text;
  return /^~(\/|$)/.test(text) ? join(homedir(), text.slice(1)) : undefined;
}

/** Where the kernel shows open files: a pipe or a redirected file has a name there, but no home. */
const streams = /^\/(dev|dev\/fd|proc(\/.*)?)$/;

/**
 * The absolute path of a pipeline file. A stream (`/dev/stdin`, `/dev/fd/3`, a FIFO) counts as a file
 * `stdin` in the working folder: its paths are relative to that folder, and its project is that
 * folder's.
 */
export function pipelineFile(path: string): string {
  const file = resolve(path);
  return isStream(file) || streams.test(dirname(file)) ? resolve("stdin") : file;
}

/** A file that cannot be examined is reported when it is read. */
function isStream(file: string): boolean {
  try {
    const stats = statSync(file);
    return !stats.isFile() && !stats.isDirectory();
  } catch {
    return false;
  }
}
