/**
 * Progress of a run. A terminal shows a line per running instance and a line of totals, redrawn as
 * they change. Everywhere, a line is printed per family that ran and per instance that failed.
 */
import type { Event } from "../../index.ts";
import { nameFamily } from "./fold.ts";

import { type Line, paint, type Terminal } from "./terminal.ts";

const redrawMs = 100;

interface Running {
  readonly since: number;
  fraction: number;
  note: string;
}

/** Instances that are reported together, once all of them have ended. */
export interface Family {
  readonly name: string;
  /** How many have not ended. */
  open: number;
  readonly ran: string[];
  seconds: number;
  /** How many parts of those that ran were computed, cached, or continued from an earlier result. */
  parts: { ran: number; cached: number; continued: number };
}

export function makeFamily(name: string, size: number): Family {
  return { name, open: size, ran: [], seconds: 0, parts: { ran: 0, cached: 0, continued: 0 } };
}

export class Progress {
  readonly #out: Terminal;
  readonly #families: ReadonlyMap<string, Family>;
  readonly #running = new Map<string, Running>();
  /** Counts the warnings of one code and family after the first, which is printed. */
  readonly #repeated = new Map<string, { code: string; family: string; more: number }>();
  readonly #counts = { ran: 0, cached: 0, failed: 0, skipped: 0 };
  readonly #timer: NodeJS.Timeout | undefined;
  #total = 0;
  #closed = false;

  /** @param families - by instance id; an instance without a family has its own line */
  constructor(out: Terminal, families: ReadonlyMap<string, Family>) {
    this.#out = out;
    this.#families = families;
    if (out.moves) {
      this.#timer = setInterval(() => this.#draw(), redrawMs);
      this.#timer.unref();
    }
  }

  on(event: Event): void {
    if (event.event === "started") {
      this.#total = event.instances;
    } else if (event.event === "progress") {
      const running = this.#running.get(event.id);
      if (running) Object.assign(running, { fraction: event.fraction, note: event.message ?? "" });
    } else if (event.event === "waiting") {
      this.#running.set(event.id, { since: Date.now(), fraction: 0, note: "" });
      this.#running.get(event.id)!.note = `waiting for ${event.holder}`;
      if (!this.#out.moves) this.#print(`${event.id}: waiting for ${event.holder}`);
    } else if (event.event === "warning") {
      this.#warning(event);
    } else if (event.event === "instance") {
      this.#instance(event);
    } else if (event.event === "finished") {
      this.close();
      for (const family of new Set(this.#families.values())) this.#printFamily(family);
      for (const { code, family, more } of this.#repeated.values()) {
        const rest = `: ${family}: ${more} more of these; --verbose prints them`;
        if (more > 0) this.#print([warning(code), rest]);
      }
      this.#print(totals(event));
    }
  }

  say(text: string): void {
    this.#print(text);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#out.erase();
  }

  #warning({ code, id, message }: Extract<Event, { event: "warning" }>): void {
    const family = id === undefined ? undefined : this.#families.get(id);
    if (family) {
      const kind = JSON.stringify([code, family.name]);
      const before = this.#repeated.get(kind);
      if (before) {
        before.more++;
        return;
      }
      this.#repeated.set(kind, { code, family: family.name, more: 0 });
    }
    this.#print([warning(code), `: ${id ? `${id}: ` : ""}${message}`]);
  }

  #instance(event: Extract<Event, { event: "instance" }>): void {
    if (event.state === "started") {
      this.#running.set(event.id, { since: Date.now(), fraction: 0, note: "" });
      return;
    }
    this.#running.delete(event.id);
    this.#counts[event.state]++;
    const family = this.#families.get(event.id) ?? makeFamily(event.id, 1);
    family.open--;
    if (event.state === "ran") {
      family.ran.push(event.id);
      family.seconds += event.seconds ?? 0;
      const { ran, cached, continued } = event.parts ?? { ran: 1, cached: 0, continued: 0 };
      family.parts.ran += ran;
      family.parts.cached += cached;
      family.parts.continued += continued;
    }
    if (family.open === 0) this.#printFamily(family);
    if (event.state === "failed") {
      const log = (event.log ?? []).slice(-5).map((line) => `    │ ${line}`);
      this.#print([paint("red", "failed"), `           ${event.id}: ${event.error}`], ...log);
    }
  }

  /** Prints members that ran since the last call. */
  #printFamily({ name, ran, seconds, parts }: Family): void {
    if (ran.length === 0) return;
    const time = `${seconds.toFixed(1)} s`.padStart(8);
    this.#print([paint("green", "ran"), `    ${time}  ${nameFamily(name, ran)}${reused(parts)}`]);
    ran.length = 0;
  }

  #print(...lines: readonly Line[]): void {
    this.#out.print(...lines);
    this.#draw();
  }

  #draw(): void {
    if (this.#closed || !this.#out.moves) return;
    const room = Math.max(1, (this.#out.height || 24) - 3);
    const lines = [...this.#running].slice(0, room).map(([id, { since, fraction, note }]) => {
      const seconds = `${((Date.now() - since) / 1000).toFixed(0)} s`.padStart(8);
      const percent = fraction > 0 ? `${Math.floor(fraction * 100)}%`.padStart(4) : "    ";
      return `running${seconds} ${percent}  ${id}${note ? `  ${note}` : ""}`;
    });
    const { ran, cached, failed, skipped } = this.#counts;
    const done = ran + cached + failed;
    const others = `${failed ? `, ${failed} failed` : ""}${skipped ? `, ${skipped} skipped` : ""}`;
    lines.push(`${done}/${this.#total} done: ${ran} ran, ${cached} cached${others}`);
    this.#out.draw(lines);
  }
}

const warning = (code: string) => paint("yellow", `warning[${code}]`);

/** How much of the instances that ran did not have to be computed. */
function reused({ ran, cached, continued }: Family["parts"]): string {
  const some = cached > 0 ? `${ran} of ${ran + cached} parts` : "";
  const longer = continued > 0 ? `${continued} continued` : "";
  const both = [some, longer].filter((text) => text !== "").join(", ");
  return both === "" ? "" : `  (${both})`;
}

function totals(event: Extract<Event, { event: "finished" }>): Line {
  const { ran, cached, failed, skipped, seconds } = event;
  return [
    `${ran} ran, ${cached} cached`,
    ...(failed > 0 ? [", ", paint("red", `${failed} failed`)] : []),
    `${skipped > 0 ? `, ${skipped} skipped` : ""} in ${seconds.toFixed(1)} s`,
  ];
}
