/**
 * Where a project begins and what its configuration says. Nothing in a configuration file can
 * change a key: it names places and limits, never parameters.
 */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { UsageError } from "./usage-error.ts";

const configName = "blockspin.config.yaml";

export interface Config {
  /** Folder of the store; relative to the file that says so. */
  readonly cache?: string;
  /** Actions at a time. */
  readonly jobs?: number;
}

/** The nearest ancestor with `blockspin.config.yaml`, else `package.json`, else `.git`, else the file's folder. */
export function projectRoot(pipelinePath: string): string {
  const folder = dirname(resolve(pipelinePath));
  for (const marker of [configName, "package.json", ".git"]) {
    for (let at = folder; ; at = dirname(at)) {
      if (existsSync(join(at, marker))) return at;
      if (at === dirname(at)) break;
    }
  }
  return folder;
}

/** Precedence: command line, environment, project configuration, user configuration. */
export function resolveConfig(
  root: string,
  flags: Config,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly cache: string; readonly jobs: number | undefined } {
  const home = environment["XDG_CONFIG_HOME"] ?? join(homedir(), ".config");
  const user = readConfig(join(home, "blockspin", "config.yaml"));
  const project = readConfig(join(root, configName));
  const fromEnvironment = environment["BLOCKSPIN_CACHE"];
  const cache =
    (flags.cache && resolve(flags.cache)) ||
    (fromEnvironment && resolve(fromEnvironment)) ||
    project.cache ||
    user.cache ||
    join(root, "cache");
  return { cache, jobs: flags.jobs ?? project.jobs ?? user.jobs };
}

function readConfig(path: string): Config {
  if (!existsSync(path)) return {};
  let config: unknown;
  try {
    config = parse(readFileSync(path, "utf8")) ?? {};
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message.split("\n")[0]}`);
  }
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new UsageError(`${path}: expected a mapping`);
  }
  const { cache, jobs, ...others } = config as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new UsageError(`${path}: unknown key ${JSON.stringify(unknown)}`, "keys: cache, jobs");
  }
  if (cache !== undefined && typeof cache !== "string") {
    throw new UsageError(`${path}: "cache" must be a path`);
  }
  if (jobs !== undefined && (!Number.isInteger(jobs) || (jobs as number) < 1)) {
    throw new UsageError(`${path}: "jobs" must be an integer >= 1`);
  }
  return {
    ...(cache === undefined ? {} : { cache: resolve(dirname(path), cache) }),
    ...(jobs === undefined ? {} : { jobs: jobs as number }),
  };
}
