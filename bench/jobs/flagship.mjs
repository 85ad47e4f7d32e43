/** The experiment, one seed: from nothing, and after an edit. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Missing } from "../harness/measure.mjs";
import { projectOf } from "../harness/project.mjs";
import { python, timed } from "../harness/sides.mjs";

const script = fileURLToPath(new URL("../peers/flagship.py", import.meta.url));

/** What a quick run takes of the lattices and epochs. */
const few = ["train_samples=40", "test_samples=40", "epochs=1"].flatMap((one) => ["--set", one]);

export const job = {
  title: "The experiment, one seed",
  method:
    "`blockspin run` of bench/pipelines/flagship.yaml from an empty store, which keeps every table; the script " +
    "does the same work with one thread and keeps none. Whole processes.",

  cases({ folder, quick }) {
    const made = projectOf(join(folder, "flagship"), "flagship");
    const options = quick ? few : [];
    const peer = { script: () => scriptSide(folder, quick ? "0.01" : "1") };
    const cold = (jobs) => () =>
      made.side(1, ["run", "--jobs", String(jobs), ...options], made.empty);
    const text = "products of matrices are most of it, in 4 lanes; see the job of training steps";
    const row = { limit: { text }, seconds: 160, isWarm: true };
    return [
      {
        name: "cold, one job",
        ...row,
        show: { of: "cpu", unit: "CPU s", scale: 1 },
        goals: [{ peer: "script", of: "cpu", atMost: 0.66 }],
        ...{ ours: cold(1), peers: peer },
      },
      {
        name: "cold, two jobs",
        ...row,
        show: { of: "wall", unit: "s", scale: 1 },
        goals: [{ peer: "script", of: "wall", atMost: 0.4 }],
        ...{ ours: cold(2), peers: peer },
      },
      {
        name: "an edit: critic_rate, one job",
        show: { of: "wall", unit: "of its actions", scale: 1 },
        goals: [{ atMost: 1.15 }],
        limit: { value: 1, text: "the actions alone" },
        ...{ seconds: 40, isWarm: true },
        ours: () => edit(made, options),
      },
    ];
  },
};

/** The script's loops are compiled before they are timed, as on a second day. */
async function scriptSide(folder, scale) {
  const env = { NUMBA_CACHE_DIR: folder, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  const output = join(folder, "script.json");
  const { missing, version } = JSON.parse(run("0.01"));
  if (missing) throw new Missing(missing);
  return { version, once: async () => ({ units: 1, ...take(scale) }) };

  function take(scale) {
    return timed([python, script, "6", scale], { env, output });
  }
  function run(scale) {
    take(scale);
    return readFileSync(output, "utf8");
  }
}

/** The run before has left its tables. A unit is a second of the actions that run. */
function edit(made, options) {
  let rate = 3;
  return {
    version: "",
    async once() {
      rate += 0.01;
      const change = ["--set", `critic_rate=${rate.toFixed(2)}e-3`];
      const taken = made.call("run", "--jobs", "1", "--json", ...options, ...change);
      return { ...taken, units: secondsOfActions(made.printed()) };
    },
  };
}

function secondsOfActions(printed) {
  const events = printed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const ran = events.filter(({ event, state }) => event === "instance" && state === "ran");
  return ran.reduce((sum, { seconds }) => sum + seconds, 0);
}
