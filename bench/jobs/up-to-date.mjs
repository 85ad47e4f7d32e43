/** Whole processes that find nothing to do. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fillStore } from "../harness/fill-store.mjs";
import { ninjaFile, projectOf, snakemakeFile, tinyProject } from "../harness/project.mjs";
import { timed, versionOf } from "../harness/sides.mjs";

const seconds = { of: "wall", unit: "s", scale: 1 };

export const job = {
  title: "Nothing to do",
  method:
    "Whole processes. The graph is chains of five instances; ninja and Snakemake have the same one. The " +
    "journals are those of earlier runs that found nothing to do.",

  async cases({ folder, machine, quick }) {
    const sizes = quick ? [100] : [1000, 10_000, 100_000];
    const goals = { 1000: [{ atMost: 0.25 }], 10000: [{ atMost: 0.5 }] };
    goals[100_000] = [{ atMost: 1.5 }, { peak: 400 }];
    const limit = { value: machine.start, text: "an empty Node program" };
    const rows = [];
    for (const size of sizes) {
      const made = tinyProject(join(folder, String(size)), size);
      await fillStore(made.file, made.cache);
      rows.push({
        name: `run, ${size} instances`,
        ...{ show: seconds, goals: goals[size], limit, seconds: size > 10_000 ? 30 : 10 },
        ours: () => made.side(1, ["run"]),
        peers: {
          ninja: () => ninja(join(folder, `ninja-${size}`), size),
          ...(size <= 1000 && {
            Snakemake: () => snakemake(join(folder, `snakemake-${size}`), size),
          }),
        },
      });
    }
    return [...rows, ...planRows(folder, quick, limit), ...flagshipRows(folder, quick, limit)];
  },
};

/** `plan` after many runs, over a run that finds nothing to do. */
function planRows(folder, quick, limit) {
  const [size, journals] = quick ? [100, 2] : [1000, 14];
  const made = tinyProject(join(folder, "plan"), size);
  return [
    {
      name: `plan, ${size} instances, ${journals} journals`,
      ...{ show: seconds, goals: [{ peer: "our run", of: "wall", atMost: 1.2 }], limit },
      async ours() {
        await fillStore(made.file, made.cache);
        for (let i = 0; i < journals; i++) made.call("run");
        return made.side(1, ["plan"]);
      },
      peers: { "our run": () => made.side(1, ["run"]) },
    },
  ];
}

/** What makes the shipped experiment small: four seeds of the same graph, with little work in each. */
const few = [
  ["seeds", "[1, 2, 3, 4]"],
  ["size", "8"],
  ["betas", "[0.30, 0.44, 0.60]"],
  ["train_samples", "100"],
  ["test_samples", "200"],
  ["epochs", "12"],
  ["long_training", "[12, 24]"],
  ["batch", "20"],
].flatMap(([name, value]) => ["--set", `${name}=${value}`]);

function flagshipRows(folder, quick, limit) {
  if (quick) return [];
  const made = projectOf(join(folder, "flagship"), "../../pipelines/rg-vs-autoencoder");
  const row = { show: seconds, goals: [{ atMost: 0.3 }], limit, seconds: 10 };
  return [
    { name: "check, the flagship", ...row, ours: () => made.side(1, ["check", ...few]) },
    {
      name: "run, the flagship",
      ...row,
      ours() {
        made.call("run", ...few);
        return made.side(1, ["run", ...few]);
      },
    },
  ];
}

/** Files are made in order and the rule counts as a generator, so ninja asks no log for commands. */
function ninja(folder, size) {
  const version = versionOf("ninja");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "build.ninja"), ninjaFile(size, ": > $out\n  generator = 1"));
  for (let k = 0; k < 5; k++) {
    for (let i = 1; i <= size / 5; i++) writeFileSync(join(folder, `s${k}-${i}`), "");
  }
  return { version, once: async () => ({ units: 1, ...timed(["ninja", "-C", folder]) }) };
}

function snakemake(folder, size) {
  const version = versionOf("snakemake");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Snakefile"), snakemakeFile(size));
  const command = ["snakemake", "--cores", "2", "--quiet"];
  timed([...command, "--touch", "--force"].slice(0, 4), { cwd: folder });
  return { version, once: async () => ({ units: 1, ...timed(command, { cwd: folder }) }) };
}
