/**
 * Folders for what a process of its own writes on the way. They lie outside of the project, so that
 * a program finds nothing there that the key does not name. Whoever made one removes it, also when
 * the process was killed; what this process leaves when it is killed itself, a later one removes.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../../store/digest.ts";
import { isRunning, thisProcess } from "../../../store/process-identity.ts";

const dayMs = 24 * 3600 * 1000;

/** Tells processes that see each other's ids from those that share the folder alone. */
const machine = () => sha256(thisProcess().machine).slice(-12);

let swept = false;

export function makeScratch(): string {
  if (!swept) sweepScratch(tmpdir());
  swept = true;
  return mkdtempSync(join(tmpdir(), `blockspin-${machine()}-${process.pid}-`));
}

export function removeScratch(folder: string): void {
  try {
    // A killed program may be writing its last.
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // Then a later process tries again.
  }
}

/** Removes what dead processes left; that of other machines when it is a day old. */
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
