/**
 * A remote that is down, slow, full, read-only or lying: what is computed stays, what is read is
 * right or absent, nothing hangs, and a person is told once. Most of these tests wait, so they run at
 * once.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { actionKey } from "../../../src/store/digest.ts";
import { StoreError } from "../../../src/store/errors.ts";
import type { Store } from "../../../src/store/store.ts";
import { type Fault, FaultServer } from "../../harness/fault-server.ts";
import { describeServers, type ServerKind } from "../../harness/faulty.ts";
import { aDraft, anArtifact, Folder, preimageOf } from "../folder.ts";
import { openStore } from "./open.ts";

const keyOf = (n: number) => actionKey(preimageOf(n));
const numbers = Array.from({ length: 12 }, (_, n) => n);
/** More than a disk of 64 KiB holds. */
const many = Array.from({ length: 30 }, (_, n) => n);

async function compute(store: Store, n: number) {
  return store.putRecord(aDraft(n, await anArtifact(store, n)));
}

/** Whatever it was: everything that is in the store is right. */
function checkStore(store: Store): void {
  for (const digest of store.local.listObjects()) store.readObject(digest);
  for (const key of store.listRecords()) expect(store.getRecord(key)?.key).toBe(key);
  expect(store.local.damages).toEqual([]);
  expect(readdirSync(store.shelf("tmp"))).toEqual([]);
}

/** An answer that says why, as S3 does. */
const s3Error = (status: number, code: string): Fault => ({
  ...{ status, headers: { "content-type": "application/xml" } },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>no</Message></Error>`,
});

const faults: readonly [Fault, string][] = [
  ["drop", "is left out of this run: the connection failed (UND_ERR_SOCKET)"],
  ["truncate", "is left out of this run: the connection failed (UND_ERR_SOCKET)"],
  ["wrong", "holds a damaged record: its content does not match its check; it is ignored"],
  ["redirect", "is left out of this run: answers 302 to GET"],
  ["stall", "is left out of this run: gave no answer for TIMEOUT s"],
  ["stall-body", "is left out of this run: gave no answer for TIMEOUT s"],
  [500, "is left out of this run: answers 500 to GET"],
];

const ownFaults: Readonly<Record<ServerKind, readonly [Fault, string][]>> = {
  http: [[403, "is left out of this run: answers 403 to GET"]],
  s3: [
    [s3Error(503, "SlowDown"), "is left out of this run: answers 503 SlowDown to GET"],
    [
      s3Error(403, "RequestTimeTooSkewed"),
      "is left out of this run: the clock of this machine is wrong by minutes; set it",
    ],
    [
      s3Error(403, "AccessDenied"),
      "gives nothing, and does not say whether it is empty: grant s3:GetObject, and s3:ListBucket on BUCKET",
    ],
  ],
};

const bucketOf = ({ url }: FaultServer) => /^s3:\/\/([^/]*)/.exec(url)?.[1] ?? "";

describeServers((start, kind) => {
  /** Seconds. On a busy machine, the event loop itself is silent for one. */
  const timeout = 3;
  /** What does not wait for the timeout must not meet it on a busy machine. */
  const timeoutFor = (fault: Fault) => (String(fault).startsWith("stall") ? timeout : 30);
  const inWords = (problem: string, server: FaultServer) =>
    problem.replace("BUCKET", bucketOf(server)).replace("TIMEOUT", String(timeout));

  test.concurrent.each([...faults, ...ownFaults[kind]])(
    "reading from a server that always answers %s ends, with one warning",
    async (fault, problem) => {
      using folder = new Folder();
      await using server = await start();
      const { store: a } = openStore(folder, "a", [server]);
      const records = await Promise.all(numbers.map((n) => compute(a, n)));
      await a.close(60_000);
      server.fault = ({ method }) => (method === "GET" ? fault : undefined);
      server.requests.length = 0;
      const { store, problems } = openStore(folder, "b", [server], { timeout: timeoutFor(fault) });
      expect(await store.findRecords(numbers.map(keyOf))).toBe(0);
      for (const record of records) store.local.adoptRecord(record);
      const artifacts = records.map(({ outputs }) => outputs["out"]!);
      await store.fetch(artifacts);
      await store.close();
      expect(problems).toEqual([`remote "r0" ${inWords(problem, server)}`]);
      expect([...store.local.listObjects()]).toEqual([]);
      checkStore(store);
      // At most the requests that were under way at once, four tries each.
      expect(server.requests.length).toBeLessThanOrEqual(24 * 4);
    },
  );

  test.concurrent.each(["wrong", "truncate", "stall-body", "endless", 404, 500] as const)(
    "objects from a server that answers %s are absent, and the records stay good",
    async (fault) => {
      using folder = new Folder();
      await using server = await start();
      const { store: a } = openStore(folder, "a", [server]);
      for (const n of numbers) await compute(a, n);
      await a.close(60_000);
      server.fault = ({ method, kind }) => (method === "GET" && kind === "cas" ? fault : undefined);
      const { store: patient } = openStore(folder, "b", [server]);
      expect(await patient.findRecords(numbers.map(keyOf))).toBe(12);
      await patient.close();
      const { store, problems } = openStore(folder, "b", [server], { timeout: timeoutFor(fault) });
      const artifacts = numbers.map((n) => store.getRecord(keyOf(n))!.outputs["out"]!);
      const chunks = artifacts.flatMap((artifact) => artifact.chunks);
      await store.locate(chunks.map(({ digest }) => digest));
      await store.fetch(artifacts);
      for (const { digest } of chunks) expect(store.canRead(digest)).toBe(false);
      expect(problems.length).toBe(fault === 404 ? 0 : 1);
      await store.close();
      checkStore(store);
    },
  );

  test.concurrent("a server that fails now and then costs tries, and nothing else", async () => {
    const few = numbers.slice(0, 4);
    using folder = new Folder();
    await using server = await start();
    // Of every thing, the first request is dropped, the second fails, the third is cut off.
    const turns: readonly (Fault | undefined)[] = ["drop", 500, "truncate"];
    const asked = new Map<string, number>();
    server.fault = ({ method, kind, hex }) => {
      const name = `${method} ${kind}/${hex}`;
      const count = asked.get(name) ?? 0;
      asked.set(name, count + 1);
      return turns[count];
    };
    const { store: a, problems: ofA } = openStore(folder, "a", [server]);
    for (const n of few) await compute(a, n);
    expect((await a.close(20_000))[0]).toMatchObject({
      pushed: { records: 4, objects: 4 },
      waiting: 0,
    });
    const { store: b, problems: ofB } = openStore(folder, "b", [server]);
    expect(await b.findRecords(few.map(keyOf))).toBe(4);
    await b.fetch(few.map((n) => b.getRecord(keyOf(n))!.outputs["out"]!));
    expect([...b.local.listObjects()].length).toBe(4);
    expect([...ofA, ...ofB]).toEqual([]);
    checkStore(b);
  });

  test.concurrent.each([
    ["drop", "is left out of this run: the connection failed (UND_ERR_SOCKET)"],
    ["stall", "is left out of this run: gave no answer for TIMEOUT s"],
    [500, "is left out of this run: answers 500 to PUT"],
    [507, "takes nothing: answers 507 to PUT"],
    [403, "takes nothing: answers 403 to PUT"],
    [404, "takes nothing: answers 404 to PUT"],
    [413, "does not take everything: answers 413 to PUT"],
  ] as const)(
    "uploads to a server that answers %s wait in the outbox, with one warning",
    async (fault, problem) => {
      using folder = new Folder();
      await using server = await start();
      server.fault = ({ method }) => (method === "PUT" ? fault : undefined);
      const { store, problems } = openStore(folder, "a", [server], { timeout: timeoutFor(fault) });
      for (const n of numbers) await compute(store, n);
      const [summary] = await store.close(50_000);
      expect(summary).toMatchObject({ pushed: { records: 0, objects: 0 }, waiting: 12 });
      expect(problems).toEqual([`remote "r0" ${inWords(problem, server)}`]);
      checkStore(store);
      // The server recovers; the next run finishes.
      server.fault = () => undefined;
      const { store: next } = openStore(folder, "a", [server]);
      next.resumeUploads();
      expect((await next.close(20_000))[0]).toMatchObject({ pushed: { records: 12 }, waiting: 0 });
      expect((await server.behind.names()).length).toBe(24);
    },
  );

  test.concurrent("close() waits for a stalled upload no longer than its grace", async () => {
    using folder = new Folder();
    await using server = await start();
    server.fault = () => "stall";
    // Were it for the timeout, the test would meet its own.
    const { store, problems } = openStore(folder, "a", [server], { timeout: 600 });
    await compute(store, 1);
    expect((await store.close(300))[0]!.waiting).toBe(1);
    expect(problems).toEqual([]);
  });

  test.concurrent("close() between two tries of an upload is no trouble of the remote", async () => {
    using folder = new Folder();
    await using server = await start();
    // After the fourth request, most uploads pause before their next try.
    server.fault = () => 500;
    const { store, problems } = openStore(folder, "a", [server], { timeout: 600 });
    for (const n of numbers.slice(0, 3)) await compute(store, n);
    while (server.requests.length < 4) await setTimeout(1);
    expect((await store.close(0))[0]!.waiting).toBe(3);
    expect(problems).toEqual([]);
  });
});

test.concurrent("a server that is not there is told of once", async () => {
  using folder = new Folder();
  const { url } = await (async () => {
    await using server = await FaultServer.start();
    return { url: server.url };
  })();
  const { store, problems } = openStore(folder, "a", [url]);
  expect(await store.findRecords(numbers.map(keyOf))).toBe(0);
  await compute(store, 1);
  expect((await store.close())[0]!.waiting).toBe(1);
  expect(problems).toEqual([
    'remote "r0" is left out of this run: the connection failed (ECONNREFUSED)',
  ]);
});

const root = process.platform === "linux" && process.getuid?.() === 0;

/** Runs with a small disk of its own at a path; only root can mount one. */
async function withDisk(path: string, size: string, action: () => Promise<void>): Promise<void> {
  mkdirSync(path, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path]);
  try {
    await action();
  } finally {
    execFileSync("umount", ["--lazy", path]);
  }
}

test.skipIf(!root)("a shared folder on a full disk takes nothing, and loses nothing", async () => {
  using folder = new Folder();
  const disk = join(folder.path, "disk");
  await withDisk(disk, "64k", async () => {
    const { store, problems } = openStore(folder, "a", [disk]);
    for (const n of many) await compute(store, n);
    const [summary] = await store.close();
    expect(summary!.waiting).toBeGreaterThan(0);
    expect(summary!.waiting + summary!.pushed.records).toBe(30);
    expect(problems).toEqual(['remote "r0" takes nothing: no space left on device (ENOSPC)']);
    expect(readdirSync(join(disk, "tmp"))).toEqual([]);
    // What is there is whole, for whoever reads it.
    const { store: b, problems: ofB } = openStore(folder, "b", [disk]);
    const found = await b.findRecords(many.map(keyOf));
    expect(found).toBe(summary!.pushed.records);
    await b.fetch([...b.listRecords()].map((key) => b.getRecord(key)!.outputs["out"]!));
    expect([...b.local.listObjects()].length).toBe(found);
    expect(ofB).toEqual([]);
    checkStore(b);
  });
});

test.skipIf(!root)(
  "a store on a full disk fails as such while it reads from a remote",
  async () => {
    using folder = new Folder();
    using shared = new Folder();
    const { store: a } = openStore(folder, "a", [shared.path]);
    for (const n of many) await compute(a, n);
    await a.close(60_000);
    await withDisk(join(folder.path, "b"), "64k", async () => {
      const { store, problems } = openStore(folder, "b", [shared.path]);
      const failure = await store.findRecords(many.map(keyOf)).catch((error) => error);
      expect(failure).toBeInstanceOf(StoreError);
      expect(failure.code).toBe("store-full");
      expect(problems).toEqual([]);
      await store.close();
      checkStore(store);
      expect(statSync(store.folder).isDirectory()).toBe(true);
    });
  },
);
