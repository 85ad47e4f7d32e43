/**
 * What a scan of many instances costs the process that plans and runs it: `node bench/scale.mjs 100000`.
 * Prints a table; asserts nothing. The scan has axes for size, width and seed, a chain of five stages
 * that read up to two others, and one table that collects the last of them.
 *
 * Every step is a process of its own (scale-step.mjs). What would take minutes for a large
 * scan is left out of it: `most` says from where on. It is then planned with a simulated store.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { digits } from "./harness/measure.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/** What each step does, and for how many instances at most. */
const steps = {
  open: { what: "the graph" },
  "plan-nothing": { what: "plan, nothing is cached" },
  "plan-all": { what: "plan, all is cached, records simulated" },
  schedule: { what: "order of visits, nothing done in them" },
  fill: { what: "(filling a store)", most: 100_000 },
  plan: { what: "blockspin plan, all is cached", most: 100_000 },
  run: { what: "blockspin run, all is cached", most: 100_000 },
  "remote-empty": { what: "blockspin plan, an empty HTTP remote", most: 10_000 },
  "remote-full": { what: "blockspin plan, a full HTTP remote", most: 10_000 },
};

/** A pipeline of about so many instances, in a folder. */
function writeScan(folder, instances) {
  mkdirSync(folder, { recursive: true });
  const seeds = Math.max(1, Math.round(instances / 500));
  const use = JSON.stringify(relative(folder, join(here, "harness/tiny-node.mjs")));
  const stage = (k, ...reads) => {
    const inputs = reads.map((j, i) => `${"ab"[i]}: s${j}`).join(", ");
    return `  s${k}: { node: tiny, inputs: { ${inputs} }, with: { value: ${k} } }`;
  };
  const axes = ["size", "width", "seed"];
  const own = axes.map((axis) => `${axis}: "\${${axis}s}"`).join(", ");
  const place = axes.map((axis) => `"\${${axis}}"`).join(", ");
  const lines = [
    "blockspin: 1",
    "name: scan",
    `use: [${use}]`,
    `params: { sizes: { range: [1, 10] }, widths: { range: [1, 10] }, seeds: { range: [1, ${seeds}] } }`,
    "stages:",
    `  s0: { node: tiny, for: { ${own} }, with: { value: 0, place: [${place}] } }`,
    ...[stage(1, 0), stage(2, 1, 0), stage(3, 2, 1), stage(4, 3, 2)],
    "  all: { node: tiny, inputs: { a: { from: s4, collect: all } }, with: { value: 5 } }",
  ];
  const file = join(folder, "scan.yaml");
  writeFileSync(file, `${lines.join("\n")}\n`);
  writeFileSync(join(folder, "blockspin.config.yaml"), "trust: anyone\n");
  return file;
}

async function measure(instances) {
  const folder = mkdtempSync(join(tmpdir(), "blockspin-scale-"));
  const file = writeScan(folder, instances);
  const server = await serve(join(folder, "cache"));
  print(["", "cpu s", "peak MiB", ""]);
  try {
    for (const [step, { what, most = Number.POSITIVE_INFINITY }] of Object.entries(steps)) {
      if (instances > most) continue;
      server.count = 0;
      server.full = step === "remote-full";
      const { cpu, peak, note, broke } = await perform(step, folder, file, server.address);
      const said = step.startsWith("remote") ? `${server.count} requests` : note;
      if (broke) print([what, "", "", broke]);
      else print([what, digits(cpu), digits(peak), said]);
    }
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function print([what, ...cells]) {
  const [cpu, peak, note] = cells;
  process.stdout.write(`${what.padEnd(42)}${cpu.padStart(8)}${peak.padStart(10)}  ${note ?? ""}\n`);
}

/** A process of its own, which writes what it took to a file when it ends. */
async function perform(step, folder, file, remote) {
  const out = join(folder, "step.json");
  rmSync(out, { force: true });
  const options = ["--expose-gc", join(here, "scale-step.mjs"), step, file, out, remote];
  const child = spawn(process.execPath, options, { stdio: ["ignore", "ignore", "pipe"] });
  let error = "";
  child.stderr.on("data", (chunk) => {
    error = `${error}${chunk}`.slice(-5000);
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  const line = /.*(?:heap out of memory|Error:).*/.exec(error)?.[0];
  if (code !== 0) return { broke: line ?? `exit code ${code}` };
  return JSON.parse(readFileSync(out, "utf8"));
}

/** Counts requests; a full one has the records of a store. */
async function serve(cache) {
  const state = { count: 0, full: false, address: "", close: () => server.close() };
  const server = createServer((request, response) => {
    state.count++;
    const [, kind, hex] = /\/(ac|cas)\/([0-9a-f]{64})$/.exec(request.url) ?? [];
    const path = join(cache, "v1/records", String(hex).slice(0, 2), `${String(hex).slice(2)}.json`);
    let bytes;
    try {
      bytes = state.full && kind === "ac" ? readFileSync(path) : undefined;
    } catch {
      // It is not there.
    }
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  state.address = `http://127.0.0.1:${server.address().port}`;
  return state;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const instances = Number(process.argv[2] ?? 10_000);
  if (!(instances >= 500)) {
    process.stderr.write("usage: node bench/scale.mjs INSTANCES, 500 or more\n");
    process.exitCode = 2;
  } else await measure(instances);
}
