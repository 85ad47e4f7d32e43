/**
 * What is known of a run while it goes on: events in, the state of each instance and what runs now
 * out. Knows no server and no markup.
 */
import type { Event, Forecast, Graph } from "../../engine/index.ts";
import type { StoreRecord } from "../../store/record.ts";
import { clipEnd } from "../../text/clip.ts";
import type { Known } from "../page/known.ts";
import type { Curve, Live, LiveStage, Running } from "./model.ts";

const maxPoints = 400;
const maxCurves = 2;
const maxLines = 200;
const linesOfOne = 3;
const maxLine = 300;

interface Open {
  readonly label: string;
  readonly since: number;
  fraction: number;
  message: string;
  /** By name: every number that it reported. */
  readonly curves: Map<string, number[]>;
  readonly lines: string[];
}

export class LiveState {
  readonly #graph: Graph;
  readonly #getRecord: (key: string) => StoreRecord | undefined;
  readonly #indices: ReadonlyMap<string, number>;
  readonly #known: Known[];
  /** Instances of the run; others are on the page because they are cached. */
  #wanted = 0;
  readonly #ended = new Map<string, "ran" | "cached" | "failed" | "skipped">();
  readonly #running = new Map<string, Open>();
  readonly #log: { label: string; line: string }[] = [];
  #droppedLines = 0;
  #started: number | undefined;
  #seconds: number | undefined;
  #phase: Live["phase"] = "planning";
  #forecast: Pick<Forecast, "left"> | undefined;

  constructor(
    graph: Graph,
    known: readonly Known[],
    getRecord: (key: string) => StoreRecord | undefined,
  ) {
    this.#graph = graph;
    this.#known = [...known];
    this.#getRecord = getRecord;
    this.#indices = new Map(graph.instances.map(({ id }, index) => [id, index]));
  }

  get known(): readonly Known[] {
    return this.#known;
  }

  get phase(): Live["phase"] {
    return this.#phase;
  }

  /** From now on says how long the run still takes. */
  expect(forecast: Pick<Forecast, "left">): void {
    this.#forecast = forecast;
  }

  /** Returns whether what is known of an instance changed, so that other sections may, too. */
  on(event: Event, now = Date.now()): boolean {
    if (event.event === "started") {
      this.#started = now;
      this.#wanted = event.instances;
      this.#phase = "running";
    } else if (event.event === "progress") {
      const open = this.#running.get(event.id);
      if (!open) return false;
      Object.assign(open, { fraction: event.fraction, message: event.message ?? "" });
      for (const [name, value] of Object.entries(event.numbers ?? {})) addPoint(open, name, value);
    } else if (event.event === "log") {
      this.#addLine(event.id, event.line);
    } else if (event.event === "waiting") {
      this.#open(event.id, now).message = `waiting for ${event.holder}`;
    } else if (event.event === "finished") {
      this.#seconds = event.seconds;
      this.#running.clear();
      this.#phase = event.skipped > 0 ? "stopped" : event.failed > 0 ? "failed" : "finished";
      return true;
    } else if (event.event === "instance") {
      return this.#instance(event, now);
    }
    return false;
  }

  #instance(event: Event & { event: "instance" }, now: number): boolean {
    const { id, state, key } = event;
    const index = this.#indices.get(id);
    if (state === "started") this.#open(id, now);
    else {
      this.#running.delete(id);
      this.#ended.set(id, state);
    }
    if (index === undefined) return false;
    const reason = () => event.reason?.[0] ?? "";
    if (state === "started" || state === "failed" || state === "skipped") {
      const progress = state === "started" ? "running" : state;
      const record = undefined;
      const { error, log } = event;
      this.#known[index] = { progress, key, record, fresh: false, error, log, reason };
      return true;
    }
    const before = this.#known[index]!;
    const record = key === undefined ? undefined : this.#getRecord(key);
    const fresh = state === "ran";
    this.#known[index] = { progress: "cached", key, record, fresh, reason };
    return fresh || before.record?.key !== record?.key;
  }

  #open(id: string, since: number): Open {
    const known = this.#running.get(id);
    if (known) return known;
    const index = this.#indices.get(id);
    const label = index === undefined ? id : this.#graph.instances[index]!.label;
    const open = { label, since, fraction: 0, message: "", curves: new Map(), lines: [] };
    this.#running.set(id, open);
    return open;
  }

  #addLine(id: string, text: string): void {
    const line = clipEnd(text, maxLine);
    const open = this.#running.get(id);
    open?.lines.push(line);
    if (open && open.lines.length > linesOfOne) open.lines.shift();
    this.#log.push({ label: open?.label ?? id, line });
    if (this.#log.length <= maxLines) return;
    this.#log.shift();
    this.#droppedLines++;
  }

  model(now = Date.now()): Live {
    const since = this.#started ?? now;
    return {
      phase: this.#phase,
      done: this.#ended.size,
      total: this.#wanted,
      failed: [...this.#ended.values()].filter((state) => state === "failed").length,
      seconds: this.#seconds ?? Math.floor((now - since) / 1000),
      left: this.#phase === "running" ? this.#left() : undefined,
      stages: this.#stages(),
      running: [...this.#running.values()].map((open): Running => {
        const { label, fraction, message, lines, curves } = open;
        const seconds = Math.floor((now - open.since) / 1000);
        return { label, fraction, message, lines: [...lines], seconds, curves: curvesOf(curves) };
      }),
      log: [...this.#log],
      droppedLines: this.#droppedLines,
    };
  }

  /** In seconds; undefined while too little is known. */
  #left(): number | undefined {
    const left = this.#forecast?.left(performance.now());
    return left && left.unknown === 0 && !left.atLeast ? left.wall : undefined;
  }

  /** Stages with something left: the page itself says all of those that are done. */
  #stages(): LiveStage[] {
    if (this.#phase !== "running") return [];
    const stages = new Map<string, { -readonly [K in keyof LiveStage]: LiveStage[K] }>();
    for (const [index, { stage, id }] of this.#graph.instances.entries()) {
      const { progress } = this.#known[index]!;
      if (this.#graph.instances[index]!.ablation !== undefined && !this.#ended.has(id)) continue;
      const line = stages.get(stage) ?? {
        name: stage,
        total: 0,
        done: 0,
        running: 0,
        failed: 0,
      };
      stages.set(stage, line);
      line.total++;
      if (progress === "cached") line.done++;
      if (progress === "running") line.running++;
      if (progress === "failed") line.failed++;
    }
    return [...stages.values()].filter(({ done, total }) => done < total);
  }
}

/** Of many points every second one goes, so that a curve keeps its shape. */
function addPoint({ curves }: Open, name: string, value: number): void {
  if (!Number.isFinite(value)) return;
  const points = curves.get(name) ?? [];
  points.push(value);
  // The newest is the last one: parts of an instance that are done make room.
  curves.delete(name);
  curves.set(name, points.length > maxPoints ? points.filter((_, i) => i % 2 === 0) : points);
  const [oldest] = curves.keys();
  if (curves.size > maxCurves) curves.delete(oldest!);
}

function curvesOf(curves: ReadonlyMap<string, readonly number[]>): Curve[] {
  return [...curves].map(([name, points]) => ({ name, points: [...points] }));
}
