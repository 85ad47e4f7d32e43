/** A pipeline of chores, and the two places that have clusters: what the tests of both need. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { SlurmCluster } from "../../harness/slurm.ts";
import { main, Space } from "../../harness/space.ts";

export const chores = fileURLToPath(new URL("../../fixtures/chore-node.mjs", import.meta.url));

type RunEvent = { readonly event: string; readonly [name: string]: unknown };

/** A head: `blockspin run --on …` in a process of its own. */
export class Head {
  readonly process: ChildProcess;
  readonly ended: Promise<{ code: number | null; stderr: string }>;
  #stdout = "";

  constructor(space: Space, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.process = spawn(process.execPath, [main, "run", ...args], {
      cwd: space.folder,
      env: { PATH: process.env["PATH"], HOME: space.folder, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stderr = "";
    this.process.stdout!.on("data", (text) => {
      this.#stdout += text;
    });
    this.process.stderr!.on("data", (text) => {
      stderr += text;
    });
    this.ended = new Promise((resolve) => {
      this.process.once("close", (code) => resolve({ code, stderr }));
    });
  }

  get events(): readonly RunEvent[] {
    const lines = this.#stdout.split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as RunEvent);
  }

  find(event: string, more: Readonly<Record<string, unknown>> = {}): readonly RunEvent[] {
    return this.events.filter((one) => {
      return one.event === event && Object.entries(more).every(([name, it]) => one[name] === it);
    });
  }

  /** Waits until it has said so. */
  async until(event: string, more: Readonly<Record<string, unknown>> = {}, count = 1) {
    await until(() => this.find(event, more).length >= count || this.process.exitCode !== null);
    return this.find(event, more)[count - 1]!;
  }
}

export async function until(holds: () => boolean, seconds = 200): Promise<void> {
  for (const end = Date.now() + 1000 * seconds; !holds(); await sleep(50)) {
    if (Date.now() > end) throw new Error(`not in ${seconds} s: ${holds}`);
  }
}

/** What a stage of chores has beside `i` and `diary`; the values of `i`; more of the stage. */
export interface Chores {
  readonly with?: string;
  readonly count?: number;
  readonly stage?: string;
  /** More stages. */
  readonly more?: string;
}

/** A folder with a pipeline, and a cluster that computes it. */
export class Site implements Disposable {
  readonly space = new Space();
  readonly scheduler: string;
  readonly #env: Readonly<Record<string, string>>;

  /** @param cluster - more lines of `cluster:` in the configuration */
  constructor(scheduler: string, slurm: SlurmCluster | undefined, cluster = "") {
    this.scheduler = scheduler;
    this.#env = slurm?.env ?? {};
    this.space.write("blockspin.config.yaml", `cluster:\n  poll: 0.4\n${cluster}`);
  }

  chores({ with: beside = "", count = 1, stage = "", more = "" }: Chores): void {
    const values = Array.from({ length: count }, (_, i) => i + 1).join(", ");
    const params = `i: "\${i}", diary: ${JSON.stringify(this.space.path("diary"))}`;
    this.space.write(
      "p.yaml",
      `blockspin: 1
name: test
use: [${JSON.stringify(chores)}]
stages:
  a:
    node: chore
    for: { i: [${values}] }
    with: { ${params}${beside === "" ? "" : `, ${beside}`} }
${stage}
${more}`,
    );
  }

  /** For `chores`: they do not end before `open` was called, however busy the machine is. */
  get gate(): string {
    return `gate: ${JSON.stringify(this.space.path("gate"))}`;
  }

  open(): void {
    this.space.write("gate", "");
  }

  start(args: readonly string[] = []): Head {
    return new Head(this.space, ["p.yaml", "--json", "--on", this.scheduler, ...args], this.#env);
  }

  /** How often each chore was begun, by `i`. */
  get diary(): Readonly<Record<string, number>> {
    const path = this.space.path("diary");
    const lines = existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
    const counts: Record<string, number> = {};
    for (const line of lines) counts[line] = (counts[line] ?? 0) + 1;
    return counts;
  }

  /** Whether the artifacts are, byte for byte, those of a run without a cluster. */
  async equalsLocal(): Promise<boolean> {
    const { code, stderr } = await this.space.cli(["run", "p.yaml", "--cache", "local"]);
    if (code !== 0) throw new Error(stderr);
    return objects(this.space.path("local")) === objects(this.space.path("cache"));
  }

  get batches(): string {
    return this.space.path("cache/v1/batches");
  }

  /** Folders of the batches that there are now. */
  get folders(): readonly string[] {
    if (!existsSync(this.batches)) return [];
    return readdirSync(this.batches).flatMap((run) =>
      readdirSync(join(this.batches, run))
        .filter((name) => name !== "stop")
        .map((name) => join(this.batches, run, name)),
    );
  }

  [Symbol.dispose](): void {
    this.space[Symbol.dispose]();
  }
}

function objects(store: string): string {
  const names = readdirSync(join(store, "v1/objects"), { recursive: true });
  return names.map(String).sort().join("\n");
}

/** The processes of a runner that runs the batches of a site, and of its tasks. */
export function processesOf(site: Site): { runner: number; tasks: number[] }[] {
  return site.folders.flatMap((folder) => {
    const path = join(folder, "processes.json");
    if (!existsSync(path)) return [];
    const { runner, tasks } = JSON.parse(readFileSync(path, "utf8")) as {
      runner: { pid: number };
      tasks: { state: string; process?: { pid: number } }[];
    };
    const running = tasks.flatMap(({ state, process: it }) => {
      return state === "running" && it ? [it.pid] : [];
    });
    return [{ runner: runner.pid, tasks: running }];
  });
}
