/** The verbs in S3, against the real Swift, and with single answers of it changed. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { RemoteFailure } from "../../../../src/store/remote/transport.ts";
import type { Request } from "../../../harness/fault-server.ts";
import { type Bucket, startS3, stranger, swiftMissing } from "../../../harness/swift.ts";
import { call, openS3, read, s3Error } from "./open.ts";

const hex = "0123456789abcdef".repeat(4);
const other = "f".repeat(64);
const bytes = Buffer.from(new Uint8Array(3_000_000).map((_, i) => i * i));

const isList = ({ url }: Request) => url.includes("list-type=2");

describe.skipIf(swiftMissing)("Swift", () => {
  test.each(["", "group/cache", "a b+c&d=e%20f/100% (it's *~!) $,;:@/größe 日本 🧲"])(
    "has, gets, puts and lists below the prefix %j, without anything between",
    async (prefix) => {
      await using server = await startS3(prefix);
      const remote = openS3({ url: server.url, environment: (server.behind as Bucket).direct });
      expect(await remote.has("cas", hex, call())).toBe(false);
      expect(await read(remote, "cas", hex)).toBeUndefined();
      await remote.put("cas", hex, bytes.subarray(0, 3), call());
      await remote.put("cas", hex, bytes, call());
      expect(await remote.has("cas", hex, call())).toBe(true);
      expect(await remote.has("ac", hex, call())).toBe(false);
      expect(Buffer.compare((await read(remote, "cas", hex))!, bytes)).toBe(0);
      await remote.put("ac", hex, new Uint8Array(), call());
      expect(await read(remote, "ac", hex)).toEqual(Buffer.alloc(0));
      expect(await remote.has("ac", hex, call())).toBe(true);
      // What is there is asked for, and what lies deeper or has another name is none of ours.
      await server.behind.write(`cas/${hex}/${hex}`, Buffer.from("deeper"));
      await server.behind.write("cas/README", Buffer.from("read me"));
      const { files, through } = (await remote.list!("cas", "", call()))!;
      const md5 = createHash("md5").update(bytes).digest("hex");
      expect([...files]).toEqual([[hex, { bytes: bytes.length, md5 }]]);
      expect(through).toBeUndefined();
    },
  );

  test("a listing goes on where its page ends", async () => {
    await using server = await startS3("p", 2);
    const remote = openS3(server);
    const names = ["1", "2", "3", "4", "5"].map((digit) => digit.repeat(64));
    for (const name of names) await remote.put("ac", name, Buffer.from(name[0]!), call());
    const first = (await remote.list!("ac", "", call()))!;
    expect([[...first.files.keys()], first.through]).toEqual([names.slice(0, 2), names[1]]);
    const next = (await remote.list!("ac", names[1]!, call()))!;
    expect([[...next.files.keys()], next.through]).toEqual([names.slice(2, 4), names[3]]);
    const last = (await remote.list!("ac", "4f", call()))!;
    expect([[...last.files.keys()], last.through]).toEqual([names.slice(4), undefined]);
    expect((await remote.list!("cas", "", call()))!.files.size).toBe(0);
  });

  test("a session token is sent and signed, and accept-encoding is not signed", async () => {
    await using server = await startS3();
    const remote = openS3(server, { environment: { AWS_SESSION_TOKEN: "a token" } });
    await remote.put("ac", hex, Buffer.from("x"), call());
    const [{ headers }] = server.requests as [Request];
    expect(headers["x-amz-security-token"]).toBe("a token");
    const signed = /SignedHeaders=([^,]*)/.exec(headers.authorization!)![1]!.split(";");
    expect(signed).toEqual(["host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"]);
  });

  test("bytes that change on the way there are not stored, and tried again", async () => {
    await using server = await startS3();
    const remote = openS3(server);
    const answer = server.behind.answer.bind(server.behind);
    server.behind.answer = (request, body) => answer(request, Buffer.from(body).fill(7, 0, 1));
    await expect(remote.put("cas", hex, bytes, call())).rejects.toMatchObject({
      kind: "transient",
      message: expect.stringMatching(/^answers 400 (BadDigest|XAmzContentSHA256Mismatch) to PUT$/),
    });
    expect(await server.behind.names()).toEqual([]);
  });

  test("what a proxy compresses arrives as it was", async () => {
    await using server = await startS3();
    const remote = openS3(server);
    await remote.put("cas", hex, bytes, call());
    server.fault = () => ({
      status: 200,
      headers: { "content-encoding": "gzip" },
      body: gzipSync(bytes),
    });
    expect(Buffer.compare((await read(remote, "cas", hex))!, bytes)).toBe(0);
  });

  test("a body that ends early is a failure", async () => {
    await using server = await startS3();
    const remote = openS3(server);
    await remote.put("cas", hex, bytes, call());
    server.fault = () => "truncate";
    await expect(read(remote, "cas", hex)).rejects.toThrow("the connection failed");
  });

  test("what is there stays where the server knows conditions, else it is replaced, and asked once", async () => {
    await using server = await startS3();
    const remote = openS3(server);
    const conditions = () => server.requests.map(({ headers }) => headers["if-none-match"]);
    await remote.put("ac", hex, Buffer.from("one"), call(), true);
    await remote.put("ac", hex, Buffer.from("two"), call(), true);
    // Swift answers 501 to the first.
    expect(conditions()).toEqual(["*", undefined, undefined]);
    expect(String(await server.behind.read(`ac/${hex}`))).toBe("two");
    for (const [status, code] of [
      [412, "PreconditionFailed"],
      [304, ""],
    ] as const) {
      server.requests.length = 0;
      server.fault = ({ headers }) =>
        headers["if-none-match"] ? s3Error(status, code) : undefined;
      const knowing = openS3(server);
      await knowing.put("ac", hex, Buffer.from("three"), call(), true);
      expect(conditions()).toEqual(["*"]);
      expect(String(await server.behind.read(`ac/${hex}`))).toBe("two");
      await knowing.put("ac", hex, Buffer.from("two"), call());
      expect(conditions()).toEqual(["*", undefined]);
    }
    server.fault = () => s3Error(409, "ConditionalRequestConflict");
    await expect(openS3(server).put("ac", hex, bytes, call(), true)).rejects.toMatchObject({
      kind: "transient",
    });
  });

  test.each([
    [400, "InvalidArgument"],
    [400, "NotImplemented"],
    [501, "NotImplemented"],
  ])("%i %s to a condition is none to the same upload without", async (status, code) => {
    await using server = await startS3();
    const remote = openS3(server);
    server.fault = ({ headers }) => (headers["if-none-match"] ? s3Error(status, code) : undefined);
    for (const name of [hex, other]) await remote.put("ac", name, Buffer.from("1"), call(), true);
    expect(server.count("PUT")).toBe(3);
    expect((await server.behind.names()).length).toBe(2);
  });

  test("403 of what is missing means that it is missing, where listing is denied as well", async () => {
    await using server = await startS3();
    await openS3(server).put("cas", hex, bytes, call());
    const remote = openS3(server);
    const there = new Set([`/${hex}`]);
    server.fault = (request) => {
      if (isList(request)) return s3Error(403, "AccessDenied");
      return there.has(`/${request.hex}`) ? undefined : s3Error(403, "AccessDenied");
    };
    expect(await read(remote, "cas", other)).toBeUndefined();
    expect(remote.doubt).toContain("grant s3:GetObject, and s3:ListBucket on bucket-");
    expect(await remote.has("cas", other, call())).toBe(false);
    expect(await remote.list!("cas", "", call())).toBeUndefined();
    expect((await read(remote, "cas", hex))?.length).toBe(bytes.length);
    expect(remote.doubt).toBeUndefined();
    const asked = server.requests.filter(isList).length;
    for (const area of ["ac", "cas"] as const) {
      expect(await remote.has(area, other, call())).toBe(false);
      expect(await read(remote, area, other)).toBeUndefined();
      expect(await remote.list!(area, "", call())).toBeUndefined();
    }
    expect(server.requests.filter(isList).length).toBe(asked);
  });

  test("403 where listing is granted is a refusal, of HEAD too", async () => {
    await using server = await startS3();
    server.fault = (request) => (isList(request) ? undefined : s3Error(403, "AccessDenied"));
    const refusal = {
      kind: "refused",
      message: expect.stringMatching(
        /^denies GET: grant s3:GetObject on bucket-\d+\/group\/cache\/\* \(credentials from the environment\)$/,
      ),
    };
    await expect(read(openS3(server), "cas", hex)).rejects.toMatchObject(refusal);
    await expect(openS3(server).has("cas", hex, call())).rejects.toMatchObject(refusal);
  });

  test("who may read and not list or write is told so by uploads alone", async () => {
    await using server = await startS3();
    await (server.behind as Bucket).grantReading();
    await openS3(server).put("cas", hex, bytes, call());
    const eve = openS3(server, {
      environment: {
        AWS_ACCESS_KEY_ID: stranger.accessKeyId,
        AWS_SECRET_ACCESS_KEY: stranger.secretAccessKey,
      },
    });
    expect((await read(eve, "cas", hex))?.length).toBe(bytes.length);
    expect(await read(eve, "cas", other)).toBeUndefined();
    expect(await eve.has("cas", other, call())).toBe(false);
    expect(await eve.list!("cas", "", call())).toBeUndefined();
    await expect(eve.put("cas", other, bytes, call())).rejects.toThrow(
      /^denies PUT: grant s3:PutObject on bucket-/,
    );
  });

  test.each<[string, Record<string, string>, Record<string, unknown>, string | RegExp]>([
    [
      "a wrong secret",
      { AWS_SECRET_ACCESS_KEY: "no-secret" },
      {},
      "the secret key does not fit the access key (credentials from the environment)",
    ],
    [
      "another region",
      {},
      { region: "eu-central-1" },
      /^bucket bucket-\d+ is in another region: write region: us-east-1$/,
    ],
    [
      "no credentials",
      { AWS_ACCESS_KEY_ID: "" },
      {},
      "found no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write a profile to ~/.aws/credentials",
    ],
  ])("%s is refused, and the words say what to do", async (_, environment, settings, message) => {
    await using server = await startS3();
    for (const ask of ["has", "get", "put"] as const) {
      const remote = openS3(server, { environment, settings });
      const asked =
        ask === "put" ? remote.put("ac", hex, bytes, call()) : remote[ask]("ac", hex, call());
      const failure = await asked.catch((error) => error);
      expect(failure).toBeInstanceOf(RemoteFailure);
      expect(failure.kind).toBe("refused");
      expect(failure.message).toMatch(message);
      expect(failure.message).not.toContain("no-secret");
    }
  });

  test("a bucket that is not there is refused, by HEAD too", async () => {
    await using server = await startS3();
    const missing = { url: "s3://no-such-bucket/x", environment: server.environment };
    const words = "there is no bucket no-such-bucket: make it, or correct its name or endpoint";
    await expect(openS3(missing).has("ac", hex, call())).rejects.toThrow(words);
    await expect(read(openS3(missing), "ac", hex)).rejects.toThrow(words);
    await expect(openS3(missing).put("ac", hex, bytes, call())).rejects.toThrow(words);
    await expect(openS3(missing).list!("ac", "", call())).rejects.toThrow(words);
  });

  test.each([
    [
      403,
      "InvalidAccessKeyId",
      "",
      "the access key is not known there (credentials from the environment)",
    ],
    [400, "InvalidToken", "", "the session token is not valid (credentials from the environment)"],
    [
      400,
      "ExpiredToken",
      "",
      "the session has expired; log in again (credentials from the environment)",
    ],
    [403, "RequestTimeTooSkewed", "", "the clock of this machine is wrong by minutes; set it"],
    [301, "PermanentRedirect", "", /is in another region, or another server has it/],
    [301, "PermanentRedirect", "<Region>eu-west-1</Region>", /write region: eu-west-1$/],
    [
      301,
      "PermanentRedirect",
      "<Region>secret of \u001b[31m</Region>",
      /its region, or its endpoint$/,
    ],
    [507, "XMinioStorageFull", "", "is full"],
    [403, "AllAccessDisabled", "", "answers 403 AllAccessDisabled to GET"],
    [404, "no\u001b[31m", "", undefined],
    [403, "InvalidObjectState", "", undefined],
  ])("%i %s%s is told in words of ours", async (status, code, more, message) => {
    await using server = await startS3();
    server.fault = () => s3Error(status, code, more);
    const asked = read(openS3(server), "cas", hex);
    if (message === undefined) expect(await asked).toBeUndefined();
    else {
      await expect(asked).rejects.toMatchObject({
        kind: "refused",
        message: typeof message === "string" ? message : expect.stringMatching(message),
      });
    }
  });

  test.each([
    ["of HTML", "<html><body>Log in</body></html>"],
    ["in no order", page([other, hex])],
    ["of another folder", page([hex], "elsewhere/")],
    ["of what precedes", page(["0".repeat(64)])],
  ])("a listing %s counts as none, and is not asked for again", async (_, body) => {
    await using server = await startS3();
    const remote = openS3(server);
    server.fault = () => ({ status: 200, body });
    for (const _ of [1, 2]) expect(await remote.list!("cas", "2", call())).toBeUndefined();
    expect(server.requests.length).toBe(1);
  });
});

function page(names: readonly string[], folder = "group/cache/cas/"): string {
  const entries = names.map(
    (name) => `<Contents><Key>${folder}${name}</Key><Size>1</Size></Contents>`,
  );
  return `<ListBucketResult><IsTruncated>false</IsTruncated>${entries.join("")}</ListBucketResult>`;
}
