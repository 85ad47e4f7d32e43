/** A real Slurm on this machine, with two nodes and some more that tests may kill. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("./slurm-cluster.sh", import.meta.url));

const path = `${process.env["PATH"]}:/usr/sbin`;
const missing = ["munged", "slurmctld", "slurmd", "sbatch"].filter(
  (name) => spawnSync("which", [name], { env: { PATH: path } }).status !== 0,
);

/** Why the tests with Slurm cannot run here; undefined if they can. */
export const slurmMissing =
  missing.length === 0
    ? undefined
    : `${missing.join(", ")} not installed (Debian: apt-get install slurmctld slurmd slurm-client munge)`;

if (slurmMissing) console.warn(`skipping the tests against a real Slurm: ${slurmMissing}`);

export class SlurmCluster implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "blockspin-slurm-"));

  constructor() {
    this.control("start");
  }

  /** What programs that use the cluster need. */
  get env(): Record<string, string> {
    return { SLURM_CONF: join(this.#folder, "slurm.conf") };
  }

  control(verb: string, ...more: readonly string[]): void {
    // Daemons keep the streams that they get, so nothing waits for their end.
    const { status } = spawnSync("bash", [script, verb, this.#folder, ...more], {
      env: { ...process.env, PATH: path },
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (status !== 0) throw new Error(`slurm-cluster.sh ${verb}: exit code ${status}`);
  }

  /** Calls `squeue`, `scancel` and the like. */
  call(program: string, ...args: readonly string[]): string {
    const env = { PATH: path, ...this.env };
    return spawnSync(program, args, { env, encoding: "utf8" }).stdout.trim();
  }

  [Symbol.dispose](): void {
    this.control("stop");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
