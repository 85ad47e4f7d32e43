/**
 * What a run still takes: what was expected of it, put right by what has happened in it. Learns from
 * events and is told the time; knows neither the store nor the screen.
 */
import type { Event } from "../events.ts";
import { type Graph, type Instance, producers } from "../graph.ts";
import type { Plan } from "../plan/plan.ts";
import type { Expectation } from "./expect.ts";
import { type Taken, takes, type Work } from "./wall.ts";
import { piecesOf } from "./work.ts";

export interface Left extends Taken {
  /** How many instances have not ended. */
  readonly open: number;
  /** How many instances of which nothing is known; they are not in the times. */
  readonly unknown: number;
  /** Whether something may take longer than anything that was measured. */
  readonly atLeast: boolean;
}

interface Doing {
  readonly index: number;
  readonly work: Omit<Work, "seconds">;
  state: "waits" | "runs" | "ended";
  /** When it began, in ms. */
  since: number;
  fraction: number;
}

/** What a stage took so far, against what was expected of the same instances. */
interface Seen {
  count: number;
  actual: number;
  expected: number;
}

/** Less of a whole says too little of the rest. */
const leastFraction = 0.02;

export class Forecast {
  readonly #instances: readonly Instance[];
  readonly #expected: Expectation;
  readonly #jobs: number;
  readonly #doing = new Map<string, Doing>();
  /** By stage. */
  readonly #seen = new Map<string, Seen>();

  constructor({ instances }: Graph, plan: Plan, expected: Expectation, jobs: number) {
    this.#instances = instances;
    this.#expected = expected;
    this.#jobs = jobs;
    const places = new Map<number, number>();
    for (const [index, planned] of plan.entries()) {
      if (!planned || planned.state === "cached") continue;
      const { id, inputs, node, params, resources } = instances[index]!;
      const after = new Set(Object.values(inputs).flatMap(producers));
      const work = {
        after: [...after].flatMap((i) => places.get(i) ?? []),
        slots: Math.max(1, Math.ceil(resources.threads ?? 1)),
        pieces: piecesOf(node.type, params),
      };
      places.set(index, places.size);
      this.#doing.set(id, { index, work, state: "waits", since: 0, fraction: 0 });
    }
  }

  /** @param now - in ms, of any clock, the same for all calls */
  on(event: Event, now: number): void {
    if (event.event !== "progress" && event.event !== "instance") return;
    const doing = this.#doing.get(event.id);
    if (!doing) return;
    if (event.event === "progress") {
      // A node type of a user may divide by zero.
      if (Number.isNaN(event.fraction)) return;
      doing.fraction = Math.min(1, Math.max(0, event.fraction));
    } else if (event.state === "started") {
      doing.state = "runs";
      doing.since = now;
    } else {
      if (event.state === "ran") this.#learn(doing, event, now);
      doing.state = "ended";
    }
  }

  /** What it takes from now on. */
  left(now: number): Left {
    let [open, unknown, atLeast] = [0, 0, false];
    const all = [...this.#doing.values()].map((doing): Work => {
      if (doing.state === "ended") return { ...doing.work, seconds: 0 };
      open++;
      const seconds = this.#secondsOf(doing, now);
      if (seconds === undefined) unknown++;
      atLeast ||= this.#expected[doing.index]?.atLeast ?? false;
      // A part of what runs may be done: its pieces no longer count.
      return { ...doing.work, seconds: seconds ?? 0 };
    });
    return { ...takes(all, this.#jobs), open, unknown, atLeast };
  }

  #secondsOf(doing: Doing, now: number): number | undefined {
    const whole = this.#wholeOf(doing);
    if (doing.state === "waits") return whole;
    const elapsed = Math.max(0, now - doing.since) / 1000;
    const { fraction } = doing;
    // The wall time of an action in pieces is not its seconds of work.
    if (fraction >= leastFraction && doing.work.pieces === 1) {
      const projected = (elapsed * (1 - fraction)) / fraction;
      // The more of it is done, the less counts what was expected; nothing of what is more than was measured.
      const unlike = whole === undefined || this.#expected[doing.index]?.atLeast;
      const before = unlike ? projected : whole * (1 - fraction);
      return fraction * projected + (1 - fraction) * before;
    }
    if (whole === undefined) return undefined;
    if (doing.work.pieces > 1) return whole * (1 - fraction);
    return Math.max(0, whole - elapsed);
  }

  /** What the whole instance takes, by earlier runs and by those of its stage that have ended in this. */
  #wholeOf({ index }: Doing): number | undefined {
    const expected = this.#expected[index]?.seconds;
    const seen = this.#seen.get(this.#instances[index]!.stage);
    if (!seen) return expected;
    if (expected === undefined) return seen.actual / seen.count;
    // One instance that went as expected is added, so that the first one alone does not decide.
    const mean = seen.expected / seen.count;
    return mean === 0 ? expected : (expected * (seen.actual + mean)) / (seen.expected + mean);
  }

  #learn(
    doing: Doing,
    { seconds, parts }: { seconds?: number; parts?: unknown },
    now: number,
  ): void {
    const expected = this.#expected[doing.index]?.seconds;
    // What ran in parts says in its seconds what the clock does not.
    const clock = doing.state === "runs" ? (now - doing.since) / 1000 : undefined;
    const actual = parts === undefined ? (clock ?? seconds) : seconds;
    if (actual === undefined || !(actual >= 0)) return;
    const { stage } = this.#instances[doing.index]!;
    const seen = this.#seen.get(stage) ?? { count: 0, actual: 0, expected: 0 };
    this.#seen.set(stage, seen);
    seen.count++;
    seen.actual += actual;
    seen.expected += expected ?? actual;
  }
}
