/** A server of the remote's layout that keeps everything in memory, and misbehaves on request. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

export type Fault =
  /** Closes the connection instead of answering. */
  | "drop"
  /** Sends half of the body, then closes the connection. */
  | "truncate"
  /** Sends a body with one bit changed. */
  | "wrong"
  /** Sends a body without end, as long as anybody reads. */
  | "endless"
  /** Sends a redirection to another server. */
  | "redirect"
  /** Never answers. */
  | "stall"
  /** Sends half of the body, and then nothing more. */
  | "stall-body"
  /** An HTTP status. */
  | number;

export interface Request {
  readonly method: string;
  /** `ac` or `cas`. */
  readonly kind: string;
  readonly hex: string;
  readonly authorization: string | undefined;
}

export class FaultServer implements AsyncDisposable {
  /** By `ac/<hex>` and `cas/<hex>`. */
  readonly files = new Map<string, Buffer>();
  readonly requests: Request[] = [];
  /** What goes wrong with a request; nothing if undefined. */
  fault: (request: Request, count: number) => Fault | undefined = () => undefined;
  /** Milliseconds before every answer. */
  delay = 0;
  #server: Server;
  #port = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<FaultServer> {
    const server = new FaultServer();
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    server.#port = (server.#server.address() as { port: number }).port;
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/cache`;
  }

  /** How many requests there were, by method and kind. */
  count(method: string, kind?: string): number {
    return this.requests.filter((r) => r.method === method && (!kind || r.kind === kind)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, kind = "", hex = ""] = /^\/cache\/(\w+)\/(\w+)$/.exec(incoming.url ?? "") ?? [];
    const { method = "", headers } = incoming;
    const request = { method, kind, hex, authorization: headers.authorization };
    this.requests.push(request);
    const fault = this.fault(request, this.requests.length);
    const body: Buffer[] = [];
    try {
      for await (const piece of incoming) body.push(piece);
    } catch {
      return; // The client gave up.
    }
    if (this.delay > 0) await sleep(this.delay);
    const name = `${kind}/${hex}`;
    const found = this.files.get(name);
    if (fault === "stall") return;
    if (fault === "drop") incoming.socket.destroy();
    else if (fault === "redirect") {
      response.writeHead(302, { location: "http://127.0.0.1:9/stolen" }).end();
    } else if (typeof fault === "number") response.writeHead(fault).end("no");
    else if (method === "PUT") {
      this.files.set(name, Buffer.concat(body));
      response.writeHead(found ? 204 : 201).end();
    } else if (!found) response.writeHead(404).end("nothing");
    else if (method === "HEAD") response.writeHead(200, { "content-length": found.length }).end();
    else this.#send(found, fault, response);
  }

  #send(found: Buffer, fault: Fault | undefined, response: ServerResponse): void {
    const half = found.subarray(0, found.length >> 1);
    if (fault === "endless") {
      const more = () => response.write(found) || response.once("drain", more);
      const timer = setInterval(more, 1);
      response.once("close", () => clearInterval(timer));
      return;
    }
    response.writeHead(200, { "content-length": found.length });
    if (fault === "truncate") response.write(half, () => response.socket?.destroy());
    else if (fault === "stall-body") response.write(half);
    else {
      const bytes = Buffer.from(found);
      if (fault === "wrong") bytes[bytes.length >> 1]! ^= 1;
      response.end(bytes);
    }
  }
}
