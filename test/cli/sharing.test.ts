/** Sharing as people do it: several checkouts of a project, and a place between them. */
import { cpSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { FaultServer } from "../harness/fault-server.ts";
import { nginxMissing, startNginx } from "../harness/nginx.ts";
import { Space } from "../harness/space.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const pipelines = fileURLToPath(new URL("../../pipelines", import.meta.url));

const probe = (stages: string) =>
  `blockspin: 1\nname: test\nuse: [${JSON.stringify(fixture("probe-node.js"))}]\nstages:\n${stages}`;

const chain = probe(`
  first: { node: probe, with: { a: 1 } }
  second: { node: probe, inputs: { x: first } }
  last: { node: probe, inputs: { x: second } }
results: [last]
`);

const config = (url: string, more = "push: true, trust: anyone") =>
  `remotes:\n  lab: { url: ${JSON.stringify(url)}, ${more} }\n`;

/** A checkout with a pipeline `p.yaml`. */
function checkout(pipeline: string, settings: string): Space {
  const space = new Space();
  space.write("p.yaml", pipeline);
  space.write("blockspin.config.yaml", settings);
  return space;
}

function bytesIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .reduce((total, file) => total + statSync(join(file.parentPath, file.name)).size, 0);
}

/** Everything that is written in a folder, in one string. */
function textIn(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name), "latin1"))
    .join("\n");
}

const shared = (run: { events: { event: string }[] }) =>
  run.events.find(({ event }) => event === "shared") as unknown as {
    pulled: { records: number; objects: number; bytes: number };
    pushed: { records: number; objects: number; bytes: number };
    ignored: object;
    waiting: number;
  };

test.skipIf(nginxMissing)(
  "a fresh clone and a remote that it only reads bring the results of the smoke pipeline",
  async () => {
    await using nginx = await startNginx();
    using first = new Space();
    cpSync(pipelines, first.path("pipelines"), { recursive: true });
    first.write("blockspin.config.yaml", config(nginx.url));
    const made = await first.run("pipelines/smoke.yaml");
    expect(made.code, made.stderr).toBe(0);
    if (shared(made).waiting > 0) {
      expect((await first.cli(["cache", "push", "pipelines/smoke.yaml"])).code).toBe(0);
    }
    using second = new Space();
    cpSync(pipelines, second.path("pipelines"), { recursive: true });
    second.write("blockspin.config.yaml", config(nginx.url, "trust: anyone"));
    const pulled = await second.run("pipelines/smoke.yaml", ["--frozen"]);
    expect(pulled.code, pulled.stderr).toBe(0);
    expect(pulled.finished).toMatchObject({ ran: 0, failed: 0, skipped: 0 });
    expect(nginx.log().match(/"PUT /g)!.length).toBeGreaterThan(100);
    // The results' one object, and the records that name everything else.
    const { objects, bytes } = shared(pulled).pulled;
    const whole = bytesIn(first.path("cache/v1/objects")) + bytesIn(first.path("cache/v1/records"));
    expect(objects).toBe(1);
    expect(bytes).toBeLessThan(whole / 5);
    const shown = (space: Space) => space.cli(["show", "pipelines/smoke.yaml", "verdict", "--csv"]);
    expect((await shown(second)).stdout).toBe((await shown(first)).stdout);
    const show = await second.cli(["show", "pipelines/smoke.yaml", "lattices[seed=1,part=train]"]);
    expect(show.code, show.stderr).toBe(0);
  },
);

test("a run brings what it must read, and no more", async () => {
  await using server = await FaultServer.start();
  using a = checkout(chain, config(server.url));
  using b = checkout(chain, config(server.url));
  await a.run("p.yaml");
  server.requests.length = 0;
  const changed = await b.run("p.yaml", ["--set", "stages.last.with.a=7"]);
  expect(changed.inState("ran")).toEqual(["last"]);
  expect(shared(changed).pulled).toMatchObject({ records: 2, objects: 1 });
  expect(server.count("GET", "cas")).toBe(1);
  expect(shared(changed).pushed).toMatchObject({ records: 1, objects: 1 });
});

test("bytes that the remote lost are computed again, and given back", async () => {
  await using server = await FaultServer.start();
  using a = checkout(chain, config(server.url));
  using b = checkout(chain, config(server.url));
  await a.run("p.yaml");
  for (const name of server.files.keys()) if (name.startsWith("cas/")) server.files.delete(name);
  const again = await b.run("p.yaml", ["--set", "stages.last.with.a=7"]);
  expect(again.inState("ran")).toEqual(["first", "last", "second"]);
  expect(shared(again).pushed.objects).toBe(3);
});

test("bytes that come out wrong at the last moment make their producer run", async () => {
  await using server = await FaultServer.start();
  using a = checkout(chain, config(server.url));
  using b = checkout(chain, config(server.url));
  await a.run("p.yaml");
  server.fault = ({ method, kind }) => (method === "GET" && kind === "cas" ? "wrong" : undefined);
  const again = await b.run("p.yaml");
  expect(again.code, again.stderr).toBe(0);
  expect(again.finished).toMatchObject({ ran: 3, failed: 0 });
  const warnings = again.events.filter(
    ({ event, code }) => event === "warning" && code === "remote",
  );
  expect(warnings.length).toBe(1);
  expect((await b.cli(["show", "p.yaml", "last", "--csv"])).stdout).toBe(
    (await a.cli(["show", "p.yaml", "last", "--csv"])).stdout,
  );
});

test("signed results are accepted from whom the project trusts, others ignored and counted", async () => {
  using place = new Space();
  using alice = checkout(chain, "");
  const keygen = await alice.cli(["cache", "keygen"]);
  const key = keygen.stdout.trim();
  expect(key).toMatch(/^ed25519:[A-Za-z0-9+/]{43}=$/);
  const file = alice.path(".config/blockspin/signing-key.pem");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await alice.cli(["cache", "keygen"])).stdout.trim()).toBe(key);
  using bob = checkout(chain, `${config(place.folder, "push: false")}trust: { alice: "${key}" }\n`);
  alice.write("blockspin.config.yaml", config(place.folder, "push: true"));
  await alice.run("p.yaml");
  expect((await bob.run("p.yaml", ["--frozen"])).code).toBe(0);
  // Somebody who trusts nobody, and somebody else's key.
  using carol = checkout(chain, config(place.folder, "push: false"));
  const frozen = await carol.cli(["run", "p.yaml", "--frozen"]);
  expect(frozen.code).toBe(1);
  expect(frozen.stderr).toContain("remote lab: ignored 1 signed by keys that are not trusted\n");
  expect(frozen.stderr).toContain(
    "--frozen: 3 instances would be computed\n  first: never computed before\n  and 2 that depend on it\n",
  );
  const other = (await carol.cli(["cache", "keygen"])).stdout.trim();
  bob.remove("cache");
  bob.write(
    "blockspin.config.yaml",
    `${config(place.folder, "trust: [carol]")}trust: { alice: "${key}", carol: "${other}" }\n`,
  );
  expect((await bob.run("p.yaml", ["--frozen"])).code).toBe(1);
});

test("push signs and shares what was computed before; pull brings it", async () => {
  using place = new Space();
  using a = checkout(chain, config(place.folder, "push: true"));
  await a.run("p.yaml", ["--no-push"]);
  expect(readdirSync(place.folder)).toEqual(["package.json"]);
  const unsigned = await a.cli(["cache", "push", "p.yaml", "second"]);
  expect(unsigned.code, unsigned.stderr).toBe(0);
  expect(unsigned.stderr).toBe(
    "2 records without a signature; blockspin cache keygen makes a key\n",
  );
  // Of what it was computed from, the records alone.
  expect(readdirSync(place.path("ac")).length).toBe(2);
  expect(readdirSync(place.path("cas")).length).toBe(1);
  const key = (await a.cli(["cache", "keygen"])).stdout.trim();
  const signed = await a.cli(["cache", "push", "p.yaml", "--sign", "--json"]);
  expect(JSON.parse(signed.stdout)).toMatchObject({ done: 3, failed: 0, unsigned: 0 });
  using b = checkout(chain, `${config(place.folder, "push: false")}trust: ["${key}"]\n`);
  const pull = await b.cli(["cache", "pull", "p.yaml", "first", "--json"]);
  expect(JSON.parse(pull.stdout)).toMatchObject({
    records: 3,
    instances: 3,
    wanted: 1,
    missing: [],
  });
  expect((await b.cli(["run", "p.yaml", "--frozen", "--offline"])).code).toBe(1);
  await b.cli(["cache", "pull", "p.yaml"]);
  expect((await b.cli(["run", "p.yaml", "--frozen", "--offline"])).code).toBe(0);
  const refused = await b.cli(["cache", "push", "p.yaml"]);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    "error: no remote takes uploads\n  = name one with --remote, or write push: true under it in blockspin.config.yaml\n",
  ]);
});

test("--offline asks nobody; --remote asks whom it names instead", async () => {
  await using server = await FaultServer.start();
  using place = new Space();
  using a = checkout(chain, config(server.url));
  const offline = await a.run("p.yaml", ["--offline"]);
  expect(offline.finished).toMatchObject({ ran: 3 });
  const other = await a.run("p.yaml", [
    "--remote",
    place.folder,
    "--push",
    "--set",
    "stages.last.with.a=2",
  ]);
  expect(other.code, other.stderr).toBe(0);
  expect(server.requests).toEqual([]);
  expect(readdirSync(place.path("ac")).length).toBe(1);
  const named = await a.cli(["plan", "p.yaml", "--remote", "lab", "--set", "stages.last.with.a=3"]);
  expect(named.code, named.stderr).toBe(0);
  expect(server.count("GET", "ac")).toBe(1);
});

test("a run that is killed while it uploads is finished by the next", async () => {
  await using server = await FaultServer.start();
  server.fault = ({ method }) => (method === "PUT" ? "stall" : undefined);
  using a = checkout(chain, config(server.url));
  const killed = await a.run("p.yaml", [], {
    onOutput: (stdout, pid) => {
      if (stdout.includes('"id":"last","state":"ran"')) process.kill(pid, "SIGKILL");
    },
  });
  expect(killed.signal).toBe("SIGKILL");
  server.fault = () => undefined;
  const next = await a.run("p.yaml");
  expect(next.finished).toMatchObject({ ran: 0, cached: 3 });
  expect(shared(next)).toMatchObject({ pushed: { records: 3, objects: 3 }, waiting: 0 });
});

test("a server that stalls costs a run its grace, and nothing more", async () => {
  await using server = await FaultServer.start();
  server.fault = () => "stall";
  using a = checkout(chain, config(server.url, "push: true, trust: anyone, timeout: 1"));
  const run = await a.cli(["run", "p.yaml"]);
  expect(run.code, run.stderr).toBe(0);
  const warnings = run.stderr.split("\n").filter((line) => line.startsWith("warning[remote]"));
  expect(warnings).toEqual([
    'warning[remote]: remote "lab" gave no answer for 1 s; going on without it',
  ]);
  expect(run.stderr).toContain("3 uploads left for the next run or blockspin cache push\n");
});

test("two checkouts run at once on one remote; a third has nothing to compute", async () => {
  await using server = await FaultServer.start();
  const stages = Array.from(
    { length: 12 },
    (_, i) => `  s${i}: { node: probe, with: { a: ${i} } }\n`,
  );
  const wide = probe(stages.join(""));
  using a = checkout(wide, config(server.url));
  using b = checkout(wide, config(server.url));
  const runs = await Promise.all([a.run("p.yaml"), b.run("p.yaml")]);
  for (const run of runs) {
    expect(run.code, run.stderr).toBe(0);
    expect(run.events.filter(({ event }) => event === "warning")).toEqual([]);
  }
  using c = checkout(wide, config(server.url));
  expect((await c.run("p.yaml", ["--frozen"])).finished).toMatchObject({ ran: 0, cached: 12 });
});

test("planning asks for hundreds of keys at once, and for none that is here", async () => {
  await using server = await FaultServer.start();
  server.delay = 25;
  const layers = probe(`
  a: { node: probe, for: { i: { range: [1, 150] } }, with: { a: "\${i}" } }
  b: { node: probe, inputs: { x: a }, with: { a: 2 } }
`);
  using first = checkout(layers, config(server.url));
  expect((await first.run("p.yaml")).code).toBe(0);
  expect((await first.cli(["cache", "push", "p.yaml"])).code).toBe(0);
  using second = checkout(layers, config(server.url));
  server.requests.length = 0;
  const started = performance.now();
  const plan = JSON.parse((await second.cli(["plan", "p.yaml", "--json"])).stdout);
  const seconds = (performance.now() - started) / 1000;
  expect(plan.filter(({ state }: { state: string }) => state === "cached").length).toBe(300);
  expect(server.requests.length).toBe(300);
  // One after the other, the answers alone would take 7.5 s.
  expect(seconds).toBeLessThan(5);
  await second.cli(["plan", "p.yaml"]);
  expect(server.requests.length).toBe(300);
});

test("what only a remote has is continued, to the bytes of a run from nothing", async () => {
  await using server = await FaultServer.start();
  const sampling = (samples: number) => `blockspin: 1
name: test
stages:
  lattices:
    node: ising-sampler
    with: { size: 4, betas: [0.3, 0.4], samples: ${samples}, algorithm: wolff, seed: 1 }
  coarse: { node: decimator, inputs: { configurations: lattices }, with: { factor: 2 } }
`;
  using a = checkout(sampling(40), config(server.url));
  using b = checkout(sampling(60), config(server.url));
  using c = checkout(sampling(60), "");
  expect((await a.run("p.yaml")).code).toBe(0);
  const [longer, scratch] = [await b.run("p.yaml"), await c.run("p.yaml")];
  const partsOf = (run: typeof longer, id: string) =>
    run.events.find((event) => event["id"] === id && event["state"] === "ran")!["parts"];
  expect(partsOf(longer, "lattices")).toEqual({ ran: 2, cached: 0, continued: 2 });
  expect(partsOf(longer, "coarse")).toMatchObject({ continued: 2 });
  expect(partsOf(scratch, "lattices")).toEqual({ ran: 2, cached: 0, continued: 0 });
  for (const stage of ["lattices", "coarse"]) {
    const names = async (space: Space) =>
      (await space.cli(["show", "p.yaml", stage, "--path"])).stdout.replaceAll(space.folder, "");
    expect(await names(b)).toBe(await names(c));
  }
});

const secret = "s3cret-0f-the-lab";

test.each(["env", "named", "file"])(
  "credentials (%s) reach the server and nothing else: no log, record, journal or message",
  async (source) => {
    await using server = await FaultServer.start();
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
    const faults = [undefined, 401, "drop", "redirect"] as const;
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
    for (const { authorization } of server.requests) expect(authorization).toBe(`Bearer ${secret}`);
    expect(said.join("")).not.toContain(secret);
    expect(textIn(space.path("cache"))).not.toContain(secret);
    expect([...server.files.values()].join("\n")).not.toContain(secret);
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

test("verify --rerun tells bytes that came out otherwise, how far, and the first stage of them", async () => {
  using space = checkout(
    `blockspin: 1
name: test
use: [${JSON.stringify(fixture("drifting-node.js"))}]
stages:
  a: { node: tolerant, with: { n: 1 } }
  b: { node: exact, inputs: { x: a }, with: { n: 2 } }
  c: { node: exact, inputs: { x: b }, with: { n: 4 } }
`,
    "",
  );
  await space.run("p.yaml");
  const verify = async (drift: string) => {
    const args = ["cache", "verify", "p.yaml", "--rerun", "100%"];
    return await space.cli(args, { env: { DRIFT: drift } });
  };
  const same = await verify("0");
  expect([same.code, same.stdout]).toEqual([
    0,
    "3 objects (1.41 KiB) and 3 records are whole, 0 damaged\ncomputed 3 of 3 recorded actions again: 3 with the same bytes\n",
  ]);
  const little = await verify("1e-6");
  expect(little.code).toBe(1);
  expect(little.stdout.split("\n").slice(1)).toEqual([
    "a.value: other bytes; column number differs by up to 1.0e-6, within its tolerance of 0.001",
    "b.value: other bytes; column number differs by up to 5.0e-7, more than its tolerance of 0",
    "c.value: other bytes; column number differs by up to 2.5e-7, more than its tolerance of 0",
    "computed 3 of 3 recorded actions again: 0 with the same bytes",
    "the first stage that differs is b",
    "",
  ]);
  expect((await verify("0.5")).stdout).toContain("the first stage that differs is a\n");
  // The records are as they were.
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 0, cached: 3 });
});

test("gc keeps what a kept pipeline and pins need; what it removed is computed again", async () => {
  using space = checkout(chain, "");
  await space.run("p.yaml");
  const all = ["cache", "gc", "--size", "0", "--keep-runs", "0", "--json"];
  const gc = async (more: readonly string[]) =>
    JSON.parse((await space.cli([...all, ...more])).stdout) as { records: { files: number } };
  expect((await gc(["--keep", "p.yaml"])).records.files).toBe(0);
  await space.cli(["cache", "pin", "p.yaml", "second"]);
  expect((await gc(["--dry-run"])).records.files).toBe(2);
  expect((await gc([])).records.files).toBe(2);
  const again = await space.run("p.yaml");
  expect(again.inState("ran")).toEqual(["first", "last"]);
});

test("bytes that gc removed come back where --only asks for them", async () => {
  using space = checkout(chain, "");
  await space.run("p.yaml");
  await space.cli(["cache", "pin", "p.yaml", "last"]);
  const kept = bytesIn(space.path("cache/v1/records"));
  // Room for one object and a half.
  const size = Math.round(kept + bytesIn(space.path("cache/v1/objects")) / 2);
  const gc = ["cache", "gc", "--keep-runs", "0", "--size", String(size)];
  expect((await space.cli(gc)).stdout).toMatch(/^removed 2 objects .*, 0 records/);
  expect((await space.run("p.yaml")).finished).toMatchObject({ ran: 0, cached: 3 });
  expect((await space.cli(["show", "p.yaml", "second"])).code).toBe(1);
  expect((await space.run("p.yaml", ["--only", "second"])).inState("ran")).toEqual([
    "first",
    "second",
  ]);
  expect((await space.cli(["show", "p.yaml", "second"])).code).toBe(0);
});
