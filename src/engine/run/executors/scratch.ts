/**
 * Temporary folders for worker processes. They lie outside of the project, so that a program finds
 * nothing there that the key does not name. This process removes them, even if the worker was killed;
 * if this process is killed itself, a later one does.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../../store/digest.ts";
import { isRunning, thisProcess } from "../../../store/process-identity.ts";

const dayMs = 24 * 3600 * 1000;

/** Names a machine: only its own processes see each other's ids. */
const machine = () => sha256(thisProcess().machine).slice(-12);

let swept = false;

export function makeScratch(): string {
  if (!swept) sweepScratch(tmpdir());
  swept = true;
  return mkdtempSync(join(tmpdir(), `blockspin-${machine()}-${process.pid}-`));
}

export function removeScratch(folder: string): void {
  try {
    // A killed program may still be writing.
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // A later process tries again.
  }
}

/** Removes folders of dead processes, and those of other machines that are a day old. */
export function sweepScratch(parent: string): void {
  for (const name of readdirSync(parent)) {
    const [, where, pid] = /^blockspin-([0-9a-f]{12})-(\d+)-\w{6}$/.exec(name) ?? [];
    if (where === undefined) continue;
    const path = join(parent, name);
    const dead = where === machine() ? !isRunning(Number(pid)) : ageOf(path) > dayMs;
    if (dead) removeScratch(path);
  }
}

function ageOf(path: string): number {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}
