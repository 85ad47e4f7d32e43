/**
 * The one place that writes to standard output and standard error. It escapes every text, so that a
 * terminal obeys no escape sequence from a record, a file or a program; colours and cursor movements
 * are added after that. Knows no command.
 */
import pc from "picocolors";
// Not through the index: `--help` must not load it.
import { headOf, printable, tailOf } from "../../text/printable.ts";

export type Colour = "red" | "green" | "yellow";

/** One line in a colour. */
interface Painted {
  readonly colour: Colour;
  readonly text: string;
}

export const paint = (colour: Colour, text: string): Painted => ({ colour, text });

/** A line, whole or in pieces. */
export type Line = string | readonly (string | Painted)[];

/** What a terminal writes to, such as `process.stderr`. */
export type Screen = Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns" | "rows">;

type Environment = Readonly<Record<string, string | undefined>>;

const isOn = (value: string | undefined) => !["", "0", "false", undefined].includes(value);

const colours = pc.createColors(true);

export class Terminal {
  readonly #screen: Screen;
  #write: (text: string) => void;
  /** Whether lines may be redrawn: not in logs, on dumb terminals, or for readers of plain text. */
  readonly moves: boolean;
  readonly #coloured: boolean;
  #drawn = 0;

  constructor(screen: Screen, env: Environment = process.env) {
    this.#screen = screen;
    this.#write = (text) => screen.write(text);
    const plain = env["TERM"] === "dumb" || isOn(env["CI"]) || Boolean(env["NO_COLOR"]);
    this.moves = Boolean(screen.isTTY) && !plain;
    this.#coloured = !env["NO_COLOR"] && (this.moves || isOn(env["FORCE_COLOR"]));
  }

  /** From now on writes as it can today, whatever becomes of the stream's own `write`. */
  keepWriting(): void {
    this.#write = this.#screen.write.bind(this.#screen);
  }

  /** Characters per line; undefined for a file or a pipe. */
  get width(): number | undefined {
    return this.#screen.columns;
  }

  get height(): number | undefined {
    return this.#screen.rows;
  }

  /**
   * Prints lines for a person. A line break within a line comes from others' text: what follows it is
   * indented, so that it does not pass for a line of ours.
   */
  print(...lines: readonly Line[]): void {
    this.erase();
    this.#write(lines.map((line) => `${this.#render(line)}\n`).join(""));
  }

  /** Prints a text of several lines, such as a table, whose line breaks are ours. */
  text(text: string): void {
    this.print(...text.replace(/\n$/, "").split("\n"));
  }

  /**
   * Writes data for programs, such as CSV: exactly to a file or a pipe, and escaped to a terminal.
   */
  data(text: string): void {
    this.#write(this.#screen.isTTY ? text.split("\n").map(printable).join("\n") : text);
  }

  /** Writes JSON. Escapes also the characters that JSON allows and a terminal may obey. */
  json(value: unknown, indent = 1, replacer?: (key: string, value: unknown) => unknown): void {
    const text = JSON.stringify(value, replacer, indent);
    this.#write(`${text.replaceAll(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu, escapeUnits)}\n`);
  }

  /** Shows lines until something else is printed or drawn. Does nothing if the cursor cannot move. */
  draw(lines: readonly string[]): void {
    if (!this.moves) return;
    const width = (this.width || 80) - 1;
    const text = lines.map((line) => clipMiddle(printable(line), width)).join("\n");
    // A wide character takes two columns: the terminal itself cuts off what does not fit.
    this.#write(`${this.#over()}\x1b[?7l${text}\x1b[?7h\n`);
    this.#drawn = lines.length;
  }

  /** Removes what was drawn. */
  erase(): void {
    const over = this.#drawn > 0 ? this.#over() : "";
    this.#drawn = 0;
    if (over !== "") this.#write(over);
  }

  /** The terminal may have written ^C where the cursor was. */
  #over(): string {
    return `\r${this.#drawn > 0 ? `\x1b[${this.#drawn}A` : ""}\x1b[J`;
  }

  #render(line: Line): string {
    const pieces = typeof line === "string" ? [line] : line;
    return pieces.map((piece) => this.#renderPiece(piece)).join("");
  }

  #renderPiece(piece: string | Painted): string {
    if (typeof piece === "string") return piece.split("\n").map(printable).join("\n    ");
    const text = printable(piece.text);
    return this.#coloured ? colours[piece.colour](text) : text;
  }
}

/** Cuts out the middle: instances differ at the end of their ids. */
function clipMiddle(line: string, width: number): string {
  if (line.length <= width) return line;
  const left = Math.ceil((width - 1) / 2);
  return `${headOf(line, left)}…${tailOf(line, width - 1 - left)}`;
}

function escapeUnits(mark: string): string {
  return Array.from({ length: mark.length }, (_, i) => {
    return `\\u${mark.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }).join("");
}

export const out = new Terminal(process.stdout);
export const err = new Terminal(process.stderr);

/**
 * Shows as text, on standard error, whatever else the process prints: what a module writes when it
 * is loaded, and Node's warnings.
 */
export function showOthers(): void {
  for (const terminal of [out, err]) terminal.keepWriting();
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = ((chunk: Uint8Array | string, ...more: readonly unknown[]) => {
      err.text(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
      const done = more.at(-1);
      if (typeof done === "function") process.nextTick(done);
      return true;
    }) as typeof stream.write;
  }
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) => err.print(`${name}: ${message}`));
}
