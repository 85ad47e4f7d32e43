/**
 * Runs on a cluster, whatever happens to its jobs: on a real Slurm where it is installed, and everywhere on
 * processes of this machine. The tests wait most of the time, so they run at once.
 */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, test as base, beforeAll, describe } from "vitest";
import { SlurmCluster, slurmMissing } from "../../harness/slurm.ts";
import { chores, processesOf, Site, until } from "./site.ts";

let slurm: SlurmCluster | undefined;
beforeAll(() => {
  if (!slurmMissing) slurm = new SlurmCluster();
});
afterAll(() => slurm?.[Symbol.dispose]());

/** What a test does to a cluster from outside, on each of the two. */
interface Means {
  /** Lines of the configuration, for jobs on nodes that may be killed. */
  readonly fragile: string;
  killNode(site: Site, host: string): void;
  cancelAll(site: Site): void;
}

const means: Readonly<Record<string, Means>> = {
  processes: {
    fragile: "",
    killNode(site) {
      for (const { runner, tasks } of processesOf(site)) {
        for (const pid of [runner, ...tasks]) process.kill(pid, "SIGKILL");
      }
    },
    cancelAll(site) {
      for (const { runner } of processesOf(site)) process.kill(runner, "SIGTERM");
    },
  },
  slurm: {
    fragile: "  options: { partition: fragile }\n",
    killNode: (_, host) => slurm!.control("kill-node", host.slice(1)),
    cancelAll(site) {
      for (const folder of site.folders) {
        slurm!.call("scancel", `--name=blockspin-${folder.split("/").at(-2)}`);
      }
    },
  },
};

describe.for([["processes"], ["slurm"]] as const)("on %s", ([name]) => {
  const { fragile, killNode, cancelAll } = means[name]!;
  const site = (cluster?: string) => new Site(name, slurm, cluster);
  const options = { concurrent: true };
  const test = base.skipIf(name === "slurm" && slurmMissing !== undefined);

  test("a thousand small actions", options, async ({ expect }) => {
    // A fifth of them where another test has them all.
    const count = name === "processes" && !slurmMissing ? 100 : 500;
    using here = site("  batch: 6000\n");
    const diary = JSON.stringify(here.space.path("second diary"));
    here.chores({
      count,
      more: `  b: { node: chore, inputs: { x: a }, with: { diary: ${diary} } }`,
    });
    const head = here.start();
    expect(await head.ended).toMatchObject({ code: 0, stderr: "" });
    expect(head.find("finished")).toMatchObject([{ ran: 2 * count, failed: 0 }]);
    expect(Object.values(here.diary)).toEqual(Array(count).fill(1));
    expect(await here.equalsLocal()).toBe(true);
    // What was done leaves nothing behind.
    expect(here.folders).toEqual([]);
  });

  test("a node is killed in mid-batch", options, async ({ expect }) => {
    using here = site(fragile);
    here.chores({ count: 6, with: "ms: 1500" });
    const head = here.start();
    await head.until("instance", { state: "ran" });
    const { host, job } = await head.until("instance", { state: "started" }, 2);
    killNode(here, String(host));
    expect(await head.ended).toMatchObject({ code: 0 });
    const [lost] = head.find("warning", { code: "lost-job" });
    expect(lost).toMatchObject({ message: expect.stringContaining(String(job)) });
    expect(head.find("finished")).toMatchObject([{ ran: 6, failed: 0 }]);
    // What was finished is not computed again.
    expect(here.diary[1]! + here.diary[6]!).toBeLessThan(4);
    expect(await here.equalsLocal()).toBe(true);
  });

  test("a job starts nothing that would outlast its time", options, async ({ expect }) => {
    using here = site('  options: { time: "0:30" }\n  batch: 600\n');
    here.chores({ count: 3, with: "ms: 100" });
    const head = here.start();
    // Nothing is known of them, and so they count as a minute each.
    expect(await head.ended).toMatchObject({ code: 0 });
    expect(head.find("finished")).toMatchObject([{ ran: 3, failed: 0 }]);
    expect(await here.equalsLocal()).toBe(true);
  });

  test("an action that takes more than the time of its job", options, async ({ expect }) => {
    // Slurm counts in minutes.
    using here = site(`  options: { time: "0:${name === "slurm" ? 60 : 8}" }\n`);
    here.chores({ with: `mood: sleep, once: ${JSON.stringify(here.space.path("slept"))}` });
    const head = here.start();
    expect(await head.ended).toMatchObject({ code: 0 });
    expect(head.find("warning", { code: "lost-job" })).toMatchObject([
      {
        message: expect.stringMatching(
          /^job .*: it had to stop \(time\); 1 action submitted again/,
        ),
      },
    ]);
    expect(here.diary).toEqual({ 1: 2 });
    expect(await here.equalsLocal()).toBe(true);
  });

  test("a job that takes more than its memory", options, async ({ expect }) => {
    using here = site("  memory_overhead: 400\n");
    here.chores({
      with: `mood: hoard, once: ${JSON.stringify(here.space.path("hoarded"))}`,
      stage: "    resources: { memory: 100 }",
    });
    const head = here.start();
    expect(await head.ended).toMatchObject({ code: 0 });
    const [lost] = head.find("warning", { code: "lost-job" });
    // Without control groups, only the log of the job says why.
    expect(lost).toMatchObject({ message: expect.stringMatching(/OUT_OF_MEMORY|emory limit/) });
    expect(here.diary).toEqual({ 1: 2 });
    expect(await here.equalsLocal()).toBe(true);
  });

  test("jobs are cancelled from outside", options, async ({ expect }) => {
    using here = site();
    here.chores({ count: 4, with: here.gate });
    const head = here.start();
    await head.until("instance", { state: "started" });
    cancelAll(here);
    await head.until("warning", { code: "lost-job" });
    here.open();
    expect(await head.ended).toMatchObject({ code: 0 });
    expect(head.find("warning", { code: "lost-job" }).length).toBeGreaterThan(0);
    expect(head.find("finished")).toMatchObject([{ ran: 4, failed: 0 }]);
    expect(await here.equalsLocal()).toBe(true);
  });

  test("a head is killed, and the next one recomputes nothing", options, async ({ expect }) => {
    using here = site("  slots: 2\n");
    here.chores({ count: 6, with: "ms: 1500" });
    const head = here.start();
    await head.until("instance", { state: "started" }, 2);
    head.process.kill("SIGKILL");
    await head.ended;
    const next = here.start();
    expect(await next.ended).toMatchObject({ code: 0 });
    expect(next.find("finished")).toMatchObject([{ failed: 0, skipped: 0 }]);
    expect(here.diary).toEqual({ 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1 });
    expect(await here.equalsLocal()).toBe(true);
  });

  test("a head submits and leaves; the next one takes the results", options, async ({ expect }) => {
    using here = site();
    here.chores({ count: 3, with: here.gate });
    const detached = here.start(["--detach"]);
    const left = expect.stringContaining("its jobs go on");
    expect(await detached.ended).toMatchObject({ code: 0, stderr: left });
    expect(here.folders).toHaveLength(1);
    // One whose terminal is closed leaves them too.
    const hung = here.start();
    await hung.until("instance", { state: "started" });
    hung.process.kill("SIGHUP");
    expect(await hung.ended).toMatchObject({ code: 130, stderr: left });
    here.open();
    const next = here.start();
    expect(await next.ended).toMatchObject({ code: 0 });
    expect(here.diary).toEqual({ 1: 1, 2: 1, 3: 1 });
  });

  test("what nodes have computed is shared by the head", options, async ({ expect }) => {
    using here = site();
    here.chores({ count: 2 });
    const remote = here.space.path("remote");
    mkdirSync(remote);
    const head = here.start(["--remote", remote, "--push"]);
    expect(await head.ended).toMatchObject({ code: 0 });
    expect(head.find("shared")).toMatchObject([{ pushed: { records: 2 } }]);
  });

  test("two heads share the work", options, async ({ expect }) => {
    using here = site();
    here.chores({ count: 8, with: "ms: 700" });
    const first = here.start();
    await first.until("instance", { state: "started" });
    const second = here.start();
    expect(await first.ended).toMatchObject({ code: 0, stderr: "" });
    expect(await second.ended).toMatchObject({ code: 0, stderr: "" });
    expect(Object.values(here.diary)).toEqual(Array(8).fill(1));
  });

  test("Ctrl-C cancels what is queued and what runs", options, async ({ expect }) => {
    using here = site("  max_jobs: 1\n");
    here.chores({ count: 30, with: "ms: 20000" });
    const head = here.start();
    await until(() => here.diary[1] === 1);
    const [folder] = here.folders;
    head.process.kill("SIGINT");
    expect((await head.ended).code).toBe(130);
    const live = () =>
      name === "slurm"
        ? slurm!.call("squeue", "-h", `--name=blockspin-${folder!.split("/").at(-2)}`).length
        : processesOf(here).flatMap(({ tasks }) => tasks).length;
    await until(() => live() === 0);
    expect(here.diary).toEqual({ 1: 1 });
  });

  test("a failure of its own is reported once, with its place", options, async ({ expect }) => {
    using here = site();
    here.chores({ count: 2, with: "mood: fail" });
    const head = here.start(["--keep-going"]);
    expect((await head.ended).code).toBe(1);
    expect(head.find("instance", { state: "failed" })).toMatchObject([
      { error: expect.stringMatching(/^asked to fail\n {2}on \S+ \(job .+\)/) },
      { log: expect.arrayContaining(["about to fail"]) },
    ]);
    expect(here.diary).toEqual({ 1: 1, 2: 1 });
  });

  test("after a failure nothing more starts", options, async ({ expect }) => {
    using here = site();
    const values = "[1, 2, 3, 4, 5, 6]";
    here.chores({ count: 0 });
    here.space.write(
      "p.yaml",
      `blockspin: 1
name: test
use: [${JSON.stringify(chores)}]
stages:
  a: { node: chore, with: { diary: "${here.space.path("diary")}", mood: fail, ms: 300 } }
  b: { node: chore, for: { i: ${values} }, with: { i: "\${i}", diary: "${here.space.path("diary")}", ms: 1500 } }
`,
    );
    const head = here.start();
    expect((await head.ended).code).toBe(1);
    expect(head.find("finished")).toMatchObject([{ failed: 1 }]);
    expect(Number(head.find("finished")[0]!["skipped"])).toBeGreaterThan(2);
    await until(
      () => here.folders.length === 0 || processesOf(here).every((it) => it.tasks.length === 0),
    );
  });

  test("an action that kills its job again and again", options, async ({ expect }) => {
    using here = site();
    here.chores({ count: 2, with: "mood: die" });
    const head = here.start(["--keep-going"]);
    expect((await head.ended).code).toBe(1);
    const error = expect.stringMatching(
      /^its job ended 4 times before its time; the last was job /,
    );
    expect(head.find("instance", { state: "failed" })).toMatchObject([{ error }, { error }]);
    expect(here.diary).toEqual({ 1: 4, 2: 4 });
  });

  test("a job that cannot even begin", options, async ({ expect }) => {
    using here = site('  command: "echo no blockspin here; exit 3;"\n');
    here.chores({});
    const head = here.start();
    expect((await head.ended).code).toBe(1);
    expect(head.find("instance", { state: "failed" })).toMatchObject([
      { log: ["no blockspin here"] },
    ]);
  });
});

describe.skipIf(slurmMissing !== undefined)("on slurm alone", { concurrent: true }, () => {
  base("a job that matters less is preempted", async ({ expect }) => {
    using here = new Site("slurm", slurm, "  options: { partition: low }\n  slots: 2\n");
    here.chores({ count: 4, with: here.gate });
    const head = here.start();
    await head.until("instance", { state: "started" });
    slurm!.call("sbatch", "-p", "urgent", "--exclusive", "-o", "/dev/null", "--wrap", "sleep 2");
    await head.until("warning", { code: "lost-job" });
    here.open();
    expect(await head.ended).toMatchObject({ code: 0 });
    expect(head.find("warning", { code: "lost-job" }).length).toBeGreaterThan(0);
    expect(head.find("finished")).toMatchObject([{ ran: 4, failed: 0 }]);
    expect(await here.equalsLocal()).toBe(true);
  });

  base("the controller is gone for a while", async ({ expect }) => {
    using cluster = new SlurmCluster();
    using here = new Site("slurm", cluster, "");
    here.chores({ count: 3, with: "ms: 3000" });
    const head = here.start();
    await head.until("instance", { state: "started" });
    cluster.control("stop-controller");
    await head.until("warning", { code: "cluster" });
    cluster.control("start-controller");
    expect(await head.ended).toMatchObject({ code: 0 });
    expect(head.find("finished")).toMatchObject([{ ran: 3, failed: 0 }]);
    expect(here.diary).toEqual({ 1: 1, 2: 1, 3: 1 });
    const { host, job } = head.find("instance", { state: "ran", id: "a[i=2]" })[0]!;
    const logged = await here.space.cli(["log", "p.yaml", "a[i=2]"]);
    // Where nodes have names of their own, as those of a cluster do.
    const where = host === hostname() ? "" : `on ${host}, job ${job}\n`;
    expect(logged).toMatchObject({ stdout: "chore 2\n", stderr: where });
    expect(await here.equalsLocal()).toBe(true);
  });

  base("what sbatch refuses for good is a failure that says so", async ({ expect }) => {
    using here = new Site("slurm", slurm, "  options: { partition: nowhere }\n");
    here.chores({});
    const head = here.start();
    expect((await head.ended).code).toBe(1);
    expect(head.find("warning", { code: "cluster" })).toHaveLength(1);
    const error = expect.stringMatching(/^its job could not be submitted: sbatch: .*artition/);
    expect(head.find("instance", { state: "failed" })).toMatchObject([{ error }]);
  });

  base("a folder of logs that is missing", async ({ expect }) => {
    using here = new Site("slurm", slurm, "  options: { begin: now+2 }\n");
    here.chores({});
    const head = here.start();
    const logs = () => here.folders.map((folder) => join(folder, "logs")).find(existsSync);
    // The folder of a batch is there a moment before the folder of its logs.
    await until(() => logs() !== undefined);
    rmSync(logs()!, { recursive: true });
    expect(await head.ended).toMatchObject({ code: 0 });
    expect(head.find("warning", { code: "lost-job" })).toHaveLength(1);
    expect(here.diary).toEqual({ 1: 1 });
  });
});
