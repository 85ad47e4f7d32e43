/**
 * Progress for a person: on a terminal, one line per running instance and a line of totals, drawn
 * over and over; elsewhere, one line per instance that ran or failed.
 */
import pc from "picocolors";
import type { Event } from "../index.ts";

const redrawMs = 100;

interface Running {
  readonly since: number;
  fraction: number;
  note: string;
}

export class Progress {
  readonly #out: NodeJS.WriteStream;
  readonly #running = new Map<string, Running>();
  readonly #counts = { ran: 0, cached: 0, failed: 0, skipped: 0 };
  readonly #timer: NodeJS.Timeout | undefined;
  #total = 0;
  #drawn = 0;
  #closed = false;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
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
      const subject = event.id ? `${event.id}: ` : "";
      this.#print(`${pc.yellow(`warning[${event.code}]`)}: ${subject}${event.message}`);
    } else if (event.event === "instance") {
      this.#instance(event);
    } else {
      this.close();
      this.#out.write(`${totals(event)}\n`);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#erase();
  }

  #instance(event: Extract<Event, { event: "instance" }>): void {
    if (event.state === "started") {
      this.#running.set(event.id, { since: Date.now(), fraction: 0, note: "" });
      return;
    }
    this.#running.delete(event.id);
    this.#counts[event.state]++;
    if (event.state === "ran") {
      const seconds = `${(event.seconds ?? 0).toFixed(1)} s`.padStart(8);
      this.#print(`${pc.green("ran")}    ${seconds}  ${event.id}`);
    } else if (event.state === "failed") {
      const log = (event.log ?? []).slice(-5).map((line) => `    │ ${line}`);
      this.#print([`${pc.red("failed")}           ${event.id}: ${event.error}`, ...log].join("\n"));
    }
  }

  #print(text: string): void {
    this.#erase();
    this.#out.write(`${text}\n`);
    if (this.#out.isTTY && !this.#closed) this.#draw();
  }

  #erase(): void {
    if (this.#drawn > 0) this.#out.write(`\x1b[${this.#drawn}A\x1b[J`);
    this.#drawn = 0;
  }

  #draw(): void {
    if (this.#closed) return;
    const width = (this.#out.columns ?? 80) - 1;
    const room = Math.max(1, (this.#out.rows ?? 24) - 3);
    const lines = [...this.#running].slice(0, room).map(([id, { since, fraction, note }]) => {
      const seconds = `${((Date.now() - since) / 1000).toFixed(0)} s`.padStart(8);
      const percent = fraction > 0 ? `${Math.floor(fraction * 100)}%`.padStart(4) : "    ";
      return `running${seconds} ${percent}  ${id}${note ? `  ${note}` : ""}`.slice(0, width);
    });
    const { ran, cached, failed, skipped } = this.#counts;
    const done = ran + cached + failed + skipped;
    lines.push(
      `${done}/${this.#total} done: ${ran} ran, ${cached} cached${failed ? `, ${failed} failed` : ""}`,
    );
    this.#erase();
    this.#out.write(`${lines.join("\n")}\n`);
    this.#drawn = lines.length;
  }
}

function totals(event: Extract<Event, { event: "finished" }>): string {
  const { ran, cached, failed, skipped, seconds } = event;
  const parts = [`${ran} ran`, `${cached} cached`];
  if (failed > 0) parts.push(pc.red(`${failed} failed`));
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return `${parts.join(", ")} in ${seconds.toFixed(1)} s`;
}
