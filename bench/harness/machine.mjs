/**
 * What this machine does at best, which the limits of the jobs are derived from. Each is the best of
 * several tries, on one core.
 *
 * @typedef {object} Machine
 * @property {string} cpu
 * @property {number} cores
 * @property {number} memory GiB
 * @property {string} node Version.
 * @property {number} cycle Seconds of a clock cycle.
 * @property {number} copy Bytes a second that memory copies.
 * @property {number} hash Bytes a second that SHA-256 digests.
 * @property {number} start Seconds that an empty Node program takes.
 * @property {number} spawn Seconds that starting a program that does nothing takes.
 * @property {number} made Seconds that a small file takes: made under another name and renamed,
 * @property {number} read and read.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";

export function describeMachine() {
  const bytes = Buffer.alloc(1 << 26, 1);
  const other = Buffer.alloc(bytes.length);
  return {
    cpu: cpus()[0].model.trim(),
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    cycle: best(() => multiplyInTurn(1e6), onCpu, 100) / (3 * 1e6),
    copy: bytes.length / best(() => bytes.copy(other), onCpu),
    hash: bytes.length / best(() => createHash("sha256").update(bytes).digest(), onCpu),
    start: best(() => spawnSync(process.execPath, ["--eval", "0"])),
    spawn: best(() => spawnSync("true")),
    ...smallFile(),
  };
}

let kept = 1;

/** Each product needs the one before, and a multiplication takes three cycles on every recent processor. */
function multiplyInTurn(count) {
  let x = kept | 1;
  for (let i = 0; i < count; i++) x = Math.imul(x, x);
  kept = x;
}

function smallFile() {
  const folder = mkdtempSync(join(tmpdir(), "blockspin-bench-"));
  const path = (i) => join(folder, String(i));
  const count = 100;
  const each = (work) => best(() => Array.from({ length: count }, (_, i) => work(i))) / count;
  try {
    const made = each((i) => {
      writeFileSync(path("new"), "x".repeat(1000));
      renameSync(path("new"), path(i));
    });
    return { made, read: each((i) => readFileSync(path(i))) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds on the clock, and of the processor, on which other programs weigh less. */
const onClock = () => performance.now() / 1000;
const onCpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

function best(work, seconds = onClock, tries = 5) {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i++) {
    const began = seconds();
    work();
    least = Math.min(least, seconds() - began);
  }
  return least;
}
