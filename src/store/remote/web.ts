/** What remotes over HTTP share: bytes as they arrive, and which failures may pass. Knows no protocol. */
import { type Call, type FailureKind, RemoteFailure } from "./transport.ts";

/** `fetch`, whose failures are `RemoteFailure`. Credentials are for one server: follows no redirect. */
export async function request(
  url: string,
  { signal, alive }: Call,
  init: RequestInit,
): Promise<Response> {
  try {
    const response = await fetch(url, { ...init, signal, redirect: "manual" });
    alive();
    return response;
  } catch (error) {
    throw signal.aborted ? signal.reason : networkFailure(error);
  }
}

export async function* pieces(
  response: Response,
  { signal, alive }: Call,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const piece of response.body ?? []) {
      alive();
      yield piece as Uint8Array;
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : networkFailure(error);
  }
}

/** Too many requests and failures of the server may pass; other refusals stay. */
export function failureKind(status: number): FailureKind {
  if (status === 408 || status === 425 || status === 429) return "transient";
  if (status === 507) return "refused";
  if (status >= 500 && status !== 501) return "transient";
  return status === 413 || status === 400 || status === 422 ? "failed" : "refused";
}

function networkFailure(error: unknown): RemoteFailure {
  const { code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  const known = /^[A-Z][A-Z0-9_]+$/.test(String(code)) ? ` (${code})` : "";
  return new RemoteFailure("transient", `the connection failed${known}`);
}
