/**
 * A remote over HTTP: GET, HEAD and PUT of `<url>/ac/<key>` and `<url>/cas/<digest>`, as WebDAV
 * servers and servers of build caches speak it. Knows no record. Its messages hold neither
 * credentials nor anything that a server sent.
 */
import { type Call, type FailureKind, type Kind, type Remote, RemoteFailure } from "./remote.ts";

export class HttpRemote implements Remote {
  readonly place: string;
  readonly #authorization: string | undefined;

  /** @param authorization - the header's whole value, such as `Bearer …` */
  constructor(url: string, authorization?: string) {
    this.place = url.replace(/\/+$/, "");
    this.#authorization = authorization;
  }

  async has(kind: Kind, hex: string, call: Call): Promise<boolean> {
    const response = await this.#request("HEAD", kind, hex, call);
    return response.status !== 404;
  }

  async get(kind: Kind, hex: string, call: Call): Promise<AsyncIterable<Uint8Array> | undefined> {
    const response = await this.#request("GET", kind, hex, call);
    if (response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    return pieces(response, call);
  }

  async put(kind: Kind, hex: string, bytes: Uint8Array, call: Call): Promise<void> {
    const response = await this.#request("PUT", kind, hex, call, bytes);
    await response.body?.cancel();
    if (response.status === 404) throw new RemoteFailure("refused", "answers 404 to PUT");
  }

  async #request(
    method: "GET" | "HEAD" | "PUT",
    kind: Kind,
    hex: string,
    { signal, alive }: Call,
    body?: Uint8Array,
  ): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${this.place}/${kind}/${hex}`, {
        method,
        signal,
        // Credentials are for this server alone.
        redirect: "manual",
        ...(this.#authorization ? { headers: { authorization: this.#authorization } } : {}),
        ...(body ? { body: body as Uint8Array<ArrayBuffer> } : {}),
      });
    } catch (error) {
      throw signal.aborted ? signal.reason : networkFailure(error);
    }
    alive();
    if (response.ok || response.status === 404) return response;
    await response.body?.cancel();
    throw new RemoteFailure(kindOf(response.status), `answers ${response.status} to ${method}`);
  }
}

async function* pieces(
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

/** Too many requests and the server's own troubles pass; what else it says, it means. */
function kindOf(status: number): FailureKind {
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
