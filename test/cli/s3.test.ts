/** Sharing through a bucket, as people do it: what it says, and what becomes of secrets. */
import { describe, expect, test } from "vitest";
import { bytesIn, chain, checkout, config, shared, textIn } from "../harness/checkout.ts";
import type { FaultServer } from "../harness/fault-server.ts";
import { type Bucket, keys, startS3, stranger, swiftMissing } from "../harness/swift.ts";

/** What a person sets who has no files in ~/.aws. */
const environmentOf = (server: FaultServer) => ({
  ...server.environment,
  AWS_SESSION_TOKEN: "token-0f-the-lab",
});

const warningsIn = (stderr: string) =>
  stderr.split("\n").filter((line) => line.startsWith("warning[remote]"));

test("mistakes in a configuration are told where they are, without what they say", async () => {
  for (const [url, more, message] of [
    [
      "s3://lab",
      "region: no region",
      '"region" must be the name of a region, such as eu-central-1',
    ],
    [
      "s3://lab",
      "endpoint: https://me:hunter2@x",
      '"endpoint" must be an http or https URL without user, password and query',
    ],
    ["s3://lab", "path_style: maybe", '"path_style" must be true or false'],
    [
      "s3://lab",
      "secret: hunter2",
      'unknown key "secret"\n  = keys: url, push, timeout, trust, endpoint, region, path_style, profile',
    ],
    ["s3://me:hunter2@lab", "", "expected s3://bucket or s3://bucket/prefix"],
    [
      "s3://lab/x?region=hunter2",
      "",
      "an s3:// address has no query and no fragment\n  = write the keys endpoint, region, path_style, profile beside url",
    ],
  ] as const) {
    using space = checkout(chain, config(url, more));
    const { code, stderr } = await space.cli(["plan", "p.yaml"]);
    const [first, hint] = message.split("\n");
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /blockspin\.config\.yaml:2:\d+: error\[invalid-config\]: remote "lab": /,
    );
    expect(stderr).toContain(`: ${first}\n`);
    if (hint !== undefined) expect(stderr).toContain(`\n${hint}\n`);
    expect(stderr).not.toContain("hunter2");
  }
});

describe.skipIf(swiftMissing)("Swift", () => {
  test("push, and in another clone pull and run; secrets are nowhere", async () => {
    await using server = await startS3();
    const env = environmentOf(server);
    using a = checkout(chain, config(server.url));
    using b = checkout(chain, "");
    const said: string[] = [];
    const run = async (space: typeof a, ...args: string[]) => {
      const { code, stdout, stderr } = await space.cli(args, { env });
      expect(code, stderr).toBe(0);
      said.push(stdout, stderr);
      return stdout;
    };
    await run(a, "run", "p.yaml", "--no-push");
    expect(await server.behind.names()).toEqual([]);
    expect(await run(a, "cache", "push", "p.yaml")).toMatch(
      /^remote lab: 3 records and 3 objects \(.*\) pushed\n3 records shared\n$/,
    );
    const names = await server.behind.names();
    expect(names.length).toBe(6);
    b.write("blockspin.config.yaml", "trust: anyone\n");
    await run(b, "cache", "pull", "p.yaml", "--remote", server.url);
    expect((await b.run("p.yaml", ["--frozen", "--offline"])).code).toBe(0);
    // Of three objects, the one that is the result.
    expect(bytesIn(b.path("cache/v1/objects"))).toBeLessThan(
      bytesIn(a.path("cache/v1/objects")) / 2,
    );
    await run(b, "show", "p.yaml", "first", "--csv", "--remote", server.url);
    for (const name of names) said.push(String(await server.behind.read(name)));
    for (const space of [a, b]) said.push(textIn(space.path("cache")));
    for (const secret of [keys.secretAccessKey, env.AWS_SESSION_TOKEN]) {
      expect(said.join("\n")).not.toContain(secret);
    }
  });

  test("a wrong secret is one warning; the run goes on, and a later one shares what it made", async () => {
    await using server = await startS3();
    using a = checkout(chain, config(server.url));
    const env = environmentOf(server);
    const wrong = await a.cli(["run", "p.yaml"], {
      env: { ...env, AWS_SECRET_ACCESS_KEY: "hunter2" },
    });
    expect(wrong.code, wrong.stderr).toBe(0);
    expect(warningsIn(wrong.stderr)).toEqual([
      'warning[remote]: remote "lab" is left out of this run: the secret key does not fit the access key (credentials from the environment)',
    ]);
    expect(wrong.stderr).toContain("3 uploads left for the next run or blockspin cache push\n");
    expect(wrong.stdout + wrong.stderr + textIn(a.path("cache"))).not.toContain("hunter2");
    const next = await a.run("p.yaml", [], { env });
    expect(next.finished).toMatchObject({ ran: 0, cached: 3 });
    expect(shared(next)).toMatchObject({ pushed: { records: 3, objects: 3 }, waiting: 0 });
  });

  test("who may neither list nor read is told so, since an empty bucket looks the same", async () => {
    await using server = await startS3();
    const env = {
      ...environmentOf(server),
      AWS_ACCESS_KEY_ID: stranger.accessKeyId,
      AWS_SECRET_ACCESS_KEY: stranger.secretAccessKey,
    };
    for (const command of ["plan", "run"]) {
      using a = checkout(chain, config(server.url));
      const { code, stderr } = await a.cli([command, "p.yaml"], { env });
      expect(code, stderr).toBe(0);
      expect(warningsIn(stderr)).toEqual([
        `warning[remote]: remote "lab" gives nothing, and does not say whether it is empty: grant s3:GetObject, and s3:ListBucket on ${(server.behind as Bucket).name}`,
      ]);
    }
  });

  test("a token that expires in mid-run is one warning, and what was made is kept", async () => {
    await using server = await startS3();
    using a = checkout(chain, config(server.url));
    const env = environmentOf(server);
    let puts = 0;
    server.fault = ({ method }) => {
      if (method !== "PUT" || ++puts < 4) return undefined;
      server.fault = () => ({ status: 400, body: "<Error><Code>ExpiredToken</Code></Error>" });
      return { status: 400, body: "<Error><Code>ExpiredToken</Code></Error>" };
    };
    const run = await a.cli(["run", "p.yaml"], { env });
    expect(run.code, run.stderr).toBe(0);
    expect(warningsIn(run.stderr)).toHaveLength(1);
    expect(run.stderr).toContain("the session has expired; log in again");
    expect(run.stderr + textIn(a.path("cache"))).not.toContain(env.AWS_SESSION_TOKEN);
    server.fault = () => undefined;
    const push = await a.cli(["cache", "push", "p.yaml", "--json"], { env });
    expect(JSON.parse(push.stdout)).toMatchObject({ done: 3, failed: 0 });
    expect((await server.behind.names()).length).toBe(6);
  });

  test("objects that a rule of the bucket removed are made again where needed, and come back", async () => {
    await using server = await startS3();
    using a = server.equip(checkout(chain, config(server.url)));
    using b = server.equip(checkout(chain, config(server.url)));
    await a.run("p.yaml");
    const before = await server.behind.names();
    expect(before.length).toBe(6);
    const objects = before.filter((name) => name.startsWith("cas/"));
    for (const name of objects) await server.behind.remove(name);
    const run = await b.run("p.yaml");
    expect(run.code, run.stderr).toBe(0);
    expect(run.events.filter(({ event }) => event === "warning")).toEqual([]);
    expect(run.finished).toMatchObject({ ran: 3, failed: 0 });
    expect(shared(run).pushed).toMatchObject({ records: 0, objects: 3 });
    expect(await server.behind.names()).toEqual(before);
    for (const name of objects) await server.behind.remove(name);
    // Who has the bytes gives them back.
    const push = await a.cli(["cache", "push", "p.yaml", "--json"]);
    expect(JSON.parse(push.stdout).remotes).toMatchObject([{ pushed: { records: 0, objects: 3 } }]);
    expect(await server.behind.names()).toEqual(before);
  });
});
