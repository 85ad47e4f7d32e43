/**
 * What a refusal of an S3 server means, and what to do about it. Says nothing that a server sent but
 * names of errors and of regions, which are letters, digits and hyphens.
 */
import type { FailureKind } from "../transport.ts";
import { RemoteFailure } from "../transport.ts";
import { failureKind } from "../web.ts";
import { isRegion, type Place } from "./place.ts";

export interface Refusal {
  readonly method: string;
  readonly status: number;
  /** Such as `AccessDenied`; undefined if the answer has none, as to HEAD. */
  readonly code: string | undefined;
  /** Where the bucket is, if the server says so. */
  readonly region: string | undefined;
}

/** An error is short; what is longer is not one. */
const ERROR_BYTES = 16 * 1024;

/** Reads why a server refused. */
export async function refusalOf(method: string, response: Response): Promise<Refusal> {
  const text = await beginningOf(response).catch(() => "");
  const [, code] = /<Code>\s*([A-Z][A-Za-z0-9.]{2,60})\s*<\/Code>/.exec(text) ?? [];
  const region =
    response.headers.get("x-amz-bucket-region") ?? /<Region>([^<]*)<\/Region>/.exec(text)?.[1];
  const { status } = response;
  return { method, status, code, region: isRegion(region) ? region : undefined };
}

async function beginningOf(response: Response): Promise<string> {
  let text = "";
  for await (const piece of response.body ?? []) {
    text += Buffer.from(piece as Uint8Array).toString("latin1");
    if (text.length > ERROR_BYTES) break;
  }
  return text;
}

/** The credentials are no good, or not any more: other ones may be. */
const stale = new Set([
  ...["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"],
  ...["InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch", "InvalidSecurity"],
]);

export const isStale = ({ code }: Refusal) => code !== undefined && stale.has(code);

type Meaning = (place: Place, source: string, refusal: Refusal) => string;

const keysAre =
  (what: string): Meaning =>
  (_, source) =>
    `${what} (credentials from ${source})`;
const otherRegion: Meaning = ({ bucket }, _, { region }) =>
  region
    ? `bucket ${bucket} is in another region: write region: ${region}`
    : `bucket ${bucket} is in another region, or another server has it: write its region, or its endpoint`;
const full: Meaning = () => "is full";

const expired = keysAre("the session has expired; log in again");
const refusals: Readonly<Record<string, Meaning>> = {
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  TokenRefreshRequired: expired,
  RequestExpired: expired,
  InvalidToken: keysAre("the session token is not valid"),
  InvalidAccessKeyId: keysAre("the access key is not known there"),
  SignatureDoesNotMatch: keysAre("the secret key does not fit the access key"),
  RequestTimeTooSkewed: () => "the clock of this machine is wrong by minutes; set it",
  NoSuchBucket: ({ bucket, endpoint }) =>
    `there is no bucket ${bucket}${endpoint ? "" : " on AWS"}: make it, or correct its name or endpoint`,
  PermanentRedirect: otherRegion,
  AuthorizationHeaderMalformed: otherRegion,
  IllegalLocationConstraintException: otherRegion,
  QuotaExceeded: full,
  XMinioStorageFull: full,
  XMinioAdminBucketQuotaExceeded: full,
};

/** Those that may pass, whatever their status. */
const passing = new Set([
  ...["SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "OperationAborted"],
  ...["ConditionalRequestConflict", "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody"],
]);

export function failureOf(refusal: Refusal, place: Place, source: string): RemoteFailure {
  const { method, status, code, region } = refusal;
  const meaning =
    (code !== undefined && Object.hasOwn(refusals, code) ? refusals[code] : undefined) ??
    (status === 301 || (status === 307 && region) ? otherRegion : undefined);
  if (meaning) return new RemoteFailure("refused", meaning(place, source, refusal));
  if (code === "AccessDenied") {
    const right = method === "PUT" ? "s3:PutObject" : "s3:GetObject";
    const what = `denies ${method}: grant ${right} on ${place.bucket}/${place.prefix}*`;
    return new RemoteFailure("refused", `${what} (credentials from ${source})`);
  }
  const kind: FailureKind = code && passing.has(code) ? "transient" : failureKind(status);
  return new RemoteFailure(kind, `answers ${status}${code ? ` ${code}` : ""} to ${method}`);
}
