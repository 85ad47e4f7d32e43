/** Instances that do almost nothing, from nothing, with all that is kept of them. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ninjaFile, snakemakeFile, tinyProject } from "../harness/project.mjs";
import { timed, versionOf } from "../harness/sides.mjs";

export const job = {
  title: "Cold instances",
  method:
    "A run of chains of five trivial instances from an empty store, less a run that finds nothing to do, " +
    "by instance. Ninja starts `true` for each through a shell and keeps nothing but its log.",

  cases({ folder, machine, quick }) {
    const count = quick ? 50 : 1000;
    const made = tinyProject(join(folder, "tiny"), count);
    const side = (jobs) => () => ({
      version: "",
      async once() {
        made.putAside();
        const options = ["run", "--jobs", String(jobs)];
        const [cold, idle] = [made.call(...options), made.call(...options)];
        return { units: count, cpu: cold.cpu - idle.cpu, wall: cold.wall - idle.wall };
      },
    });
    const files = (n) => ({ value: n * 1000 * machine.made, text: `${n} small files are made` });
    return [
      {
        name: `${count} instances, one job`,
        show: { of: "cpu", unit: "ms", scale: 1000 },
        goals: [{ atMost: 0.5 }, { peer: "ninja", of: "wall", atMost: 1 }],
        limit: files(2),
        ...{ seconds: 30, isWarm: true },
        ours: side(1),
        peers: { ninja: () => ninja(join(folder, "ninja-1"), count, 1) },
      },
      {
        name: `${count} instances, two jobs`,
        show: { of: "wall", unit: "ms", scale: 1000 },
        goals: [
          { peer: "our one job", of: "wall", atMost: 1 / 1.6 },
          { peer: "ninja", of: "wall", atMost: 1 },
        ],
        limit: { ...files(1), text: "2 small files are made, by two cores" },
        ...{ seconds: 30, isWarm: true },
        ours: side(2),
        peers: {
          "our one job": side(1),
          ninja: () => ninja(join(folder, "ninja-2"), count, 2),
          Snakemake: () => snakemake(join(folder, "snakemake"), quick ? 5 : 100),
        },
      },
    ];
  },
};

function ninja(folder, count, jobs) {
  const version = versionOf("ninja");
  return {
    version,
    async once() {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      writeFileSync(join(folder, "build.ninja"), ninjaFile(count, "true"));
      return { units: count, ...timed(["ninja", "-C", folder, "-j", String(jobs)]) };
    },
  };
}

function snakemake(folder, count) {
  const version = versionOf("snakemake");
  return {
    version,
    async once() {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      writeFileSync(join(folder, "Snakefile"), snakemakeFile(count));
      const command = ["snakemake", "--cores", "2", "--quiet"];
      return { units: count, ...timed(command, { cwd: folder }) };
    },
  };
}
