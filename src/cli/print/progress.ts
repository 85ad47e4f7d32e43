/**
 * Progress for a person: on a terminal, one line per running instance and a line of totals, drawn
 * over and over; everywhere, one line per family of instances that ran, and per one that failed.
 */
import pc from "picocolors";
import { type Event, printable } from "../../index.ts";
import { nameFamily } from "./fold.ts";

const redrawMs = 100;

interface Running {
  readonly since: number;
  fraction: number;
  note: string;
}

/** Instances that are told of together, once all of them are at their end. */
export interface Family {
  readonly name: string;
  /** How many are not at their end. */
  open: number;
  readonly ran: string[];
  seconds: number;
  /** Of those that ran: how many parts did, were there, or continued an earlier result. */
  parts: { ran: number; cached: number; continued: number };
}

export function makeFamily(name: string, size: number): Family {
  return { name, open: size, ran: [], seconds: 0, parts: { ran: 0, cached: 0, continued: 0 } };
}

export class Progress {
  readonly #out: NodeJS.WriteStream;
  readonly #families: ReadonlyMap<string, Family>;
  readonly #running = new Map<string, Running>();
  /** Warnings of one code and family after the first, which is printed. */
  readonly #repeated = new Map<string, number>();
  readonly #counts = { ran: 0, cached: 0, failed: 0, skipped: 0 };
  readonly #timer: NodeJS.Timeout | undefined;
  #total = 0;
  #drawn = 0;
  #closed = false;

  /** @param families - by instance id; one that is in none has a line of its own */
  constructor(out: NodeJS.WriteStream, families: ReadonlyMap<string, Family>) {
    this.#out = out;
    this.#families = families;
    if (out.isTTY) {
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
      if (!this.#out.isTTY) this.#print(`${event.id}: waiting for ${event.holder}`);
    } else if (event.event === "warning") {
      this.#warning(event);
    } else if (event.event === "instance") {
      this.#instance(event);
    } else {
      this.close();
      for (const family of new Set(this.#families.values())) this.#printFamily(family);
      for (const [subject, more] of this.#repeated) {
        if (more > 0) this.#out.write(`${subject}: ${more} more like it; --verbose names them\n`);
      }
      this.#out.write(`${totals(event)}\n`);
    }
  }

  say(text: string): void {
    this.#print(text);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#erase();
  }

  #warning({ code, id, message }: Extract<Event, { event: "warning" }>): void {
    const kind = pc.yellow(`warning[${code}]`);
    const family = id === undefined ? undefined : this.#families.get(id);
    if (family) {
      const subject = `${kind}: ${family.name}`;
      const before = this.#repeated.get(subject);
      this.#repeated.set(subject, before === undefined ? 0 : before + 1);
      if (before !== undefined) return;
    }
    this.#print(`${kind}: ${id ? `${id}: ` : ""}${message}`);
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
      const log = (event.log ?? []).slice(-5).map((line) => `    │ ${printable(line)}`);
      this.#print([`${pc.red("failed")}           ${event.id}: ${event.error}`, ...log].join("\n"));
    }
  }

  /** What ran of it and has not been told of. */
  #printFamily({ name, ran, seconds, parts }: Family): void {
    if (ran.length === 0) return;
    const time = `${seconds.toFixed(1)} s`.padStart(8);
    this.#print(`${pc.green("ran")}    ${time}  ${nameFamily(name, ran)}${reused(parts)}`);
    ran.length = 0;
  }

  #print(text: string): void {
    this.#erase();
    this.#out.write(`${text}\n`);
    if (this.#out.isTTY && !this.#closed) this.#draw();
  }

  #erase(): void {
    // The terminal may have written ^C where the cursor was.
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A` : "";
    if (this.#out.isTTY) this.#out.write(`\r${up}\x1b[J`);
    this.#drawn = 0;
  }

  #draw(): void {
    if (this.#closed) return;
    const width = (this.#out.columns ?? 80) - 1;
    const room = Math.max(1, (this.#out.rows ?? 24) - 3);
    const lines = [...this.#running].slice(0, room).map(([id, { since, fraction, note }]) => {
      const seconds = `${((Date.now() - since) / 1000).toFixed(0)} s`.padStart(8);
      const percent = fraction > 0 ? `${Math.floor(fraction * 100)}%`.padStart(4) : "    ";
      return `running${seconds} ${percent}  ${id}${note ? `  ${printable(note)}` : ""}`;
    });
    const { ran, cached, failed, skipped } = this.#counts;
    const done = ran + cached + failed;
    const others = `${failed ? `, ${failed} failed` : ""}${skipped ? `, ${skipped} skipped` : ""}`;
    lines.push(`${done}/${this.#total} done: ${ran} ran, ${cached} cached${others}`);
    this.#erase();
    this.#out.write(`${lines.map((line) => clipMiddle(line, width)).join("\n")}\n`);
    this.#drawn = lines.length;
  }
}

/** An id's end tells instances apart, so the middle goes. */
function clipMiddle(line: string, width: number): string {
  if (line.length <= width) return line;
  const left = Math.ceil((width - 1) / 2);
  return `${line.slice(0, left)}…${line.slice(line.length - (width - 1 - left))}`;
}

/** What did not have to be computed of instances that ran. */
function reused({ ran, cached, continued }: Family["parts"]): string {
  const some = cached > 0 ? `${ran} of ${ran + cached} parts` : "";
  const longer = continued > 0 ? `${continued} continued` : "";
  const both = [some, longer].filter((text) => text !== "").join(", ");
  return both === "" ? "" : `  (${both})`;
}

function totals(event: Extract<Event, { event: "finished" }>): string {
  const { ran, cached, failed, skipped, seconds } = event;
  const parts = [`${ran} ran`, `${cached} cached`];
  if (failed > 0) parts.push(pc.red(`${failed} failed`));
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return `${parts.join(", ")} in ${seconds.toFixed(1)} s`;
}
