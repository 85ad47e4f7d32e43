/** A transport to a bucket, in the test's own hands. */
import { s3 } from "../../../../src/store/remote/s3.ts";
import type { Call, Transport } from "../../../../src/store/remote/transport.ts";

interface Served {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface Options {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export function openS3(
  { url, environment }: Served,
  { settings = {}, environment: own = {} }: Options = {},
): Transport {
  // Nobody's files: ~/.aws of whoever runs the tests is not for them.
  const home = { HOME: "/nonexistent" };
  return s3.open({
    ...{ name: "lab", place: s3.address(url, String), settings, alone: true },
    environment: { ...home, ...environment, ...own },
    secret: () => undefined,
  });
}

export const call = (): Call => ({ signal: new AbortController().signal, alive: () => {} });

export async function read(
  remote: Transport,
  area: "ac" | "cas",
  hex: string,
): Promise<Buffer | undefined> {
  const pieces = await remote.get(area, hex, call());
  if (!pieces) return undefined;
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

/** An answer that says why, as S3 does. */
export const s3Error = (status: number, code: string, more = "") => ({
  ...{ status, headers: { "content-type": "application/xml" } },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>no</Message>${more}</Error>`,
});
