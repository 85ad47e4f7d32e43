/** Which commit of its Git repository a project is at. Changes nothing there. */
import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Commit {
  /** The hash. */
  readonly id: string;
  /** Files that Git knows differ from it. */
  readonly dirty: boolean;
}

/** A repository that takes longer is not waited for. */
const patienceMs = 2000;

/** Undefined outside of a repository, before its first commit, and without Git. */
export async function commitOf(folder: string): Promise<Commit | undefined> {
  const text = await git(folder, ["status", "--porcelain=v2", "--branch", "--untracked-files=no"]);
  const [, id] = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(text ?? "") ?? [];
  return id === undefined ? undefined : { id, dirty: /^[12u] /m.test(text!) };
}

function git(folder: string, args: readonly string[]): Promise<string | undefined> {
  if (!mayBeRepository(folder)) return Promise.resolve(undefined);
  // A repository's own settings may name programs to start: none of those that a status asks for.
  const safe = ["-c", "core.fsmonitor=false", "-C", folder];
  const options = {
    timeout: patienceMs,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" },
  };
  return new Promise((resolve) => {
    execFile("git", [...safe, ...args], options, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
}

/** To start Git costs as much as to plan hundreds of instances: only where it can know anything. */
function mayBeRepository(folder: string): boolean {
  if (process.env["GIT_DIR"] !== undefined) return true;
  try {
    let at = realpathSync(folder);
    while (!existsSync(join(at, ".git"))) {
      const above = dirname(at);
      if (above === at) return false;
      at = above;
    }
  } catch {
    // Git says what is the matter.
  }
  return true;
}

/**
 * Where a project comes from: an address that others can use, without what identifies its owner.
 * Undefined for a repository that is on this machine alone.
 */
export async function originOf(folder: string): Promise<string | undefined> {
  const text = (await git(folder, ["config", "--get", "remote.origin.url"]))?.trim() ?? "";
  if (/^[\w.-]+@[\w.-]+:[^\s]+$/.test(text)) return text;
  if (!/^(https?|ssh|git):\/\//.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "ssh:") url.username = "";
  url.password = "";
  url.search = "";
  return url.href;
}
