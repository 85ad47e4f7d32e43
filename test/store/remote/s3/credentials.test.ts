/** Credentials: where they come from, when they are renewed, and that no message shows them. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RemoteFailure, type Transport } from "../../../../src/store/remote/transport.ts";
import type { Request } from "../../../harness/fault-server.ts";
import { FaultServer } from "../../../harness/fault-server.ts";
import { Space } from "../../../harness/space.ts";
import { keys, startS3, swiftMissing } from "../../../harness/swift.ts";
import { call, openS3, read, s3Error } from "./open.ts";

const hex = "a".repeat(64);
const secret = "s3cret/0f+the=lab";

const keyLines = (id: string, more = "") =>
  `aws_access_key_id = ${id}\naws_secret_access_key=${secret}\n${more}`;

interface Home {
  readonly config?: string;
  readonly credentials?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Opens a remote at a server that keeps nothing, for who has these files and variables. */
function openFor(space: Space, server: FaultServer, home: Home): Transport {
  const { config = "", credentials, environment, settings = {} } = home;
  space.write(".aws/config", config);
  if (credentials !== undefined) space.write(".aws/credentials", credentials);
  return openS3(
    { url: "s3://bucket/cache", environment: { HOME: space.folder, ...environment } },
    { settings: { endpoint: server.origin, ...settings } },
  );
}

/** Who asks and for which region, by the signature. */
const signerOf = ({ headers }: Request) =>
  /Credential=([^,]*)\/\d{8}\/([^/]*)\/s3\//.exec(headers.authorization ?? "")?.slice(1, 3);

const environmentKeys = { AWS_ACCESS_KEY_ID: "env", AWS_SECRET_ACCESS_KEY: secret };

test.each<[string, Home, [string, string]]>([
  ["the environment", { environment: environmentKeys }, ["env", "us-east-1"]],
  [
    "the environment before a profile of the environment",
    {
      credentials: `[lab]\n${keyLines("file")}`,
      environment: { ...environmentKeys, AWS_PROFILE: "lab", AWS_REGION: "eu-west-1" },
    },
    ["env", "eu-west-1"],
  ],
  [
    "a profile of the configuration before the environment",
    {
      config: "[profile lab]\nregion = eu-west-2 # here\n",
      credentials: `[lab]\n${keyLines("file")}`,
      environment: environmentKeys,
      settings: { profile: "lab" },
    },
    ["file", "eu-west-2"],
  ],
  [
    "the default profile",
    { credentials: `; mine\n[default]\n${keyLines("file")}`, config: "[default]\nregion=auto" },
    ["file", "auto"],
  ],
  [
    "AWS_PROFILE",
    { config: `[profile my lab]\n${keyLines("c")}`, environment: { AWS_PROFILE: "my lab" } },
    ["c", "us-east-1"],
  ],
  [
    "the file of credentials before that of settings",
    {
      config: `[default]\n${keyLines("config")}region = x1`,
      credentials: `[default]\n${keyLines("credentials")}`,
      environment: { AWS_DEFAULT_REGION: "y1" },
      settings: { region: "z1" },
    },
    ["credentials", "z1"],
  ],
])("credentials come from %s", async (_, home, expected) => {
  using space = new Space();
  await using server = await FaultServer.start();
  const remote = openFor(space, server, home);
  await remote.has("ac", hex, call()).catch(() => {});
  expect(server.requests.map(signerOf)[0]).toEqual(expected);
});

test("AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name the files, and the server too", async () => {
  using space = new Space();
  await using server = await FaultServer.start();
  space.write("c/config", `[default]\ns3 =\n  endpoint_url = ${server.origin}/s3\nservices = x\n`);
  space.write("c/credentials", `[default]\n${keyLines("elsewhere")}`);
  const environment = {
    HOME: space.folder,
    AWS_CONFIG_FILE: "~/c/config",
    AWS_SHARED_CREDENTIALS_FILE: space.path("c/credentials"),
  };
  const remote = openS3({ url: "s3://bucket", environment });
  await remote.has("ac", hex, call()).catch(() => {});
  const [first] = server.requests as [Request];
  expect([first.url, signerOf(first)]).toEqual([
    `/s3/bucket/ac/${hex}`,
    ["elsewhere", "us-east-1"],
  ]);
});

test.each<[string, Home, string]>([
  [
    "a profile that is not there",
    { settings: { profile: "labb" } },
    'there is no profile "labb" in ~/.aws/config or ~/.aws/credentials',
  ],
  [
    "half of a pair",
    { environment: { AWS_ACCESS_KEY_ID: "x" } },
    "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not",
  ],
  [
    "a token with a line break",
    { environment: { ...environmentKeys, AWS_SESSION_TOKEN: `${secret}\n2` } },
    "the keys from the environment have characters that no key has",
  ],
  [
    "half of a profile",
    { config: "[default]\naws_access_key_id = x" },
    'profile "default" has no aws_secret_access_key',
  ],
  [
    "a profile for SSO without the SDK",
    { config: "[profile lab]\nsso_session = uni\n", settings: { profile: "lab" } },
    'profile "lab" has sso_session; for it, npm install @aws-sdk/credential-providers',
  ],
  [
    "a role without the SDK",
    { config: "[default]\nrole_arn = arn:x\nsource_profile = y\n" },
    'profile "default" has role_arn; for it, npm install @aws-sdk/credential-providers',
  ],
  [
    "a token of CI without the SDK",
    { environment: { AWS_WEB_IDENTITY_TOKEN_FILE: "/x" } },
    "AWS_WEB_IDENTITY_TOKEN_FILE is set; for it, npm install @aws-sdk/credential-providers",
  ],
  [
    "a program that fails",
    { config: `[default]\ncredential_process = echo ${secret} >&2; exit 3\n` },
    'credential_process of profile "default" failed (exit code 3); run it by hand to see why',
  ],
  [
    "a program that prints nonsense",
    { config: `[default]\ncredential_process = echo ${secret}\n` },
    'credential_process of profile "default" printed no JSON',
  ],
  [
    "a program of another version",
    { config: `[default]\ncredential_process = echo '{"Version":2}'\n` },
    'credential_process of profile "default" printed no credentials of Version 1',
  ],
])("%s is a refusal that says what to do, and asks nobody", async (_, home, message) => {
  using space = new Space();
  await using server = await FaultServer.start();
  const remote = openFor(space, server, home);
  await expect(remote.get("ac", hex, call())).rejects.toThrow(
    new RemoteFailure("refused", message),
  );
  expect(server.requests).toEqual([]);
});

test("AWS itself is not asked for the metadata of a machine unless the SDK is there", async () => {
  using space = new Space();
  const remote = openS3({ url: "s3://bucket/cache", environment: { HOME: space.folder } });
  await expect(remote.get("ac", hex, call())).rejects.toThrow(
    /^found no credentials: .*; for those of an EC2 machine, npm install @aws-sdk\/credential-providers$/,
  );
});

test("a program that takes too long is told of as such", async () => {
  using space = new Space();
  await using server = await FaultServer.start();
  const remote = openFor(space, server, { config: "[default]\ncredential_process = sleep 5\n" });
  const end = new AbortController();
  const asked = remote.has("ac", hex, { signal: end.signal, alive: () => {} });
  setTimeout(() => end.abort(new RemoteFailure("transient", "gave no answer for 1 s")), 200);
  await expect(asked).rejects.toMatchObject({
    kind: "refused",
    message: 'credential_process of profile "default" gave no credentials in time',
  });
});

describe.skipIf(swiftMissing)("Swift", () => {
  /** Prints credentials, and counts how often. */
  const program = (space: Space, expires: string) =>
    space.write(
      "give.mjs",
      `import { appendFileSync, readFileSync } from "node:fs";
appendFileSync(${JSON.stringify(space.path("count"))}, "x");
const SessionToken = "token " + readFileSync(${JSON.stringify(space.path("count"))}).length;
const Expiration = new Date(Date.now() + ${expires}).toISOString();
console.log(JSON.stringify({ Version: 1, AccessKeyId: "${keys.accessKeyId}", SecretAccessKey: "${keys.secretAccessKey}", SessionToken, Expiration }));
`,
    );
  const withProgram = (space: Space, url: string, origin: string) => {
    const command = `"${process.execPath}" ${space.path("give.mjs")}`;
    space.write(".aws/config", `[default]\ncredential_process = ${command}\n`);
    const environment = { HOME: space.folder, AWS_ENDPOINT_URL_S3: origin };
    return openS3({ url, environment });
  };
  const tokensOf = ({ requests }: FaultServer) =>
    requests.map(({ headers }) => headers["x-amz-security-token"]);

  test("a program's credentials are used until shortly before they expire", async () => {
    using space = new Space();
    await using server = await startS3();
    program(space, "3_600_000");
    const lasting = withProgram(space, server.url, server.origin);
    await Promise.all([1, 2, 3].map(() => lasting.put("ac", hex, Buffer.from("x"), call())));
    expect(String(await read(lasting, "ac", hex))).toBe("x");
    expect(tokensOf(server)).toEqual(Array(4).fill("token 1"));
    server.requests.length = 0;
    program(space, "59_000");
    const brief = withProgram(space, server.url, server.origin);
    await read(brief, "ac", hex);
    await read(brief, "ac", hex);
    expect(tokensOf(server)).toEqual(["token 2", "token 3"]);
  });

  test("a token that expires in mid-run is renewed, once for all that are under way", async () => {
    using space = new Space();
    await using server = await startS3();
    program(space, "3_600_000");
    const remote = withProgram(space, server.url, server.origin);
    await remote.put("ac", hex, Buffer.from("x"), call());
    server.fault = ({ headers }) =>
      headers["x-amz-security-token"] === "token 1" ? s3Error(400, "ExpiredToken") : undefined;
    const all = await Promise.all([1, 2, 3, 4].map(() => read(remote, "ac", hex)));
    expect(all.map(String)).toEqual(["x", "x", "x", "x"]);
    expect(await remote.has("ac", hex, call())).toBe(true);
    await remote.put("cas", hex, Buffer.from("y"), call());
    expect(readFileSync(space.path("count"), "utf8")).toBe("xx");
  });

  test("keys that somebody renews in a file are read again; the same ones are a refusal", async () => {
    using space = new Space();
    await using server = await startS3();
    const write = (token: string) =>
      space.write(
        ".aws/credentials",
        `[default]\naws_access_key_id=${keys.accessKeyId}\naws_secret_access_key=${keys.secretAccessKey}\naws_session_token=${token}\n`,
      );
    write("old");
    const environment = { HOME: space.folder, AWS_ENDPOINT_URL: server.origin };
    const remote = openS3({ url: server.url, environment });
    await remote.put("ac", hex, Buffer.from("x"), call());
    server.fault = ({ headers }) =>
      headers["x-amz-security-token"] === "old" ? s3Error(400, "ExpiredToken") : undefined;
    await expect(read(remote, "ac", hex)).rejects.toMatchObject({
      kind: "refused",
      message: 'the session has expired; log in again (credentials from profile "default")',
    });
    // HEAD says no more than 400; the reason has to be asked for.
    await expect(remote.has("ac", hex, call())).rejects.toThrow("the session has expired");
    write("new");
    expect(String(await read(remote, "ac", hex))).toBe("x");
    expect(tokensOf(server).at(-1)).toBe("new");
  });
});
