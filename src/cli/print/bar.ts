/**
 * How far a long command is: a bar on a terminal, elsewhere a line a minute. Knows nothing of what is
 * counted.
 */
import { duration } from "../../text/duration.ts";
import { blocks } from "./blocks.ts";
import { err, type Terminal } from "./terminal.ts";

const redrawMs = 100;
const lineMs = 60_000;
const width = 20;

interface BarOptions {
  readonly out?: Terminal;
  /** Says nothing: a program reads the output. */
  readonly quiet?: boolean | undefined;
  /** In ms. */
  now?(): number;
}

export class Bar {
  readonly #what: string;
  readonly #out: Terminal;
  readonly #quiet: boolean;
  readonly #now: () => number;
  readonly #begun: number;
  #next: number;

  /** @param what - such as `files checked` */
  constructor(
    what: string,
    { out = err, quiet = false, now = () => performance.now() }: BarOptions,
  ) {
    this.#what = what;
    this.#out = out;
    this.#quiet = quiet;
    this.#now = now;
    this.#begun = now();
    this.#next = this.#begun + (out.moves ? redrawMs : lineMs);
  }

  /** A function of its own, to be handed on. */
  readonly to = (done: number, total: number): void => {
    const now = this.#now();
    if (this.#quiet || now < this.#next) return;
    this.#next = now + (this.#out.moves ? redrawMs : lineMs);
    const text = `${done}/${total} ${this.#what}${this.#left(done, total, now)}`;
    if (!this.#out.moves) this.#out.print(text);
    else
      this.#out.draw([
        `${(this.#out.width ?? 80) < 60 ? "" : `${blocks(done / total, width)}  `}${text}`,
      ]);
  };

  /** Removes it, before the result is printed. */
  end(): void {
    if (!this.#quiet) this.#out.erase();
  }

  /** By the rate so far. */
  #left(done: number, total: number, now: number): string {
    const elapsed = (now - this.#begun) / 1000;
    if (done === 0 || elapsed < 2) return "";
    return `; about ${duration((elapsed / done) * (total - done), true)} left`;
  }
}
