/**
 * Where credentials come from: the environment, a profile, a program that a profile names, or the AWS
 * SDK where it is installed. Its messages quote neither a secret nor what a program or the SDK said.
 */
import { exec } from "node:child_process";
import { promisify } from "node:util";
import { RemoteMistake } from "../kind.ts";
import { RemoteFailure } from "../transport.ts";
import type { Keys, Source } from "./credentials.ts";
import { type Environment, type Profile, readProfile } from "./profiles.ts";

const SDK = "@aws-sdk/credential-providers";

/** Keys of profiles that only the SDK can follow. */
const forSdk = [
  ...["sso_session", "sso_start_url", "login_session", "role_arn", "web_identity_token_file"],
  ...["credential_source", "source_profile"],
];
/** Variables that containers and CI set, which only the SDK can follow. */
const variables = [
  ...["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"],
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

export interface Wish {
  /** Named by the configuration: it counts more than the environment's keys. */
  readonly profile: string | undefined;
  readonly environment: Environment;
  /** Only AWS itself has metadata of its machines: nobody else is asked for it. */
  readonly isAmazon: boolean;
}

/** Throws `RemoteFailure`. */
export function findSource({ profile, environment, isAmazon }: Wish): Source {
  if (profile === undefined && environment["AWS_ACCESS_KEY_ID"])
    return fromEnvironment(environment);
  const found = profileOf(profile, environment);
  const { name, says, exists } = found;
  const source = `profile ${JSON.stringify(name)}`;
  if (says.has("aws_access_key_id")) {
    // Read again when renewed: another program may have written new ones.
    return { name: source, load: async () => keysOf(profileOf(profile, environment)) };
  }
  const command = says.get("credential_process");
  if (command) {
    return { name: `credential_process of ${source}`, load: () => fromProgram(source, command) };
  }
  const needed = forSdk.find((key) => says.has(key));
  if (needed) return fromSdk(source, name, `${source} has ${needed}`);
  const variable = variables.find((key) => environment[key]);
  if (variable) return fromSdk(variable, undefined, `${variable} is set`);
  if (!exists && (profile ?? environment["AWS_PROFILE"])) {
    throw refused(`there is no ${source} in ~/.aws/config or ~/.aws/credentials`);
  }
  const advice =
    "found no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write a profile to ~/.aws/credentials";
  if (!isAmazon) throw refused(advice);
  return fromSdk("the AWS SDK", undefined, advice, "for those of an EC2 machine");
}

function profileOf(name: string | undefined, environment: Environment): Profile {
  try {
    return readProfile(name, environment);
  } catch (error) {
    throw error instanceof RemoteMistake ? refused(error.message) : error;
  }
}

function fromEnvironment(environment: Environment): Source {
  const said = (name: string) => environment[name]?.trim() ?? "";
  const keys: Keys = {
    accessKeyId: said("AWS_ACCESS_KEY_ID"),
    secretAccessKey: said("AWS_SECRET_ACCESS_KEY"),
    sessionToken: said("AWS_SESSION_TOKEN") || undefined,
  };
  if (keys.secretAccessKey === "") {
    throw refused("AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not");
  }
  return { name: "the environment", load: async () => keys };
}

function keysOf({ name, says }: Profile): Keys {
  const secret = says.get("aws_secret_access_key");
  if (!secret) throw refused(`profile ${JSON.stringify(name)} has no aws_secret_access_key`);
  return {
    accessKeyId: says.get("aws_access_key_id") ?? "",
    secretAccessKey: secret,
    sessionToken: says.get("aws_session_token") || undefined,
  };
}

async function fromProgram(source: string, command: string): Promise<Keys> {
  const name = `credential_process of ${source}`;
  let said: unknown;
  try {
    const running = promisify(exec)(command, { timeout: 60_000, maxBuffer: 1 << 20 });
    running.child.stdin?.end();
    said = JSON.parse((await running).stdout);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    const how = typeof code === "number" ? ` (exit code ${code})` : "";
    throw refused(
      error instanceof SyntaxError
        ? `${name} printed no JSON`
        : `${name} failed${how}; run it by hand to see why`,
    );
  }
  const { Version, AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Object(said) as {
    readonly [name: string]: unknown;
  };
  if (Version !== 1 || typeof AccessKeyId !== "string" || typeof SecretAccessKey !== "string") {
    throw refused(`${name} printed no credentials of Version 1`);
  }
  const expires = typeof Expiration === "string" ? Date.parse(Expiration) : Number.NaN;
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: typeof SessionToken === "string" ? SessionToken : undefined,
    expires: Number.isNaN(expires) ? undefined : expires,
  };
}

/** A part of the SDK's interface. */
interface Sdk {
  fromNodeProviderChain(options: {
    profile?: string;
  }): () => Promise<Omit<Keys, "expires"> & { readonly expiration?: Date }>;
}

/** @param why - begins the message if the SDK is not installed */
function fromSdk(name: string, profile: string | undefined, why: string, use = "for it"): Source {
  return {
    name,
    async load() {
      const sdk = (await import(SDK).catch(() => {
        throw refused(`${why}; ${use}, npm install ${SDK}`);
      })) as Sdk;
      const chain = sdk.fromNodeProviderChain(profile === undefined ? {} : { profile });
      const { expiration, ...keys } = await chain().catch((error: Error) => {
        const kind = /^\w+$/.test(error.name) ? ` (${error.name})` : "";
        const login = profile === undefined ? "" : `; aws sso login --profile ${profile} may help`;
        throw refused(`the AWS SDK found no credentials for ${name}${kind}${login}`);
      });
      return { ...keys, expires: expiration?.getTime() };
    },
  };
}

const refused = (message: string) => new RemoteFailure("refused", message);
