/** The three verbs, against a folder, the real nginx, and a small server in memory. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DirectoryTransport } from "../../../src/store/remote/directory.ts";
import { HttpTransport } from "../../../src/store/remote/http.ts";
import { type Call, RemoteFailure, type Transport } from "../../../src/store/remote/transport.ts";
import { FaultServer } from "../../harness/fault-server.ts";
import { nginxMissing, startNginx } from "../../harness/nginx.ts";
import { Folder } from "../folder.ts";

const hex = "0123456789abcdef".repeat(4);
const bytes = new Uint8Array(3_000_000).map((_, i) => i * i);

const call = (): Call => ({ signal: new AbortController().signal, alive: () => {} });

async function read(remote: Transport, kind: "ac" | "cas"): Promise<Uint8Array | undefined> {
  const pieces = await remote.get(kind, hex, call());
  if (!pieces) return undefined;
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}

async function checkVerbs(remote: Transport): Promise<void> {
  expect(await remote.has("cas", hex, call())).toBe(false);
  expect(await read(remote, "cas")).toBeUndefined();
  await remote.put("cas", hex, bytes.subarray(0, 3), call());
  await remote.put("cas", hex, bytes, call());
  expect(await remote.has("cas", hex, call())).toBe(true);
  expect(await remote.has("ac", hex, call())).toBe(false);
  expect(Buffer.compare((await read(remote, "cas"))!, bytes)).toBe(0);
  await remote.put("ac", hex, new Uint8Array(), call());
  expect(await read(remote, "ac")).toEqual(new Uint8Array());
}

test("a folder has, gets and puts", async () => {
  using folder = new Folder();
  await checkVerbs(new DirectoryTransport(folder.path));
  expect(readdirSync(folder.path).sort()).toEqual(["ac", "cas", "tmp"]);
  expect(readdirSync(join(folder.path, "tmp"))).toEqual([]);
});

test("a server in memory has, gets and puts", async () => {
  await using server = await FaultServer.start();
  await checkVerbs(new HttpTransport(`${server.url}/`));
});

test.skipIf(nginxMissing)("nginx with WebDAV has, gets and puts", async () => {
  await using nginx = await startNginx();
  await checkVerbs(new HttpTransport(nginx.url));
  // What it serves is what a folder as a remote would be.
  const there = await read(new DirectoryTransport(nginx.root), "cas");
  expect(Buffer.compare(there!, bytes)).toBe(0);
});

test.skipIf(nginxMissing)("nginx with a password refuses who does not know it", async () => {
  await using nginx = await startNginx("open sesame");
  const authorization = `Basic ${Buffer.from("writer:open sesame").toString("base64")}`;
  await checkVerbs(new HttpTransport(nginx.url, authorization));
  for (const wrong of [undefined, "Basic d3JpdGVyOndyb25n", "Bearer x"]) {
    const remote = new HttpTransport(nginx.url, wrong);
    await expect(remote.has("cas", hex, call())).rejects.toThrow(
      new RemoteFailure("refused", "answers 401 to HEAD"),
    );
    await expect(remote.put("cas", hex, bytes, call())).rejects.toThrow(RemoteFailure);
  }
});

test("a folder that is not there is a failure, and is not made", async () => {
  using folder = new Folder();
  const remote = new DirectoryTransport(join(folder.path, "not-mounted"));
  for (const asked of [
    () => remote.has("cas", hex, call()),
    () => remote.get("ac", hex, call()),
    () => remote.put("cas", hex, bytes, call()),
  ]) {
    await expect(asked()).rejects.toThrow(new RemoteFailure("refused", "there is no such folder"));
  }
  expect(readdirSync(folder.path)).toEqual([]);
});

test("a folder in a file's place, and something that is not a folder, are failures", async () => {
  using folder = new Folder();
  mkdirSync(join(folder.path, "cas", hex), { recursive: true });
  await expect(read(new DirectoryTransport(folder.path), "cas")).rejects.toThrow(RemoteFailure);
  const file = join(folder.path, "file");
  writeFileSync(file, "");
  const remote = new DirectoryTransport(file);
  await expect(remote.has("cas", hex, call())).rejects.toThrow("not a directory (ENOTDIR)");
  await expect(remote.put("cas", hex, bytes, call())).rejects.toThrow(RemoteFailure);
});

test.each([
  ["drop", "transient", "the connection failed (UND_ERR_SOCKET)"],
  ["redirect", "refused", "answers 302 to GET"],
  [500, "transient", "answers 500 to GET"],
  [403, "refused", "answers 403 to GET"],
  [429, "transient", "answers 429 to GET"],
] as const)(
  "a server that answers %s fails, and its words are not repeated",
  async (fault, kind, message) => {
    await using server = await FaultServer.start();
    const remote = new HttpTransport(server.url, "Bearer secret");
    await remote.put("cas", hex, bytes, call());
    server.fault = () => fault;
    const failure = await remote.get("cas", hex, call()).catch((error) => error);
    expect(failure).toBeInstanceOf(RemoteFailure);
    expect([failure.kind, failure.message]).toEqual([kind, message]);
  },
);

test("a body that ends early is a failure", async () => {
  await using server = await FaultServer.start();
  const remote = new HttpTransport(server.url);
  await remote.put("cas", hex, bytes, call());
  server.fault = () => "truncate";
  await expect(read(remote, "cas")).rejects.toThrow("the connection failed");
});
