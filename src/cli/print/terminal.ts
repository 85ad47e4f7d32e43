/**
 * The one place that writes to standard output and standard error. Whatever is printed for a person
 * is text: a terminal obeys no escape sequence in it, be it from a record, a file or a program.
 * Colours and cursor movements are added here, after that. Knows no command.
 */
import pc from "picocolors";
// Not by way of the index: `--help` loads nothing.
import { headOf, printable, tailOf } from "../../text/printable.ts";

type Colour = "red" | "green" | "yellow";

/** One line in a colour. */
interface Painted {
  readonly colour: Colour;
  readonly text: string;
}

export const paint = (colour: Colour, text: string): Painted => ({ colour, text });

/** A line, or what it is put together from. */
export type Line = string | readonly (string | Painted)[];

/** What a terminal needs to be: `process.stderr`, for one. */
export type Screen = Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns" | "rows">;

type Environment = Readonly<Record<string, string | undefined>>;

const isOn = (value: string | undefined) => !["", "0", "false", undefined].includes(value);

const colours = pc.createColors(true);

export class Terminal {
  readonly #screen: Screen;
  #write: (text: string) => void;
  /** Whether lines may be drawn over. Logs, dumb terminals and readers of plain text get none. */
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

  /** From now on it writes as it can today, whatever becomes of the stream's own way. */
  keepWriting(): void {
    this.#write = this.#screen.write.bind(this.#screen);
  }

  /** Characters of a line; undefined for a file or a pipe. */
  get width(): number | undefined {
    return this.#screen.columns;
  }

  get height(): number | undefined {
    return this.#screen.rows;
  }

  /**
   * Lines for a person. A line break within one is somebody else's: what follows it is indented, so
   * that it does not pass for a line of ours.
   */
  print(...lines: readonly Line[]): void {
    this.erase();
    this.#write(lines.map((line) => `${this.#render(line)}\n`).join(""));
  }

  /** A text of several lines, such as a table, whose breaks are ours. */
  text(text: string): void {
    this.print(...text.replace(/\n$/, "").split("\n"));
  }

  /**
   * Data for programs, such as CSV: exact in a file or a pipe; on a terminal without what it would
   * obey.
   */
  data(text: string): void {
    this.#write(this.#screen.isTTY ? text.split("\n").map(printable).join("\n") : text);
  }

  /** JSON; what JSON leaves unescaped although a terminal may obey it is escaped, too. */
  json(value: unknown, indent = 1, replacer?: (key: string, value: unknown) => unknown): void {
    const text = JSON.stringify(value, replacer, indent);
    this.#write(`${text.replaceAll(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu, escapeUnits)}\n`);
  }

  /** Shows lines until something else is printed or drawn; nothing where the cursor cannot move. */
  draw(lines: readonly string[]): void {
    if (!this.moves) return;
    const width = (this.width || 80) - 1;
    const text = lines.map((line) => clipMiddle(printable(line), width)).join("\n");
    // A wide character takes two columns: the terminal itself cuts off what does not fit.
    this.#write(`${this.#over()}\x1b[?7l${text}\x1b[?7h\n`);
    this.#drawn = lines.length;
  }

  /** Takes back what was drawn. */
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

/** An id's end tells instances apart, so the middle goes. */
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
