/**
 * Where a bucket is: `s3://bucket/prefix`, the configuration, the environment and the profile → URLs.
 * Asks nobody.
 */
import { type Opening, type RemoteKey, RemoteMistake } from "../kind.ts";
import { type Profile, readProfile } from "./profiles.ts";

export interface Place {
  readonly bucket: string;
  /** Empty, or ends with `/`. */
  readonly prefix: string;
  readonly region: string;
  /** Of the server, if it is not AWS. */
  readonly endpoint: string | undefined;
  /** Of the bucket, without `/` at its end. */
  readonly url: string;
  /** For messages, and to distinguish remotes. */
  readonly name: string;
}

const isUrl = (value: unknown) =>
  typeof value === "string" &&
  /^https?:\/\/[^/?#@\s]+[^?#@\s]*$/i.test(value) &&
  URL.canParse(value);
const isWord = (value: unknown) => typeof value === "string" && /^[\w .@+-]+$/.test(value);

const ENDPOINT = "an http or https URL without user, password and query";

export const keys: Readonly<Record<string, RemoteKey>> = {
  endpoint: { expected: ENDPOINT, fits: isUrl },
  region: { expected: "the name of a region, such as eu-central-1", fits: isRegion },
  path_style: { expected: "true or false", fits: (value) => typeof value === "boolean" },
  profile: { expected: "the name of a profile of ~/.aws", fits: isWord },
};

export function isRegion(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9][\w-]{0,62}$/.test(value);
}

/** `s3://bucket/prefix` in its one form. Throws `RemoteMistake`, which does not quote it. */
export function address(text: string): string {
  const [, bucket = "", path = ""] = /^s3:\/\/([^/]*)(?:\/(.*))?$/is.exec(text) ?? [];
  if (/[?#]/.test(text)) {
    const hint = `write the keys ${Object.keys(keys).join(", ")} beside url`;
    throw new RemoteMistake("an s3:// address has no query and no fragment", hint);
  }
  if (!/^[A-Za-z0-9][\w.-]{1,253}[A-Za-z0-9]$/.test(bucket)) {
    throw new RemoteMistake("expected s3://bucket or s3://bucket/prefix");
  }
  const names = path.replace(/\/+$/, "").split("/");
  // A URL cannot hold the two with dots, and control characters end up as others.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it looks for.
  const isOdd = (name: string) => /^\.{0,2}$|[\u0000-\u001f\u007f]/.test(name);
  if (path !== "" && names.some(isOdd)) {
    throw new RemoteMistake("a prefix has no empty parts, no . or .., and no control characters");
  }
  return ["s3:/", bucket, ...(path === "" ? [] : names)].join("/");
}

/** Throws `RemoteMistake`. */
export function placeOf({
  name,
  place,
  settings,
  environment,
}: Pick<Opening, "name" | "place" | "settings" | "environment">): Place {
  const [, bucket = "", path = ""] = /^s3:\/\/([^/]*)\/?(.*)$/s.exec(place) ?? [];
  const profile = readProfile(settings["profile"] as string | undefined, environment);
  const region =
    (settings["region"] as string | undefined) ||
    environment["AWS_REGION"] ||
    environment["AWS_DEFAULT_REGION"] ||
    profile.says.get("region") ||
    "us-east-1";
  if (!isRegion(region)) {
    throw new RemoteMistake(`remote ${JSON.stringify(name)}: the region is not the name of one`);
  }
  const endpoint = endpointOf(name, settings["endpoint"], environment, profile);
  const base = new URL(endpoint ?? amazon(region));
  // A certificate for *.s3.amazonaws.com is for one name before the dot.
  const simple = !bucket.includes(".") && bucket === bucket.toLowerCase();
  const pathStyle = settings["path_style"] ?? (endpoint !== undefined || !simple);
  if (!pathStyle) base.hostname = `${bucket}.${base.hostname}`;
  const root = base.href.replace(/\/+$/, "");
  return {
    ...{ bucket, region, endpoint },
    prefix: path === "" ? "" : `${path}/`,
    url: pathStyle ? `${root}/${bucket}` : root,
    name: endpoint === undefined ? place : `${place} at ${endpoint}`,
  };
}

function endpointOf(
  name: string,
  setting: unknown,
  environment: Opening["environment"],
  { name: profile, says }: Profile,
): string | undefined {
  const candidates: [string, unknown][] = [["endpoint", setting]];
  if (environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase() !== "true") {
    for (const variable of ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]) {
      candidates.push([variable, environment[variable]]);
    }
    for (const key of ["s3.endpoint_url", "endpoint_url"]) {
      candidates.push([`${key} of profile ${JSON.stringify(profile)}`, says.get(key)]);
    }
  }
  const [source, url] = candidates.find(([, value]) => value) ?? [];
  if (url === undefined) return undefined;
  if (isUrl(url)) return (url as string).replace(/\/+$/, "");
  throw new RemoteMistake(`remote ${JSON.stringify(name)}: ${source} must be ${ENDPOINT}`);
}

function amazon(region: string): string {
  const china = region.startsWith("cn-") ? ".cn" : "";
  return `https://s3.${region}.amazonaws.com${china}`;
}
