/** One step of scale.mjs, in a process of its own: STEP FILE OUT REMOTE. Writes what it took to OUT. */
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makePlan } from "../dist/engine/plan/plan.js";
import { schedule } from "../dist/engine/run/schedule.js";
import { openPipeline } from "../dist/index.js";
import { fillStore } from "./harness/fill-store.mjs";

const [step, file, out, remote] = process.argv.slice(2);
const cache = join(dirname(file), "cache");

const open = () => openPipeline(file, { cache });

const work = {
  async open() {
    const { graph } = await open();
    return () => `${graph.instances.length} instances, ${heap(graph)} MiB of heap`;
  },
  async "plan-nothing"() {
    const { graph, facts } = await open();
    const plan = makePlan(graph, { getRecord: () => undefined, hasObject: () => true }, facts);
    return () => `${heap(plan)} MiB of heap`;
  },
  async "plan-all"() {
    const { graph, facts } = await open();
    const plan = makePlan(graph, { getRecord: simulated, hasObject: () => true }, facts);
    return () => `${heap([graph, plan])} MiB of heap`;
  },
  async schedule() {
    const { graph } = await open();
    const tasks = new Map(
      graph.instances.map(({ inputs }, index) => {
        const edges = Object.values(inputs);
        const after = edges.flatMap((e) => (e.kind === "one" ? e.instance : e.members.map(of)));
        return [index, { after, seconds: 1 }];
      }),
    );
    const began = process.cpuUsage();
    await schedule(tasks, 32, async () => {});
    const { user, system } = process.cpuUsage(began);
    return () => `${((user + system) / 1e6).toFixed(1)} s of it in schedule()`;
  },
  async fill() {
    await fillStore(file, cache);
    const { files, bytes, largest } = filesIn(join(cache, "v1"));
    return () => `${files} files, ${mib(bytes)} MiB; at most ${largest} in a folder`;
  },
  plan: () => commandLine("plan"),
  async run() {
    process.once("exit", () => {
      const { bytes } = filesIn(join(cache, "v1/runs"));
      write(`journal of ${(bytes / 2 ** 20).toFixed(1)} MiB`);
    });
    await commandLine("run");
  },
  "remote-empty": () => commandLine("plan", "empty", "--remote", remote),
  "remote-full": () => commandLine("plan", "borrowed", "--remote", remote),
};

const of = ({ instance }) => instance;

/** A record as one that is read from a disk, of about the same size. */
function simulated(key) {
  const chunks = [{ digest: key, rows: 1, bytes: 1024 }];
  const schema = { x: { type: "float64" } };
  const inputs = { a: key, b: key };
  return JSON.parse(
    JSON.stringify({
      ...{ check: key, v: 1, key, outputs: { sum: { digest: key, schema, chunks, rows: 1 } } },
      preimage: { v: 1, node: "tiny", version: 1, params: { value: 0 }, inputs, code: key },
      ...{ seconds: 0, startedAt: "2026-01-01T00:00:00.000Z", finishedAt: "", warnings: [] },
      ...{ computedBy: { host: "host", user: "user" }, log: [] },
    }),
  );
}

async function commandLine(command, folder = "cache", ...options) {
  const place = ["--cache", join(dirname(file), folder)];
  process.argv.splice(2, Number.POSITIVE_INFINITY, command, file, ...place, ...options);
  if (command === "plan") process.once("exit", () => write(""));
  await import("../dist/cli/main.js");
}

function filesIn(folder) {
  const found = { files: 0, bytes: 0, largest: 0 };
  const add = (path) => {
    const entries = readdirSync(path, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    found.files += files.length;
    found.largest = Math.max(found.largest, files.length);
    for (const { name } of files) found.bytes += statSync(join(path, name)).size;
    for (const entry of entries) if (entry.isDirectory()) add(join(path, entry.name));
  };
  add(folder);
  return found;
}

/** What is in use once garbage is gone. @param _kept - what must not count as garbage */
function heap(_kept) {
  globalThis.gc();
  return mib(process.memoryUsage().heapUsed);
}

function mib(bytes) {
  return Math.round(bytes / 2 ** 20);
}

function write(note) {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpu = (userCPUTime + systemCPUTime) / 1e6;
  writeFileSync(out, JSON.stringify({ cpu, peak: maxRSS / 1024, note }));
}

const note = await work[step]();
if (note) write(note());
