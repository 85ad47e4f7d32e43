/**
 * Runs one job in a process of its own and writes what it found as JSON: `job.mjs NAME OUT [--quick]`.
 * Knows what a job declares, and nothing of what any of them does.
 *
 * @typedef {object} Job A file in `jobs/` exports one as `job`.
 * @property {string} title
 * @property {string} method How it is measured, in a sentence or two; says what is not counted.
 * @property {(place: Place) => Case[] | Promise<Case[]>} cases
 *
 * @typedef {object} Place
 * @property {string} folder An empty one, removed afterwards.
 * @property {boolean} quick Do as little as shows that it works.
 * @property {import("./machine.mjs").Machine} machine
 *
 * @typedef {object} Case A row of the table.
 * @property {string} name
 * @property {Show} show The figure of the row.
 * @property {() => Side | Promise<Side>} ours
 * @property {Record<string, () => Side | Promise<Side>>} [peers]
 * @property {Goal[]} [goals]
 * @property {{ value?: number, text: string }} limit What bounds the figure, in its unit; of a time the
 *   least, of a rate the most. Without a value the text says why there is none.
 * @property {number} [agree] How far the sides' checks may differ, relative.
 * @property {number} [seconds] For all repetitions of all sides (10).
 * @property {boolean} [isWarm] The first run counts: see `inTurn`.
 *
 * @typedef {object} Show
 * @property {"cpu" | "wall"} of
 * @property {string} unit
 * @property {number} [scale] The figure is the seconds a unit of work times this,
 * @property {number} [rate] or this over the seconds a unit of work.
 *
 * @typedef {object} Goal One of the figure, of memory, or of the time over a peer's.
 * @property {number} [atMost]
 * @property {number} [atLeast]
 * @property {number} [peak] MiB at most.
 * @property {string} [peer] The goal is of our seconds over this peer's,
 * @property {"cpu" | "wall"} [of] of this kind.
 *
 * @typedef {import("./measure.mjs").Side} Side
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTurn, Missing, spread } from "./measure.mjs";

/** All cases of a job, handed to `keep` after each; one that fails leaves its message, and the others go on. */
export async function perform({ title, method, cases }, place, keep) {
  const rows = [];
  for (const one of await cases(place)) {
    const { name, show, goals = [], limit } = one;
    const row = { name, show, goals, limit };
    rows.push(
      await measured(one, place).then(
        (found) => ({ ...row, ...found }),
        (error) => ({ ...row, failed: String(error.message).slice(0, 600) }),
      ),
    );
    keep({ title, method, rows });
  }
  return { title, method, rows };
}

async function measured({ ours, peers = {}, agree, seconds = 10, isWarm }, { quick }) {
  const [sides, missing] = [{}, {}];
  try {
    sides.ours = await ours();
    for (const [name, open] of Object.entries(peers)) {
      try {
        sides[name] = await open();
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        missing[name] = error.message;
      }
    }
    const samples = await inTurn(sides, quick ? 0 : seconds, isWarm);
    if (agree !== undefined) requireAgreement(samples, agree);
    const versions = Object.entries(sides).map(([name, { version }]) => [name, version]);
    return { sides: summaries(samples, Object.fromEntries(versions)), missing };
  } finally {
    for (const side of Object.values(sides)) side.close?.();
  }
}

/** A peer that computes something else would prove nothing. */
function requireAgreement({ ours, ...peers }, tolerance) {
  const [{ check }] = ours;
  for (const [name, [first]] of Object.entries(peers)) {
    if (Math.abs(first.check - check) <= tolerance * Math.abs(check)) continue;
    throw new Error(`Blockspin finds ${check} and ${name} ${first.check}`);
  }
}

/** Seconds a unit; of peers also ours over theirs, repetition by repetition. */
function summaries(samples, versions) {
  const each = ({ units }, seconds) => seconds / units;
  const entries = Object.entries(samples).map(([name, taken]) => {
    const found = { version: versions[name], repetitions: taken.length };
    for (const of of ["cpu", "wall"]) {
      found[of] = spread(taken.map((sample) => each(sample, sample[of])));
      const ratios = taken.map((sample, i) => {
        const our = samples.ours[i];
        return each(our, our[of]) / each(sample, sample[of]);
      });
      if (name !== "ours") found[`${of}Ratio`] = spread(ratios);
    }
    const peaks = taken.flatMap(({ peak }) => peak ?? []);
    if (peaks.length > 0) found.peak = Math.max(...peaks);
    return [name, found];
  });
  return Object.fromEntries(entries);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , name, out, ...options] = process.argv;
  const { job } = await import(new URL(`../jobs/${name}.mjs`, import.meta.url).href);
  const folder = mkdtempSync(join(tmpdir(), "blockspin-bench-"));
  try {
    const machine = JSON.parse(readFileSync(`${out}.machine`, "utf8"));
    const place = { folder, machine, quick: options.includes("--quick") };
    await perform(job, place, (done) => writeFileSync(out, JSON.stringify(done)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit();
}
