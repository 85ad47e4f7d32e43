/**
 * Remotes over HTTP: GET, HEAD and PUT of `<url>/ac/<key>` and `<url>/cas/<digest>`, which WebDAV
 * servers and servers of build caches understand. Knows no record. Its messages hold neither
 * credentials nor anything that a server sent.
 */
import { type Opening, type RemoteKind, RemoteMistake } from "./kind.ts";
import { type Area, type Call, RemoteFailure, type Transport } from "./transport.ts";
import { failureKind, pieces, request } from "./web.ts";

export const http: RemoteKind = {
  schemes: ["http", "https"],
  keys: {},
  address(text) {
    let url: URL;
    try {
      url = new URL(text);
    } catch {
      throw new RemoteMistake("invalid URL");
    }
    // The message does not quote the URL: it would show the secret.
    if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
      throw new RemoteMistake(
        "the URL must hold no user, password, query or fragment",
        "credentials come from the environment: BLOCKSPIN_REMOTE_TOKEN",
      );
    }
    return url.href.replace(/\/+$/, "");
  },
  open: (opening) => new HttpTransport(opening.place, authorization(opening)),
};

/**
 * The value of the `Authorization` header, if there is one: from
 * `BLOCKSPIN_REMOTE_<NAME>_AUTHORIZATION`, `credentials.yaml` or `BLOCKSPIN_REMOTE_TOKEN`.
 */
export function authorization({
  name,
  place,
  environment,
  alone,
  secret,
}: Omit<Opening, "settings">): string | undefined {
  const own = `BLOCKSPIN_REMOTE_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}_AUTHORIZATION`;
  const token = environment["BLOCKSPIN_REMOTE_TOKEN"];
  const kept = secret();
  let value = environment[own] || kept;
  let source = environment[own] ? own : "credentials.yaml";
  if (!value && token) {
    if (!alone) {
      const problem = "BLOCKSPIN_REMOTE_TOKEN does not say which of several remotes it is for";
      throw new RemoteMistake(problem, `name it: ${own}`);
    }
    value = `Bearer ${token}`;
    source = "BLOCKSPIN_REMOTE_TOKEN";
  }
  if (!value) return undefined;
  if (!/^[\x20-\x7e]+$/.test(value)) {
    throw new RemoteMistake(`${source} holds characters that a header cannot have`);
  }
  if (!isPrivate(place)) {
    throw new RemoteMistake(
      `remote ${JSON.stringify(name)} would be sent credentials that everyone on the way can read`,
      "use https://",
    );
  }
  return value;
}

/** Whether a URL is encrypted, or stays on this machine. */
function isPrivate(place: string): boolean {
  const { protocol, hostname } = new URL(place);
  return protocol === "https:" || ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
}

export class HttpTransport implements Transport {
  readonly place: string;
  readonly #authorization: string | undefined;

  /** @param authorization - the header's whole value, such as `Bearer …` */
  constructor(url: string, authorization?: string) {
    this.place = url.replace(/\/+$/, "");
    this.#authorization = authorization;
  }

  async has(area: Area, hex: string, call: Call): Promise<boolean> {
    const response = await this.#request("HEAD", area, hex, call);
    return response.status !== 404;
  }

  async get(area: Area, hex: string, call: Call): Promise<AsyncIterable<Uint8Array> | undefined> {
    const response = await this.#request("GET", area, hex, call);
    if (response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    return pieces(response, call);
  }

  async put(area: Area, hex: string, bytes: Uint8Array, call: Call): Promise<void> {
    const response = await this.#request("PUT", area, hex, call, bytes);
    await response.body?.cancel();
    if (response.status === 404) throw new RemoteFailure("refused", "answers 404 to PUT");
  }

  async #request(
    method: "GET" | "HEAD" | "PUT",
    area: Area,
    hex: string,
    call: Call,
    body?: Uint8Array,
  ): Promise<Response> {
    const response = await request(`${this.place}/${area}/${hex}`, call, {
      method,
      ...(this.#authorization ? { headers: { authorization: this.#authorization } } : {}),
      ...(body ? { body: body as Uint8Array<ArrayBuffer> } : {}),
    });
    if (response.ok || response.status === 404) return response;
    await response.body?.cancel();
    throw new RemoteFailure(
      failureKind(response.status),
      `answers ${response.status} to ${method}`,
    );
  }
}
