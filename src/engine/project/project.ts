/**
 * Where a project begins and what its configuration says. Nothing in a configuration file can
 * change a key: it names places and limits, never parameters.
 */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { UsageError } from "../usage-error.ts";
import {
  type RemoteSetting,
  readRemotes,
  readTrust,
  type TrustSetting,
} from "./remote-settings.ts";

const configName = "blockspin.config.yaml";

export interface Config {
  /** Folder of the store; relative to the file that says so. */
  readonly cache?: string;
  /** Actions at a time. */
  readonly jobs?: number;
  /** By name. */
  readonly remotes?: readonly RemoteSetting[];
  readonly trust?: TrustSetting;
}

/** What the configuration files and the environment say, the stronger over the weaker. */
export interface Resolved {
  readonly cache: string;
  readonly jobs: number | undefined;
  /** The project's, then the user's under other names. */
  readonly remotes: readonly RemoteSetting[];
  readonly trust: TrustSetting;
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

/** The user's own folder of configuration. */
export function userFolder(environment: Environment): string {
  const home = environment["XDG_CONFIG_HOME"] || join(homedir(), ".config");
  return join(home, "blockspin");
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Precedence: command line, environment, project configuration, user configuration. */
export function resolveConfig(
  root: string,
  flags: Pick<Config, "cache" | "jobs">,
  environment: Environment,
): Resolved {
  const user = readConfig(join(userFolder(environment), "config.yaml"));
  const project = readConfig(join(root, configName));
  const fromEnvironment = environment["BLOCKSPIN_CACHE"];
  const cache =
    (flags.cache && resolve(flags.cache)) ||
    (fromEnvironment && resolve(fromEnvironment)) ||
    project.cache ||
    user.cache ||
    join(root, "cache");
  const remotes = new Map([...(user.remotes ?? [])].map((remote) => [remote.name, remote]));
  for (const { name } of project.remotes ?? []) remotes.delete(name);
  return {
    ...{ cache, jobs: flags.jobs ?? project.jobs ?? user.jobs },
    remotes: [...(project.remotes ?? []), ...remotes.values()],
    trust: mergeTrust(user.trust, project.trust),
  };
}

/** Who is trusted in either file; a name means what the project says it does. */
function mergeTrust(user: TrustSetting = new Map(), project: TrustSetting = new Map()) {
  if (user === "anyone" || project === "anyone") return "anyone";
  return new Map([...user, ...project]);
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
  const { cache, jobs, remotes, trust, ...others } = config as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new UsageError(
      `${path}: unknown key ${JSON.stringify(unknown)}`,
      "keys: cache, jobs, remotes, trust",
    );
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
    ...(remotes === undefined ? {} : { remotes: readRemotes(remotes, path) }),
    ...(trust === undefined ? {} : { trust: readTrust(trust, `${path}: "trust"`) }),
  };
}
