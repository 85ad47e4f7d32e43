/**
 * The real OpenStack Swift with its S3 API on loopback, with a bucket for each test, and between it and
 * the test a server that changes single answers.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, type IncomingMessage, request as send } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { AwsClient } from "aws4fetch";
import { afterAll } from "vitest";
import { type Answer, type Backend, FaultServer, type Request } from "./fault-server.ts";

const script = fileURLToPath(new URL("./swift-server.py", import.meta.url));
/** Debian's, which has Debian's packages. */
const python = "/usr/bin/python3";

/** Why the tests with Swift cannot run here; undefined if they can. */
export const swiftMissing = whyMissing();

function whyMissing(): string | undefined {
  const servers = ["account", "container", "obj", "proxy"].map((name) => `swift.${name}.server`);
  const check = `import swift.common.middleware.s3api, ${servers.join(", ")}`;
  if (spawnSync(python, ["-c", check]).status === 0) return undefined;
  const packages = ["proxy", "account", "container", "object"].map((name) => `swift-${name}`);
  return `Swift is not installed (Debian: apt-get install ${packages.join(" ")})`;
}

if (swiftMissing) console.warn(`skipping the tests against a real S3 server: ${swiftMissing}`);

export const keys = { accessKeyId: "test:alice", secretAccessKey: "secret-of-alice" };
/** Somebody whom nothing was granted. */
export const stranger = { accessKeyId: "test:eve", secretAccessKey: "secret-of-eve" };

class Swift {
  readonly #folder = mkdtempSync(join(tmpdir(), "blockspin-swift-"));
  readonly #process: ChildProcess;
  readonly port: Promise<number>;

  /** @param page - the most names that a listing holds */
  constructor(page: number) {
    const args = [script, join(this.#folder, "swift"), String(page)];
    this.#process = spawn(python, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.port = new Promise((resolve, reject) => {
      createInterface(this.#process.stdout!).once("line", (line) => resolve(Number(line)));
      this.#process.once("exit", () => reject(new Error("Swift did not start")));
    });
  }

  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode === null && signalCode === null) {
      this.#process.kill();
      await once(this.#process, "exit");
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** One for each size of pages, started when the first test of a file needs it. */
const running = new Map<number, Swift>();
let buckets = 0;

/**
 * A bucket of its own on a real server, and what can be wrong with it.
 * @param prefix - of the remote in that bucket
 */
export async function startS3(prefix = "group/cache", page = 1000): Promise<FaultServer> {
  const swift = running.get(page) ?? new Swift(page);
  running.set(page, swift);
  const bucket = `bucket-${++buckets}`;
  const behind = new Bucket(await swift.port, bucket, prefix);
  await behind.make();
  return await FaultServer.start(behind);
}

afterAll(() => Promise.all([...running.values()].map((swift) => swift.stop())));

export class Bucket implements Backend {
  readonly name: string;
  readonly #port: number;
  readonly #prefix: string;
  readonly #client = new AwsClient({ ...keys, service: "s3", region: "us-east-1", retries: 0 });

  constructor(port: number, name: string, prefix: string) {
    this.#port = port;
    this.name = name;
    this.#prefix = prefix === "" ? "" : `${prefix}/`;
  }

  readonly address = () => `s3://${this.name}/${this.#prefix}`.replace(/\/$/, "");

  environment(origin: string): Readonly<Record<string, string>> {
    return {
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_ENDPOINT_URL: origin,
    };
  }

  /** The environment of who asks Swift itself. */
  get direct(): Readonly<Record<string, string>> {
    return this.environment(`http://127.0.0.1:${this.#port}`);
  }

  equip(space: { write(name: string, text: string): string }, origin: string): void {
    space.write(".aws/config", `[default]\nregion = us-east-1\nendpoint_url = ${origin}\n`);
    space.write(
      ".aws/credentials",
      `[default]\naws_access_key_id = ${keys.accessKeyId}\naws_secret_access_key = ${keys.secretAccessKey}\n`,
    );
  }

  async make(): Promise<void> {
    await this.#ask("PUT", "");
  }

  /** Everyone may read what has a name, and nobody but the owner may list. */
  async grantReading(): Promise<void> {
    const origin = `http://127.0.0.1:${this.#port}`;
    const user = { "x-storage-user": keys.accessKeyId, "x-storage-pass": keys.secretAccessKey };
    const login = await fetch(`${origin}/auth/v1.0`, { headers: user });
    const token = login.headers.get("x-auth-token") ?? "";
    const url = `${origin}/v1/AUTH_test/${this.name}`;
    const headers = { "x-auth-token": token, "x-container-read": ".r:*" };
    const { ok } = await fetch(url, { method: "POST", headers });
    if (!ok) throw new Error("the right to read could not be granted");
  }

  async names(): Promise<string[]> {
    const names: string[] = [];
    for (let after = ""; ; after = names.at(-1)!) {
      const query = new URLSearchParams({
        prefix: this.#prefix,
        "start-after": after && this.#prefix + after,
      });
      const xml = (await this.#ask("GET", `?list-type=2&${query}`)).toString();
      for (const [, key] of xml.matchAll(/<Key>([^<]*)</g))
        names.push(key!.slice(this.#prefix.length));
      if (!xml.includes("<IsTruncated>true")) return names;
    }
  }

  readonly read = (name: string) => this.#ask("GET", this.#pathOf(name));

  async write(name: string, bytes: Buffer): Promise<void> {
    await this.#ask("PUT", this.#pathOf(name), bytes);
  }

  async remove(name: string): Promise<void> {
    await this.#ask("DELETE", this.#pathOf(name));
  }

  /** Passes a request on as it came: the signature covers the name of the host. */
  async answer({ method, url, headers }: Request, body: Buffer): Promise<Answer> {
    const asked = send({
      ...{ host: "127.0.0.1", port: this.#port, agent: new Agent() },
      ...{ method, path: url, headers },
    });
    // Swift sends something after its answers to HEAD, which ends the connection.
    asked.on("error", () => {});
    asked.end(body);
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part);
    const { connection: _, "transfer-encoding": __, ...rest } = answer.headers;
    return { status: answer.statusCode!, headers: rest, body: Buffer.concat(parts) };
  }

  #pathOf(name: string): string {
    return `/${encodeURIComponent(this.#prefix).replaceAll("%2F", "/")}${name}`;
  }

  async #ask(method: string, path: string, body?: Buffer): Promise<Buffer> {
    const url = `http://127.0.0.1:${this.#port}/${this.name}${path}`;
    const init = body ? { body: body as Uint8Array<ArrayBuffer> } : {};
    const response = await this.#client.fetch(url, { method, ...init });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }
}
