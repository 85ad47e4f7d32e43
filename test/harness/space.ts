/**
 * A temporary folder for a test, and the real command line in it: within this process if that makes no
 * difference, else in a new process.
 */
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
import { callHere } from "./in-process.ts";

export const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** A node type whose output is a hash of everything that it can see. */
export const probe = fileURLToPath(new URL("../fixtures/probe-node.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as a terminal shows them. */
  readonly terminal: string;
}

export interface CliOptions {
  /** Where it is called: a folder in the space. */
  readonly folder?: string;
  /**
   * Starts a process: for several commands at once, and for commands that must not share what a process
   * remembers. Every other option but `env` starts one anyway.
   */
  readonly process?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node itself. */
  readonly node?: readonly string[];
  /** `closed`: the reader leaves after the first piece. `full`: the disk is full. */
  readonly stdout?: "closed" | "full";
  /** The reader is gone from the beginning. */
  readonly stderr?: "closed";
  /** Called with the process, to send it signals. */
  onStart?(pid: number): void;
  /** Called with everything printed so far, whenever something is printed. */
  onOutput?(stdout: string, pid: number): void;
}

export class Space implements Disposable {
  readonly folder: string;
  /** Modules that were written; once one changes, only a new process sees the change. */
  readonly #code = new Map<string, string>();
  #changed = false;

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
    if (/\.[cm]?[jt]s$/.test(name)) {
      const known = this.#code.get(name);
      this.#changed ||= known !== undefined && known !== String(text);
      this.#code.set(name, String(text));
    }
    writeFileSync(this.path(name), text);
    return this.path(name);
  }

  /** Runs `blockspin …` in the folder, or in one inside. */
  async cli(args: readonly string[], options: CliOptions = {}): Promise<Ended> {
    const { env, folder = ".", ...rest } = options;
    const environment = { PATH: process.env["PATH"], HOME: this.folder, NO_COLOR: "1", ...env };
    if (this.#changed || Object.values(rest).some(Boolean)) {
      return await this.#spawn(args, environment, options);
    }
    const become = () => this.become();
    return { signal: null, ...(await callHere(args, this.path(folder), environment, become)) };
  }

  /** Makes this process the owner's for one command, and returns what ends that. */
  protected become(): () => void {
    return () => {};
  }

  #spawn(
    args: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
    options: CliOptions,
  ): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const full = options.stdout === "full" ? openSync("/dev/full", "w") : undefined;
      const child = spawn(process.execPath, [...(options.node ?? []), main, ...args], {
        cwd: this.path(options.folder ?? "."),
        env,
        stdio: ["ignore", full ?? "pipe", "pipe"],
      });
      if (full !== undefined) closeSync(full);
      if (options.stderr === "closed") child.stderr!.destroy();
      let stdout = "";
      let stderr = "";
      let terminal = "";
      child.stdout?.on("data", (data) => {
        if (options.stdout === "closed") child.stdout!.destroy();
        stdout += data;
        terminal += data;
        options.onOutput?.(stdout, child.pid!);
      });
      child.stderr!.on("data", (data) => {
        stderr += data;
        terminal += data;
      });
      child.once("error", reject);
      child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr, terminal }));
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
