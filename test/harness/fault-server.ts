/**
 * A server that misbehaves on request: it takes each answer from what lies behind it, a memory or a real
 * server, and passes it on, or something else in its place.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Space } from "./space.ts";

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
  | number
  /** Any answer. */
  | Answer;

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: string | Buffer;
}

export interface Request {
  readonly method: string;
  /** `ac` or `cas`; empty for what is neither, such as a listing. */
  readonly kind: string;
  readonly hex: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
}

/** What gives the right answers. */
export interface Backend {
  answer(request: Request, body: Buffer): Answer | Promise<Answer>;
  /** `ac/<hex>` and `cas/<hex>` of what is there. */
  names(): Promise<string[]>;
  read(name: string): Promise<Buffer>;
  write(name: string, bytes: Buffer): Promise<void>;
  remove(name: string): Promise<void>;
  /** The address for a configuration. @param origin - of the server */
  address(origin: string): string;
  /** What an opened remote finds in its environment. */
  environment(origin: string): Readonly<Record<string, string>>;
  /** Gives a person's home folder what the command line needs. */
  equip(space: Space, origin: string): void;
}

/** Files by name: the layout of every remote. */
export class Memory implements Backend {
  readonly files = new Map<string, Buffer>();
  readonly names = async () => [...this.files.keys()];
  readonly read = async (name: string) => this.files.get(name)!;
  readonly address = (origin: string) => `${origin}/cache`;
  readonly environment = () => ({});
  readonly equip = () => {};

  async write(name: string, bytes: Buffer): Promise<void> {
    this.files.set(name, bytes);
  }

  async remove(name: string): Promise<void> {
    this.files.delete(name);
  }

  answer({ method, kind, hex }: Request, body: Buffer): Answer {
    const name = `${kind}/${hex}`;
    const found = this.files.get(name);
    if (method === "PUT") {
      this.files.set(name, body);
      return { status: found ? 204 : 201 };
    }
    if (!found) return { status: 404, body: "nothing" };
    return { status: 200, headers: { "content-length": String(found.length) }, body: found };
  }
}

export class FaultServer implements AsyncDisposable {
  readonly behind: Backend;
  readonly requests: Request[] = [];
  /** The most that were in flight at once. */
  atOnce = 0;
  /** What goes wrong with a request; nothing if undefined. */
  fault: (request: Request, count: number) => Fault | undefined = () => undefined;
  /** Milliseconds before every answer. */
  delay = 0;
  #active = 0;
  #server: Server;
  #origin = "";

  private constructor(behind: Backend) {
    this.behind = behind;
    this.#server = createServer((request, response) => {
      this.atOnce = Math.max(this.atOnce, ++this.#active);
      response.once("close", () => this.#active--);
      void this.#answer(request, response);
    });
  }

  static async start(behind: Backend = new Memory()): Promise<FaultServer> {
    const server = new FaultServer(behind);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    const { port } = server.#server.address() as { port: number };
    server.#origin = `http://127.0.0.1:${port}`;
    return server;
  }

  /** The address for a configuration. */
  get url(): string {
    return this.behind.address(this.#origin);
  }

  get origin(): string {
    return this.#origin;
  }

  get environment(): Readonly<Record<string, string>> {
    return this.behind.environment(this.#origin);
  }

  equip(space: Space): Space {
    this.behind.equip(space, this.#origin);
    return space;
  }

  /** How many requests there were, by method and kind. */
  count(method: string, kind?: string): number {
    const fits = (r: Request) => r.method === method && (kind === undefined || r.kind === kind);
    return this.requests.filter(fits).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", headers, url = "" } = incoming;
    const [, kind = "", hex = ""] = /\/(ac|cas)\/(\w+)$/.exec(url) ?? [];
    const request = { method, kind, hex, url, headers };
    this.requests.push(request);
    const fault = this.fault(request, this.requests.length);
    const body: Buffer[] = [];
    try {
      for await (const piece of incoming) body.push(piece);
    } catch {
      return; // The client gave up.
    }
    if (this.delay > 0) await sleep(this.delay);
    if (fault === "stall") return;
    if (fault === "drop") incoming.socket.destroy();
    else if (fault === "redirect") {
      response.writeHead(302, { location: "http://127.0.0.1:9/stolen" }).end();
    } else if (typeof fault === "number") response.writeHead(fault).end("no");
    else if (typeof fault === "object") send(fault, undefined, method, response);
    else send(await this.behind.answer(request, Buffer.concat(body)), fault, method, response);
  }
}

function send(
  { status, headers = {}, body = "" }: Answer,
  fault: Fault | undefined,
  method: string,
  response: ServerResponse,
): void {
  const bytes = Buffer.from(body);
  const half = bytes.subarray(0, bytes.length >> 1);
  if (method === "HEAD" || bytes.length === 0) {
    response.writeHead(status, headers).end();
  } else if (fault === "endless") {
    const more = () => response.write(bytes) || response.once("drain", more);
    const timer = setInterval(more, 1);
    response.once("close", () => clearInterval(timer));
  } else {
    response.writeHead(status, { ...headers, "content-length": bytes.length });
    if (fault === "truncate") response.write(half, () => response.socket?.destroy());
    else if (fault === "stall-body") response.write(half);
    else {
      if (fault === "wrong") bytes[bytes.length >> 1]! ^= 1;
      response.end(bytes);
    }
  }
}
