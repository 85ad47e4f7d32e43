/**
 * Secrets of a person: what a remote asks for, and the key that signs. They come from the
 * environment or from a file that nobody else can read, and are never written anywhere. No message
 * quotes one. Throws `UsageError`.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { generateKey, type Signer, signerOf } from "../../store/sign.ts";
import { UsageError } from "../usage-error.ts";
import { type Environment, userFolder } from "./project.ts";
import type { RemoteSetting } from "./remote-settings.ts";

/**
 * The value of the `Authorization` header for a remote, if there is one: from
 * `BLOCKSPIN_REMOTE_<NAME>_AUTHORIZATION`, from `BLOCKSPIN_REMOTE_TOKEN`, or from the file
 * `credentials.yaml` in the user's folder, by URL.
 */
export function authorizationFor(
  { name, place }: RemoteSetting,
  remotes: readonly RemoteSetting[],
  environment: Environment,
): string | undefined {
  if (!isUrl(place)) return undefined;
  const own = `BLOCKSPIN_REMOTE_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}_AUTHORIZATION`;
  const token = environment["BLOCKSPIN_REMOTE_TOKEN"];
  const fromFile = readSecrets(join(userFolder(environment), "credentials.yaml"))[place];
  let value = environment[own] || fromFile;
  let source = environment[own] ? own : "credentials.yaml";
  if (!value && token) {
    if (remotes.filter((remote) => isUrl(remote.place)).length > 1) {
      const problem = "BLOCKSPIN_REMOTE_TOKEN does not say for which of several remotes it is";
      throw new UsageError(problem, `name it: ${own}`);
    }
    value = `Bearer ${token}`;
    source = "BLOCKSPIN_REMOTE_TOKEN";
  }
  if (!value) return undefined;
  if (!/^[\x20-\x7e]+$/.test(value)) {
    throw new UsageError(`${source} holds characters that no header can have`);
  }
  if (!isPrivate(place)) {
    throw new UsageError(
      `remote ${JSON.stringify(name)} would be sent credentials that everyone on the way can read`,
      "use https://",
    );
  }
  return value;
}

function isUrl(place: string): boolean {
  return /^https?:\/\//.test(place);
}

/** Encrypted, or not leaving the machine. */
function isPrivate(place: string): boolean {
  const { protocol, hostname } = new URL(place);
  return protocol === "https:" || ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
}

function readSecrets(path: string): Readonly<Record<string, string>> {
  const text = readSecret(path);
  if (text === undefined) return {};
  try {
    const secrets: unknown = parse(text) ?? {};
    if (Object.values(secrets as object).every((value) => typeof value === "string")) {
      return secrets as Readonly<Record<string, string>>;
    }
  } catch {
    // The parser's message may quote the line.
  }
  throw new UsageError(`${path}: expected lines like https://host/path: Bearer …`);
}

/** The text of a file that only its owner can read; undefined if there is none. */
function readSecret(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return undefined;
  if (process.platform !== "win32" && (stats.mode & 0o077) !== 0) {
    throw new UsageError(`${path} can be read by others`, `chmod 600 ${path}`);
  }
  return readFileSync(path, "utf8");
}

const keyFile = (environment: Environment) => join(userFolder(environment), "signing-key.pem");

/** Who signs: the key in `BLOCKSPIN_SIGNING_KEY` (PEM), else in the user's folder, else nobody. */
export function loadSigner(environment: Environment): Signer | undefined {
  const given = environment["BLOCKSPIN_SIGNING_KEY"];
  const pem = given || readSecret(keyFile(environment));
  if (!pem) return undefined;
  try {
    return signerOf(pem);
  } catch (error) {
    const source = given ? "BLOCKSPIN_SIGNING_KEY" : keyFile(environment);
    throw new UsageError(`${source}: ${(error as Error).message}`);
  }
}

/** Makes the user's key, unless there is one; `made` tells which. */
export function makeSigningKey(environment: Environment): {
  readonly path: string;
  readonly publicKey: string;
  readonly made: boolean;
} {
  const path = keyFile(environment);
  const { pem, publicKey } = generateKey();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, pem, { flag: "wx", mode: 0o600 });
    return { path, publicKey, made: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const signer = loadSigner({ ...environment, BLOCKSPIN_SIGNING_KEY: undefined })!;
    return { path, publicKey: signer.publicKey, made: false };
  }
}
