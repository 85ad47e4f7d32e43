/**
 * What a configuration says about remotes and trust, as plain data. It names places and people; it
 * can hold no credentials, and nothing in it enters a key. Throws `UsageError`.
 */
import { dirname, resolve } from "node:path";
import { isPublicKey } from "../../store/sign.ts";
import { UsageError } from "../usage-error.ts";
import { expandHome, homeHint } from "./paths.ts";

/** Public keys by name; or anyone, signed or not. */
export type TrustSetting = "anyone" | ReadonlyMap<string, string>;

export interface RemoteSetting {
  /** For messages, `--remote`, and the environment variable of its credentials. */
  readonly name: string;
  /** An http(s) URL, or an absolute folder. */
  readonly place: string;
  readonly push: boolean;
  /** Seconds without an answer. */
  readonly timeout: number;
  /** Names or keys; everyone under `trust:` if undefined. */
  readonly trust: "anyone" | readonly string[] | undefined;
}

const NAME = /^[a-z][a-z0-9-]*$/;
const TIMEOUT_S = 10;

/** @param path - of the file that says so, to which folders are relative */
export function readRemotes(value: unknown, path: string): RemoteSetting[] {
  const remotes = mapping(value, `${path}: "remotes"`, "write remotes: { lab: { url: … } }");
  return Object.entries(remotes).map(([name, setting]) => {
    const where = `${path}: remote ${JSON.stringify(name)}`;
    if (!NAME.test(name)) throw new UsageError(`${where}: expected a name in kebab-case`);
    return readRemote(
      name,
      mapping(setting, where, "keys: url, push, timeout, trust"),
      where,
      path,
    );
  });
}

function readRemote(
  name: string,
  { url, push = false, timeout = TIMEOUT_S, trust, ...others }: Readonly<Record<string, unknown>>,
  where: string,
  path: string,
): RemoteSetting {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    const problem = `${where}: unknown key ${JSON.stringify(unknown)}`;
    throw new UsageError(problem, "keys: url, push, timeout, trust");
  }
  if (typeof url !== "string") throw new UsageError(`${where}: "url" must be a URL or a folder`);
  if (typeof push !== "boolean") throw new UsageError(`${where}: "push" must be true or false`);
  if (typeof timeout !== "number" || !(timeout > 0 && timeout <= 3600)) {
    throw new UsageError(`${where}: "timeout" must be a number of seconds`);
  }
  const strings = Array.isArray(trust) && trust.every((item) => typeof item === "string");
  if (trust !== undefined && trust !== "anyone" && !strings) {
    throw new UsageError(`${where}: "trust" must be a list of names or keys, or anyone`);
  }
  const place = readPlace(url, where, dirname(path));
  return { name, place, push, timeout, trust: trust as RemoteSetting["trust"] };
}

/** `alice: ed25519:…`, or a list of keys, or `anyone`. */
export function readTrust(value: unknown, where: string): TrustSetting {
  if (value === "anyone") return value;
  const entries = Array.isArray(value)
    ? value.map((key): [string, unknown] => [String(key), key])
    : Object.entries(mapping(value, where, "write trust: { alice: ed25519:… }"));
  for (const [name, key] of entries) {
    if (isPublicKey(key)) continue;
    throw new UsageError(
      `${where}: ${JSON.stringify(name)} is no public key`,
      'a public key looks like "ed25519:…"; blockspin cache keygen prints yours',
    );
  }
  return new Map(entries as [string, string][]);
}

/** A remote that the command line names by its place. Folders are relative to the working folder. */
export function remoteOfPlace(place: string): RemoteSetting {
  const where = `--remote ${JSON.stringify(place.replace(/\/\/.*@/, "//"))}`;
  const read = readPlace(place, where, process.cwd());
  return { name: read, place: read, push: false, timeout: TIMEOUT_S, trust: undefined };
}

/** An absolute folder, or a URL without anything that could be a secret. */
function readPlace(text: string, where: string, folder: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    if (text.trim() === "") throw new UsageError(`${where}: expected a URL or a folder`);
    const path = expandHome(text);
    if (path !== undefined) return resolve(folder, path);
    throw new UsageError(`${where}: cannot use ${JSON.stringify(text)}`, homeHint(text));
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError(`${where}: invalid URL`);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new UsageError(`${where}: unknown kind of remote "${url.protocol}//"`, "http or https");
  }
  // The messages do not quote the URL: it would show the secret.
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new UsageError(
      `${where}: the URL must hold no user, password, query or fragment`,
      "credentials come from the environment: BLOCKSPIN_REMOTE_TOKEN",
    );
  }
  return url.href.replace(/\/+$/, "");
}

function mapping(value: unknown, where: string, hint: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new UsageError(`${where} must be a mapping`, hint);
}
