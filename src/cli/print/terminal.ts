/**
 * The one place that writes to standard output and standard error. It escapes every text, so that a
 * terminal obeys no escape sequence from a record, a file or a program; colours and cursor movements
 * are added after that. Knows no command.
 */
import pc from "picocolors";
// Not through the index: `--help` must not load it.
import { headOf, printable, tailOf } from "../../text/printable.ts";

export type Colour = "red" | "green" | "yellow" | "dim";

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
  /** Whether lines may be redrawn: not in logs, nor on dumb terminals. */
  readonly moves: boolean;
  readonly #coloured: boolean;
  /** What is shown below all that was printed: as it is written. */
  #live: string | undefined;

  constructor(screen: Screen, env: Environment = process.env) {
    this.#screen = screen;
    this.#write = (text) => screen.write(text);
    const plain = env["TERM"] === "dumb" || isOn(env["CI"]);
    this.moves = Boolean(screen.isTTY) && !plain;
    this.#coloured = !env["NO_COLOR"] && (this.moves || isOn(env["FORCE_COLOR"]));
  }

  /** From now on writes as it can today, whatever becomes of the stream's own `write`. */
  keepWriting(): void {
    this.#write = this.#screen.write.bind(this.#screen);
  }

  /** Whether a person sees it at once, be it on a dumb terminal. */
  get isTerminal(): boolean {
    return Boolean(this.#screen.isTTY);
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
    const text = lines.map((line) => `${this.#render(line)}\n`).join("");
    // In one piece, so that nothing flickers.
    this.#write(this.#live !== undefined ? `\r\x1b[J${text}${this.#live}` : text);
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

  /**
   * Shows lines below all that is printed, until other lines are drawn or they are erased. Does nothing
   * if the cursor cannot move.
   *
   * The cursor waits in the first column of the first of them: whatever a terminal does with lines that
   * no longer fit when it is resized, it leaves that place alone, and all below it is ours.
   */
  draw(lines: readonly Line[]): void {
    if (!this.moves || lines.length === 0) return;
    const width = Math.max(1, (this.width || 80) - 1);
    const rows = lines.map((line) => this.#row(line, width));
    const up = rows.length > 1 ? `\x1b[${rows.length - 1}A` : "";
    // Without wrapping: a wide character takes two columns, and the terminal cuts off what does not fit.
    const text = `\r\x1b[?2026h\x1b[?7l${rows.join("\n")}\x1b[J\x1b[?7h\r${up}\x1b[?2026l`;
    if (text !== this.#live) this.#write(text);
    this.#live = text;
  }

  /** Removes what was drawn. */
  erase(): void {
    if (this.#live !== undefined) this.#write("\r\x1b[J");
    this.#live = undefined;
  }

  /** One line of what is drawn, and what clears the rest of its line on the screen. */
  #row(line: Line, width: number): string {
    let room = width;
    const pieces = typeof line === "string" ? [line] : line;
    const texts = pieces.map((piece) => {
      const { text, colour } =
        typeof piece === "string" ? { text: piece, colour: undefined } : piece;
      const shown = clipMiddle(printable(text).replaceAll("\t", " "), room);
      room -= shown.length;
      return colour && this.#coloured ? colours[colour](shown) : shown;
    });
    const row = texts.join("");
    // After a wide character at the edge, clearing would take it away again.
    return /[\u1100-\uffff]/.test(row) ? `\x1b[K${row}` : `${row}\x1b[K`;
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
  if (width <= 0) return "";
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
