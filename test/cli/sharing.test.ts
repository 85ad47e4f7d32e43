/** Sharing as people do it: several checkouts of a project, and a place between them. */
import { cpSync, readdirSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import {
  bytesIn,
  chain,
  checkout,
  config,
  fixture,
  oneSeed,
  pipelines,
  shared,
} from "../harness/checkout.ts";
import { FaultServer } from "../harness/fault-server.ts";
import { nginxMissing, startNginx } from "../harness/nginx.ts";
import { Space } from "../harness/space.ts";

function copyPipelines(space: Space): void {
  cpSync(pipelines, space.path("pipelines"), { recursive: true });
  cpSync(fixture("small.yaml"), space.path("test/fixtures/small.yaml"));
}

test.skipIf(nginxMissing)(
  "a fresh clone and a remote that it only reads bring the results of the whole flagship, made small",
  async () => {
    await using nginx = await startNginx();
    using first = new Space();
    copyPipelines(first);
    first.write("blockspin.config.yaml", config(nginx.url));
    const set = oneSeed.flatMap((value) => ["--set", value]);
    const made = await first.run("test/fixtures/small.yaml", set);
    expect(made.code, made.stderr).toBe(0);
    if (shared(made).waiting > 0) {
      expect((await first.cli(["cache", "push", "test/fixtures/small.yaml", ...set])).code).toBe(0);
    }
    using second = new Space();
    copyPipelines(second);
    second.write("blockspin.config.yaml", config(nginx.url, "trust: anyone"));
    const pulled = await second.run("test/fixtures/small.yaml", ["--frozen", ...set]);
    expect(pulled.code, pulled.stderr).toBe(0);
    expect(pulled.finished).toMatchObject({ ran: 0, failed: 0, skipped: 0 });
    expect(nginx.log().match(/"PUT /g)!.length).toBeGreaterThan(100);
    // The results' one object, and the records that name everything else.
    const { objects, bytes } = shared(pulled).pulled;
    const whole = bytesIn(first.path("cache/v1/objects")) + bytesIn(first.path("cache/v1/records"));
    expect(objects).toBe(1);
    expect(bytes).toBeLessThan(whole / 5);
    const show = (space: Space, ...what: string[]) =>
      space.cli(["show", "test/fixtures/small.yaml", ...what, ...set]);
    const [theirs, ours] = [
      await show(second, "verdict", "--csv"),
      await show(first, "verdict", "--csv"),
    ];
    expect(theirs.stdout).toBe(ours.stdout);
    const lattices = await show(second, "lattices[seed=1,part=train]");
    expect(lattices.code, lattices.stderr).toBe(0);
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
