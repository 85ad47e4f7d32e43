/** Runs whose remote misbehaves, is slow, or is used by several at once. */
import { expect, test } from "vitest";
import { chain, checkout, config, probe, shared } from "../harness/checkout.ts";
import type { FaultServer } from "../harness/fault-server.ts";
import { describeServers } from "../harness/faulty.ts";

/** A checkout whose one remote is a server. */
const member = (server: FaultServer, pipeline: string, more?: string) =>
  server.equip(checkout(pipeline, config(server.url, more)));

describeServers((start) => {
  test("bytes that the remote lost are computed again, and given back", async () => {
    await using server = await start();
    using a = member(server, chain);
    using b = member(server, chain);
    await a.run("p.yaml");
    for (const name of await server.behind.names()) {
      if (name.startsWith("cas/")) await server.behind.remove(name);
    }
    const again = await b.run("p.yaml", ["--set", "stages.last.with.a=7"]);
    expect(again.inState("ran")).toEqual(["first", "last", "second"]);
    expect(shared(again).pushed.objects).toBe(3);
  });

  test("bytes that come out wrong at the last moment make their producer run", async () => {
    await using server = await start();
    using a = member(server, chain);
    using b = member(server, chain);
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

  test("a run that is killed while it uploads is finished by the next", async () => {
    await using server = await start();
    server.fault = ({ method }) => (method === "PUT" ? "stall" : undefined);
    using a = member(server, chain);
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

  test("cache push goes on with all that earlier runs left, whatever it names", async () => {
    await using server = await start();
    server.fault = ({ method }) => (method === "PUT" ? 503 : undefined);
    using a = member(server, chain);
    // Hints lie under a name for each beta, and the stage has all.
    a.write(
      "q.yaml",
      `blockspin: 1
name: q
stages:
  l: { node: ising-sampler, with: { size: 4, betas: [0.3, 0.4], samples: 5, seed: 1 } }
`,
    );
    for (const file of ["p.yaml", "q.yaml"]) await a.run(file);
    server.fault = () => undefined;
    const push = await a.cli(["cache", "push", "q.yaml", "--json"]);
    const { done, remotes } = JSON.parse(push.stdout);
    expect(done).toBe(3);
    expect(remotes).toMatchObject([{ pushed: { records: 6 }, waiting: 0 }]);
  });

  test("a server that stalls costs a run its grace, and nothing more", async () => {
    await using server = await start();
    server.fault = () => "stall";
    using a = member(server, chain, "push: true, trust: anyone, timeout: 1");
    const run = await a.cli(["run", "p.yaml"]);
    expect(run.code, run.stderr).toBe(0);
    const warnings = run.stderr.split("\n").filter((line) => line.startsWith("warning[remote]"));
    expect(warnings).toEqual([
      'warning[remote]: remote "lab" is left out of this run: gave no answer for 1 s',
    ]);
    expect(run.stderr).toContain("3 uploads left for the next run or blockspin cache push\n");
  });

  test("two checkouts run at once on one remote; a third has nothing to compute", async () => {
    await using server = await start();
    const stages = Array.from(
      { length: 12 },
      (_, i) => `  s${i}: { node: probe, with: { a: ${i} } }\n`,
    );
    const wide = probe(stages.join(""));
    using a = member(server, wide);
    using b = member(server, wide);
    const runs = await Promise.all([a, b].map((one) => one.run("p.yaml", [], { process: true })));
    for (const run of runs) {
      expect(run.code, run.stderr).toBe(0);
      expect(run.events.filter(({ event }) => event === "warning")).toEqual([]);
    }
    using c = member(server, wide);
    expect((await c.run("p.yaml", ["--frozen"])).finished).toMatchObject({ ran: 0, cached: 12 });
  });

  test("planning asks for hundreds of keys at once, and for none that is here", async () => {
    await using server = await start();
    server.delay = 50;
    const layers = probe(`
  a: { node: probe, for: { i: { range: [1, 60] } }, with: { a: "\${i}" } }
  b: { node: probe, inputs: { x: a }, with: { a: 2 } }
`);
    using first = member(server, layers);
    expect((await first.run("p.yaml")).code).toBe(0);
    expect((await first.cli(["cache", "push", "p.yaml"])).code).toBe(0);
    using second = member(server, layers);
    server.requests.length = 0;
    server.atOnce = 0;
    const plan = JSON.parse((await second.cli(["plan", "p.yaml", "--json"])).stdout);
    expect(plan.filter(({ state }: { state: string }) => state === "cached").length).toBe(120);
    expect(server.requests.length).toBe(120);
    expect(server.atOnce).toBeGreaterThan(8);
    await second.cli(["plan", "p.yaml"]);
    expect(server.requests.length).toBe(120);
  });
});
