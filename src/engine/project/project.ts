/**
 * Finds the root of a project and reads its configuration. A configuration names places and limits,
 * never parameters: nothing in it can change a key.
 */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { renderDiagnostic } from "../language/diagnostic.ts";
import { parseYaml } from "../language/parse.ts";
import { plain } from "../language/tree.ts";
import { UsageError } from "../usage-error.ts";
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
  /** By name. */
  readonly remotes?: readonly RemoteSetting[];
  readonly trust?: TrustSetting;
}

/** What runs actions, and what it alone understands. */
export interface ExecutorSetting {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The configuration files and the environment, merged by precedence. */
export interface Resolved {
  readonly cache: string;
  readonly jobs: number | undefined;
  readonly executor: ExecutorSetting | undefined;
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

/** Reads the same YAML as a pipeline: it refuses the same texts. */
function parseConfig(path: string): unknown {
  const text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
  const { value, diagnostics } = parseYaml({ path, text });
  const [first] = diagnostics;
  if (value && !first) return plain(value) ?? {};
  // Without the line itself, which could hold a password.
  const head = renderDiagnostic(first!).split("\n")[0]!;
  throw new UsageError(head.replace(/ (error|warning)\[[a-z-]+\]:/, ""), first!.hint);
}

function readConfig(path: string): Config {
  if (!existsSync(path)) return {};
  const config = parseConfig(path);
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new UsageError(`${path}: expected a mapping`);
  }
  const { cache, jobs, executor, remotes, trust, ...others } = config as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new UsageError(
      `${path}: unknown key ${JSON.stringify(unknown)}`,
      "keys: cache, jobs, executor, remotes, trust",
    );
  }
  if (cache !== undefined && typeof cache !== "string") {
    throw new UsageError(`${path}: "cache" must be a path`);
  }
  if (jobs !== undefined && (!Number.isInteger(jobs) || (jobs as number) < 1)) {
    throw new UsageError(`${path}: "jobs" must be an integer >= 1`);
  }
  return {
    ...(executor === undefined ? {} : { executor: readExecutor(executor, path) }),
    ...(cache === undefined ? {} : { cache: placeOf(cache, dirname(path), `${path}: "cache"`) }),
    ...(jobs === undefined ? {} : { jobs: jobs as number }),
    ...(remotes === undefined ? {} : { remotes: readRemotes(remotes, path) }),
    ...(trust === undefined ? {} : { trust: readTrust(trust, `${path}: "trust"`) }),
  };
}

/** `local`, or `{ local: { … } }` with settings. */
function readExecutor(value: unknown, path: string): ExecutorSetting {
  if (typeof value === "string") return { name: value, settings: {} };
  const [entry, another] = Object.entries(Object(value) as Record<string, unknown>);
  const [name, settings] = entry ?? [];
  const isMap = (it: unknown) => typeof it === "object" && it !== null && !Array.isArray(it);
  if (name !== undefined && !another && isMap(value) && isMap(settings)) {
    return { name, settings: settings as ExecutorSetting["settings"] };
  }
  throw new UsageError(
    `${path}: "executor" must be a name, or one name with a mapping of settings`,
    "executor: local",
  );
}
