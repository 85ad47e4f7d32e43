/**
 * What a configuration says of a cluster: which scheduler, what to ask it for, and how much work a job gets.
 * Enters no key. Throws `Misconfigured`.
 */
import { suggest } from "../language/problems.ts";
import { Misconfigured } from "./config-file.ts";

/** Options of the scheduler's own, by name: `partition: short`. `true` is an option without a value. */
export type SchedulerOptions = Readonly<Record<string, string | number | boolean>>;

export interface ClusterSettings {
  /** What `--on cluster` means. */
  readonly scheduler?: string;
  readonly options: SchedulerOptions;
  /** More options, by stage and by node type; a stage's win. */
  readonly stages: Readonly<Record<string, SchedulerOptions>>;
  readonly types: Readonly<Record<string, SchedulerOptions>>;
  /** Lines of shell before a job begins. */
  readonly setup: readonly string[];
  /** How a node calls blockspin, as a line of shell; by default as this process was called. */
  readonly command?: string;
  /** Expected seconds of work in a job. */
  readonly batch: number;
  /** Actions at a time in a job. */
  readonly slots: number;
  /** Jobs at a time in the queue. */
  readonly max_jobs: number;
  /** MiB that a job asks for beyond `resources.memory`. */
  readonly memory_overhead: number;
  /** Seconds from one question to the scheduler to the next. */
  readonly poll?: number;
}

export const defaultCluster: ClusterSettings = {
  ...{ options: {}, stages: {}, types: {}, setup: [] },
  ...{ batch: 600, slots: 1, max_jobs: 1000, memory_overhead: 512 },
};

const keys = [
  ...["scheduler", "options", "stages", "types", "setup", "command", "batch", "slots", "max_jobs"],
  ...["memory_overhead", "poll"],
];

/** What blockspin says itself, and what would break the way in which it finds its jobs again. */
const reserved = new Set([
  ...["array", "job-name", "comment", "output", "error", "chdir", "requeue", "no-requeue"],
  ...["signal", "wrap", "parsable", "open-mode", "ntasks", "wait", "dependency"],
]);

const numbers = {
  batch: { least: 1, whole: false, what: "seconds of work, at least 1" },
  slots: { least: 1, whole: true, what: "an integer >= 1" },
  max_jobs: { least: 1, whole: true, what: "an integer >= 1" },
  memory_overhead: { least: 0, whole: true, what: "MiB, an integer >= 0" },
  poll: { least: 0.05, whole: false, what: "seconds, at least 0.05" },
} as const;

export function readCluster(value: unknown): ClusterSettings {
  const given = mapping(
    value,
    ["cluster"],
    "cluster: { scheduler: slurm, options: { partition: … } }",
  );
  for (const name of Object.keys(given)) {
    if (keys.includes(name)) continue;
    const hint = suggest(name, keys) ?? `keys: ${keys.join(", ")}`;
    throw new Misconfigured(
      ["cluster", name],
      `"cluster": unknown key ${JSON.stringify(name)}`,
      hint,
      "key",
    );
  }
  const { scheduler, options, stages, types, setup, command } = given;
  const text = (name: string, it: unknown) => {
    if (it === undefined || typeof it === "string") return it;
    throw new Misconfigured(["cluster", name], `"cluster": "${name}" must be text`);
  };
  const read = {
    ...{ scheduler: text("scheduler", scheduler), command: text("command", command) },
    options: options === undefined ? undefined : readOptions(options, ["cluster", "options"]),
    stages: stages === undefined ? undefined : readEach(stages, ["cluster", "stages"]),
    types: types === undefined ? undefined : readEach(types, ["cluster", "types"]),
    setup: setup === undefined ? undefined : readSetup(setup),
    ...Object.fromEntries(
      Object.entries(numbers).map(([name, rule]) => [name, readNumber(name, given[name], rule)]),
    ),
  };
  const said = Object.entries(read).filter(([, it]) => it !== undefined);
  return { ...defaultCluster, ...Object.fromEntries(said) };
}

function readNumber(
  name: string,
  value: unknown,
  { least, whole, what }: (typeof numbers)[keyof typeof numbers],
): number | undefined {
  if (value === undefined) return undefined;
  const fits = typeof value === "number" && value >= least && (!whole || Number.isInteger(value));
  if (fits) return value;
  throw new Misconfigured(["cluster", name], `"cluster": "${name}" must be ${what}`);
}

/** One line, or several. */
function readSetup(value: unknown): readonly string[] {
  if (typeof value === "string") return value.split("\n");
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return value;
  const hint = "setup: [module load nodejs]";
  throw new Misconfigured(["cluster", "setup"], '"cluster": "setup" must be lines of shell', hint);
}

function readEach(value: unknown, steps: readonly string[]): ClusterSettings["stages"] {
  const hint = `${steps.at(-1)}: { train: { partition: gpu } }`;
  const all = Object.entries(mapping(value, steps, hint));
  return Object.fromEntries(all.map(([name, it]) => [name, readOptions(it, [...steps, name])]));
}

function readOptions(value: unknown, steps: readonly string[]): SchedulerOptions {
  const options = mapping(value, steps, "options: { partition: short, account: physics }");
  for (const [name, it] of Object.entries(options)) {
    const at = [...steps, name];
    if (!/^[a-z][a-z0-9-]*$/.test(name)) {
      const hint = "write partition: short for --partition=short";
      throw new Misconfigured(
        at,
        `${JSON.stringify(name)} is not the long name of an option`,
        hint,
        "key",
      );
    }
    if (reserved.has(name)) {
      throw new Misconfigured(at, `"${name}" is set by blockspin itself`, undefined, "key");
    }
    if (["string", "number", "boolean"].includes(typeof it)) continue;
    throw new Misconfigured(at, `option "${name}" must be text, a number, true or false`);
  }
  return options as SchedulerOptions;
}

function mapping(value: unknown, steps: readonly string[], hint: string) {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new Misconfigured(steps, `"${steps.slice(-1)[0]}" must be a mapping`, hint);
}
