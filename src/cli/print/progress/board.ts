/**
 * What a run is at, as a person sees it: its stages, and the instances that run. Learns from events;
 * knows neither the screen nor how long anything will take.
 */
import type { Event } from "../../../index.ts";

/** Instances that are reported together, such as those of a stage. */
export interface Family {
  readonly name: string;
  readonly size: number;
  /** How many have not ended. */
  open: number;
  running: number;
  /** Whether anything of it was computed. */
  started: boolean;
  cached: number;
  failed: number;
  skipped: number;
  /** Labels of those that ran and were not printed yet. */
  readonly ran: string[];
  seconds: number;
  /** How many parts of those that ran were computed, cached, or continued from an earlier result. */
  parts: { ran: number; cached: number; continued: number };
}

export function makeFamily(name: string, size: number): Family {
  return {
    ...{ name, size, open: size, running: 0, started: false, cached: 0, failed: 0, skipped: 0 },
    ...{ ran: [], seconds: 0, parts: { ran: 0, cached: 0, continued: 0 } },
  };
}

export interface Running {
  readonly family: Family;
  /** In ms. */
  readonly since: number;
  fraction: number;
  /** The last message or line that it printed, or what it waits for. */
  note: string;
}

type InstanceEvent = Extract<Event, { event: "instance" }>;

export class Board {
  /** By id; an instance without one is its own. */
  readonly families: ReadonlyMap<string, Family>;
  readonly running = new Map<string, Running>();
  readonly counts = { ran: 0, cached: 0, failed: 0, skipped: 0 };
  total = 0;
  /** All families, each once, in the order of the pipeline. */
  readonly stages: ReadonlySet<Family>;
  /** Families of instances that have none. */
  readonly #alone = new Map<string, Family>();

  constructor(families: ReadonlyMap<string, Family>) {
    this.families = families;
    this.stages = new Set(families.values());
  }

  get done(): number {
    const { ran, cached, failed } = this.counts;
    return ran + cached + failed;
  }

  familyOf(id: string): Family {
    const known = this.families.get(id) ?? this.#alone.get(id);
    if (known) return known;
    const made = makeFamily(id, 1);
    this.#alone.set(id, made);
    return made;
  }

  on(event: Event, now: number): void {
    if (event.event === "started") {
      this.total = event.instances;
    } else if (event.event === "progress") {
      const running = this.running.get(event.id);
      if (!running) return;
      running.fraction = event.fraction;
      if (event.message !== undefined) running.note = event.message;
    } else if (event.event === "log") {
      const running = this.running.get(event.id);
      if (running && event.line.trim() !== "") running.note = event.line;
    } else if (event.event === "waiting") {
      this.#begin(event.id, now).note = `waiting for ${event.holder}`;
    } else if (event.event === "instance") {
      if (event.state === "started") {
        const { host, job } = event;
        const place = host === undefined ? "" : `on ${host} (job ${job})`;
        this.#begin(event.id, now).note = place;
        this.familyOf(event.id).started = true;
      } else this.#end(event, event.state);
    }
  }

  #begin(id: string, now: number): Running {
    const family = this.familyOf(id);
    if (!this.running.has(id)) family.running++;
    const running = { family, since: now, fraction: 0, note: "" };
    this.running.set(id, running);
    return running;
  }

  #end({ id, seconds, parts }: InstanceEvent, state: keyof Board["counts"]): void {
    const family = this.familyOf(id);
    if (this.running.delete(id)) family.running--;
    this.counts[state]++;
    family.open--;
    if (state !== "ran") {
      family[state]++;
      return;
    }
    family.started = true;
    family.ran.push(id);
    family.seconds += seconds ?? 0;
    const { ran, cached, continued } = parts ?? { ran: 1, cached: 0, continued: 0 };
    family.parts.ran += ran;
    family.parts.cached += cached;
    family.parts.continued += continued;
  }
}
