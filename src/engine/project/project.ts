/**
 * Finds the root of a project and reads its configuration. A configuration names places and limits,
 * never parameters: nothing in it can change a key.
 */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { InvalidPipeline } from "../language/diagnostic.ts";
import { UsageError } from "../usage-error.ts";
import { type ClusterSettings, defaultCluster, readCluster } from "./cluster-settings.ts";
import { Misconfigured, readConfigFile } from "./config-file.ts";
import { expandHome, homeHint, pipelineFile } from "./paths.ts";
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
  readonly executor?: ExecutorSetting;
  readonly cluster?: ClusterSettings;
  /** By name. */
  readonly remotes?: readonly RemoteSetting[];
  readonly trust?: TrustSetting;
}

/** What runs actions, and what it alone understands. */
export interface ExecutorSetting {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The error to throw where it cannot be used: it points into the configuration. */
  unusable?(message: string, hint?: string): Error;
}

/** The configuration files and the environment, merged by precedence. */
export interface Resolved {
  readonly cache: string;
  readonly jobs: number | undefined;
  readonly executor: ExecutorSetting | undefined;
  readonly cluster: ClusterSettings;
  /** The project's, then the user's under other names. */
  readonly remotes: readonly RemoteSetting[];
  readonly trust: TrustSetting;
}

/** Files that mark the root of a project. */
const markers = [configName, "package.json", ".git"];

/** The nearest folder with one of the markers, from the file's own folder up; else its own. */
export function projectRoot(pipelinePath: string): string {
  const folder = dirname(pipelineFile(pipelinePath));
  for (let at = folder; ; at = dirname(at)) {
    if (markers.some((marker) => existsSync(join(at, marker)))) return at;
    if (at === dirname(at)) return folder;
  }
}

/** The user's own folder of configuration. The XDG specification ignores relative paths. */
export function userFolder(environment: Environment): string {
  const given = expandHome(environment["XDG_CONFIG_HOME"] ?? "") ?? "";
  return join(isAbsolute(given) ? given : join(homedir(), ".config"), "blockspin");
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
    (flags.cache !== undefined && placeOf(flags.cache, process.cwd(), "--cache")) ||
    (fromEnvironment && placeOf(fromEnvironment, process.cwd(), "BLOCKSPIN_CACHE")) ||
    project.cache ||
    user.cache ||
    join(root, "cache");
  const remotes = new Map([...(user.remotes ?? [])].map((remote) => [remote.name, remote]));
  for (const { name } of project.remotes ?? []) remotes.delete(name);
  return {
    ...{ cache, jobs: flags.jobs ?? project.jobs ?? user.jobs },
    executor: project.executor ?? user.executor,
    cluster: project.cluster ?? user.cluster ?? defaultCluster,
    remotes: [...(project.remotes ?? []), ...remotes.values()],
    trust: mergeTrust(user.trust, project.trust),
  };
}

/** Trusts everyone in either file; the project's file decides what a name means. */
function mergeTrust(user: TrustSetting = new Map(), project: TrustSetting = new Map()) {
  if (user === "anyone" || project === "anyone") return "anyone";
  return new Map([...user, ...project]);
}

/** The absolute folder that a text names. */
function placeOf(text: string, folder: string, where: string): string {
  if (text.trim() === "") throw new UsageError(`${where}: expected the path of a folder`);
  const path = expandHome(text);
  if (path !== undefined) return resolve(folder, path);
  throw new UsageError(`${where}: cannot use ${JSON.stringify(text)}`, homeHint(text));
}

const keys = ["cache", "jobs", "executor", "cluster", "remotes", "trust"];

function readConfig(path: string): Config {
  if (!existsSync(path)) return {};
  const file = readConfigFile(path);
  try {
    const config = readValues(file.values, path);
    const { executor } = config;
    if (!executor) return config;
    const unusable = (message: string, hint?: string) =>
      new InvalidPipeline([file.locate(new Misconfigured(["executor"], message, hint))]);
    return { ...config, executor: { ...executor, unusable } };
  } catch (error) {
    if (!(error instanceof Misconfigured)) throw error;
    throw new InvalidPipeline([file.locate(error)]);
  }
}

function readValues(values: unknown, path: string): Config {
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new Misconfigured([], "expected a mapping", `keys: ${keys.join(", ")}`);
  }
  const { cache, jobs, executor, cluster, remotes, trust, ...others } = values as Record<
    string,
    unknown
  >;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    const message = `unknown key ${JSON.stringify(unknown)}`;
    throw new Misconfigured([unknown], message, `keys: ${keys.join(", ")}`, "key");
  }
  if (cache !== undefined && typeof cache !== "string") {
    throw new Misconfigured(["cache"], '"cache" must be a path');
  }
  if (jobs !== undefined && (!Number.isInteger(jobs) || (jobs as number) < 1)) {
    throw new Misconfigured(["jobs"], '"jobs" must be an integer >= 1');
  }
  return {
    ...(executor === undefined ? {} : { executor: readExecutor(executor) }),
    ...(cluster === undefined ? {} : { cluster: readCluster(cluster) }),
    ...(cache === undefined ? {} : { cache: readCache(cache, path) }),
    ...(jobs === undefined ? {} : { jobs: jobs as number }),
    ...(remotes === undefined ? {} : { remotes: readRemotes(remotes, path) }),
    ...(trust === undefined ? {} : { trust: readTrust(trust) }),
  };
}

function readCache(text: string, path: string): string {
  try {
    return placeOf(text, dirname(path), '"cache"');
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new Misconfigured(["cache"], error.message, error.hint);
  }
}

/** `local`, or `{ local: { … } }` with settings. */
function readExecutor(value: unknown): ExecutorSetting {
  if (typeof value === "string") return { name: value, settings: {} };
  const [entry, another] = Object.entries(Object(value) as Record<string, unknown>);
  const [name, settings] = entry ?? [];
  const isMap = (it: unknown) => typeof it === "object" && it !== null && !Array.isArray(it);
  if (name !== undefined && !another && isMap(value) && isMap(settings)) {
    return { name, settings: settings as ExecutorSetting["settings"] };
  }
  throw new Misconfigured(
    ["executor"],
    '"executor" must be a name, or one name with a mapping of settings',
    "executor: local",
  );
}
