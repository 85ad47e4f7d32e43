/**
 * Progress of a run. A terminal shows the stages, what runs, and the time left, redrawn as they change;
 * elsewhere a line is printed when a stage starts and ends, and one each minute. Warnings and failures
 * are printed everywhere.
 */
import type { Event, Forecast } from "../../../index.ts";
import { duration } from "../../../text/duration.ts";
import { about } from "../estimate.ts";
import { nameFamily } from "../fold.ts";
import { lastWords } from "../last-words.ts";
import { type Line, paint, type Terminal } from "../terminal.ts";
import { Board, type Family } from "./board.ts";
import { picture } from "./picture.ts";
import { clockEvery, Pulse } from "./pulse.ts";

const redrawMs = 100;
const heartbeatMs = 60_000;
/** As many running instances as a heartbeat names. */
const namedMax = 4;

export interface ProgressOptions {
  /** A line for each instance that ends, instead of each stage. */
  readonly verbose?: boolean;
  /** In ms; the clock of the forecast. */
  now?(): number;
}

export class Progress {
  readonly #out: Terminal;
  readonly #board: Board;
  readonly #verbose: boolean;
  readonly #now: () => number;
  readonly #begun: number;
  /** Counts the warnings of one code and family after the first, which is printed. */
  readonly #repeated = new Map<string, { code: string; family: string; more: number }>();
  readonly #timer: NodeJS.Timeout;
  readonly #left: Pulse<string | undefined>;
  #forecast: Forecast | undefined;
  readonly #unsaid: Line[] = [];
  #hushed = false;
  #closed = false;

  /** @param families - by instance id; an instance without a family has its own line */
  constructor(
    out: Terminal,
    families: ReadonlyMap<string, Family>,
    { verbose = false, now = () => performance.now() }: ProgressOptions = {},
  ) {
    this.#out = out;
    this.#board = new Board(families);
    this.#verbose = verbose;
    this.#now = now;
    this.#begun = now();
    this.#left = new Pulse(() => this.#timeLeft());
    const beat = () => (out.moves ? this.#draw() : this.heartbeat());
    this.#timer = clockEvery(out.moves ? redrawMs : heartbeatMs, beat);
  }

  /** From now on says how long the run still takes. */
  expect(forecast: Forecast): void {
    this.#forecast = forecast;
  }

  on(event: Event): void {
    this.#board.on(event, this.#now());
    if (event.event === "waiting") {
      if (!this.#out.moves) this.#print(`${event.id}: waiting for ${event.holder}`);
    } else if (event.event === "warning") {
      this.#warning(event);
    } else if (event.event === "instance") {
      this.#instance(event);
    } else if (event.event === "finished") {
      this.#finish(event);
    }
  }

  say(text: string): void {
    this.#print(text);
  }

  /** Prints what runs and how long it still takes. */
  heartbeat(): void {
    if (this.#closed || this.#hushed) return;
    const running = [...this.#board.running];
    const named = running.slice(0, namedMax).map(([id, { fraction }]) => {
      return fraction > 0 ? `${id} ${Math.floor(fraction * 100)}%` : id;
    });
    const more = running.length - named.length;
    const all = [...named, ...(more > 0 ? [`${more} more`] : [])].join(", ");
    const what = all === "" ? "nothing" : all;
    this.#out.print(`running            ${what}; ${this.#footers()[0]}`);
  }

  /** Prints nothing until it is told to go on, and then what it had to say meanwhile. */
  hush(quiet: boolean): void {
    this.#hushed = quiet;
    if (quiet) this.#out.erase();
    else this.#print(...this.#unsaid.splice(0));
    this.#draw();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#out.erase();
  }

  #finish(event: Extract<Event, { event: "finished" }>): void {
    this.close();
    for (const family of this.#board.stages) this.#printFamily(family);
    for (const { code, family, more } of this.#repeated.values()) {
      const rest = `: ${family}: ${more} more of these; --verbose prints them`;
      if (more > 0) this.#print([warning(code), rest]);
    }
    this.#print(totals(event));
  }

  #warning({ code, id, message }: Extract<Event, { event: "warning" }>): void {
    const family = id === undefined || this.#verbose ? undefined : this.#board.families.get(id);
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
    const { id, state, error, log } = event;
    const family = this.#board.familyOf(id);
    if (state === "started") {
      if (!this.#out.moves) this.#start(id, family);
      return;
    }
    // A terminal shows the stage among the others until the end.
    if (this.#verbose || (family.open === 0 && !this.#out.moves)) this.#printFamily(family);
    if (state === "failed") {
      const last = lastWords(log ?? []).map((line) => `    │ ${line}`);
      this.#print([paint("red", "failed"), `           ${id}: ${error}`], ...last);
    }
  }

  /** Once a stage, or once an instance where each has its own line. */
  #start(id: string, family: Family): void {
    if (!this.#verbose && this.#announced.has(family)) return;
    this.#announced.add(family);
    const { name, size } = family;
    this.#print(`start              ${this.#verbose || size === 1 ? id : `${name} x ${size}`}`);
  }

  readonly #announced = new Set<Family>();

  /** Prints members that ran since the last call. */
  #printFamily(family: Family): void {
    const { name, ran, seconds, parts } = family;
    if (ran.length === 0) return;
    const time = `${seconds.toFixed(1)} s`.padStart(8);
    this.#print([paint("green", "ran"), `    ${time}  ${nameFamily(name, ran)}${reused(parts)}`]);
    ran.length = 0;
    if (!this.#verbose) return;
    family.seconds = 0;
    family.parts = { ran: 0, cached: 0, continued: 0 };
  }

  #print(...lines: readonly Line[]): void {
    if (this.#hushed) this.#unsaid.push(...lines);
    else if (lines.length > 0) this.#out.print(...lines);
  }

  #draw(): void {
    if (this.#closed || this.#hushed || !this.#out.moves) return;
    const { width = 80, height = 24 } = this.#out;
    const size = { columns: Math.max(1, width - 1), lines: linesOf(height) };
    this.#out.draw(picture(this.#board, this.#footers(), this.#now(), size));
  }

  #footers(): readonly string[] {
    const { done, total, counts } = this.#board;
    const { ran, cached, failed, skipped } = counts;
    const others = `${failed ? `, ${failed} failed` : ""}${skipped ? `, ${skipped} skipped` : ""}`;
    const elapsed = duration(Math.floor((this.#now() - this.#begun) / 1000), true);
    const left = done + skipped < total ? this.#left.value : undefined;
    const then = left === undefined ? "" : `; ${left}`;
    return [
      `${done}/${total} done: ${ran} ran, ${cached} cached${others}; ${elapsed} so far${then}`,
      `${done}/${total}${others}; ${elapsed}${then}`,
      `${done}/${total}${failed ? `, ${failed} failed` : ""}${then}`,
      `${done}/${total}${then.replace(/; (about |at least )?/, " ")}`,
      `${done}/${total}`,
    ];
  }

  #timeLeft(): string | undefined {
    const found = this.#forecast?.left(this.#now());
    if (!found || found.unknown + found.wall === 0) return undefined;
    // The least time of a small part says nothing of the whole.
    const known = found.unknown * 2 <= found.open;
    const time = known ? about({ ...found, seconds: rounded(found.wall) }, true) : undefined;
    return time === undefined ? "time left not known" : `${time} left`;
  }
}

/**
 * Half of a screen: where a terminal is made narrower, its lines are broken in two, and what then leaves
 * the screen can no longer be erased.
 */
function linesOf(height: number): number {
  return Math.max(1, Math.min(height - 1, Math.max(7, Math.floor(height / 2))));
}

/** As exact as a person wants it: the last digits of a long time only flicker. */
function rounded(seconds: number): number {
  const step = seconds < 60 ? 1 : seconds < 600 ? 5 : 60;
  return Math.ceil(seconds / step) * step;
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
