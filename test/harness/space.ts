/** A folder of its own for a test, and the real command line run in it. */
import { spawn } from "node:child_process";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** A node type whose output hashes everything that it can see. */
export const probe = fileURLToPath(new URL("../fixtures/probe-node.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Options of node itself. */
  readonly node?: readonly string[];
  /** Its reader goes away after the first piece, or the disk that it is written to is full. */
  readonly stdout?: "closed" | "full";
  /** Its reader is gone from the beginning. */
  readonly stderr?: "closed";
  /** Called with the process, to send it signals. */
  onStart?(pid: number): void;
  /** Called with everything printed so far, whenever something is. */
  onOutput?(stdout: string, pid: number): void;
}

export class Space implements Disposable {
  readonly folder: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "blockspin-test-"));
    // Ends the search for a project root here.
    this.write("package.json", '{ "type": "module" }');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string | Uint8Array): string {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
    return this.path(name);
  }

  /** Runs `blockspin …` in the folder. */
  cli(args: readonly string[], options: CliOptions = {}): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const full = options.stdout === "full" ? openSync("/dev/full", "w") : undefined;
      const child = spawn(process.execPath, [...(options.node ?? []), main, ...args], {
        cwd: this.folder,
        env: { PATH: process.env["PATH"], HOME: this.folder, NO_COLOR: "1", ...options.env },
        stdio: ["ignore", full ?? "pipe", "pipe"],
      });
      if (full !== undefined) closeSync(full);
      if (options.stderr === "closed") child.stderr!.destroy();
      let stdout = "";
      let stderr = "";
      child.stdout?.on("data", (data) => {
        if (options.stdout === "closed") child.stdout!.destroy();
        stdout += data;
        options.onOutput?.(stdout, child.pid!);
      });
      child.stderr!.on("data", (data) => {
        stderr += data;
      });
      child.once("error", reject);
      child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
      options.onStart?.(child.pid!);
    });
  }

  /** `run --json`: the events, and the last one. */
  async run(file: string, args: readonly string[] = [], options: CliOptions = {}) {
    const ended = await this.cli(["run", file, "--json", ...args], options);
    const events = ended.stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as { event: string; [name: string]: unknown });
    const finished = events.findLast(({ event }) => event === "finished");
    /** Ids of the instances that ended in a state, sorted. */
    const inState = (state: string) =>
      events
        .filter((event) => event.event === "instance" && event["state"] === state)
        .map((event) => String(event["id"]))
        .sort();
    return { ...ended, events, finished, inState };
  }

  /** Lets nobody but its owner read a file. */
  protect(name: string): void {
    chmodSync(this.path(name), 0o600);
  }

  /** Removes a file that may be write-protected, as objects are. */
  removePath(path: string): void {
    rmSync(path, { force: true });
  }

  remove(name: string): void {
    rmSync(this.path(name), { recursive: true, force: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
