/** The commit of the project, asked of git; nothing where there is no git. */
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import type { Commit } from "../model.ts";

export function commitOf(file: string): Commit | undefined {
  const git = (...args: readonly string[]) => {
    const { status, stdout } = spawnSync("git", args, {
      ...{ cwd: dirname(file), encoding: "utf8", timeout: 5000 },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return status === 0 ? stdout.trim() : undefined;
  };
  const id = git("rev-parse", "HEAD");
  if (!id) return undefined;
  const changed = git("status", "--porcelain", "--untracked-files=no");
  const origin = git("config", "--get", "remote.origin.url");
  return { id, changed: Boolean(changed), origin: origin && publicUrl(origin) };
}

/** An address that others can use, without what identifies its owner; no path of this machine. */
function publicUrl(text: string): string | undefined {
  if (/^[\w.-]+@[\w.-]+:[^\s]+$/.test(text)) return text;
  if (!/^(https?|ssh|git):\/\//.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "ssh:") url.username = "";
  url.password = "";
  url.search = "";
  return url.href;
}
