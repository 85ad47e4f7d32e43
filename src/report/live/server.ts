/**
 * Serves a live page on this machine alone: to who knows the token in its address, and to no other
 * site's page, whatever name it resolves to 127.0.0.1. Knows neither runs nor markup.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Board } from "./board.ts";

export interface Site {
  readonly board: Board;
  /** What a browser may do with the page. */
  readonly policy: string;
  page(): Promise<string>;
  /** The report, to be saved. */
  report(): Promise<string>;
}

interface Listener {
  readonly response: ServerResponse;
  /** The version that it has. */
  at: number;
  /** It has not taken what was sent. */
  full: boolean;
  /** What it was last told that cannot be drawn. */
  trouble: string;
}

const tickMs = 250;
/** A comment, so that a connection that is gone is noticed. */
const pulseMs = 15_000;

export class LiveServer {
  readonly #site: Site;
  readonly #token = randomBytes(16).toString("hex");
  readonly #server: Server;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  #ticking = false;

  constructor(site: Site) {
    this.#site = site;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: Error) => {
        if (!response.headersSent) response.writeHead(500);
        response.end(error.message);
      });
    });
  }

  /** Returns the address. Rejects if the port is taken. */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", resolve);
    });
    return `http://127.0.0.1:${this.#port}/${this.#token}/`;
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Sends what changed now, and ends every connection. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#listeners.size > 0) await this.#site.board.draw(true);
    for (const listener of this.#listeners) {
      this.#send(listener);
      listener.response.end("event: closed\ndata: \n\n");
    }
    const closed = new Promise((resolve) => this.#server.close(resolve));
    setTimeout(() => this.#server.closeAllConnections(), 500).unref();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [given = "", query] = (request.url ?? "").split("?", 2);
    const path = this.#isOurs(request) ? this.#below(given) : undefined;
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    response.setHeader("X-Frame-Options", "DENY");
    if (path === undefined || request.method !== "GET") {
      response.writeHead(path === undefined ? 404 : 405).end();
      return;
    }
    if (path === "events")
      this.#listen(request, response, Number(new URLSearchParams(query).get("at") ?? 0));
    else if (path === "") await this.#html(response, () => this.#site.page());
    else if (path === "report.html") await this.#html(response, () => this.#site.report());
    else response.writeHead(404).end();
  }

  /** A name that another site makes resolve to this machine is in `Host`. */
  #isOurs({ headers: { host } }: IncomingMessage): boolean {
    return host === `127.0.0.1:${this.#port}` || host === `localhost:${this.#port}`;
  }

  /** The path below the token; undefined without it. */
  #below(path: string): string | undefined {
    const [, given = "", ...rest] = path.split("/");
    const [mine, theirs] = [Buffer.from(this.#token), Buffer.from(given)];
    if (mine.length !== theirs.length || !timingSafeEqual(mine, theirs)) return undefined;
    return rest.length === 0 ? undefined : rest.join("/");
  }

  async #html(response: ServerResponse, make: () => Promise<string>): Promise<void> {
    const html = await make();
    response.setHeader("Content-Security-Policy", `${this.#site.policy}; frame-ancestors 'none'`);
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(html);
  }

  /** A connection that was lost says the last version that it got. */
  #listen({ headers }: IncomingMessage, response: ServerResponse, at: number): void {
    response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
    response.write("retry: 1000\n\n");
    const last = Number(headers["last-event-id"] ?? at);
    // A server that was started again counts from the beginning.
    const known = last <= this.#site.board.version ? last : 0;
    const listener = { response, at: known, full: false, trouble: "" };
    this.#listeners.add(listener);
    const pulse = setInterval(() => response.write(": \n\n"), pulseMs);
    response.on("drain", () => {
      listener.full = false;
      this.#send(listener);
    });
    response.on("close", () => {
      clearInterval(pulse);
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
    this.#timer ??= setInterval(() => void this.#tick(), tickMs);
    void this.#tick();
  }

  async #tick(): Promise<void> {
    if (this.#ticking) return;
    this.#ticking = true;
    await this.#site.board.draw();
    for (const listener of this.#listeners) this.#send(listener);
    this.#ticking = false;
  }

  /** Whoever is slow gets the newest state once there is room, and none of those between. */
  #send(listener: Listener): void {
    const { board } = this.#site;
    if (listener.full) return;
    if (listener.trouble !== board.trouble) {
      listener.trouble = board.trouble;
      listener.response.write(`event: trouble\ndata: ${JSON.stringify(board.trouble)}\n\n`);
    }
    if (listener.at >= board.version) return;
    const changed = board.changedSince(listener.at);
    listener.at = board.version;
    const data = JSON.stringify(changed);
    listener.full = !listener.response.write(
      `id: ${board.version}\nevent: sections\ndata: ${data}\n\n`,
    );
  }
}
