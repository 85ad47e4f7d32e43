/** Identifies a process, and finds out whether it still runs. Knows no store. */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

export interface ProcessIdentity {
  readonly host: string;
  /** Equal for processes that can see each other's ids: the boot and the namespace of ids. */
  readonly machine: string;
  readonly pid: number;
  /** Start time, in the machine's ticks, since ids are used again; null where it is not known. */
  readonly start: string | null;
}

let own: ProcessIdentity | undefined;

export function thisProcess(): ProcessIdentity {
  own ??= {
    host: hostname(),
    machine: `${hostname()}/${bootId()}`,
    pid: process.pid,
    start: startOf(process.pid)?.start ?? null,
  };
  return own;
}

/** Whether a process of this machine still runs. */
export function isAlive({ pid, start }: Pick<ProcessIdentity, "pid" | "start">): boolean {
  if (!isRunning(pid)) return false;
  const now = startOf(pid);
  if (!now) return true;
  return !now.ended && (start === null || now.start === start);
}

/** Whether there is a process with this id. */
export function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** From /proc on Linux; containers share a boot but not their process ids. */
function bootId(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return "";
  }
}

/** Fields 3 (state) and 22 (start time) of /proc/<pid>/stat; the name in field 2 may hold spaces. */
export function startOf(pid: number): { start: string; ended: boolean } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { start: fields[19]!, ended: fields[0] === "Z" || fields[0] === "X" };
  } catch {
    return undefined;
  }
}
