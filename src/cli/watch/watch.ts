/**
 * `blockspin watch`: runs a pipeline, and again after each edit of what it reads. Each run is a process,
 * so that a user's code is loaded anew. A run that is replaced brings to its end what is still wanted,
 * and stops the rest; a broken edit replaces nothing.
 */
import { fork } from "node:child_process";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { plural } from "../../text/plural.ts";
import { type Given, withRunOptions } from "../options.ts";
import { err } from "../print/terminal.ts";
import { WatchedFiles } from "./files.ts";
import type { FromRun, ToRun } from "./messages.ts";

export function define(command: Command, { args }: Given) {
  withRunOptions(command);
  return (file: string) => watchPipeline(file, args);
}

/** 130 if a run was interrupted, 0 if Ctrl-C came while nothing ran. */
async function watchPipeline(file: string, args: readonly string[]): Promise<number> {
  const session = new Session(args);
  const files = new WatchedFiles((paths) => session.changed(paths));
  session.onRead = (path) => files.add(path);
  session.onIdle = () => err.print(`watching ${plural(files.size, "file")}; Ctrl-C ends`);
  files.add(resolve(file));
  try {
    return await session.run();
  } finally {
    files.close();
  }
}

/** A run has as long to fall silent. */
const hushMs = 1000;

class Session {
  readonly #args: readonly string[];
  /** The run that has the screen, and the sound one before it, which goes on until that is sound. */
  #current: Run | undefined;
  #before: Run | undefined;
  readonly #all = new Set<Run>();
  #changing: Promise<void> = Promise.resolve();
  #ends: (code: number) => void = () => {};
  #stopping = false;
  onRead: (path: string) => void = () => {};
  onIdle: () => void = () => {};

  constructor(args: readonly string[]) {
    this.#args = args;
  }

  async run(): Promise<number> {
    const ended = new Promise<number>((resolve) => {
      this.#ends = resolve;
    });
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    const stop = () => this.#stop();
    for (const signal of signals) process.on(signal, stop);
    this.#start();
    const code = await ended;
    for (const signal of signals) process.off(signal, stop);
    return code;
  }

  changed(paths: readonly string[]): void {
    // One after the other, however fast they come.
    this.#changing = this.#changing.then(() => this.#restart(paths));
  }

  async #restart(paths: readonly string[]): Promise<void> {
    if (this.#stopping) return;
    const current = this.#current;
    if (current && !current.sound) {
      // It is still reading what has changed now.
      current.kill();
      await current.ended;
    } else if (current) {
      await current.hush();
      if (!current.over) this.#before = current;
    }
    if (this.#stopping) return;
    const names = paths.map((path) => relative(process.cwd(), path)).sort();
    err.print("", `${names.slice(0, 4).join(", ")}${names.length > 4 ? ", …" : ""} changed`);
    this.#start();
  }

  #start(): void {
    const run = new Run(this.#args, {
      read: (path) => this.onRead(path),
      wanted: (keys) => {
        this.#before?.send({ kind: "replaced", keys });
        this.#before = undefined;
      },
    });
    this.#all.add(run);
    this.#current = run;
    void run.ended.then(() => this.#ended(run));
  }

  #ended(run: Run): void {
    this.#all.delete(run);
    const before = this.#before === run ? undefined : this.#before;
    this.#before = before;
    if (this.#stopping) {
      if (this.#all.size === 0) this.#ends(130);
      return;
    }
    if (this.#current !== run) return;
    this.#current = undefined;
    if (before && !run.stopped) {
      err.print("the edit is broken; the run before it goes on");
      this.#before = undefined;
      this.#current = before;
      before.send({ kind: "hush", quiet: false });
    } else if (!run.stopped) this.onIdle();
  }

  #stop(): void {
    if (this.#stopping) {
      for (const run of this.#all) run.kill();
      process.exit(130);
    }
    if (this.#all.size === 0) this.#ends(0);
    this.#stopping = true;
    for (const run of this.#all) run.stop();
  }
}

interface Hears {
  read(path: string): void;
  wanted(keys: readonly string[]): void;
}

/** A run in a process of its own, which shares this one's screen. */
class Run {
  readonly #child: ReturnType<typeof fork>;
  readonly ended: Promise<void>;
  /** Whether the pipeline is valid. */
  sound = false;
  /** Whether it was told to stop. */
  stopped = false;
  over = false;
  #hushed: () => void = () => {};

  constructor(args: readonly string[], hears: Hears) {
    const program = fileURLToPath(new URL("./child.js", import.meta.url));
    this.#child = fork(program, ["run", ...args], { stdio: "inherit" });
    this.ended = new Promise((resolve) => {
      this.#child.once("close", () => {
        this.over = true;
        this.#hushed();
        resolve();
      });
    });
    this.#child.on("message", (message: FromRun) => {
      if (message.kind === "read") hears.read(message.path);
      else if (message.kind === "hushed") this.#hushed();
      else {
        this.sound = true;
        hears.wanted(message.keys);
      }
    });
  }

  send(message: ToRun): void {
    // It may be about to end.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** Resolves when it prints no more. */
  async hush(): Promise<void> {
    const silent = new Promise<void>((resolve) => {
      this.#hushed = resolve;
      setTimeout(resolve, hushMs).unref();
    });
    this.send({ kind: "hush", quiet: true });
    if (!this.over) await silent;
  }

  stop(): void {
    this.stopped = true;
    this.send({ kind: "stop" });
  }

  kill(): void {
    this.stopped = true;
    this.#child.kill("SIGKILL");
  }
}
