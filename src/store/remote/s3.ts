/**
 * Remotes in a bucket of an object storage that speaks S3: `s3://bucket/prefix`. What it takes to open
 * one; the requests are in s3/.
 */
import type { RemoteKind } from "./kind.ts";
import { Credentials } from "./s3/credentials.ts";
import { address, keys, placeOf } from "./s3/place.ts";
import { findSource } from "./s3/sources.ts";
import { S3Transport } from "./s3/transport.ts";

export const s3: RemoteKind = {
  schemes: ["s3"],
  keys,
  address,
  open(opening) {
    const place = placeOf(opening);
    const { environment, settings } = opening;
    const isAmazon = place.endpoint === undefined;
    const profile = settings["profile"] as string | undefined;
    const find = () => findSource({ profile, environment, isAmazon });
    return new S3Transport(place, new Credentials(find));
  },
};
