/**
 * Runs benchmarks and prints one table of ratios against peers measured in the same run:
 * `npm run bench`, or `npm run bench -- sampler store`. Asserts no timing: machines differ.
 */
import { availableParallelism, cpus, loadavg } from "node:os";
import { digits } from "./measure.mjs";

const suites = ["sampler", "training", "store", "engine"];

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !suites.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`unknown benchmark "${unknown}"; there are ${suites.join(", ")}\n`);
  process.exit(2);
}

const before = load();
const lines = [];
for (const name of suites.filter((name) => asked.length === 0 || asked.includes(name))) {
  const started = performance.now();
  process.stderr.write(`${name} …`);
  const { title, rows } = await (await import(`./${name}.mjs`)).measure();
  process.stderr.write(` ${digits((performance.now() - started) / 1000)} s\n`);
  lines.push([], [`${name}: ${title}`]);
  for (const row of rows) lines.push(cells(row));
}
const longest = Math.max(...lines.filter(({ length }) => length > 1).map(([what]) => what.length));
const header = ["", "Blockspin", "peer", "ratio", "quartiles"];
process.stdout.write(`\n${[header, ...lines].map(lineOf).join("\n")}\n\n${footer()}\n`);

function cells({ what, show, ours, peer, ratio, low, high }) {
  const compared = peer === undefined ? ["none", ""] : [show(peer), digits(ratio)];
  return [`  ${what}`, show(ours), ...compared, low ? `${digits(low)} to ${digits(high)}` : ""];
}

function lineOf(row) {
  if (row.length < 2) return row.join("");
  const [what, ...rest] = row;
  const widths = [16, 16, 9, 20];
  return what.padEnd(longest + 2) + rest.map((cell, i) => cell.padStart(widths[i])).join("");
}

function footer() {
  const [{ model }] = cpus();
  return [
    "ratio: the peer's time over Blockspin's, above 1 where Blockspin is faster; medians of",
    "interleaved repetitions, with the quartiles of the ratio.",
    `Node ${process.version}, ${availableParallelism()} x ${model.trim()}; load average ${before} before, ${load()} after`,
  ].join("\n");
}

function load() {
  return loadavg()[0].toFixed(1);
}
