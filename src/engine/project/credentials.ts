/**
 * A person's secrets: credentials for remotes, and the key that signs. They come from the
 * environment or from a file that nobody else can read; nothing writes or quotes them. Throws
 * `UsageError`.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { generateKey, type Signer, signerOf } from "../../store/sign.ts";
import { UsageError } from "../usage-error.ts";
import { type Environment, userFolder } from "./project.ts";

/** What the user's `credentials.yaml` holds, by the place of a remote. */
export function readSecrets(environment: Environment): Readonly<Record<string, string>> {
  const path = join(userFolder(environment), "credentials.yaml");
  const text = readSecret(path);
  if (text === undefined) return {};
  try {
    const secrets: unknown = parse(text) ?? {};
    if (Object.values(secrets as object).every((value) => typeof value === "string")) {
      return secrets as Readonly<Record<string, string>>;
    }
  } catch {
    // The parser's message could quote the line.
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

/** Signs with the key in `BLOCKSPIN_SIGNING_KEY` (PEM), else with that in the user's folder. */
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

/** Makes the user's key, unless there is one; `made` says whether it is new. */
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
