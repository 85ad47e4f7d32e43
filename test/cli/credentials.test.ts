/** Secrets: where they go, and where they do not; and that none of it changes a key. */
import { expect, test } from "vitest";
import { chain, checkout, config, textIn } from "../harness/checkout.ts";
import { FaultServer, Memory } from "../harness/fault-server.ts";
import { Space } from "../harness/space.ts";

const secret = "s3cret-0f-the-lab";

test.each(["env", "named", "file"])(
  "credentials (%s) reach the server and nothing else: no log, record, journal or message",
  async (source) => {
    const behind = new Memory();
    await using server = await FaultServer.start(behind);
    using space = checkout(chain, config(server.url, "push: true, trust: anyone, timeout: 1"));
    if (source === "file") {
      const path = space.write(
        ".config/blockspin/credentials.yaml",
        `${server.url}: Bearer ${secret}\n`,
      );
      const refused = await space.cli(["run", "p.yaml"]);
      expect([refused.code, refused.stderr]).toEqual([
        2,
        `error: ${path} can be read by others\n  = chmod 600 ${path}\n`,
      ]);
      space.protect(".config/blockspin/credentials.yaml");
    }
    const env: Record<string, string> = {
      env: { BLOCKSPIN_REMOTE_TOKEN: secret },
      named: { BLOCKSPIN_REMOTE_LAB_AUTHORIZATION: `Bearer ${secret}` },
      file: {},
    }[source]!;
    const said: string[] = [];
    const faults = [undefined, 401, "redirect", "drop"] as const;
    for (const fault of source === "env" ? faults : faults.slice(0, 2)) {
      server.fault = () => fault;
      for (const args of [
        ["run", "p.yaml"],
        ["cache", "push", "p.yaml", "--json"],
      ]) {
        const { stdout, stderr } = await space.cli(args, { env });
        said.push(stdout, stderr);
      }
      space.remove("cache/v1/records");
    }
    expect(server.requests.length).toBeGreaterThan(10);
    for (const { headers } of server.requests)
      expect(headers.authorization).toBe(`Bearer ${secret}`);
    expect(said.join("")).not.toContain(secret);
    expect(textIn(space.path("cache"))).not.toContain(secret);
    expect([...behind.files.values()].join("\n")).not.toContain(secret);
  },
);

test.each([
  [
    "https://user:hunter2@host/x",
    'remote "lab": the URL must hold no user, password, query or fragment',
  ],
  [
    "https://host/x?token=hunter2",
    'remote "lab": the URL must hold no user, password, query or fragment',
  ],
  ["ftp://host/hunter2", 'remote "lab": unknown kind of remote "ftp://"'],
])("a remote at %s is refused, without repeating it", async (url, message) => {
  using space = checkout(chain, config(url));
  for (const args of [
    ["plan", "p.yaml"],
    ["plan", "p.yaml", "--remote", url],
  ]) {
    const { code, stderr } = await space.cli(args);
    expect(code).toBe(2);
    expect(stderr).not.toContain("hunter2");
    expect(stderr).toContain(message);
  }
});

test("credentials are not sent where everyone on the way can read them", async () => {
  using space = checkout(chain, config("http://cache.example/x"));
  const env = { BLOCKSPIN_REMOTE_TOKEN: secret };
  const { code, stderr } = await space.cli(["plan", "p.yaml"], { env });
  expect([code, stderr]).toEqual([
    2,
    'error: remote "lab" would be sent credentials that everyone on the way can read\n  = use https://\n',
  ]);
});

test("remotes, trust and keys change no key", async () => {
  using place = new Space();
  using space = checkout(chain, "");
  const keys = async () => {
    const why = await space.cli(["why", "p.yaml", "last", "--json"]);
    return (JSON.parse(why.stdout) as { key: string }[]).map(({ key }) => key);
  };
  await space.run("p.yaml");
  const before = await keys();
  await space.cli(["cache", "keygen"]);
  space.write("blockspin.config.yaml", config(place.folder));
  expect(await keys()).toEqual(before);
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 0, cached: 3 });
});
