/**
 * The remotes and the trust of a configuration, as plain data. They name places and people, hold no
 * credentials, and enter no key. Throws `Misconfigured`.
 */
import { dirname, resolve } from "node:path";
import { type RemoteKind, RemoteMistake } from "../../store/remote/kind.ts";
import { kindOf } from "../../store/remote/kinds.ts";
import { isPublicKey } from "../../store/sign.ts";
import { Misconfigured } from "./config-file.ts";
import { expandHome, homeHint } from "./paths.ts";

/** Public keys by name; or anyone, signed or not. */
export type TrustSetting = "anyone" | ReadonlyMap<string, string>;

export interface RemoteSetting {
  /** For messages, `--remote`, and the environment variable of its credentials. */
  readonly name: string;
  /** An absolute folder, or a URL in the form that its kind gives it. */
  readonly place: string;
  readonly push: boolean;
  /** Seconds without an answer. */
  readonly timeout: number;
  /** Names or keys; everyone under `trust:` if undefined. */
  readonly trust: "anyone" | readonly string[] | undefined;
  /** Values of the keys that the remote's kind declares. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const ownKeys = ["url", "push", "timeout", "trust"];

const NAME = /^[a-z][a-z0-9-]*$/;
const TIMEOUT_S = 10;

/** @param path - of the file that says so, to which folders are relative */
export function readRemotes(value: unknown, path: string): RemoteSetting[] {
  const remotes = mapping(value, ["remotes"], '"remotes"', "write remotes: { lab: { url: … } }");
  return Object.entries(remotes).map(([name, setting]) => {
    const place: Place = { steps: ["remotes", name], where: `remote ${JSON.stringify(name)}` };
    if (!NAME.test(name)) {
      throw new Misconfigured(
        place.steps,
        `${place.where}: expected a name in kebab-case`,
        undefined,
        "key",
      );
    }
    const values = mapping(setting, place.steps, place.where, hintOf(ownKeys));
    return readRemote(name, values, place, dirname(path));
  });
}

/** What a setting belongs to: the way to it, and how messages call it. */
interface Place {
  readonly steps: readonly string[];
  readonly where: string;
}

function readRemote(
  name: string,
  { url, push = false, timeout = TIMEOUT_S, trust, ...others }: Readonly<Record<string, unknown>>,
  at: Place,
  folder: string,
): RemoteSetting {
  const wrong = (key: string, what: string) =>
    new Misconfigured([...at.steps, key], `${at.where}: ${JSON.stringify(key)} must be ${what}`);
  if (typeof url !== "string") throw wrong("url", "a URL or a folder");
  if (typeof push !== "boolean") throw wrong("push", "true or false");
  if (typeof timeout !== "number" || !(timeout > 0 && timeout <= 3600)) {
    throw wrong("timeout", "a number of seconds");
  }
  const strings = Array.isArray(trust) && trust.every((item) => typeof item === "string");
  if (trust !== undefined && trust !== "anyone" && !strings) {
    throw wrong("trust", "a list of names or keys, or anyone");
  }
  const { kind, place } = readPlace(url, { ...at, steps: [...at.steps, "url"] }, folder);
  checkKeys(others, kind, at);
  return { name, place, push, timeout, trust: trust as RemoteSetting["trust"], settings: others };
}

/** Checks the keys that are a kind's own. */
function checkKeys(
  settings: Readonly<Record<string, unknown>>,
  { keys }: RemoteKind,
  { steps, where }: Place,
): void {
  for (const [name, value] of Object.entries(settings)) {
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (!key) {
      const message = `${where}: unknown key ${JSON.stringify(name)}`;
      const hint = hintOf([...ownKeys, ...Object.keys(keys)]);
      throw new Misconfigured([...steps, name], message, hint, "key");
    }
    if (key.fits(value)) continue;
    throw new Misconfigured([...steps, name], `${where}: "${name}" must be ${key.expected}`);
  }
}

const hintOf = (keys: readonly string[]) => `keys: ${keys.join(", ")}`;

/** `alice: ed25519:…`, or a list of keys, or `anyone`. */
export function readTrust(value: unknown): TrustSetting {
  if (value === "anyone") return value;
  const entries = Array.isArray(value)
    ? value.map((key): [string, unknown] => [String(key), key])
    : Object.entries(mapping(value, ["trust"], '"trust"', "write trust: { alice: ed25519:… }"));
  for (const [i, [name, key]] of entries.entries()) {
    if (isPublicKey(key)) continue;
    throw new Misconfigured(
      ["trust", Array.isArray(value) ? String(i) : name],
      `"trust": ${JSON.stringify(name)} is not a public key`,
      'a public key looks like "ed25519:…"; blockspin cache keygen prints yours',
    );
  }
  return new Map(entries as [string, string][]);
}

/** The remote that the command line gives by its place; folders are relative to the working folder. */
export function remoteOfPlace(place: string): RemoteSetting {
  const where = `--remote ${JSON.stringify(place.replace(/\/\/.*@/, "//"))}`;
  const { place: name } = readPlace(place, { steps: [], where }, process.cwd());
  const rest = { push: false, timeout: TIMEOUT_S, trust: undefined, settings: {} };
  return { name, place: name, ...rest };
}

function readPlace(
  text: string,
  { steps, where }: Place,
  folder: string,
): { readonly kind: RemoteKind; readonly place: string } {
  const pathOf = (written: string) => {
    const path = expandHome(written);
    if (path !== undefined) return resolve(folder, path);
    throw new RemoteMistake(`cannot use ${JSON.stringify(written)}`, homeHint(written));
  };
  try {
    const kind = kindOf(text);
    return { kind, place: kind.address(text, pathOf) };
  } catch (error) {
    if (!(error instanceof RemoteMistake)) throw error;
    throw new Misconfigured(steps, `${where}: ${error.message}`, error.hint);
  }
}

function mapping(
  value: unknown,
  steps: readonly string[],
  where: string,
  hint: string,
): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new Misconfigured(steps, `${where} must be a mapping`, hint);
}
